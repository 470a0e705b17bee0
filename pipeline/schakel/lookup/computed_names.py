"""What to call a thing that has no name of its own, by what is stated of it: “Harbour Trust – member – Pilots' League”."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from schakel.document_paths import whole_of
from schakel.lookup.context import Context
from schakel.lookup.kinds import Hierarchy
from schakel.lookup.names import STAND_INS
from schakel.lookup.statements import Statement
from schakel.namespaces import DCT, RDF
from schakel.term_labels import words_of

__all__ = ["computed_names", "named_by_iri", "owner_of"]

_LEFT_OUT: Final = frozenset({RDF.type, DCT.description, *STAND_INS})
_LONGEST: Final = 80
# The way to a part that was a blank node in its file: its IRI ends with that and a digest.
_WAY: Final = re.compile(r"#([a-z0-9-]+)-[0-9a-f]{12}(?:-[0-9]+)?\Z")
_MOST: Final = 3


def owner_of(thing: NamedNode, context: Context) -> NamedNode | None:
    """Give what a thing is a part of, None where it is none."""
    owner, fragment = whole_of(thing.value, context.base)
    return NamedNode(owner) if fragment else None


def named_by_iri(thing: NamedNode, kind: Literal | None) -> str:
    """Name a thing of which nothing is said in words: by its kind and the last part of its IRI.

    >>> named_by_iri(NamedNode("https://data.example/id/OVO000012"), Literal("organisation"))
    'organisation OVO000012'
    """
    last = unquote(re.split(r"[/#]|~2f|~23", thing.value.rstrip("/#"))[-1])
    return last if kind is None else f"{kind.value} {last}"


def computed_names(
    said: Mapping[NamedNode, Sequence[Statement]],
    types: Mapping[NamedNode, AbstractSet[NamedNode]],
    hierarchy: Hierarchy,
    labels: Mapping[NamedNode, Literal],
    context: Context,
) -> dict[NamedNode, Literal]:
    """Name things by their owner, the concept that they are of (a role), or their class, and what else they lead to; `said` is what is stated of each.

    `labels` are names in the language of the reader. A thing of which nothing can be said in words is left out.
    """
    named: dict[NamedNode, Literal] = {}
    for thing, statements in said.items():
        if thing not in labels and any(not one.is_inferred for one in statements):
            classes = hierarchy.most_specific(types.get(thing, frozenset()))
            kind = None if classes is None else labels.get(classes)
            # Of a thing with nothing but a class there is nothing to tell it from others by, except its IRI.
            is_told = any(not one.is_inferred and one.predicate != RDF.type for one in statements)
            parts = list(dict.fromkeys(_parts(thing, statements, kind, labels, context))) if is_told else []
            if len(parts) == 1 and (way := _WAY.search(thing.value)):
                parts.append(way[1].replace("-", " "))
            # One name alone would be that of another thing.
            if parts and (len(parts) > 1 or context.is_own(thing)):
                named[thing] = Literal(" – ".join(parts))
            elif classes is not None and not context.is_own(thing):
                named[thing] = Literal(named_by_iri(thing, kind or Literal(words_of(classes.value))))
    return named


def _parts(thing: NamedNode, statements: Sequence[Statement], kind: Literal | None, labels: Mapping[NamedNode, Literal], context: Context) -> Iterator[str]:
    told = sorted((one for one in statements if not one.is_inferred and one.predicate not in _LEFT_OUT), key=lambda one: (one.predicate.value, str(one.value)))
    iris = [one.value for one in told if isinstance(one.value, NamedNode) and one.value in labels]
    owner = owner_of(thing, context)
    own = [iri for iri in iris if context.is_own(iri) and iri != owner]
    first = [owner] if owner is not None and owner in labels else own[:1]
    concepts = [labels[iri].value for iri in iris if not context.is_own(iri)][:_MOST]
    rest = [labels[iri].value for iri in own if iri not in first][:_MOST]
    texts = [one.value.value for one in told if isinstance(one.value, Literal) and len(one.value.value) <= _LONGEST]
    about = [*(labels[iri].value for iri in first), *(concepts or ([kind.value] if kind is not None else []))]
    yield from about
    # A number alone would be no name.
    yield from rest or texts[: len(about)][:1]
