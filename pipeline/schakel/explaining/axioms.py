"""What a rule rests on, in words: the axiom of the ontology, with the names that the reader's language has for its terms.

The words stand in `axioms.toml`, one sentence a kind of axiom.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.explaining.proofs import Rule
from schakel.findings import in_language
from schakel.graph import Term
from schakel.lookup import Context
from schakel.namespaces import OWL, RDF, RDFS, SKOS

__all__ = ["LANGUAGES", "Axiom", "Labels", "axiom_of", "labels_in", "words_of"]

# The languages in which axioms are worded.
LANGUAGES: Final = ("en", "nl", "nb", "nn")

# What terms are called, by language.
Labels: TypeAlias = Mapping[Term, Mapping[str, str]]

_LABELS: Final = (SKOS.prefLabel, RDFS.label)


@dataclass(frozen=True)
class Axiom:
    """What the ontology says of a term: by which property, and the value, which is the list where it says a list."""

    subject: Term
    property: NamedNode
    values: tuple[Term, ...]


def axiom_of(rule: Rule) -> Axiom | None:
    """Give the axiom that a rule applies; None for a rule that rests on none."""
    if not rule.axiom:
        return None
    first = rule.axiom[0]
    return Axiom(first.subject, first.predicate, _Triples(rule.axiom).members(first.object))


def labels_in(ontology: Iterable[Triple]) -> Labels:
    """Read what the terms of an ontology are called; where one has several labels in a language, the first of the alphabet."""
    labels: dict[Term, dict[str, str]] = {}
    for triple in ontology:
        if triple.predicate in _LABELS and isinstance(triple.object, Literal):
            of_term, tag = labels.setdefault(triple.subject, {}), triple.object.language or ""
            of_term[tag] = min(of_term.get(tag, triple.object.value), triple.object.value)
    return labels


def words_of(rule: Rule, labels: Labels, context: Context) -> dict[str, str]:
    """Say in each language what the axiom says, or else what the rule does."""
    return {language: _Speech(language, labels, context, _Triples(rule.axiom)).rule(rule) for language in LANGUAGES}


@cache
def _sentences() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(resources.files("schakel.explaining").joinpath("axioms.toml").read_text("utf-8"))


class _Triples:
    """The triples of an axiom, with the lists and the nameless classes that they hold."""

    def __init__(self, triples: Sequence[Triple]) -> None:
        self._said: dict[Term, dict[NamedNode, Term]] = {}
        for triple in triples:
            self._said.setdefault(triple.subject, {})[triple.predicate] = triple.object

    def about(self, term: Term) -> Mapping[NamedNode, Term]:
        """Give what is said of a term."""
        return self._said.get(term, {})

    def members(self, term: Term) -> tuple[Term, ...]:
        """Give the members of a list; of anything else, itself."""
        members: list[Term] = []
        seen: set[Term] = set()
        node = term
        while node not in seen and RDF.first in self.about(node):
            seen.add(node)
            members.append(self.about(node)[RDF.first])
            node = self.about(node).get(RDF.rest, RDF.nil)
        return tuple(members) or (term,)


@dataclass(frozen=True)
class _Speech:
    """One language, and what is spoken of."""

    language: str
    labels: Labels
    context: Context
    triples: _Triples
    # The nameless classes that are being described, so that one that is described by itself comes to an end.
    within: frozenset[Term] = frozenset()

    def rule(self, rule: Rule) -> str:
        axiom = axiom_of(rule)
        kind = "" if axiom is None else _kind(axiom)
        if axiom is None or kind not in _sentences()["axioms"]:
            known = (name for name in _sentences()["rules"] if rule.owl.startswith(name))
            return self._sentence("rules", next(known, "other"), owl=rule.owl)
        return self._sentence("axioms", kind, subject=self.term(axiom.subject), value=self.all(axiom.values, kind))

    def _sentence(self, table: str, name: str, **values: str) -> str:
        return in_language(_sentences()[table][name], self.language).format_map(values)

    def all(self, terms: Sequence[Term], kind: str) -> str:
        joined = _sentences()["joined"]
        return in_language(joined.get(kind, joined["other"]), self.language).join(map(self.term, terms))

    def term(self, term: Term) -> str:
        if isinstance(term, BlankNode):
            return self._nameless(term)
        if not isinstance(term, NamedNode):
            return term.value if isinstance(term, Literal) else str(term)
        short = self.context.short(term)
        label = in_language(self.labels.get(term, {}), self.language)
        return self._sentence("terms", "named", label=label, short=short) if label else short

    def _nameless(self, node: BlankNode) -> str:
        said = self.triples.about(node)
        name = next((name for name in _sentences()["nameless"] if OWL[name] in said), "other")
        inside = replace(self, within=self.within | {node})
        if node in self.within or name == "other":
            return self._sentence("nameless", "other")
        on_property, value = said.get(OWL.onProperty), said[OWL[name]]
        return self._sentence(
            "nameless", name, property="" if on_property is None else inside.term(on_property), value=inside.all(self.triples.members(value), name)
        )


def _kind(axiom: Axiom) -> str:
    """Name a kind of axiom as `axioms.toml` does: by its property or, where that is `rdf:type`, by the class of OWL."""
    value = axiom.values[0]
    named = value if axiom.property == RDF.type and isinstance(value, NamedNode) and value.value.startswith(OWL.iri) else axiom.property
    return named.value.rpartition("#")[2]
