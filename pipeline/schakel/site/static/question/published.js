// The published answer of a canned query, filtered by the columns that the head of the query declares for its parameters.

import { Problem } from "./engine.js";

/** Gives what finds the answer to a question without an engine: null where a value filters no column, or nothing is published. */
export function publishedAnswer(settings) {
  let fetched = null;
  const column = Object.fromEntries(settings.parameters.map((each) => [each.name, each.column]));

  async function everything() {
    const address = new URL(settings.answer, settings.root).href;
    const response = await window.fetch(address).catch(() => null);
    if (!response?.ok) {
      fetched = null;
      throw new Problem("fetch", settings.answer);
    }
    return response.json();
  }

  return async ({ values }) => {
    if (!settings.answer || values.some(({ name }) => !column[name])) return null;
    fetched ??= everything();
    const { vars, terms, rows: places } = await fetched;
    const every = places.map((row) => Object.fromEntries(row.flatMap((place, at) => (place < 0 ? [] : [[vars[at], terms[place]]]))));
    const rows = every.filter((row) => values.every((value) => isMeant(row, column[value.name], value, settings.names)));
    return { columns: vars, rows, text: `${JSON.stringify({ head: { vars }, results: { bindings: rows } })}\n`, media: "application/sparql-results+json" };
  };
}

/** Says whether a row has a value, or what is called as somebody typed. */
function isMeant(row, column, { kind, value, typed }, names) {
  const term = row[column];
  if (term === undefined || (term.type === "uri") !== (kind === "iri")) return false;
  return term.value === value || (kind === "iri" && row[names[column]]?.value.toLowerCase() === typed.toLowerCase());
}
