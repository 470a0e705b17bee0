"""Terms that are wrong are found with the cells that they were made of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from schakel.engine import DuckDB, close_dictionary, encode
from schakel.engine.relations import QUADS, SPELLED
from schakel.settings import Settings
from schakel.stages.term_findings import TermFindings

MapContent: TypeAlias = Callable[..., Any]
SETTINGS = Settings(root=Path(), base="https://example.org/", title={"en": "T"}, description={"en": "D"}, publisher="P")
TERMS = frozenset(f"http://example.com/{name}" for name in ("Tower", "built", "height", "kind", "near"))
TOWERS_RQ = """
PREFIX ex: <http://example.com/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT { ?tower a ?class ; ex:height ?h ; ex:built ?b ; ex:near ?other ; ex:kind ?k }
WHERE {
  BIND(IRI(CONCAT("tower/", ?id)) AS ?tower)
  BIND(IF(?type = "tower", ex:Tower, ?undefined) AS ?class)
  BIND(STRDT(?height, xsd:decimal) AS ?h)
  BIND(STRDT(?built, xsd:gYear) AS ?b)
  BIND(IRI(CONCAT("tower/", ?near)) AS ?other)
  BIND(IRI(CONCAT("http://example.com/", ?kind)) AS ?k)
}
"""


def told(map_content: MapContent, executor: DuckDB, *rows: str) -> dict[tuple[str, tuple[str, ...]], str]:
    content = map_content({"towers.rq": TOWERS_RQ, "towers.csv": "\n".join(["id,type,height,built,near,kind,source", *(f"{row},page" for row in rows)])})
    close_dictionary(executor, [(SPELLED, ["s", "p", "o", "g"])])
    encode(executor, SPELLED, ["s", "p", "o", "g"], ["file", "row", "template"], QUADS)
    findings = TermFindings(executor, content.mapped, {}, SETTINGS)
    found = [*findings.ill_typed(), *findings.undefined_references(), *findings.undefined_terms(TERMS)]
    return {(item.kind, tuple(str(place).removeprefix("data/towers.csv, ") for place in item.places)): item.text("en") for item in found}


def test_nothing_is_wrong_with_what_is_right(map_content: MapContent, executor: DuckDB) -> None:
    assert told(map_content, executor, "a,tower,+01.50,2006,b,Tower", "b,tower,,-0044,a,") == {}


def test_literals_that_are_not_what_their_datatype_says_are_found_once_with_all_their_cells(map_content: MapContent, executor: DuckDB) -> None:
    found = told(map_content, executor, 'a,tower,"1,5",26,a,', 'b,tower,"1,5",2006,a,', "c,tower,0x1F,2006,a,")
    assert set(found) == {
        ("ill-typed-number", ("row 2, column height", "row 3, column height")),
        ("ill-typed-number", ("row 4, column height",)),
        ("ill-typed-date", ("row 2, column built",)),
    }
    assert "“1,5”" in found["ill-typed-number", ("row 2, column height", "row 3, column height")]


def test_a_reference_that_leads_nowhere_is_found_with_the_nearest(map_content: MapContent, executor: DuckDB) -> None:
    found = told(map_content, executor, "brandaris,tower,,,brandariss,", "b,tower,,,brandariss,")
    assert set(found) == {("undefined-reference", ("row 2, column near", "row 3, column near"))}
    assert "brandaris" in found["undefined-reference", ("row 2, column near", "row 3, column near")]


def test_a_thing_whose_kind_the_mapping_does_not_know_is_the_fault_not_references_to_it(map_content: MapContent, executor: DuckDB) -> None:
    found = told(map_content, executor, "a,towr,3,,b,", "b,tower,,,a,")
    assert set(found) == {("unknown-choice", ("row 2, column type",))}
    assert "“towr”" in found["unknown-choice", ("row 2, column type",)]


def test_a_term_that_the_vocabulary_does_not_have_is_found(map_content: MapContent, executor: DuckDB) -> None:
    found = told(map_content, executor, "a,tower,,,a,Towre")
    assert set(found) == {("undefined-term", ("row 2, column kind",))}
    assert "Tower" in found["undefined-term", ("row 2, column kind",)]
