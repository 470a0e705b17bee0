// What the page says and knows: the settings that the site wrote into it, its words, and the line that tells how far things are.

/** Reads the settings of the page: a script element of JSON. */
export function settingsOf(root) {
  const settings = JSON.parse(root.querySelector("script[data-sparql]").textContent);
  const here = document.baseURI;
  return { ...settings, root: new URL(settings.root || "./", here).href, home: new URL(settings.home || "./", here).href };
}

/** Gives words by their name, with values in place of `%(name)s`. */
export function speaker(words) {
  return (name, values = {}) => words[name].replace(/%\((\w+)\)s/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

const number = (value, digits = 0) => new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: digits }).format(value);

/** Says a state of the engine. */
export function stateInWords(say, state, seconds) {
  if (state.state === "reading") return say("reading", { megabytes: number(state.bytes / 1e6, 1) });
  return state.state === "asking" ? say("asking", { seconds: number(seconds) }) : say("loading");
}

/** Says what an answer comes to. */
export function answerInWords(say, answer) {
  const values = { count: number(answer.rows?.length ?? 0), seconds: number(Math.max(answer.seconds ?? 0, 0.01), 2) };
  // What was filtered was there already: how long that took is nobody's concern.
  if (answer.seconds === undefined) return say(answer.rows.length === 1 ? "filteredRow" : "filteredRows", values);
  if (answer.rows) return say(answer.rows.length === 1 ? "row" : "rows", values);
  return say(answer.graph === undefined ? "judged" : "graph", values);
}

// Where a query cannot be read, Oxigraph names every sign of its grammar.
const UNREADABLE = /error at (\d+):(\d+): expected (.*)/s;
const EXPECTED = /(?:^|, |one of )(?:"([^"]+)"|([A-Z]{2,}))(?=,|$)/g;

/** Says where a query cannot be read and what could stand there; any other problem as the engine says it. */
function readable(say, problem) {
  const [, line, column, expected] = UNREADABLE.exec(problem) ?? [];
  if (line === undefined) return say("query", { problem });
  const signs = [...new Set([...expected.matchAll(EXPECTED)].map(([, sign, word]) => sign ?? word))].join(" ");
  return say(signs ? "expected" : "unreadable", { line, column, signs });
}

/** Says why there is no answer; `names` are the parameters by name. */
export function problemInWords(say, problem, { seconds, names = {} }) {
  switch (problem.kind) {
    case "stopped":
    case "broken":
    case "long":
      return say(problem.kind);
    case "limit":
      return say("limit", { seconds: number(seconds) });
    case "prefix":
      return say("prefix", { prefix: `${problem.text}:` });
    case "fetch":
      return say("fetch", { file: problem.text });
    case "value":
      return say("value", { name: problem.text, wanted: names[problem.text]?.wanted ?? "" });
    default:
      return readable(say, problem.text);
  }
}

/** Offers a text for saving as a file. */
export function save(text, media, name) {
  const address = URL.createObjectURL(new Blob([text], { type: media }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Makes an element with attributes and children; texts become text nodes, so that none is ever read as markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
