"""RDF files beside the tables: taken as they are, into graphs of their own."""

import socket
from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

Tell: TypeAlias = Callable[[Mapping[str, str | bytes]], dict[tuple[str, str], str]]
State: TypeAlias = Callable[[Mapping[str, str | bytes]], frozenset[str]]

TOWER = "<https://example.org/tower/vuurduin>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PLACE = "<http://example.com/Place>"

FORMS = {
    "extra.ttl": "<tower/vuurduin> a <http://example.com/Place> ; <http://example.com/height> 18 .",
    "extra.nt": f'{TOWER} {TYPE} {PLACE} .\n{TOWER} <http://example.com/height> "18"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
    "extra.jsonld": '{"@context": {"@vocab": "http://example.com/"}, "@id": "tower/vuurduin", "@type": "Place", "height": 18}',
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_a_file_is_taken_as_it_is_into_a_graph_of_its_own(stated: State, name: str, mark: bytes) -> None:
    lines = stated({f"data/{name}": mark + FORMS[name].encode()})
    assert {line for line in lines if line.startswith(TOWER)} == {
        f"{TOWER} {TYPE} {PLACE} <https://example.org/graph/file/{name}> .",
        f'{TOWER} <http://example.com/height> "18"^^<http://www.w3.org/2001/XMLSchema#integer> <https://example.org/graph/file/{name}> .',
    }


def test_files_with_like_names_have_each_a_graph_of_their_own(stated: State) -> None:
    lines = stated({"data/a b.ttl": "<x> a [] .", "data/a-b.ttl": "<y> a [] .", "data/a-b.nt": f"_:x {TYPE} {PLACE} ."})
    assert len({line.split()[-2] for line in lines if "/graph/file/" in line.split()[-2]}) == 3


def test_blank_nodes_get_names_that_are_the_same_in_every_build(stated: State) -> None:
    one = """@prefix ex: <http://example.com/> .
    <tower/vuurduin> a ex:Place ; ex:lamp [ ex:colour "red" ] , [ ex:colour "white" ] ."""
    other = """@prefix ex: <http://example.com/> .
    _:z ex:colour "white" . _:a ex:colour "red" . <tower/vuurduin> ex:lamp _:a , _:z ; a ex:Place ."""
    first = stated({"data/extra.ttl": one})
    assert not [line for line in first if "_:" in line]
    assert len({line.split()[2] for line in first if "lamp>" in line}) == 2
    # Only the hash of the file tells them apart.
    assert {line for line in first if "ns#sha256" not in line} == {line for line in stated({"data/extra.ttl": other}) if "ns#sha256" not in line}


def test_blank_nodes_of_two_files_stay_two_nodes(stated: State) -> None:
    lines = stated({f"data/{name}.ttl": '[] a <http://example.com/Place> ; <http://example.com/of> "x" .' for name in "ab"})
    assert len({line.split()[0] for line in lines if "example.com/Place" in line}) == 2


def test_lists_are_taken_as_they_are(told: Tell) -> None:
    assert told({"data/extra.ttl": "<tower/vuurduin> a <http://example.com/Place> ; <http://example.com/lamps> ( 1 2 ) ."}) == {}


@pytest.mark.parametrize(
    ("name", "content", "row"),
    [
        ("extra.ttl", "<a> a <b> .\n<c> a ;\n", 2),
        ("extra.ttl", "<a> a <b> .\n\n<c> a ex:b .\n", 3),
        ("extra.ttl", '<a> a <b> .\n<c> a "\udce9" .\n'.encode("utf-8", "surrogateescape"), 2),
        ("extra.nt", f"{TOWER} {TYPE} {PLACE} .\nTower is a place\n", 2),
        ("extra.jsonld", '{\n "@id": "x",\n "@type"\n}', 4),
    ],
)
def test_a_file_that_is_not_as_its_form_has_it_is_told_with_the_line(told: Tell, name: str, content: str | bytes, row: int) -> None:
    found = told({f"data/{name}": content})
    assert set(found) == {("rdf-syntax", f"data/{name}, line {row}")}
    assert "Mend it at the place named" in found["rdf-syntax", f"data/{name}, line {row}"]


def test_a_context_elsewhere_is_told_and_never_fetched(told: Tell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        content = f'{{"@context": "http://127.0.0.1:{listener.getsockname()[1]}/context.jsonld", "@id": "tower/vuurduin", "@type": "Place"}}'
        found = told({"data/extra.jsonld": content})
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert [(kind, place.split(",")[0]) for kind, place in found] == [("rdf-syntax", "data/extra.jsonld")]
    assert "context must stand in the file" in next(iter(found.values()))


@pytest.mark.parametrize(
    ("triples", "kind"),
    [
        ("<tower/vuurduin> a <http://example.com/Place> ; <http://example.com/by> <tower/brandari> .", "undescribed-reference"),
        ("<tower/vuurduin> a <http://example.com/Place> ; <http://example.com/year> '06'^^<http://www.w3.org/2001/XMLSchema#gYear> .", "ill-typed-date"),
        ("<tower/vuurduin> a <http://example.com/Place> ; <http://example.com/colour> <http://example.com/colours/rd> .", "undefined-term"),
    ],
)
def test_what_is_wrong_with_the_statements_of_a_file_is_told_with_the_file(told: Tell, triples: str, kind: str) -> None:
    ontology = "<http://example.com/colours/red> a <http://www.w3.org/2004/02/skos/core#Concept> ."
    assert set(told({"data/extra.ttl": triples, "ontology/colours.ttl": ontology})) == {(kind, "data/extra.ttl, line 1")}
