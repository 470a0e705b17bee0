"""What is wrong with terms of quads: literals that are not what their datatype says, and references that lead nowhere."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlglot import exp

from schakel import interface_texts
from schakel.compile.dependencies import Dependencies, choices_of
from schakel.compile.nodes import Node, aliased, all_of, any_of, column, compare, is_null, number, string, table, union
from schakel.engine.columns import BIGINT
from schakel.engine.executor import Executor
from schakel.engine.relations import IRI, LITERAL, QUADS, TERMS
from schakel.engine.values import value_of
from schakel.errors import nearest
from schakel.findings import Finding, Place, finding
from schakel.graph import GraphNames
from schakel.namespaces import RDF, XSD
from schakel.settings import Settings
from schakel.stages.datatypes import DATATYPES, DATES, NUMBERS, example_of
from schakel.stages.mapping import Mapped
from schakel.stages.places import Origin, cells_of, line_of, places_of

__all__ = ["TermFindings"]

_BAD: Final = "bad_terms"
_POSITIONS: Final = ("s", "p", "o")


@dataclass(frozen=True)
class TermFindings:
    """Looks into the encoded quads and the table of terms. `files` names files that are no tables by their numbers."""

    executor: Executor
    mapped: Sequence[Mapped]
    files: Mapping[int, str]
    settings: Settings

    @property
    def names(self) -> GraphNames:
        """The names of graphs below the base."""
        return self.settings.names

    def ill_typed(self) -> Iterator[Finding]:
        """Find literals that are not what their datatype says, or whose datatype XSD does not have."""
        wrong = any_of([exp.Not(this=column("valid", TERMS)), all_of([is_null(column("valid", TERMS)), _begins(column("datatype", TERMS), XSD.iri)])])
        plan = _terms([column("id", TERMS), column("text", TERMS), column("datatype", TERMS)], [compare("=", column("kind", TERMS), number(LITERAL)), wrong])
        literals = {number_: (text, datatype) for number_, text, datatype in self.executor.fetch(plan)}
        # Values of some datatypes depend on the document, and are not judged.
        literals = {key: each for key, each in literals.items() if each[1].removeprefix(XSD.iri) not in DATATYPES or value_of(*each).valid is not None}
        for key, origins in self._origins({key: text for key, (text, _) in literals.items()}, positions=(2,)):
            text, datatype = literals[key]
            places = self._places(origins, text)
            name = datatype.removeprefix(XSD.iri)
            if datatype.startswith(XSD.iri) and name not in DATATYPES:
                yield finding("unknown-datatype", *places, found=name, expected=nearest(name, sorted(DATATYPES)) or "string")
                continue
            kind = "ill-typed-date" if name in DATES else "ill-typed-number" if name in NUMBERS else "ill-typed-value"
            yield finding(kind, *places, found=text, datatype=interface_texts.datatype(name), example=example_of(name))

    def undefined_references(self) -> Iterator[Finding]:
        """Find IRIs below the base that tables refer to and nothing gives a type, and those that RDF files refer to and nothing describes."""
        base = self.names.base
        typed = exp.Select(
            expressions=[column("s")], from_=exp.From(this=table(QUADS)), where=exp.Where(this=compare("=", column("p"), self._id(RDF.type.value)))
        )
        below = [_begins(column("text", TERMS), base), exp.Not(this=_begins(column("text", TERMS), self.names.file("").value))]
        untyped = exp.Not(this=exp.In(this=column("id", TERMS), query=exp.Subquery(this=typed)))
        conditions = [compare("=", column("kind", TERMS), number(IRI)), *below, untyped]
        used: dict[int, str] = dict(self.executor.fetch(_terms([column("id", TERMS), column("text", TERMS)], conditions)))
        found = list(self._origins(used, outside=self._aside))
        defined = _by_namespace(self._typed_iris(typed)) if found else {}
        described = self._described(used)
        for key, origins in found:
            in_rdf = [origin for origin in origins if origin.file in self.files]
            in_tables = [origin for origin in origins if origin.file not in self.files]
            if in_tables:
                choices = list(self._unknown_choices(used[key], [origin for origin in in_tables if origin.position == 0]))
                wrong = self._undefined("undefined-reference", used[key], in_tables, defined)
                yield from choices or [replace(wrong, severity=self.settings.references_in_tables)]
            elif key not in described:
                wrong = finding("undescribed-reference", *self._places(in_rdf, used[key]), found=used[key])
                yield replace(wrong, severity=self.settings.references_in_rdf)

    def _described(self, used: Collection[int]) -> set[int]:
        """Give those of some terms that are subjects, whatever is said of them."""
        aside = all_of([compare("!=", column("g"), self._id(graph)) for graph in self._aside])
        subjects = exp.Select(expressions=[column("s")], distinct=exp.Distinct(), from_=exp.From(this=table(QUADS)), where=exp.Where(this=aside))
        return {key for (key,) in self.executor.fetch(subjects) if key in used} if used else set()

    def undefined_terms(self, terms: Collection[str]) -> Iterator[Finding]:
        """Find IRIs in a namespace of the vocabulary that content uses and that are none of its `terms`."""
        defined = _by_namespace(terms)
        namespaces = any_of([_begins(column("text", TERMS), namespace) for namespace in sorted(defined)])
        outside = exp.Not(this=_begins(column("text", TERMS), self.names.base))
        plan = _terms([column("id", TERMS), column("text", TERMS)], [compare("=", column("kind", TERMS), number(IRI)), outside, namespaces])
        used = {key: text for key, text in self.executor.fetch(plan) if _namespace(text) in defined and text not in terms}
        for key, origins in self._origins(used, outside=self._aside):
            wrong = self._undefined("undefined-term", used[key], origins, defined)
            only_in_rdf = all(origin.file in self.files for origin in origins)
            yield replace(wrong, severity=self.settings.references_in_rdf if only_in_rdf else self.settings.references_in_tables)

    @property
    def _aside(self) -> Sequence[str]:
        """Name the graphs that are no content: what is known of sources, and what the ontology says itself."""
        return (self.names.provenance.value, self.names.vocabulary.value)

    def _undefined(self, kind: str, iri: str, origins: Sequence[Origin], defined: Mapping[str, Sequence[str]]) -> Finding:
        siblings = defined.get(_namespace(iri), ())
        near = nearest(iri[len(_namespace(iri)) :], siblings)
        return finding(kind, *self._places(origins, iri), found=iri, expected=near or ", ".join(siblings[:8]) or "–")

    def _unknown_choices(self, iri: str, origins: Sequence[Origin]) -> Iterator[Finding]:
        """Where a row was to say what a thing is, and used a value that its mapping does not know, that is the fault."""
        for each in self.mapped:
            rows = {origin.row for origin in origins if origin.file == each.table.source.file}
            if not rows:
                continue
            dependencies = Dependencies(each.mapping.query, each.table.columns)
            for row, cells in sorted(cells_of(self.executor, each, rows).items()):
                for bind in dependencies.binds:
                    columns, choices = dependencies.columns_of(bind.variable.value), choices_of(bind)
                    name = next(iter(columns), "")
                    if choices and len(columns) == 1 and cells[name] and cells[name] not in choices:
                        expected = ", ".join(sorted(choices))
                        yield finding(
                            "unknown-choice", each.table.place(row, name), found=cells[name], mapping=each.mapping.file, subject=iri, expected=expected
                        )

    def _origins(self, wanted: Mapping[int, str], *, positions: Sequence[int] = (0, 1, 2), outside: Sequence[str] = ()) -> Iterator[tuple[int, list[Origin]]]:
        """Give for each term in each graph where it comes from, in the order of texts."""
        if not wanted:
            return
        self.executor.load(_BAD, {"id": BIGINT}, ((key,) for key in sorted(wanted)))
        plans: list[exp.Query] = []
        for position in positions:
            on = compare("=", column("id", "bad"), column(_POSITIONS[position], "quads"))
            selected = [column("id", "bad"), *(column(name, "quads") for name in ("g", "file", "row", "template")), aliased(number(position), "position")]
            joins = [exp.Join(this=table(_BAD, "bad"), on=on)]
            where = exp.Where(this=all_of([compare("!=", column("g", "quads"), self._id(graph)) for graph in outside])) if outside else None
            plans.append(exp.Select(expressions=selected, distinct=exp.Distinct(), from_=exp.From(this=table(QUADS, "quads")), joins=joins, where=where))
        origins: dict[tuple[int, int], list[Origin]] = defaultdict(list)
        for key, graph, *origin in self.executor.fetch(union(plans)):
            origins[key, graph].append(Origin(*origin))
        yield from ((key, sorted(origins[key, graph])) for key, graph in sorted(origins, key=lambda pair: (wanted[pair[0]], pair)))

    def _places(self, origins: Sequence[Origin], text: str) -> list[Place]:
        """Give the cells that a text was made of, or the mapping that names it."""
        places = places_of(self.executor, dict.fromkeys(origins, text), self.mapped, self.files)
        in_files = {place: line_of(self.settings.root, place, text) for place in places.values() if place.is_line and not place.row}
        places = {origin: in_files.get(place, place) for origin, place in places.items()}
        return list(dict.fromkeys(places[origin] for origin in origins if places[origin].row)) or list(dict.fromkeys(places.values()))

    def _id(self, iri: str) -> Node:
        """Give the id of an IRI as a query within a plan; NULL where it is no term."""
        where = exp.Where(this=compare("=", column("spelling", TERMS), string(f"<{iri}>")))
        least = exp.Coalesce(this=exp.Min(this=column("id", TERMS)), expressions=[number(0)])
        return exp.Subquery(this=exp.Select(expressions=[least], from_=exp.From(this=table(TERMS)), where=where))

    def _typed_iris(self, typed: exp.Select) -> list[str]:
        condition = exp.In(this=column("id", TERMS), query=exp.Subquery(this=typed))
        below = _begins(column("text", TERMS), self.names.base)
        return [text for (text,) in self.executor.fetch(_terms([column("text", TERMS)], [compare("=", column("kind", TERMS), number(IRI)), below, condition]))]


def _terms(selected: Sequence[Node], conditions: Sequence[Node]) -> exp.Select:
    return exp.Select(expressions=list(selected), from_=exp.From(this=table(TERMS)), where=exp.Where(this=all_of(conditions)))


def _begins(text: Node, start: str) -> Node:
    return exp.StartsWith(this=text, expression=string(start))


def _by_namespace(iris: Collection[str]) -> dict[str, list[str]]:
    """Give the local names in each namespace, sorted."""
    names: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(iris):
        names[_namespace(iri)].append(iri[len(_namespace(iri)) :])
    return names


def _namespace(iri: str) -> str:
    """Give everything up to the last `#` or `/`."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
