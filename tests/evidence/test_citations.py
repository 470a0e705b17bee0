"""Which source and passage a row cites, and which graph its statements go to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TypeAlias

import pytest

from schakel import Settings, build, check, record_evidence

MakeProject: TypeAlias = Callable[[Mapping[str, str | bytes]], Settings]
Tell: TypeAlias = Callable[[Mapping[str, str | bytes]], dict[tuple[str, str], str]]

TOWERS = "data/towers.csv"
SOURCE = f"{TOWERS}, row 2, column source"
TWO_SOURCES = "id,title,language,file,sha256\nharbour,Harbour,en,,\nisland,Island,en,,\n"


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("", "source-missing", ("no source", "harbour, island")),
        ("harbor", "unknown-source", ("“harbor”", "data/sources.csv: harbour.")),
        ("zzz", "unknown-source", ("“zzz”", "harbour, island")),
        ("Harbour", "unknown-source", ("“Harbour”", "harbour.")),
    ],
)
def test_a_row_that_cites_no_source_there_is_is_told_with_those_there_are(told: Tell, source: str, kind: str, words: tuple[str, ...]) -> None:
    found = told({"data/sources.csv": TWO_SOURCES, TOWERS: f"id,label,source\nbrandaris,Brandaris,{source}\n"})
    assert (kind, SOURCE) in found
    for word in words:
        assert word in found[kind, SOURCE]


def test_a_row_without_a_passage_is_told_unless_the_settings_require_none(make_project: MakeProject, told: Tell) -> None:
    files = {TOWERS: "id,label,source,passage\nbrandaris,Brandaris,page,\n"}
    place = f"{TOWERS}, row 2, column passage"
    assert {(item.kind, str(item.places[0])) for item in check(make_project(files)).findings} == {("passage-missing", place)}
    assert told(files) == {}


def test_a_table_without_a_column_of_passages_is_told_at_each_row(make_project: MakeProject) -> None:
    findings = check(make_project({TOWERS: "id,label,source\nbrandaris,Brandaris,page\n"})).findings
    assert {item.kind for item in findings} <= {"passage-missing", "missing-column"}
    assert {item.places[0].file for item in findings} == {TOWERS}


def test_a_row_is_in_the_graph_of_its_passage_or_else_of_its_source_and_sources_are_in_the_provenance(make_project: MakeProject) -> None:
    towers = """id,label,source,passage
brandaris,Brandaris,page,The tower of Brandaris
trust,Harbour Trust,page,Harbour Trust
brandaris-again,Brandaris,page,"The  tower
of Brandaris"
"""
    keepers = "id,label,source\njan,Jan,page\n"
    mapping = """PREFIX org: <http://www.w3.org/ns/org#>
    CONSTRUCT { ?keeper a org:Post ; org:role ?label } WHERE { BIND(IRI(CONCAT("keeper/", ?id)) AS ?keeper) }"""
    settings = replace(make_project({TOWERS: towers, "data/keepers.csv": keepers, "data/keepers.rq": mapping}), require_passages=False)
    assert not record_evidence(settings).findings
    assert not build(settings).blocked
    quads = (settings.publication / "download" / "dataset.nq").read_text("utf-8").splitlines()
    graphs = {line.split()[0]: line.split()[-2] for line in quads if " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/org#" in line}
    base = "<https://example.org/"
    tower, trust = (f"{base}source/page#p-{sha256(text.encode()).hexdigest()[:12]}>" for text in ("The tower of Brandaris", "Harbour Trust"))
    assert graphs == {
        f"{base}tower/brandaris>": tower,
        f"{base}tower/brandaris-again>": tower,
        f"{base}tower/trust>": trust,
        f"{base}keeper/jan>": f"{base}source/page>",
    }
    assert any(line.startswith(f"{base}source/page> ") and line.endswith(f" {base}graph/provenance> .") for line in quads)
