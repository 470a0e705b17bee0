"""Names as people write them lead to the organisation they mean, and to none where they mean none: measured on a list of invented organisations."""

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from schakel.answers import Answer
from schakel.errors import NotInGraphError
from schakel.lookup import MATCH, Context, NameIndex, read_index, resolve
from schakel.namespaces import PREFIXES, RDF, SKOS

BASE = "https://example.org/"
CONTEXT = Context(BASE, PREFIXES, ("en", "nl", "nb"))
LEAST = 0.97


@dataclass(frozen=True)
class Named:
    """A store with the names of organisations."""

    store: Store

    def select(self, query: str) -> Answer:
        solutions = self.store.query(query)
        assert isinstance(solutions, QuerySolutions)
        columns = tuple(variable.value for variable in solutions.variables)
        return Answer(columns, tuple(tuple(row[at] for at in range(len(columns))) for row in solutions))


def rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def store_of(names: Mapping[str, Literal]) -> Store:
    store = Store()
    for local, name in names.items():
        thing = NamedNode(BASE + local)
        store.add(Quad(thing, RDF.type, NamedNode(PREFIXES["org"] + "Organization")))
        store.add(Quad(thing, SKOS.prefLabel, name))
    return store


def index_of(names: Mapping[str, Literal]) -> NameIndex:
    return read_index(Named(store_of(names)), CONTEXT)


@pytest.fixture(scope="module")
def organisations() -> NameIndex:
    return index_of({row["id"]: Literal(row["name"], language=row["language"]) for row in rows("organisation_names.csv")})


def matched(index: NameIndex, text: str) -> str:
    """Give what a client would take without asking a person: the best candidate, if it scores enough and no other does as well."""
    found = index.search(text, limit=2)
    certain = found and found[0].score >= MATCH and (len(found) == 1 or found[1].score < found[0].score)
    return found[0].entity.value.removeprefix(BASE) if certain else ""


def test_the_list_is_as_large_and_as_mixed_as_it_should_be() -> None:
    variants = rows("name_variants.csv")
    known = {row["id"] for row in rows("organisation_names.csv")}
    assert len({row["variant"] for row in variants}) == len(variants) >= 300
    assert {row["expected"] for row in variants} == known | {""}
    assert sum(row["expected"] == "" for row in variants) >= 50
    assert {row["language"] for row in rows("organisation_names.csv")} == {"nl", "nb", "en"}


def test_precision_and_recall_at_the_automatic_threshold(organisations: NameIndex, capsys: pytest.CaptureFixture[str]) -> None:
    variants = rows("name_variants.csv")
    outcomes = [(row, matched(organisations, row["variant"])) for row in variants]
    right = sum(bool(found) and found == row["expected"] for row, found in outcomes)
    precision = right / sum(bool(found) for _, found in outcomes)
    recall = right / sum(bool(row["expected"]) for row in variants)
    wrong = [f"  {row['variant']!r}: expected {row['expected'] or 'none'}, found {found or 'none'}" for row, found in outcomes if found != row["expected"]]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", f"{len(variants)} variants: precision {precision:.3f}, recall {recall:.3f} at {MATCH:g}", *wrong, ""]))
    assert precision >= LEAST
    assert recall >= LEAST


@pytest.mark.parametrize("row", [row for row in rows("name_variants.csv") if row["expected"]], ids=lambda row: row["variant"])
def test_what_is_meant_is_offered_first(row: dict[str, str], organisations: NameIndex) -> None:
    assert organisations.search(row["variant"])[0].entity.value == BASE + row["expected"]


@pytest.mark.parametrize("text", ["Stichting", "B.V.", "Vereniging", "AS", "Foundation", "stg."])
def test_a_legal_form_alone_matches_nothing(text: str, organisations: NameIndex) -> None:
    assert organisations.search(text) == []


def test_a_hospital_in_the_east_is_no_town() -> None:
    index = index_of({"town": Literal("Oosterhout"), "hospital": Literal("Ziekenhuis Oost")})
    assert [each.entity.value for each in index.search("Ziekenhuis Oost")] == [f"{BASE}hospital"]
    assert index.search("Oosterhout")[0].entity.value == f"{BASE}town"


@pytest.mark.parametrize("text", ["Alfa BV", "Alfa b.v.", "ALFA B. V.", "Alfa B.V"])
def test_the_spelling_of_a_legal_form_makes_no_difference(text: str) -> None:
    index = index_of({"alfa": Literal("Alfa B.V."), "beta": Literal("Beta B.V.")})
    assert [(each.entity.value, each.score) for each in index.search(text)] == [(f"{BASE}alfa", 100.0)]


@pytest.mark.parametrize(("text", "local"), [("alfa", "alfa"), ("Alfa BV", "alfa"), ("Stichting Beta", "beta"), ("beta", "beta"), ("Hansen and Lie", "hansen")])
def test_a_parameter_may_lack_a_legal_form(text: str, local: str) -> None:
    names = {"alfa": Literal("Alfa B.V."), "beta": Literal("Beta"), "hansen": Literal("Hansen & Lie A/S")}
    store = Named(store_of(names))
    for index in (read_index(store, CONTEXT), None):
        assert resolve(store, text, CONTEXT, index=index).value == BASE + local


@pytest.mark.parametrize("text", ["Alfa N.V.", "Stichting Alfa", "Stichting", "Alfas"])
def test_a_parameter_with_another_legal_form_or_a_typing_error_is_not_guessed(text: str) -> None:
    store = Named(store_of({"alfa": Literal("Alfa B.V.")}))
    for index in (read_index(store, CONTEXT), None):
        with pytest.raises(NotInGraphError):
            resolve(store, text, CONTEXT, index=index)
