"""Contradictions in the words of a finding."""

from collections.abc import Mapping

from pyoxigraph import NamedNode, Triple

from schakel.graph import Term
from schakel.inference.conclusions import Contradiction
from schakel.namespaces import PREFIXES, RDF, curie
from schakel.words import word

__all__ = ["in_words"]

_SHOWN = 8


def in_words(contradiction: Contradiction, prefixes: Mapping[str, str] = PREFIXES) -> Mapping[str, str]:
    """Say by language what contradicts each other, with the statements that were made, as the `problem` of the finding `inconsistent`.

    >>> in_words(Contradiction("they differ"))["nl"]
    'they differ'
    """
    if not contradiction.statements:
        return dict.fromkeys(("en", "nl", "nb"), contradiction.problem)
    shown = [_said(triple, prefixes) for triple in contradiction.statements[:_SHOWN]]
    more = [f"(+{len(contradiction.statements) - _SHOWN})"] if len(contradiction.statements) > _SHOWN else []
    stated = "; ".join([*shown, *more])
    return {language: word("clash", language, problem=contradiction.problem, statements=stated) for language in ("en", "nl", "nb")}


def _said(triple: Triple, prefixes: Mapping[str, str]) -> str:
    predicate = "a" if triple.predicate == RDF.type else _named(triple.predicate, prefixes)
    return f"{_named(triple.subject, prefixes)} {predicate} {_named(triple.object, prefixes)}"


def _named(term: Term, prefixes: Mapping[str, str]) -> str:
    return curie(term.value, prefixes) if isinstance(term, NamedNode) else str(term)
