// schema.org's vocabulary as JSON-LD, from the declarations that schema-dts makes of it: classes with their parents, properties with their domains.
import { readFile } from "node:fs/promises";

const DECLARATIONS = new URL("./node_modules/schema-dts/dist/schema.d.ts", import.meta.url);
const INTERFACE = /^interface (\w+)Base(?: extends ([^{]+?))? \{\n([\s\S]*?)^\}/gm;
// A class without a property of its own has a leaf alone, which names its nearest parents that have any.
const LEAF = /^export (?:interface|type) (\w+)Leaf\b(?:<[^>]*>)?([^{]*)\{\n {4}"@type": "(\w+)";/gm;
const PROPERTY = /^ {4}"(\w+)"\?:/gm;
const PARENT = /\b(\w+)Base\b/g;

export async function vocabulary() {
  const text = await readFile(DECLARATIONS, "utf-8");
  const names = (extended) => [...(extended ?? "").matchAll(PARENT)].map(([, parent]) => parent);
  const parents = new Map([...text.matchAll(LEAF)].map(([, , extended, name]) => [name, names(extended).filter((parent) => parent !== name)]));
  const domains = new Map();
  for (const [, name, extended, body] of text.matchAll(INTERFACE)) {
    parents.set(name, names(extended));
    for (const [, property] of body.matchAll(PROPERTY)) {
      domains.set(property, [...(domains.get(property) ?? []), name]);
    }
  }
  return { parents, domains, graph: asGraph(parents, domains) };
}

function asGraph(parents, domains) {
  const iri = (name) => ({ "@id": `schema:${name}` });
  const classes = [...parents].map(([name, above]) => ({ "@id": `schema:${name}`, "@type": "rdfs:Class", "rdfs:subClassOf": above.map(iri) }));
  const properties = [...domains].map(([name, of]) => ({ "@id": `schema:${name}`, "@type": "rdf:Property", "schema:domainIncludes": of.map(iri) }));
  return { "@graph": [...classes, ...properties] };
}
