"""Tables and mappings become quads: exactly what cells say, with where they say it."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias, cast

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from schakel.engine.spelling import literal_spelling
from schakel.settings import read_settings
from schakel.tables import read_tables

MapContent: TypeAlias = Callable[..., Any]
MapFolder: TypeAlias = Callable[[Path, str], Any]
REPOSITORY = Path(__file__).parents[2]
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
PREFIXES = "PREFIX ex: <http://example.com/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


def towers_rq(triples: str = "", binds: str = "") -> str:
    """A mapping of towers with a label, and whatever is added."""
    construct = f"CONSTRUCT {{ ?tower skos:prefLabel ?name . {triples} }}"
    return f'{PREFIXES} {construct} WHERE {{ BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) BIND(STRLANG(?label, "en-GB") AS ?name) {binds} }}'


def table(*rows: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def oxigraph(root: Path, base: str) -> set[tuple[str, str, str]]:
    """What Oxigraph makes of the tables of a project, in its canonical forms."""
    tables, _ = read_tables(root / "data", root)
    stated: set[tuple[str, str, str]] = set()
    for each in tables:
        head, _, where = (root / "data" / f"{each.name}.rq").read_text().rpartition("WHERE {")
        for start in range(0, len(each.rows), 1_000):
            rows = (" ".join(str(ox.Literal(cell)) if cell else "UNDEF" for cell in row.cells) for row in each.rows[start : start + 1_000])
            values = f"VALUES ({' '.join(f'?{name}' for name in each.columns)}) {{ {' '.join(f'({row})' for row in rows)} }}"
            triples = cast("ox.QueryTriples", Store().query(f"{head} WHERE {{ {values} {where}", base_iri=base))
            stated |= {(str(triple.subject), str(triple.predicate), str(triple.object)) for triple in triples}
    return stated


def canonical(triples: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Triples as Oxigraph's store gives them back."""
    store = Store()
    store.load("".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode(), format=ox.RdfFormat.N_TRIPLES)
    return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in store}


def test_the_tables_of_the_project_state_what_oxigraph_makes_of_them(content_of_folder: MapFolder) -> None:
    base = read_settings(REPOSITORY).base
    content = content_of_folder(REPOSITORY, base)
    assert not content.findings
    stated = {(s, p, o) for s, p, o, *_ in content.quads}
    assert canonical(stated) == oxigraph(REPOSITORY, base)
    assert len(stated) > 1_000
    # Each quad is in the graph of its passage, and nothing but what describes sources is in another.
    assert {g for s, _, _, g, *_ in content.quads if "#p-" not in g} <= {f"<{base}graph/provenance>"}


