// Which form a query has; comments, strings and IRIs are set aside first, as they may hold any word.

const ASIDE = /\\.|<(?:[^<>"{}|^`\\\x00-\x20])*>|"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n\r]*/gs;
const FORM = /(?<![\w:?$@-])(?:SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])/i;

/** Gives SELECT, ASK, CONSTRUCT or DESCRIBE; null where a query has none of these. */
export function formOf(query) {
  return FORM.exec(query.replace(ASIDE, " "))?.[0].toUpperCase() ?? null;
}
