"""With an index of the names a text leads to the same as without one, and the graph is hardly asked."""

from dataclasses import dataclass, field

import pytest
from pyoxigraph import NamedNode

from schakel.answers import Answer
from schakel.answers.backend import Backend
from schakel.errors import AmbiguousNameError, NotAnIriError, NotInGraphError
from schakel.lookup import Context, NameIndex, read_index, resolve

TYPED = [
    "https://kg.example.org/org/mst",
    "<https://kg.example.org/org/mst>",
    "https://kg.example.org/org/nobody",
    " org/mst ",
    "org/mst#site-main-address",
    "mst",
    "MST",
    "medisch spectrum twente",
    "Medisch Spectrum TWENTE!",
    "Arienszorgpalet",
    "mst-in-medlon",
    "role:chair",
    "skos:prefLabel",
    "http://a b",
    "",
    " ",
    "?!",
    "nobody at all",
    "medisch spectrum twent",
    "org/msst",
    "Enschede",
    "x" * 10_000,
]


@dataclass
class Counting:
    """A graph that counts how often it is asked."""

    backend: Backend
    asked: list[str] = field(default_factory=list)

    def select(self, query: str) -> Answer:
        self.asked.append(query)
        return self.backend.select(query)


@pytest.fixture(scope="module")
def index(content: Backend, context: Context) -> NameIndex:
    return read_index(content, context)


def outcome(backend: Backend, typed: str, context: Context, index: NameIndex | None) -> object:
    try:
        return resolve(backend, typed, context, index=index)
    except (AmbiguousNameError, NotInGraphError) as error:
        # Of what is near the nearest; what is hardly near may differ.
        return type(error), error.candidates[:1] if isinstance(error, NotInGraphError) else error.candidates
    except NotAnIriError as error:
        return str(error)


@pytest.mark.parametrize("typed", TYPED)
def test_an_index_leads_to_the_same(typed: str, content: Backend, context: Context, index: NameIndex) -> None:
    assert outcome(content, typed, context, index) == outcome(content, typed, context, None)


@pytest.mark.parametrize("typed", TYPED)
def test_with_an_index_the_graph_is_asked_for_no_more_than_one_iri(typed: str, content: Backend, context: Context, index: NameIndex) -> None:
    graph = Counting(content)
    outcome(graph, typed, context, index)
    assert len(graph.asked) <= 1
    assert all("LIMIT 1" in query for query in graph.asked)


def test_a_name_is_found_by_some_of_its_letters(index: NameIndex) -> None:
    for text in ("Medisch Spectrum Twente", "medish spectrum twente", "twente spectrum medisch"):
        assert index.search(text)[0].entity == NamedNode("https://kg.example.org/org/mst")