def test_a_literal_is_stated_as_the_cell_has_it(map_content: MapContent) -> None:
    rq = towers_rq("?tower ex:number ?n ; ex:said ?s .", "BIND(STRDT(?number, xsd:decimal) AS ?n) BIND(STRLANG(?label, ?tag) AS ?s)")
    content = map_content({"towers.rq": rq, "towers.csv": "id,label,number,tag,source\na,A,+01.50,nl-BE,page\n"})
    assert content.stated() == {
        ("<https://example.org/tower/a>", LABEL, '"A"@en-GB'),
        ("<https://example.org/tower/a>", "<http://example.com/number>", '"+01.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("<https://example.org/tower/a>", "<http://example.com/said>", '"A"@nl-BE'),
    }


def test_each_quad_says_where_it_was_stated(map_content: MapContent) -> None:
    content = map_content({"towers.rq": towers_rq("?tower ex:x ex:y ."), "towers.csv": "id,label,source\n,,\na,A,page\n\nb,,nowhere\n"})
    found = {(s, g, file, row, template) for s, _, _, g, file, row, template in content.quads if "/tower/" in s}
    page, nowhere = "<https://example.org/source/page>", "<https://example.org/graph/provenance>"
    assert found == {
        ("<https://example.org/tower/a>", page, 2, 3, 0),
        ("<https://example.org/tower/a>", page, 2, 3, 1),
        ("<https://example.org/tower/b>", nowhere, 2, 5, 1),
    }
    assert ("unknown-source", "data/towers.csv, row 5, column source") in content.told


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
SLY = [
    '"',
    "'",
    '"""',
    "\\",
    "\\n",
    "\\u0022",
    '"@en',
    "^^xsd:int",
    "{",
    "} UNION {",
    "?id",
    "#",
    "<x>",
    "UNDEF",
    '") ("',
    "schakel:nothing",
    "%7B",
    "' OR 1=1 --",
    "$1",
]
SIGNS = [
    "\n",
    "\t",
    "\u2028",
    "\u0085",
    "\ufeff",
    "\x07",
    "\x1f",
    "\x1e",
    "\x7f",
    "\U0001d518",
    "é",
    "e\u0301",
    "\u202eabc",
    "\ufffe",
    "\uffff",
    "x" * 1_000_000,
]
cells = st.one_of(texts, st.lists(st.one_of(st.sampled_from([*SLY, *SIGNS]), texts), max_size=6).map("".join))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=5), large=st.booleans())
def test_any_text_in_a_cell_comes_out_as_that_text(map_content: MapContent, rows: list[tuple[str, str]], *, large: bool) -> None:
    rq = towers_rq("?tower ex:note ?note ; ex:both ?both .", "BIND(CONCAT(?label, ?note) AS ?both)")
    text = table(("id", "label", "note", "source"), *((f"t{number}", *row, "page") for number, row in enumerate(rows)))
    # Large tables are read by the executor itself.
    content = map_content({"towers.rq": rq, "towers.csv": text}, large=0 if large else 10_000_000)
    expected = set()
    for number, (label, note) in enumerate((label.strip(), note.strip()) for label, note in rows):
        tower = f"<https://example.org/tower/t{number}>"
        expected |= {(tower, LABEL, literal_spelling(label, language="en-GB"))} if label else set()
        expected |= {(tower, "<http://example.com/note>", literal_spelling(note))} if note else set()
        expected |= {(tower, "<http://example.com/both>", literal_spelling(label + note))} if label and note else set()
    assert content.stated() == expected


ROW_FINDINGS: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "an IRI that is none": ("?tower ex:at ?at .", 'BIND(IRI(CONCAT("place/", ?place)) AS ?at)', "a,A,the harbour", "unformed-term", "place", "“the harbour”"),
    "a whole IRI that is none": ("?tower ex:at ?at .", "BIND(IRI(?place) AS ?at)", "a,A,http://[", "unformed-term", "place", "“http://[”"),
    "a language tag that is none": ("?tower ex:at ?at .", "BIND(STRLANG(?label, ?place) AS ?at)", "a,A,no such", "bad-language-tag", "place", "“no such”"),
    "a text as a subject": ("?label ex:of ?tower .", 'BIND("x" AS ?unused)', "a,A,", "not-an-iri", "", "“A”"),
    "a row that states nothing": ("", "", ",,x", "row-states-nothing", "", "id, label"),
    "a label without a language": ("?tower ex:at ?at .", "BIND(STRLANG(?label, ?place) AS ?at)", "a,,", "row-states-nothing", "", "label, place"),
}


@pytest.mark.parametrize("case", ROW_FINDINGS)
def test_what_a_row_loses_is_found(map_content: MapContent, case: str) -> None:
    triples, binds, row, kind, column, words = ROW_FINDINGS[case]
    content = map_content({"towers.rq": towers_rq(triples, binds), "towers.csv": f"id,label,place,source\n{row},page\n"})
    place = "data/towers.csv, row 2" + (f", column {column}" if column else "")
    told = content.told
    assert (kind, place) in told
    assert words in told[kind, place]


LANGUAGE_RQ = f"""{PREFIXES} CONSTRUCT {{ ?tower a ex:Tower ; skos:prefLabel ?name ; ex:height ?h }}
WHERE {{ BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) BIND(STRLANG(?label, ?lang) AS ?name) BIND(IF(?lang = "en", ?height, ?undefined) AS ?h) }}"""


