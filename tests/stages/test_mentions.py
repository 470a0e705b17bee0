"""Rows that make one subject are mentions of one thing: only their words, source and passage may differ."""

from collections.abc import Callable
from hashlib import sha256

import pytest

MapContent = Callable[..., "Content"]  # noqa: F821

PREFIXES = """PREFIX ex: <http://example.com/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
MAPPING = f"""{PREFIXES}
CONSTRUCT {{
  ?keeper a ex:Keeping ; ex:of ?tower ; ex:by ?who ; ex:as ?role ; ex:since ?date ; ex:words ?worded ; ex:called ?name .
  ?who ex:holds ?keeper .
}}
WHERE {{
  BIND(IRI(CONCAT("tower/", ?at, "#", ?id)) AS ?keeper)
  BIND(IRI(CONCAT("tower/", ?at)) AS ?tower)
  BIND(IRI(CONCAT("org/", ?keptBy)) AS ?who)
  BIND(IRI(CONCAT("role/", ?as)) AS ?role)
  BIND(STRDT(?since, xsd:date) AS ?date)
  BIND(IF(BOUND(?said), STRLANG(?said, ?language), ?undefined) AS ?worded)
  BIND(STRLANG(?title, ?language) AS ?name)
}}
"""
HEADER = "id,at,keptBy,as,since,said,title,language,source,passage\n"
ONE_NAME = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetClass <http://example.com/Keeping> ; sh:property <urn:p> . "
LIMITED = (
    ONE_NAME + "<urn:p> sh:path <http://example.com/called> ; sh:maxCount 1 .",
    ONE_NAME + "<urn:p> sh:path <http://example.com/called> ; sh:uniqueLang true .",
)
# A function without a plan: the general engine maps the table.
GENERAL = MAPPING.replace("STRLANG(?title, ?language)", "STRLANG(UCASE(?title), ?language)")
SIZES = pytest.mark.parametrize("large", [0, 300_000], ids=["large", "small"])


def lock(*passages: str) -> str:
    lines = (f"page,{text},{at},{at + 1},{sha256(text.encode()).hexdigest()},{'0' * 64}" for at, text in enumerate(passages))
    return "source,passage,start,end,sha256,page\n" + "\n".join(lines) + "\n"


@pytest.fixture
def judged(map_content: MapContent) -> Callable[..., dict[tuple[str, str], str]]:
    """Judge rows of the table of keepers; give what was found, but for what is wrong with citations."""

    def function(rows: str, *, mapping: str = MAPPING, header: str = HEADER, **options: object) -> dict[tuple[str, str], str]:
        files = {"keepers.csv": header + rows, "keepers.rq": mapping, "evidence.lock.csv": lock("p1", "p2", "p3")}
        told = map_content(files, **options).told
        return {place: text for place, text in told.items() if place[0] not in {"lock-outdated", "source-missing"}}

    return function


@SIZES
def test_mentions_in_other_words_and_with_fewer_cells_agree(judged: Callable[..., dict[tuple[str, str], str]], large: int) -> None:
    rows = """trust,brandaris,trust,keeper,2009-01-01,keeps it,Trust,en,page,p1
trust,brandaris,trust,,,werkt mee,Stichting,nl,page,p2
trust,brandaris,trust,keeper,,,,,page,p3
trust,vuurduin,trust,owner,2010-01-01,,,,page,p1
"""
    assert judged(rows, large=large) == {}


@SIZES
def test_mentions_that_contradict_are_one_finding_with_both_rows_and_all_columns(judged: Callable[..., dict[tuple[str, str], str]], large: int) -> None:
    rows = """trust,brandaris,trust,keeper,2009-01-01,,,,page,p1
trust,brandaris,trust,,,,,,page,p2
trust,brandaris,trust,owner,2010-01-01,,,,page,p3
"""
    found = judged(rows, large=large)
    assert set(found) == {("mentions-disagree", "data/keepers.csv, row 4")}
    text = found["mentions-disagree", "data/keepers.csv, row 4"]
    assert "row 2, tower/brandaris#trust" in text
    assert "disagree in columns as, since. If they are different things, give them ids of their own" in text


@pytest.mark.parametrize("shapes", LIMITED)
def test_words_of_a_property_that_a_shape_limits_must_be_the_same(judged: Callable[..., dict[tuple[str, str], str]], shapes: str) -> None:
    rows = "trust,brandaris,trust,,,keeps,Trust,en,page,p1\ntrust,brandaris,trust,,,kept,Harbour Trust,en,page,p2\n"
    assert judged(rows) == {}
    found = judged(rows, shapes=shapes)
    assert set(found) == {("mentions-disagree", "data/keepers.csv, row 3, column title")}


def test_a_table_that_a_general_engine_maps_is_judged_too(judged: Callable[..., dict[tuple[str, str], str]]) -> None:
    rows = "trust,brandaris,trust,keeper,,,Trust,en,page,p1\ntrust,brandaris,harbour,keeper,,,Trust,en,page,p2\n"
    assert set(judged(rows, mapping=GENERAL)) == {("mentions-disagree", "data/keepers.csv, row 3, column keptBy")}


def test_without_passages_every_filled_cell_must_be_the_same(judged: Callable[..., dict[tuple[str, str], str]]) -> None:
    rows = "trust,brandaris,trust,,,keeps it,Trust,en,page\ntrust,brandaris,trust,,,keeps,Trust,en,log\n"
    found = judged(rows, header=HEADER.replace(",passage", ""))
    assert ("mentions-disagree", "data/keepers.csv, row 3, column said") in found


@SIZES
def test_a_row_that_is_there_twice_is_found_with_an_id_and_without(judged: Callable[..., dict[tuple[str, str], str]], large: int) -> None:
    row = "trust,brandaris,trust,keeper,,,,,page,p1\n"
    assert set(judged(row + row, large=large)) == {("duplicate-row", "data/keepers.csv, row 3")}
    mapping = f'{PREFIXES} CONSTRUCT {{ ?t ex:by ?who }} WHERE {{ BIND(IRI(CONCAT("tower/", ?at)) AS ?t) BIND(IRI(CONCAT("org/", ?keptBy)) AS ?who) }}'
    header, rows = "at,keptBy,source,passage\n", "brandaris,trust,page,p1\nbrandaris,trust,page,p2\nbrandaris,trust,page,p1\n"
    assert set(judged(rows, mapping=mapping, header=header, large=large)) == {("duplicate-row", "data/keepers.csv, row 4")}


def test_the_thing_is_what_the_id_makes_and_not_what_a_mapping_speaks_of_first(judged: Callable[..., dict[tuple[str, str], str]]) -> None:
    mapping = MAPPING.replace("?keeper a ex:Keeping ;", "?tower ex:keptBy ?keeper . ?keeper")
    rows = "trust,brandaris,trust,keeper,,,,,page,p1\nharbour,brandaris,harbour,owner,,,,,page,p2\n"
    assert judged(rows, mapping=mapping) == {}
