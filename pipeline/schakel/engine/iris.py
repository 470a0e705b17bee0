"""IRIs as RFC 3986 resolves them: https://www.rfc-editor.org/rfc/rfc3986#section-5.2."""

import re
from typing import Final

import pyoxigraph as ox

__all__ = ["resolve"]

# What no IRI has. The backslash would be an escape to the parser that resolves.
_FORBIDDEN: Final = re.compile(r'[\x00-\x20<>"{}|^`\\\x7f\ud800-\udfff]')
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def resolve(text: str, base: str | None = None) -> str | None:
    """Resolve a reference against a base; None where it is no IRI, or is relative and there is no base.

    >>> resolve("../b", "https://example.org/a/")
    'https://example.org/b'
    >>> resolve("a b", "https://example.org/") is None
    True
    """
    if _FORBIDDEN.search(text) or (base is None and not _ABSOLUTE.match(text)):
        return None
    try:
        # Resolution and validation are the library's.
        [triple] = ox.parse(f"<{text}> <x:> <x:> .", format=ox.RdfFormat.TURTLE, base_iri=base or "x:")
    except (SyntaxError, ValueError):
        return None
    return str(triple.subject.value) if isinstance(triple.subject, ox.NamedNode) else None
