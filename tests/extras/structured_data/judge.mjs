// Reads pages and tells as JSON, of each, what an extractor found in it, what a validator says of that, and which statements a JSON-LD processor makes of it:
// node judge.mjs page.html …
import { readFile } from "node:fs/promises";
import Validator from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";
import jsonld from "jsonld";
import { vocabulary } from "./vocabulary.mjs";

// What schema.org answers at its address, as far as these pages need it: its terms, and which of them are addresses.
const addresses = ["contentUrl", "item", "license", "url"].map((name) => [name, { "@type": "@id" }]);
const context = { "@context": { "@vocab": "http://schema.org/", ...Object.fromEntries(addresses) } };

async function offline(url) {
  if (url !== "https://schema.org") {
    throw new Error(`the document refers to ${url}`);
  }
  return { contextUrl: null, documentUrl: url, document: context };
}

const { graph, parents, domains } = await vocabulary();
const validator = new Validator(graph);
const judged = [];
for (const file of process.argv.slice(2)) {
  const html = await readFile(file, "utf-8");
  const extracted = new WebAutoExtractor({ addLocation: true, embedSource: [] }).parse(html);
  const types = Object.fromEntries(Object.entries(extracted.jsonld).map(([type, items]) => [type, items.length]));
  const issues = (await validator.validate(structuredClone(extracted))).map(({ rootType, severity, issueMessage, path }) => ({
    rootType,
    severity,
    message: issueMessage,
    type: path?.at(-1)?.type ?? rootType,
  }));
  const documents = [...html.matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)].map(([, text]) => JSON.parse(text));
  const statements = await Promise.all(documents.map((each) => jsonld.toRDF(each, { format: "application/n-quads", documentLoader: offline })));
  judged.push({ file, types, issues, errors: extracted.errors ?? [], statements: statements.join("") });
}
process.stdout.write(JSON.stringify({ classes: parents.size, properties: domains.size, pages: judged }));
