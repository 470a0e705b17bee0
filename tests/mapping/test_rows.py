"""What rows state: nothing lost unsaid, and what cannot be stated told with its cells."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from schakel import Settings, build, read_settings, record_evidence

Tell: TypeAlias = Callable[[Mapping[str, str | bytes]], dict[tuple[str, str], str]]
MakeProject: TypeAlias = Callable[[Mapping[str, str | bytes]], Settings]
WriteMapping: TypeAlias = Callable[..., str]

TABLE = "data/towers.csv"
MAPPING = "data/towers.rq"
BASE = "https://example.org/"


@pytest.mark.parametrize(
    ("triples", "binds", "row", "kind", "column", "words"),
    [
        pytest.param(
            "?tower ex:at ?at .",
            'BIND(IRI(CONCAT("place/", ?place)) AS ?at)',
            "a,A,the harbour",
            "unformed-term",
            "place",
            ("?at", "place = “the harbour”", "no spaces"),
            id="IRI",
        ),
        pytest.param("?tower ex:at ?at .", "BIND(IRI(?place) AS ?at)", "a,A,http://[", "unformed-term", "place", ("“http://[”",), id="whole IRI"),
        pytest.param(
            "?tower ex:at ?at .",
            "BIND(STRLANG(?label, ?place) AS ?at)",
            "a,A,no such",
            "bad-language-tag",
            "place",
            ("“no such”", "language tag"),
            id="language tag",
        ),
        pytest.param(
            "?tower ex:at ?at .",
            'BIND(IRI(CONCAT("place/", ?place)) AS ?there) BIND(IRI(CONCAT(STR(?there), "#address")) AS ?at)',
            "a,A,<x>",
            "unformed-term",
            "place",
            ("place = “<x>”",),
            id="IRI of an IRI",
        ),
        pytest.param(
            "?tower ex:at ?at .",
            'BIND(IF(BOUND(?place), IRI(CONCAT("place/", ?place)), ?undefined) AS ?at)',
            "a,A,{x}",
            "unformed-term",
            "place",
            ("place = “{x}”",),
            id="IRI in a choice",
        ),
        pytest.param("?place ex:of ?tower .", "", "a,A,harbour", "not-an-iri", "", ("“harbour”", "?place", "IRI(CONCAT("), id="text as a subject"),
        pytest.param("?tower ?place 1 .", "", "a,A,harbour", "not-an-iri", "", ("“harbour”",), id="text as a predicate"),
    ],
)
def test_a_term_that_cannot_be_formed_is_told_with_its_cells(  # noqa: PLR0913, PLR0917
    told: Tell, towers_rq: WriteMapping, triples: str, binds: str, row: str, kind: str, column: str, words: tuple[str, ...]
) -> None:
    found = told({TABLE: f"id,label,place,source\nfine,Fine,,page\n{row},page\n", MAPPING: towers_rq(triples, binds)})
    assert list(found) == [(kind, found_at := f"{TABLE}, row 3" + (f", column {column}" if column else ""))]
    for word in words:
        assert word in found[kind, found_at]
    # A language tag that is none is wrong whatever the mapping is.
    assert (MAPPING in found[kind, found_at]) == (kind != "bad-language-tag")


def test_every_row_of_which_something_is_lost_is_told(told: Tell, towers_rq: WriteMapping) -> None:
    rows = "".join(f"t{number},T,{'a b' if number % 400 == 3 else 'ab'},page\n" for number in range(1500))
    found = told({TABLE: f"id,label,place,source\n{rows}", MAPPING: towers_rq("?at a ex:Place .", 'BIND(IRI(CONCAT("place/", ?place)) AS ?at)')})
    assert set(found) == {("unformed-term", f"{TABLE}, row {number}, column place") for number in (5, 405, 805, 1205)}


def test_a_row_that_states_nothing_is_told_with_its_empty_cells(told: Tell) -> None:
    mapping = """PREFIX ex: <http://example.com/>
    CONSTRUCT { ?tower ex:label ?label . ?tower ex:height ?height } WHERE { BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) }"""
    found = told({TABLE: "id,label,height,source\na,,,page\n", MAPPING: mapping})
    assert set(found) == {("row-states-nothing", f"{TABLE}, row 2")}
    text = found["row-states-nothing", f"{TABLE}, row 2"]
    assert "empty cells: height, label" in text
    assert MAPPING in text
    assert "Fill in" in text


def test_an_empty_cell_makes_no_triple_and_no_finding(told: Tell, towers_rq: WriteMapping) -> None:
    mapping = towers_rq(
        "?tower ex:at ?at ; ex:kind ?kind .",
        'BIND(IRI(CONCAT("place/", ?place)) AS ?at) BIND(IF(?place = "west", "w", ?undefined) AS ?kind)',
    )
    assert told({TABLE: "id,label,place,source\na,A,,page\n", MAPPING: mapping}) == {}


def test_another_base_moves_every_iri_and_is_one_line(make_project: MakeProject) -> None:
    settings = make_project({"data/extra.ttl": "<tower/vuurduin> a [] ."})
    toml = settings.root / "schakel.toml"
    toml.write_text(toml.read_text("utf-8").replace(BASE, "http://lights.example/kg/") + "[evidence]\nrequire_passages = false\n", "utf-8")
    settings = read_settings(settings.root, captures=settings.captures)
    record_evidence(settings)
    assert not build(settings).blocked
    quads = (settings.publication / "download" / "dataset.nq").read_text("utf-8")
    assert "<http://lights.example/kg/tower/brandaris>" in quads
    assert BASE not in quads
