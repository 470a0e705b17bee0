"""One term as characters: as files carry it, and as a person reads it."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode

from schakel.graph import Term
from schakel.namespaces import PREFIXES, curie

__all__ = ["one_line", "plain", "shown", "term_as_json", "visible"]

# Controls, and signs that nobody sees but that turn the direction of text or end a line.
_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
# The joiners are part of how Persian, Hindi and emoji are written.
_JOINERS = {"\u200c", "\u200d"}
_WRITTEN = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_SPACES = str.maketrans("\t\n\v\f\r\x85\u2028\u2029", " " * 8)


def plain(term: Term | None) -> str:
    """Give an IRI or a text without its signs, language and datatype; nothing for None.

    >>> plain(ox.Literal("vuurtoren", language="nl")), plain(NamedNode("https://example.org/tower/brandaris")), plain(ox.BlankNode("b0")), plain(None)
    ('vuurtoren', 'https://example.org/tower/brandaris', '_:b0', '')
    """
    match term:
        case None:
            return ""
        case NamedNode() | ox.Literal():
            return term.value
    return str(term)


def shown(term: Term | None, prefixes: Mapping[str, str] = PREFIXES, base: str = "") -> str:
    """Give the short form of a term, for screens: what follows the base in our own IRIs, a prefix and a name for others, else as `plain`.

    >>> shown(NamedNode("https://example.org/tower/brandaris"), base="https://example.org/")
    'tower/brandaris'
    >>> shown(NamedNode("http://www.w3.org/ns/org#role"), base="https://example.org/")
    'org:role'
    """
    if not isinstance(term, NamedNode):
        return plain(term)
    local = term.value.removeprefix(base)
    return local if base and local and local != term.value else curie(term.value, prefixes)


def term_as_json(term: Term | None) -> Any:  # noqa: ANN401  # what JSON makes of a term
    """Give what JSON of our own writes for a term: an object that tells an IRI from a text, a text with its language, and other literals with their datatype.

    >>> term_as_json(ox.Literal("vuurtoren", language="nl"))
    {'text': 'vuurtoren', 'language': 'nl'}
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return {"text": term.value, "language": term.language} if term.language else {"text": term.value, "datatype": term.datatype.value}
    return {"iri": term.value} if isinstance(term, NamedNode) else str(term)


def visible(text: str) -> str:
    r"""Write the characters that nobody sees as Python would, so that none commands a terminal or hides.

    >>> print(visible("one\ntwo\x1b[31m"))
    one\ntwo\x1b[31m
    """
    return text if text.isprintable() else "".join(map(_seen, text))


def _seen(sign: str) -> str:
    if sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN:
        return sign
    return _WRITTEN.get(sign) or sign.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    r"""Write a text on one line: a space for each tab and line end, other controls as `visible` does.

    >>> one_line("one\ntwo")
    'one two'
    """
    return visible(text.translate(_SPACES))
