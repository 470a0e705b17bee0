"""The report of a project's shapes, and the names of shapes: those that are blank nodes are named after their place."""

from collections.abc import Callable, Mapping

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple
from rdflib import RDF, SH, Graph, Literal, URIRef

from schakel import Settings, build
from schakel.project.shapes import named_shapes

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]

SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
TOWERS = {"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\nlange,Lange Jaap,page\n"}
PREFIXES = """
@prefix : <https://example.org/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
NAMED = """
:tower a sh:NodeShape ; sh:targetClass org:Organization ; sh:property :kept .
:kept a sh:PropertyShape ; sh:path %s ; sh:minCount %d ; sh:severity sh:Warning ; sh:message "No keeper."@en, "Geen beheerder."@nl .
"""


def report_of(settings: Settings) -> Graph:
    assert not build(settings, dumps_only=True).blocked
    return Graph().parse(settings.report / "report.ttl")


@pytest.mark.parametrize(("least", "conforms"), [(0, True), (1, False)])
def test_a_report_conforms_where_there_is_no_result_at_all(make_project: MakeProject, least: int, *, conforms: bool) -> None:
    report = report_of(make_project({**TOWERS, "shapes/s.ttl": PREFIXES + NAMED % (":keeper", least)}))
    assert list(report.objects(None, SH.conforms)) == [Literal(conforms)]
    results = list(report.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == (0 if conforms else 2)
    for result in results:
        assert {str(text) for text in report.objects(result, SH.resultMessage)} == {"No keeper.", "Geen beheerder."}
        assert list(report.objects(result, SH.resultPath)) == [URIRef("https://example.org/keeper")]


def test_a_report_has_no_blank_nodes_whatever_path_a_shape_has(make_project: MakeProject) -> None:
    settings = make_project({**TOWERS, "shapes/s.ttl": PREFIXES + NAMED % ("( :keeper [ sh:inversePath :keeps ] )", 1)})
    report_of(settings)
    assert "_:" not in (settings.report / "report.ttl").read_text("utf-8")


def test_property_shapes_that_are_blank_nodes_get_names_that_files_do_not_share() -> None:
    turtle = f"{PREFIXES} :s a sh:NodeShape ; sh:targetClass :Person ; sh:property [ sh:path :name ; sh:minCount 1 ] ."
    blank: list[Triple] = [quad.triple for quad in ox.parse(turtle, format=RdfFormat.TURTLE)]
    named = named_shapes({"a.ttl": blank, "b.ttl": blank}, "https://example.org/")
    shapes = {triple.object for triple in named if triple.predicate.value.endswith("#property")}
    assert len(shapes) == 2
    assert all(isinstance(shape, NamedNode) for shape in shapes)
