// Answers: read from what the engine sends, drawn in the page, written as files.

import { element } from "./page.js";
import { addressOf, short } from "./terms.js";

const AT_ONCE = 200;
const NUMBERS = /#(?:integer|decimal|double|float|long|int|short|byte|nonNegativeInteger|positiveInteger|unsigned\w+)$/;

/** Reads an answer: columns and rows, a yes or no (`holds`), or a graph as Turtle. */
export function readAnswer({ media, text, seconds, query }) {
  if (media === "text/turtle") return { graph: text, text, media, seconds, query };
  const read = JSON.parse(text);
  if ("boolean" in read) return { holds: read.boolean, text, media, seconds, query };
  return { columns: read.head.vars, rows: read.results.bindings, text, media, seconds, query };
}

/** Draws an answer into an element, in place of what was there; nothing for null. */
export function draw(place, answer, context) {
  if (answer === null) place.replaceChildren();
  else if (answer.graph !== undefined) place.replaceChildren(element("pre", { class: "sparql-graph", tabindex: "0" }, answer.graph));
  else if (answer.rows === undefined) place.replaceChildren(element("p", { class: "sparql-judged" }, context.say(answer.holds ? "yes" : "no")));
  else place.replaceChildren(...table(answer, context));
}

function table({ columns, rows }, context) {
  const names = namesOf(rows, context);
  const named = new Set(Object.values(names));
  const shown = columns.filter((name) => !named.has(name) && !context.without?.includes(name));
  const head = element("tr", {}, ...shown.map((name) => element("th", { scope: "col", title: name }, context.headings?.[name] ?? name)));
  const body = element("tbody");
  const caption = element("caption", {}, context.say("answer"));
  const whole = element("table", { class: "answer" }, caption, element("thead", {}, head), body);
  // What is wider than the page is scrolled, by keyboard too.
  const around = element("div", { class: "scroll sparql-table", tabindex: "0", role: "region", "aria-label": context.say("answer") }, whole);
  const more = element("button", { type: "button", class: "sparql-more" });
  const add = () => {
    const from = body.rows.length;
    body.append(...rows.slice(from, from + AT_ONCE).map((row) => element("tr", {}, ...shown.map((name) => headed(cell(row[name], context, row[names[name]]), context.headings?.[name] ?? name)))));
    const left = rows.length - body.rows.length;
    more.textContent = context.say("more", { count: Math.min(left, AT_ONCE), left });
    more.hidden = left === 0;
  };
  more.addEventListener("click", add);
  add();
  return [around, more];
}

/** Says in a cell what its column is called: on a phone, where rows are cards, this is shown before the value. */
function headed(made, heading) {
  made.dataset.label = heading;
  return made;
}

/** Gives the columns that name what stands in another, where things stand there: a thing is shown by its name, and the name not once more beside it. */
function namesOf(rows, { names = {} }) {
  return Object.fromEntries(Object.entries(names).filter(([column]) => rows.some((row) => row[column]?.type === "uri")));
}

function cell(term, context, name) {
  if (!term) return element("td");
  if (term.type === "uri") {
    const address = addressOf(term.value, context);
    // A part of a thing, such as a passage, has no name of its own in the answer; its identifier would tell a reader nothing.
    const part = context.part && context.base && term.value.startsWith(context.base) && term.value.includes("#");
    const text = name?.value ?? (part ? context.part : short(term.value, context));
    const lang = name?.["xml:lang"] ?? null;
    if (address === null) return element("td", { dir: "auto", lang }, text);
    const away = context.base && term.value.startsWith(context.base) ? {} : { rel: "external noopener noreferrer" };
    return element("td", { dir: "auto", lang }, element("a", { href: address, title: term.value, ...away }, text));
  }
  if (term.type === "bnode") return element("td", {}, `_:${term.value}`);
  if (term.type === "triple") return element("td", {}, JSON.stringify(term.value));
  const kind = NUMBERS.test(term.datatype ?? "") ? "number" : null;
  return element("td", { dir: "auto", lang: term["xml:lang"] ?? null, class: kind }, term.value);
}

/** Writes rows as CSV, as the published tables are: plain values, CRLF, and nothing that a spreadsheet would take for a formula. */
export function csv({ columns, rows }) {
  const lines = [columns.map((name) => guarded(name)), ...rows.map((row) => columns.map((name) => plain(row[name])))];
  return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

function plain(term) {
  if (!term) return "";
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple") return JSON.stringify(term.value);
  return NUMBERS.test(term.datatype ?? "") && /^[-+0-9.eE]+$|^[-+]?INF$|^NaN$/.test(term.value) ? term.value : guarded(term.value);
}

function guarded(text) {
  return /^[\t\r\n]/.test(text) || /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text;
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
