// Answers SPARQL on the published dump, in a thread of its own: Oxigraph cannot stop a query once it runs, so the page ends this worker instead.

import init, { Store, literal, namedNode } from "oxigraph";
import { formOf } from "./form.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const ROWS = "application/sparql-results+json";
const GRAPH = "text/turtle";
// A page that is handed more characters than these would stand still.
const LONGEST = 100_000_000;

class ValueProblem extends Error {
  constructor(name) {
    super(name);
    this.name = "ValueProblem";
  }
}

class FetchProblem extends Error {}

async function bytesOf(url) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new FetchProblem(url);
  }
  if (!response.ok) throw new FetchProblem(url);
  return new Uint8Array(await response.arrayBuffer());
}

async function opened(dump) {
  const [engine, quads] = await Promise.all([bytesOf(new URL("oxigraph.wasm", self.location.href).href), bytesOf(dump)]);
  await init({ module_or_path: engine });
  self.postMessage({ state: "reading", bytes: quads.length });
  const store = new Store();
  store.load(quads, { format: "application/n-quads", no_transaction: true });
  // Oxigraph's own union of graphs would meet a statement once for every graph that it is in, and counts would be wrong.
  store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }");
  return store;
}

/** Makes the term of a value; what cannot be one is told, never sent on. */
function termOf(store, { name, kind, value }) {
  try {
    if (kind === "iri") return namedNode(value);
    if (kind === "text") return literal(value);
    const term = literal(value, namedNode(XSD + kind));
    const asked = `ASK { BIND(${namedNode(XSD + kind)}(${literal(value)}) AS ?value) FILTER(BOUND(?value)) }`;
    if (JSON.parse(store.query(asked, { results_format: "json" })).boolean) return term;
  } catch {
    // told below
  }
  throw new ValueProblem(name);
}

/** Puts terms, as RDF writes them, at the place in a query that was found when the page was made. */
function boundQuery(store, { before, after, values }) {
  const given = values.filter(({ variable }) => /^\w+$/.test(variable));
  if (given.length === 0) return before + after;
  const terms = given.map((each) => termOf(store, each).toString());
  return `${before}\n  VALUES (${given.map(({ variable }) => `?${variable}`).join(" ")}) { (${terms.join(" ")}) }\n ${after}`;
}

function answer(store, question) {
  const query = boundQuery(store, question);
  self.postMessage({ state: "asking", query });
  const graph = ["CONSTRUCT", "DESCRIBE"].includes(formOf(query));
  const media = graph ? GRAPH : ROWS;
  const text = store.query(query, { base_iri: question.base || undefined, results_format: media });
  return text.length > LONGEST ? { state: "failed", problem: "long", text: "" } : { state: "answered", media, query, text };
}

function problemOf(error) {
  if (error instanceof FetchProblem) return { state: "failed", problem: "fetch", text: error.message };
  if (error instanceof ValueProblem) return { state: "failed", problem: "value", text: error.message };
  // What the engine ran into left its memory in disorder: the page starts another worker.
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return { state: "failed", problem: "broken", text: "" };
  return { state: "failed", problem: "query", text: String(error?.message ?? error) };
}

let store;

self.addEventListener("message", async ({ data }) => {
  try {
    store ??= opened(data.dump);
    self.postMessage(answer(await store, data));
  } catch (error) {
    self.postMessage(problemOf(error));
  }
});
