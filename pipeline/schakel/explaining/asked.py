"""Which statements a person asks about, and what is near where there is none."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple
from rapidfuzz import fuzz, process

from schakel.answers import to_python
from schakel.errors import Candidate, NotInGraphError, NotStatedError
from schakel.explaining.grounds import Asking
from schakel.explaining.published import Published, Stated
from schakel.graph import Term
from schakel.lookup import Accepts, as_iri, labels_of
from schakel.lookup.normalization import fold
from schakel.namespaces import RDF, SK

__all__ = ["Question"]

_WRITTEN_LITERAL: Final = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<?(?P<datatype>[^<>\s]+)>?)?', re.DOTALL)
# So many statements of a kind are told where there is none as asked; so near (of 100) is the name of a property that may be meant.
_FEW: Final = 3
_NEAR: Final = 70


@dataclass(frozen=True)
class Question:
    """Where statements are looked for, and how things are named."""

    published: Published
    asking: Asking

    def statements(self, subject: str, predicate: str | None, value: str | None) -> Stated:
        """Give the statements that are meant, in order: all about the subject, all with the predicate, or those with the value.

        Raises NotInGraphError, AmbiguousNameError, and NotStatedError with what is near.
        """
        about, said = self._subject(subject)
        if predicate is None:
            # From which passages it all was derived: each statement has its own.
            told = {triple: graphs for triple, graphs in said.items() if triple.predicate != SK.statedIn}
            return told or self._refuse(said, about, None, None)
        term = self._predicate(predicate, said)
        having = {triple: graphs for triple, graphs in said.items() if triple.predicate == term}
        if value is None:
            return having or self._refuse(said, about, term, None)
        meant = self._meant(value, [triple.object for triple in having])
        if not isinstance(meant, str):
            found = {triple: graphs for triple, graphs in having.items() if triple.object in meant}
            if found:
                return found
        return self._refuse(said, about, term, meant if isinstance(meant, str) else next(iter(meant)))

    def _subject(self, typed: str) -> tuple[NamedNode, Stated]:
        """Tell which thing is meant, and all that is said of it. One that is named exactly is found without loading everything into a store."""
        exact = as_iri(typed.strip(), self.asking.context)
        said = {} if exact is None else self.published.about(exact)
        about = exact if exact is not None and said else self.asking.resolve(typed, None)
        return about, self._in_order(said or self.published.about(about))

    def _thing(self, typed: str, among: Collection[NamedNode], accepts: Accepts) -> NamedNode:
        exact = as_iri(typed.strip(), self.asking.context)
        return exact if exact is not None and exact in among else self.asking.resolve(typed, accepts)

    def _in_order(self, stated: Stated) -> Stated:
        def order(triple: Triple) -> tuple[object, ...]:
            return triple.predicate != RDF.type, self.asking.context.short(triple.predicate), str(triple.object)

        return {triple: stated[triple] for triple in sorted(stated, key=order)}

    def _predicate(self, typed: str, said: Stated) -> NamedNode:
        """Tell which property is meant: one that the subject has before one that others have; `a` is `rdf:type`, as in Turtle."""
        if typed.strip() == "a":
            return RDF.type
        own = {triple.predicate for triple in said}

        def accepts(candidates: Collection[str]) -> list[str]:
            of_subject = [iri for iri in candidates if NamedNode(iri) in own]
            return of_subject or [iri for iri in candidates if self.asking.backend.select(f"SELECT ?s WHERE {{ ?s {NamedNode(iri)} ?o }} LIMIT 1").rows]

        try:
            return self._thing(typed, own, accepts)
        except NotInGraphError as error:
            labels = labels_of(self.asking.backend, own, self.asking.context, self.asking.language)
            near = [
                Candidate(self.asking.context.short(term), labels[term].value if term in labels else "", "")
                for term in self._near_properties(typed, own, labels)
            ]
            raise NotInGraphError(typed, near or error.candidates) from None

    def _near_properties(self, typed: str, among: Collection[NamedNode], labels: Mapping[NamedNode, Literal]) -> list[NamedNode]:
        """Give properties with similar names, the nearest first."""
        asked = re.split(r"[:#/]", typed)[-1].casefold()
        scores: dict[NamedNode, float] = {}
        for term in sorted(among, key=str):
            names = [re.split(r"[:#/]", term.value)[-1].casefold(), *([fold(labels[term].value)] if term in labels else [])]
            best = process.extractOne(asked, names, scorer=fuzz.ratio, score_cutoff=_NEAR)
            if best is not None:
                scores[term] = best[1]
        return sorted(scores, key=lambda term: -scores[term])

    def _meant(self, typed: str, values: Collection[Term]) -> Collection[Term] | str:
        """Tell which of the values, or else which thing, is meant; the text itself where it is none of the values and no thing.

        Raises NotInGraphError where all values are things and this is none.
        """
        literals = [value for value in values if isinstance(value, Literal)]
        exact = [value for value in literals if self._is_written(value, typed)]
        if exact:
            return exact
        things = {value for value in values if isinstance(value, NamedNode)}
        try:
            thing = self._thing(typed, things, lambda candidates: [iri for iri in candidates if NamedNode(iri) in things])
        except NotInGraphError:
            if things and not literals and not _WRITTEN_LITERAL.fullmatch(typed.strip()):
                raise  # none but a thing can be meant
            thing = None
        alike = [value for value in literals if fold(typed) and fold(value.value) == fold(typed)]
        if thing is not None and (thing in things or not alike):
            return [thing]
        return alike or typed

    def _is_written(self, literal: Literal, typed: str) -> bool:
        """Tell whether a person wrote this literal: as Turtle does, or just its text, number or date."""
        written = _WRITTEN_LITERAL.fullmatch(typed.strip())
        if written is None:
            return literal.value == typed or _same_number(literal, typed)
        if written["text"] not in {literal.value, literal.value.replace("\\", "\\\\").replace('"', '\\"')}:
            return False
        if written["language"]:
            return literal.language == written["language"].lower()
        return not written["datatype"] or written["datatype"] in {literal.datatype.value, self.asking.context.short(literal.datatype)}

    def _refuse(self, said: Stated, subject: NamedNode, predicate: NamedNode | None, value: Term | str | None) -> Stated:
        """Say that there is no such statement, and what is near."""
        asked = [self.asking.context.short(subject), "" if predicate is None else self.asking.context.short(predicate), self._short(value)]
        near: dict[str, str] = {}
        for triple, how in self._near(said, subject, predicate, value):
            # What is told first says most.
            near.setdefault(self._line(triple), how)
        raise NotStatedError(" ".join(filter(None, asked)), list(near.items()))

    def _near(self, said: Stated, subject: NamedNode, predicate: NamedNode | None, value: Term | str | None) -> Iterator[tuple[Triple, str]]:
        if isinstance(value, NamedNode):
            back = self._in_order(self.published.about(value))
            yield from ((triple, "by another property") for triple in said if triple.object == value)
            yield from ((triple, "the other way round") for triple in back if triple.object == subject)
        yield from islice(((triple, "another value") for triple in said if triple.predicate == predicate), _FEW)
        if predicate is not None:
            own = {triple.predicate for triple in said} - {predicate}
            for term in self._near_properties(predicate.value, own, {}):
                yield from islice(((triple, "by a property with a similar name") for triple in said if triple.predicate == term), 1)

    def _line(self, triple: Triple) -> str:
        return " ".join(map(self._short, (triple.subject, triple.predicate, triple.object)))

    def _short(self, value: Term | str | None) -> str:
        if value is None or isinstance(value, str):
            return "" if value is None else f"“{value}”"
        return self.asking.context.short(value) if isinstance(value, NamedNode) else str(value)


def _same_number(literal: Literal, typed: str) -> bool:
    value = to_python(literal)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    try:
        return Decimal(typed.strip()) == Decimal(str(value))
    except InvalidOperation:
        return False
