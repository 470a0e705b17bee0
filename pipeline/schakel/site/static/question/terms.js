// IRIs: how a person reads them, where they lead, and which one a person means who typed something.

const SEGMENT = /^[\p{L}\p{N}_~-][\p{L}\p{N}_.~-]*$/u;
const FOLDERS = new Set(["download", "queries", "static"]);

/** Gives the short form of an IRI: what follows the base, else a prefix and a name. */
export function short(iri, { base, prefixes }) {
  if (base && iri.startsWith(base) && iri !== base) return iri.slice(base.length);
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && /^[\w-]+$/.test(local)) return `${prefix}:${local}`;
  }
  return iri;
}

/** Gives the address that an IRI leads to: the thing's own page, or elsewhere on the web; null where it leads nowhere safe. */
export function addressOf(iri, { base, home }) {
  if (base && iri.startsWith(base)) {
    const [path, ...part] = iri.slice(base.length).split("#");
    const segments = path.split("/");
    if (!segments.every((segment) => SEGMENT.test(segment)) || FOLDERS.has(segments[0].toLowerCase())) return null;
    const fragment = part.length > 0 ? `#${encodeURIComponent(part.join("#"))}` : "";
    return `${home}${segments.map(encodeURIComponent).join("/")}.html${fragment}`;
  }
  return /^https?:\/\//i.test(iri) && URL.canParse(iri) ? iri : null;
}

/** Gives the IRI that was typed: in full, as a prefix and a name, or as what follows the base. Whether it can be one is the engine's to say. */
export function iriOf(typed, { base, prefixes }) {
  if (/^(<|https?:\/\/|urn:)/.test(typed)) return typed.replace(/^<|>$/g, "");
  const colon = typed.indexOf(":");
  const prefix = typed.slice(0, Math.max(colon, 0));
  return colon >= 0 && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + typed.slice(colon + 1) : base + typed;
}
