"""What must be known of a whole graph before a part of it can be written: what it counts, where its predicates lead, which namespaces it uses."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import compress
from typing import Final

from schakel.namespaces import PREFIXES, XSD
from schakel.ntriples import TYPE, statements_of

__all__ = ["DIGEST_BYTES", "LANGUAGE", "REFERENCE", "Survey", "survey", "used_prefixes"]

# Where a predicate can lead: to a text with a language, to a thing, or to a literal of a datatype, which is named by its IRI.
LANGUAGE: Final = "@language"
REFERENCE: Final = "@id"
# Bytes of the digest of an object.
DIGEST_BYTES: Final = 8


@dataclass(frozen=True)
class Survey:
    """A graph's statements, counted; surveys of parts with different subjects add up to that of the whole.

    `objects` are digests of the distinct objects; `prefixes` are those of the known ones whose namespace is used.
    """

    statements: int
    subjects: int
    below_base: int
    objects: frozenset[bytes]
    classes: Counter[str]
    properties: Counter[str]
    leads_to: Mapping[str, frozenset[str]]
    schemes: frozenset[str]
    prefixes: Mapping[str, str]

    @classmethod
    def together(cls, parts: "Iterable[Survey]") -> "Survey":
        """Add up surveys of parts."""
        each = list(parts)
        leads_to: dict[str, frozenset[str]] = {}
        for part in each:
            for iri, kinds in part.leads_to.items():
                leads_to[iri] = leads_to.get(iri, frozenset()) | kinds
        return cls(
            sum(part.statements for part in each),
            sum(part.subjects for part in each),
            sum(part.below_base for part in each),
            frozenset().union(*(part.objects for part in each)),
            sum((part.classes for part in each), Counter()),
            sum((part.properties for part in each), Counter()),
            leads_to,
            frozenset().union(*(part.schemes for part in each)),
            dict(sorted(pair for part in each for pair in part.prefixes.items())),
        )


def survey(piece: bytes, base: str, known: Mapping[str, str] = PREFIXES) -> Survey:
    """Survey a sorted piece of a graph. `known`: the prefixes to choose from."""
    statements = statements_of(piece)
    subjects, predicates, objects = zip(*statements, strict=True) if statements else ((), (), ())
    own = b"<" + base.encode()
    distinct, different = set(subjects), set(objects)
    kinds = {each: _kind(each) for each in different}
    leads_to: dict[bytes, set[str]] = defaultdict(set)
    for predicate, kind in set(zip(predicates, map(kinds.__getitem__, objects), strict=True)):
        leads_to[predicate].add(kind)
    leads_to.pop(TYPE, None)
    datatypes = (b"<" + kind.encode() for kind in set(kinds.values()) - {LANGUAGE, REFERENCE})
    iris = {*distinct, *datatypes, *leads_to, *(each for each in different if each.startswith(b"<"))}
    return Survey(
        len(subjects),
        len(distinct),
        sum(1 for each in distinct if each.startswith(own)),
        frozenset(blake2b(each, digest_size=DIGEST_BYTES).digest() for each in different),
        Counter(_decoded(Counter(compress(objects, map(TYPE.__eq__, predicates))))),
        Counter(_decoded(Counter(predicates))),
        {predicate[1:-1].decode(): frozenset(found) for predicate, found in leads_to.items()},
        frozenset(scheme.decode() for scheme in {iri[1 : iri.find(b":")] for iri in iris}),
        _prefixes_of(iris, known),
    )


def _decoded(counts: Counter[bytes]) -> dict[str, int]:
    return {each.decode().removeprefix("<").removesuffix(">"): count for each, count in counts.items()}


def _kind(written: bytes) -> str:
    """Tell where an object leads, by how it ends: `>`, a datatype, a language or the quote of a plain text."""
    if written.startswith(b"<"):
        return REFERENCE
    tail = written[written.rindex(b'"') + 1 :].decode()
    return LANGUAGE if tail.startswith("@") else tail[3:-1] if tail else XSD.string.value


def _prefixes_of(iris: Iterable[bytes], known: Mapping[str, str]) -> dict[str, str]:
    """Give those of the known prefixes that begin an IRI."""
    in_order = sorted(iris)

    def begins(namespace: bytes) -> bool:
        at = bisect_left(in_order, namespace)
        return at < len(in_order) and in_order[at].startswith(namespace)

    return {prefix: namespace for prefix, namespace in sorted(known.items()) if begins(b"<" + namespace.encode())}


def used_prefixes(content: bytes, known: Mapping[str, str] = PREFIXES) -> dict[str, str]:
    """Give those of the known prefixes whose namespace occurs in N-Triples, by name."""
    # Most graphs use nothing of RDF's own namespace but rdf:type, which has shorter ways to be written.
    more = content.replace(b" " + TYPE + b" ", b"")
    return {prefix: namespace for prefix, namespace in sorted(known.items()) if b"<" + namespace.encode() in more}
