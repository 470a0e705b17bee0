// The prefixes that the project knows: offered while typing, and declared where a query uses them without saying what they are.

import { Problem } from "../../static/question/engine.js";

/** Makes what YASGUI completes prefixes with: ours, and no list from elsewhere. */
export function prefixCompleter(prefixes) {
  const declarations = Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
  return {
    name: "known-prefixes",
    bulk: true,
    autoShow: false,
    get: async () => declarations,
    isValidCompletionPosition: (yasqe) => {
      const cursor = yasqe.getDoc().getCursor();
      return /^\s*PREFIX\s+[\w-]*$/i.test(yasqe.getDoc().getLine(cursor.line).slice(0, cursor.ch));
    },
  };
}

/** Declares in an editor the prefixes that its query uses and does not declare, and gives the query: so the lines that errors name are those to be seen. */
export function declared(yasqe, prefixes) {
  const known = yasqe.getPrefixesFromQuery();
  const used = new Set();
  for (let line = 0; line < yasqe.getDoc().lineCount(); line += 1) {
    for (const { type, string } of yasqe.getLineTokens(line)) {
      if (type === "string-2" && string.includes(":")) used.add(string.slice(0, string.indexOf(":")));
    }
  }
  const missing = [...used].filter((prefix) => prefix !== "_" && !Object.hasOwn(known, prefix)).sort();
  const unknown = missing.find((prefix) => !Object.hasOwn(prefixes, prefix));
  if (unknown !== undefined) throw new Problem("prefix", unknown);
  if (missing.length > 0) yasqe.addPrefixes(Object.fromEntries(missing.map((prefix) => [prefix, prefixes[prefix]])));
  return yasqe.getValue();
}
