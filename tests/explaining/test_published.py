"""The published statements are read line by line: what is found does not depend on where the file is cut."""

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple

from schakel.errors import GraphUnreadableError
from schakel.explaining import published
from schakel.explaining.published import Published
from schakel.graph import GraphNames, from_ntriples

NAMES = GraphNames("https://example.org/")
QUADS = """
<https://example.org/a> <https://example.org/p> "x <https://example.org/b> ." <https://example.org/passage/page/1-2> .
<https://example.org/a> <https://example.org/p> <https://example.org/b> <https://example.org/passage/page/1-2> .
<https://example.org/a> <https://example.org/p> <https://example.org/b> <https://example.org/passage/page/3-4> .
<https://example.org/a> <https://example.org/p> <https://example.org/b> <https://example.org/graph/file/more.ttl> .
<https://example.org/a/b> <https://example.org/p> "line\\nend"@en <https://example.org/source/page> .
<https://example.org/b> <https://example.org/q> <https://example.org/a> <https://example.org/graph/inferred> .
<https://example.org/p> <http://www.w3.org/2000/01/rdf-schema#label> "p"@en <https://example.org/graph/vocabulary> .
<https://example.org/passage/page/1-2> <http://www.w3.org/ns/oa#hasSource> <https://example.org/source/page> <https://example.org/graph/provenance> .
<https://example.org/source/page> <http://purl.org/dc/terms/title> "Page" <https://example.org/graph/provenance> .
""".lstrip()


@pytest.fixture(params=[(1, 0), (60, 0), (100, 0), (150, 30), (1 << 20, 0), (1 << 20, 30)], ids="pieces of {0[0]}, {0[1]} searched for".format)
def dataset(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """The same file, read in pieces of some length, and searched for a few beginnings or line by line."""
    piece, few = request.param
    monkeypatch.setattr(published, "_PIECE", piece)
    monkeypatch.setattr(published, "_FEW", few)
    file = tmp_path / "dataset.nq"
    file.write_text(QUADS, "utf-8")
    return Published(file, NAMES)


def by_triple() -> dict[Triple, set[object]]:
    found: defaultdict[Triple, set[object]] = defaultdict(set)
    for quad in ox.parse(QUADS, format=RdfFormat.N_QUADS):
        found[quad.triple].add(quad.graph_name)
    return dict(found)


def test_what_is_reasoned_about_is_all_but_conclusions_provenance_and_vocabulary(dataset: Published) -> None:
    aside = {NAMES.inferred, NAMES.provenance, NAMES.vocabulary}
    content = dataset.content()
    assert set(from_ntriples(content)) == {triple for triple, graphs in by_triple().items() if not graphs <= aside}
    # It is a sequence, which engines may go through more than once.
    assert list(content) == [content[at] for at in range(len(content))] == content[:]
    assert all(piece.endswith(b"\n") for piece in content if piece)


def test_a_thing_is_told_of_with_the_graphs_and_nothing_that_only_begins_like_it(dataset: Published) -> None:
    found = {triple: set(graphs) for triple, graphs in dataset.about(NamedNode("https://example.org/a")).items()}
    assert found == {triple: graphs for triple, graphs in by_triple().items() if triple.subject == NamedNode("https://example.org/a")}


def test_statements_are_found_in_all_their_graphs(dataset: Published) -> None:
    found = {triple: set(graphs) for triple, graphs in dataset.graphs_of(list(by_triple())).items()}
    assert found == by_triple()
    nowhere = Triple(NamedNode("https://example.org/b"), NamedNode("https://example.org/p"), NamedNode("https://example.org/a"))
    assert dataset.graphs_of([nowhere]) == {}
    assert dataset.graphs_of([]) == {}


def test_what_leads_to_names_and_words_is_brought_together(dataset: Published) -> None:
    nearby = dataset.around([NamedNode("https://example.org/passage/page/1-2")])
    assert [str(row[0]) for row in nearby.select("SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o").rows][-1] == '"Page"'


def test_conclusions_are_found(dataset: Published) -> None:
    assert [str(triple.subject) for triple in dataset.inferred()] == ["<https://example.org/b>"]


@pytest.mark.parametrize(("quads", "found"), [("", 0), (QUADS.rstrip("\n"), 1), (QUADS.splitlines()[-1], 1)], ids=["empty", "whole", "one line"])
def test_a_file_may_be_empty_or_end_without_a_line_end(quads: str, found: int, tmp_path: Path) -> None:
    file = tmp_path / "dataset.nq"
    file.write_text(quads, "utf-8")
    assert len(Published(file, NAMES).about(NamedNode("https://example.org/source/page"))) == found


def test_a_file_that_is_no_dataset_is_told(tmp_path: Path) -> None:
    file = tmp_path / "dataset.nq"
    file.write_text("<https://example.org/a> nonsense\n", "utf-8")
    with pytest.raises(GraphUnreadableError):
        Published(file, NAMES).about(NamedNode("https://example.org/a"))
