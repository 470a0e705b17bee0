// Writes a JSON-LD document as N-Quads, as jsonld.js reads it: node read.mjs graph.jsonld
import { readFile } from "node:fs/promises";
import jsonld from "jsonld";

const offline = (url) => {
  throw new Error(`the document refers to ${url}`);
};

const document = JSON.parse(await readFile(process.argv[2], "utf-8"));
process.stdout.write(await jsonld.toRDF(document, { format: "application/n-quads", documentLoader: offline }));
