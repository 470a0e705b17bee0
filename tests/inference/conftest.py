"""Small ontologies and statements, written as Turtle."""

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat, Triple

from schakel.graph import NTriples, to_ntriples

PREFIXES = """
@prefix : <https://example.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://vocabulary.example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


class Turtle:
    """Turtle with the prefixes of these tests, as triples or as a stage hands it on."""

    @staticmethod
    def triples(turtle: str) -> set[Triple]:
        return {quad.triple for quad in ox.parse(PREFIXES + turtle, format=RdfFormat.TURTLE)}

    @staticmethod
    def statements(turtle: str) -> NTriples:
        return to_ntriples(sorted(Turtle.triples(turtle), key=str)) if turtle else []


@pytest.fixture(scope="session")
def turtle() -> type[Turtle]:
    return Turtle
