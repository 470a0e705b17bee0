"""The ontology by itself: the same statements in each format, and all that can be published of it."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyld import jsonld
from pyoxigraph import RdfFormat

from schakel import Settings
from schakel.vocabulary import Vocabulary, read_vocabulary

ROOT = Path(__file__).parents[2]
BASE = "https://kg.example.org/"
FORMATS = {"ontology.nt": RdfFormat.N_TRIPLES, "ontology.ttl": RdfFormat.TURTLE, "ontology.jsonld": RdfFormat.JSON_LD}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(ROOT / "ontology", ROOT, BASE)[0]


@pytest.fixture(scope="module")
def files(published: Settings) -> dict[str, bytes]:
    return {name: (published.publication / name).read_bytes() for name in FORMATS}


def test_each_format_has_all_that_can_be_published(files: dict[str, bytes], vocabulary: Vocabulary) -> None:
    expected = {str(triple) for triple in vocabulary.publishable()}
    assert len(expected) > 1000
    for name, content in files.items():
        assert {str(quad.triple) for quad in ox.parse(content, format=FORMATS[name])} == expected, name


def test_another_reader_of_json_ld_reads_the_same(files: dict[str, bytes], vocabulary: Vocabulary) -> None:
    text = jsonld.to_rdf(json.loads(files["ontology.jsonld"]), {"format": "application/n-quads"})
    assert {str(quad.triple) for quad in ox.parse(text.encode(), format=RdfFormat.N_QUADS)} == {str(triple) for triple in vocabulary.publishable()}
