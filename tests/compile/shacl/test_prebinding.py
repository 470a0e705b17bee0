"""Queries with variables bound beforehand: what is written in their places, and what SHACL forbids."""

import pyoxigraph as ox
import pytest

from schakel.compile.shacl import BLANK, read_shapes, template_of
from schakel.compile.shacl.graph import TYPE, sh
from schakel.engine.spelling import literal_spelling
from schakel.errors import ShapeError


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("SELECT $this WHERE { $this ?p ?o }", "SELECT (<x:a> AS ?this_1) WHERE { <x:a> ?p ?o }"),
        ("ASK { FILTER(BOUND($this) && !BOUND(?o)) }", "ASK { FILTER((true) && !BOUND(?o)) }"),
        ('ASK { ?s ?p "$this ?this" # $this\n FILTER(CONCAT($this) = ?thisAndThat) }', 'ASK { ?s ?p "$this ?this" FILTER(CONCAT(<x:a>) = ?thisAndThat) }'),
        ("SELECT ?o { ?this ?p ?o } GROUP BY $this ?o", "SELECT ?o { <x:a> ?p ?o } GROUP BY (<x:a>) ?o"),
    ],
)
def test_an_iri_is_written_in_place_of_its_variable(query: str, written: str) -> None:
    filled = template_of(query).filled({"this": "<x:a>"})
    assert filled == written
    ox.Store().query(filled)


def test_a_blank_node_is_bound_in_each_group_but_in_exists() -> None:
    filled = template_of("SELECT $this { { $this ?p ?o } UNION { FILTER NOT EXISTS { $this ?p ?o } } }").filled({"this": "_:b"})
    assert filled.count("BIND") == 3
    store = ox.Store()
    store.add(ox.Quad(ox.BlankNode("b"), ox.NamedNode("x:p"), ox.Literal("a")))
    assert len(list(store.query(filled, custom_functions={ox.NamedNode(BLANK): lambda label: ox.BlankNode(label.value)}))) == 1


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }", "MINUS"),
        ("SELECT $this { VALUES ?a { 1 } }", "VALUES"),
        ("SELECT $this { SERVICE <x:s> { ?a ?b ?c } }", "SERVICE"),
        ("SELECT $this { BIND (1 AS ?this) }", "another value"),
        ("SELECT $this { { SELECT ?o { ?s ?p ?o } } }", "subquery"),
        ("SELECT $this { { SELECT * { FILTER (?this = 1) } } }", "subquery"),
    ],
)
def test_what_shacl_forbids_is_refused_by_name(query: str, problem: str) -> None:
    shapes = [
        ("<x:s>", TYPE, sh("NodeShape")),
        ("<x:s>", sh("targetNode"), "<x:a>"),
        ("<x:s>", sh("sparql"), "_:c"),
        ("_:c", sh("select"), literal_spelling(query)),
    ]
    with pytest.raises(ShapeError, match=problem):
        read_shapes(shapes)


def test_a_word_that_is_no_keyword_there_is_no_matter() -> None:
    query = 'PREFIX ex: <x:MINUS#> SELECT $this { $this ex:VALUES "SERVICE" . { SELECT $this { $this ?p ?o } } } # MINUS'
    shapes = [
        ("<x:s>", TYPE, sh("NodeShape")),
        ("<x:s>", sh("targetNode"), "<x:a>"),
        ("<x:s>", sh("sparql"), "_:c"),
        ("_:c", sh("select"), literal_spelling(query)),
    ]
    assert len(read_shapes(shapes).by_node) == 1