@pytest.mark.parametrize(
    ("row", "found"),
    [
        pytest.param("a,A,,", {("label", "lang")}, id="a label without a language"),
        pytest.param("a,A,,3", {("label", "lang"), ("height", "lang")}, id="two cells that need a third"),
        pytest.param("a,,en,", set(), id="a language without a label is no knowledge"),
        pytest.param("a,A,nl,3", set(), id="what the mapping leaves out is meant to be"),
        pytest.param("a,A,en,3", set(), id="nothing is empty"),
        pytest.param("a,,,", set(), id="all is empty"),
    ],
)
def test_no_filled_cell_is_lost_in_silence(map_content: MapContent, row: str, found: set[tuple[str, str]]) -> None:
    told = map_content({"towers.rq": LANGUAGE_RQ, "towers.csv": f"id,label,lang,height,source\n{row},page\n"}).told
    places = {("cell-reaches-nothing", f"data/towers.csv, row 2, column {column}"): empty for column, empty in found}
    assert {key for key in told if key[0] == "cell-reaches-nothing"} == set(places)
    for place, empty in places.items():
        assert empty in told[place]


@pytest.mark.parametrize(
    ("row", "kind", "column", "words"),
    [
        pytest.param("a,A,,", "cell-reaches-nothing", "label", "lang", id="a cell that needs another"),
        pytest.param("a,A,no such,", "bad-language-tag", "lang", "no such", id="a term that cannot be formed"),
        pytest.param(",A,en,3", "row-states-nothing", "", "id", id="a row that states nothing"),
        pytest.param("a,A,en,3", "", "", "", id="nothing is lost"),
    ],
)
def test_what_has_no_plan_is_judged_all_the_same(map_content: MapContent, row: str, kind: str, column: str, words: str) -> None:
    deep = "?height"
    for _ in range(9):
        deep = f"IF(STRLEN({deep}) > 0, {deep}, ?undefined)"
    rq = LANGUAGE_RQ.replace('IF(?lang = "en", ?height, ?undefined)', deep)
    content = map_content({"towers.rq": rq, "towers.csv": f"id,label,lang,height,source\n{row},page\n"})
    assert all(each.compiled is None for each in content.mapped if each.table.name == "towers")
    told = {
        key: text
        for key, text in content.told.items()
        if key[0] in {"cell-reaches-nothing", "bad-language-tag", "row-states-nothing", "not-an-iri", "unformed-term"}
    }
    assert set(told) == ({(kind, "data/towers.csv, row 2" + (f", column {column}" if column else ""))} if kind else set())
    assert all(words in text for text in told.values())


def test_what_has_no_plan_is_mapped_by_a_general_engine_and_says_so(map_content: MapContent) -> None:
    # A condition is written out twice, and so this many within each other are too large a plan.
    deep = "?label"
    for _ in range(9):
        deep = f"IF(STRLEN({deep}) > 0, {deep}, ?undefined)"
    binds = f"BIND({deep} AS ?d) BIND(STRDT(?number, xsd:decimal) AS ?n) BIND(STRLANG(?label, ?tag) AS ?s)"
    content = map_content(
        {"towers.rq": towers_rq("?tower ex:deep ?d ; ex:n ?n ; ex:s ?s .", binds), "towers.csv": "id,label,number,tag,source\na,A,1.50,nl-BE,page\nb,,,,page\n"}
    )
    (towers,) = [each for each in content.mapped if each.table.name == "towers"]
    assert towers.compiled is None
    assert "size" in towers.refused
    tower = "<https://example.org/tower/a>"
    assert content.stated() == {
        (tower, LABEL, '"A"@en-GB'),
        (tower, "<http://example.com/deep>", '"A"'),
        (tower, "<http://example.com/n>", '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        (tower, "<http://example.com/s>", '"A"@nl-BE'),
    }
    assert {(g, file, row) for s, _, _, g, file, row, _ in content.quads if s == tower} == {("<https://example.org/source/page>", 2, 2)}
