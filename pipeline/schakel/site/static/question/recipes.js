// How to ask the same question elsewhere, with the values that were filled in.

const XSD = "http://www.w3.org/2001/XMLSchema#";

/** Fills in the recipes of a page. `values` are those of the parameters that have one. */
export function fillRecipes(page, settings, values) {
  const texts = { sparql: sparql(settings, values), cli: commandLine(settings, values), python: python(settings, values) };
  for (const [name, text] of Object.entries(texts)) {
    const place = page.querySelector(`[data-recipe="${name}"]`);
    if (place) place.textContent = text;
  }
}

/** Writes a query with its values where the pipeline would put them; what can be no term is left out. */
export function sparql({ before, after }, values) {
  const given = values.map(({ variable, kind, value }) => [`?${variable}`, term(kind, value)]).filter(([, written]) => written !== null);
  if (given.length === 0) return before + after;
  const [variables, terms] = [0, 1].map((at) => given.map((each) => each[at]).join(" "));
  return `${before}\n  VALUES (${variables}) { (${terms}) }\n ${after}`;
}

function term(kind, value) {
  if (kind === "iri") return /^[^<>"{}|^`\\\x00-\x20]+$/.test(value) ? `<${value}>` : null;
  return kind === "text" ? JSON.stringify(value) : `${JSON.stringify(value)}^^<${XSD}${kind}>`;
}

function commandLine({ name }, values) {
  // Within single quotes a shell takes every sign as it is, but for the quote itself.
  const quoted = (value) => (/^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
  return ["schakel", "query", name, ...values.map((each) => `${each.name}=${quoted(each.value)}`)].join(" ");
}

function python({ table, parameters }, values) {
  const column = Object.fromEntries(parameters.map((each) => [each.name, each.column]));
  const filters = values.filter(({ name }) => column[name]).map(({ name, value }) => `answer = answer[answer["${column[name]}"] == ${JSON.stringify(value)}]\n`);
  return `import pandas\n\nanswer = pandas.read_csv(${JSON.stringify(table)}, dtype=str)\n${filters.join("")}`;
}
