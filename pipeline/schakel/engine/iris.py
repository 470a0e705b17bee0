"""References to IRIs, resolved as RFC 3986 has it, letter by letter: nothing is decoded, encoded or put into another case."""

import re
from typing import Final, NamedTuple

__all__ = ["is_absolute", "is_iri", "resolve"]

_PARTS: Final = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?", re.DOTALL
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# What no IRI of RDF may hold.
_FORBIDDEN: Final = re.compile('[\\x00-\\x20<>"{}|^`\\\\]')


class _Parts(NamedTuple):
    scheme: str | None
    authority: str | None
    path: str
    query: str | None
    fragment: str | None


def is_absolute(reference: str) -> bool:
    """Tell whether a reference begins with a scheme, and so needs no base."""
    return _SCHEME.match(reference) is not None


def is_iri(text: str) -> bool:
    """Tell whether a text is an IRI that RDF may hold: with a scheme, and without white space, quotes and brackets that would end it."""
    return is_absolute(text) and _FORBIDDEN.search(text) is None


def resolve(reference: str, base: str) -> str:
    """Resolve a reference against an IRI with a scheme; what has a scheme itself is no relative reference, and stays as it is.

    >>> resolve("../b?c", "https://example.org/x/y/z")
    'https://example.org/x/b?c'
    """
    own, other = _parts(reference), _parts(base)
    if own.scheme is not None:
        return reference
    if own.authority is not None:
        return _written(own._replace(scheme=other.scheme, path=_without_dots(own.path)))
    if not own.path:
        query = other.query if own.query is None else own.query
        return _written(other._replace(query=query, fragment=own.fragment))
    path = own.path if own.path.startswith("/") else _merged(own.path, other)
    return _written(other._replace(path=_without_dots(path), query=own.query, fragment=own.fragment))


def _parts(text: str) -> _Parts:
    found = _PARTS.fullmatch(text)
    return _Parts(None, None, text, None, None) if found is None else _Parts(**found.groupdict())


def _merged(path: str, base: _Parts) -> str:
    if base.authority is not None and not base.path:
        return f"/{path}"
    return base.path[: base.path.rfind("/") + 1] + path


def _without_dots(path: str) -> str:
    """Remove the segments `.` and `..`, as section 5.2.4 has it."""
    segments: list[str] = []
    while path:
        if path.startswith(("../", "./")):
            path = path[path.index("/") + 1 :]
        elif path.startswith("/./") or path == "/.":
            path = f"/{path[3:]}"
        elif path.startswith("/../") or path == "/..":
            path = f"/{path[4:]}"
            if segments:
                segments.pop()
        elif path in {".", ".."}:
            path = ""
        else:
            end = path.find("/", 1)
            segment = path if end < 0 else path[:end]
            segments.append(segment)
            path = path[len(segment) :]
    return "".join(segments)


def _written(parts: _Parts) -> str:
    before = "" if parts.scheme is None else f"{parts.scheme}:"
    authority = "" if parts.authority is None else f"//{parts.authority}"
    # A path that begins with two slashes would be read as an authority.
    path = f"/.{parts.path}" if parts.authority is None and parts.path.startswith("//") else parts.path
    query = "" if parts.query is None else f"?{parts.query}"
    fragment = "" if parts.fragment is None else f"#{parts.fragment}"
    return f"{before}{authority}{path}{query}{fragment}"
