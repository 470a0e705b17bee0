"""What pages find of a thing: every statement about it, from both its ends, with all the graphs that hold it."""

from collections import defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel.graph import Dataset, GraphNames
from schakel.namespaces import PREFIXES
from schakel.ntriples import to_lines
from schakel.site.neighbours import Neighbours, ends, terms_in

BASE = "https://example.org/"
LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
OWN = [NamedNode(f"{BASE}{name}") for name in ("a", "a#part", "a/b", "ab", "å", "a#x")]
OTHERS = [NamedNode("https://far.example/x"), NamedNode("https://example.or/g"), NamedNode(f"{BASE[:-1]}")]
GRAPHS = [NamedNode(f"{BASE}{name}") for name in ("passage/s/0-9", "graph/inferred", "source/s")]
PROPERTIES = [NamedNode("https://words.example/p"), NamedNode("https://words.example/q"), LABEL, TYPE]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LITERALS = TEXTS.map(Literal) | TEXTS.map(lambda text: Literal(text, language="nl")) | st.integers().map(Literal)
QUADS = st.tuples(st.sampled_from([*OWN, *OTHERS]), st.sampled_from(PROPERTIES), st.sampled_from([*OWN, *OTHERS]) | LITERALS, st.sampled_from(GRAPHS))
TRIPLES = st.builds(Triple, st.sampled_from([*OWN, *OTHERS]), st.sampled_from(PROPERTIES), st.sampled_from([*OWN, *OTHERS]) | LITERALS)


def line_of(triple: Triple) -> bytes:
    return bytes(next(iter(to_lines([triple]))))


def read(quads: list[tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]]) -> tuple[Neighbours, dict[bytes, set[str]]]:
    """Read quads; give also which graphs hold each line."""
    by_graph: defaultdict[NamedNode, set[Triple]] = defaultdict(set)
    held: defaultdict[bytes, set[str]] = defaultdict(set)
    for subject, predicate, value, graph in quads:
        triple = Triple(subject, predicate, value)
        by_graph[graph].add(triple)
        held[line_of(triple)].add(graph.value)
    dataset = Dataset()
    for graph, triples in by_graph.items():
        dataset.add(triples, graph)
    return Neighbours(dataset, GraphNames(BASE)), held


def is_own(iri: bytes | None) -> bool:
    return iri is not None and iri.startswith(BASE.encode())


@given(TRIPLES)
def test_the_ends_of_a_line_are_those_of_its_statement(triple: Triple) -> None:
    assert isinstance(triple.subject, NamedNode)
    subject, predicate, value = ends(line_of(triple))
    assert subject.decode() == triple.subject.value
    assert predicate.decode() == str(triple.predicate)
    assert (None if value is None else value.decode()) == (triple.object.value if isinstance(triple.object, NamedNode) else None)
    assert [term.decode() for term in terms_in(line_of(triple))] == [
        term.value for term in (triple.subject, triple.predicate, triple.object) if isinstance(term, NamedNode)
    ]


@given(st.lists(QUADS, max_size=30))
def test_every_statement_about_own_things_is_found_from_both_ends_with_all_its_graphs(
    quads: list[tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]],
) -> None:
    neighbours, held = read(quads)
    for line, graphs in held.items():
        for end in (ends(line)[0], ends(line)[2]):
            if is_own(end) and end is not None:
                entity = end.decode().partition("#")[0]
                found = neighbours.around([entity]).statements
                assert line in found, (entity, line)
                assert set(found[line]) == graphs
                assert len(found[line]) == len(graphs)


@given(st.lists(QUADS, max_size=30), st.sampled_from(["a", "ab", "å"]))
def test_nothing_else_is_found_but_what_is_said_of_the_nameless(quads: list[tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]], name: str) -> None:
    neighbours, held = read(quads)
    entity = f"{BASE}{name}"
    named = {ends(line)[0] for line in held if ends(line)[1] == str(LABEL).encode()}
    for line in neighbours.around([entity]).statements:
        about = {end.decode().partition("#")[0] for end in (ends(line)[0], ends(line)[2]) if end is not None}
        assert line in held
        assert entity in about or ends(line)[0] not in named


@given(st.lists(QUADS, max_size=30))
def test_all_names_and_classes_are_found_and_lines_are_told_by_graph(quads: list[tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]]) -> None:
    neighbours, held = read(quads)
    names = {line for line in held if ends(line)[1] == str(LABEL).encode()}
    assert set(neighbours.naming({ends(line)[0].decode() for line in held})) >= names
    types = {(s.decode(), o.decode()) for s, p, o in map(ends, held) if p == str(TYPE).encode() and o is not None and is_own(s)}
    assert set(neighbours.types()) == types
    by_graph = {graph: set(lines) for graph, lines in neighbours.of_graph().items()}
    assert by_graph == {
        graph: lines
        for graph in map(str, (g.value for g in GRAPHS))
        if (lines := {line for line in held if any(end is not None and is_own(end) for end in (ends(line)[0], ends(line)[2])) and graph in held[line]})
    }


def test_what_is_said_of_a_nameless_thing_is_found_three_steps_away_and_no_further() -> None:
    chain = [NamedNode(f"{BASE}{name}") for name in ("a", "one", "two", "three", "four", "five")]
    p = PROPERTIES[0]
    quads: list[tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]] = [(s, p, o, GRAPHS[0]) for s, o in pairwise(chain)]
    found = read(quads)[0].around([f"{BASE}a"]).statements
    assert {ends(line)[0].decode().removeprefix(BASE) for line in found} == {"a", "one", "two", "three"}
    named = [*quads, (chain[2], LABEL, Literal("Two"), GRAPHS[0])]
    found = read(named)[0].around([f"{BASE}a"]).statements
    assert {ends(line)[0].decode().removeprefix(BASE) for line in found} == {"a", "one"}


def test_what_a_name_that_is_a_thing_says_is_found_by_what_it_names() -> None:
    sk = PREFIXES["sk"]
    name, tower = NamedNode(f"{BASE}name/1"), NamedNode(f"{BASE}tower")
    quads: list[tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]] = [
        (tower, NamedNode(f"{sk}hasName"), name, GRAPHS[1]),
        (name, NamedNode(f"{sk}nameText"), Literal("Brandaris"), GRAPHS[0]),
    ]
    assert len(read(quads)[0].naming([tower.value])) == 2
