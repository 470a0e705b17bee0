// The prefixes that the project knows: offered while typing, and declared where a query uses them without saying what they are.

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

/** Gives the query of an editor with the prefixes declared that it uses and does not declare; in its first line, so that errors name the right line. */
export function withPrefixes(yasqe, prefixes) {
  const declared = yasqe.getPrefixesFromQuery();
  const used = new Set();
  for (let line = 0; line < yasqe.getDoc().lineCount(); line += 1) {
    for (const { type, string } of yasqe.getLineTokens(line)) {
      if (type === "string-2" && string.includes(":")) used.add(string.slice(0, string.indexOf(":")));
    }
  }
  const missing = [...used].filter((prefix) => Object.hasOwn(prefixes, prefix) && !Object.hasOwn(declared, prefix)).sort();
  return missing.map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}> `).join("") + yasqe.getValue();
}
