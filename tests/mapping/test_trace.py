"""From a statement back to rows: all of those that state it are found, however many rows were mapped together."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple

from schakel.findings import Place
from schakel.graph import from_ntriples
from schakel.mapping import Block, Construct, Trace, map_rows, read_construct
from schakel.tables import Row, Table

Found: TypeAlias = dict[tuple[NamedNode, Triple], set[int]]

BASE = "https://example.org/"
FILE = "data/posts.csv"
COLUMNS = ("tower", "keeper", "rank", "note", "source")
GRAPHS = {name: NamedNode(f"{BASE}source/{name}") for name in ("page", "book")}
# Towers, keepers and ranks are named by whole cells; a row without a rank says no rank, and a note is of many words.
MAPPING = """
PREFIX ex: <http://example.com/>
PREFIX org: <http://www.w3.org/ns/org#>
CONSTRUCT { ?at a org:Organization ; ex:keeper ?by ; ex:note ?words . ?by a ex:Keeper ; ex:rank ?of ; ex:master ?master . }
WHERE {
  BIND(IRI(CONCAT("tower/", ?tower)) AS ?at)
  BIND(IRI(CONCAT("tower/", ?tower, "#keeper/", ?keeper)) AS ?by)
  BIND(IRI(CONCAT("rank/", ?rank)) AS ?of)
  BIND(IF(?rank = "first", true, ?undefined) AS ?master)
  BIND(STRLANG(?note, "en") AS ?words)
}
"""


@pytest.fixture(scope="module")
def construct() -> Construct:
    """The mapping of the table of posts."""
    found, findings = read_construct(MAPPING, "data/posts.rq", Table("posts", FILE, COLUMNS, ()))
    assert found is not None
    assert not findings
    return found


def posts(random: Random, size: int) -> Table:
    """Make a table in which several rows say the same: of few towers, keepers and ranks, with rows that are blank between them."""
    towers = [f"t{number}" for number in range(random.choice([3, 40, size]))]
    notes = ["", "", "It is lit at dusk", "tower", "t11", 'of "two"\nlines', *(f"note {number}" for number in range(size // 3))]
    cells = (
        (random.choice(towers), random.choice(["jan", "piet", "a", "to"]), random.choice(["", "first", "second"]), random.choice(notes), source)
        for source in random.choices(["page", "book"], [9, 1], k=size)
    )
    numbers = sorted(random.sample(range(2, 2 * size + 2), size))
    return Table("posts", FILE, COLUMNS, tuple(Row(number, cell) for number, cell in zip(numbers, cells, strict=True)))


def cited(table: Table) -> dict[NamedNode, list[tuple[Table, Sequence[Row]]]]:
    """Sort rows by the graph of their source."""
    return {graph: [(table, tuple(row for row in table.rows if row.cells[-1] == source))] for source, graph in GRAPHS.items()}


def mapped(table: Table, construct: Construct) -> list[Block]:
    """Map rows, as many together as the engine sees fit."""
    citations = {graph: [each for each in several if each[1]] for graph, several in cited(table).items()}
    return map_rows(citations, {"posts": construct}, BASE)


def trace_of(table: Table, construct: Construct, blocks: Sequence[Block], files: Mapping[NamedNode, str] | None = None) -> Trace:
    """Make a trace that reads rows of the table again as it asks for them."""

    def rows(block: Block, may_be: Callable[[Row], bool]) -> tuple[Table, Sequence[Row]]:
        [(_, own)] = cited(table)[block.graph]
        return table, [row for row in own if block.first <= row.number <= block.last and may_be(row)]

    return Trace(blocks, rows, {"posts": construct}, files or {}, BASE)


def plainly_found(table: Table, construct: Construct) -> Found:
    """Tell for every statement which rows state it, by mapping each row alone."""
    found: Found = {}
    for graph, [(_, rows)] in cited(table).items():
        for row in rows:
            [block] = map_rows({graph: [(table, [row])]}, {"posts": construct}, BASE)
            for triple in from_ntriples([block.piece]):
                found.setdefault((graph, triple), set()).add(row.number)
    return found


def numbers_of(places: Sequence[Place]) -> set[int]:
    """Give the rows of places, all of which are in the table."""
    assert {place.file for place in places} <= {FILE}
    return {place.row for place in places}


@pytest.mark.parametrize("size", [30, 120, 450])
@of_hypothesis(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_every_row_that_states_a_triple_is_found_as_by_mapping_each_row_alone(construct: Construct, size: int, seed: int) -> None:
    random = Random(seed)  # noqa: S311  # nobody has to be kept from guessing
    table = posts(random, size)
    plain = plainly_found(table, construct)
    several = [wanted for wanted, rows in plain.items() if len(rows) > 1]
    sample = [*random.sample(several, min(8, len(several))), *random.choices(list(plain), k=4)]
    found = trace_of(table, construct, mapped(table, construct)).triples(sample)
    assert {wanted: numbers_of(places) for wanted, places in found.items()} == {wanted: plain[wanted] for wanted in sample}


def test_rows_of_several_large_blocks_are_found_all_at_once(construct: Construct) -> None:
    rows = tuple(Row(number, (f"t{number % 600}", "jan", "first" if number % 2 else "", "x" * (number % 7), "page")) for number in range(2, 2402))
    table = Table("posts", FILE, COLUMNS, rows)
    blocks = mapped(table, construct)
    assert [block.last - block.first for block in blocks] == [999, 999, 399]
    tower, keeper = NamedNode(f"{BASE}tower/t7"), NamedNode(f"{BASE}tower/t7#keeper/jan")
    wanted = [
        Triple(tower, NamedNode("http://example.com/keeper"), keeper),
        Triple(keeper, NamedNode("http://example.com/rank"), NamedNode(f"{BASE}rank/first")),
    ]
    found = trace_of(table, construct, blocks).triples((GRAPHS["page"], triple) for triple in wanted)
    everywhere = {7, 607, 1207, 1807}
    assert {triple: numbers_of(places) for (_, triple), places in found.items()} == dict.fromkeys(wanted, everywhere)
    assert {place.column for places in found.values() for place in places} <= {"tower", "keeper", "rank"}
    assert {place.column for place in found[GRAPHS["page"], wanted[1]]} == {"rank"}


def test_a_triple_is_found_in_its_graph_alone_and_one_that_is_nowhere_leads_nowhere(construct: Construct) -> None:
    rows = tuple(Row(number, ("t1" if number % 100 == 2 else f"t{number}", "jan", "", "", "book" if number % 3 else "page")) for number in range(2, 902))
    table = Table("posts", FILE, COLUMNS, rows)
    stated = Triple(NamedNode(f"{BASE}tower/t1"), NamedNode("http://example.com/keeper"), NamedNode(f"{BASE}tower/t1#keeper/jan"))
    unstated = Triple(NamedNode(f"{BASE}tower/t1"), NamedNode("http://example.com/keeper"), NamedNode(f"{BASE}tower/t3#keeper/jan"))
    found = trace_of(table, construct, mapped(table, construct)).triples([(graph, triple) for graph in GRAPHS.values() for triple in (stated, unstated)])
    assert numbers_of(found[GRAPHS["page"], stated]) == {102, 402, 702}
    assert numbers_of(found[GRAPHS["book"], stated]) == {2, 202, 302, 502, 602, 802}
    assert all(found[graph, unstated] == () for graph in GRAPHS.values())


def test_rows_that_no_cell_gives_away_are_found_in_a_large_block() -> None:
    """Where a statement is made of parts of cells, or of none, the rows are looked for one and all."""
    text = """CONSTRUCT { ?at <http://example.com/of> ?from . ?at a <http://example.com/Tower> }
    WHERE { BIND(IRI(CONCAT("tower/", LCASE(SUBSTR(?tower, 1, 2)))) AS ?at) BIND(UCASE(?note) AS ?from) }"""
    found, _ = read_construct(text, "data/posts.rq", Table("posts", FILE, COLUMNS, ()))
    assert found is not None
    table = Table(
        "posts", FILE, COLUMNS, tuple(Row(number, (f"{'AB' if number % 90 == 4 else 'CD'}{number}", "", "", "west", "page")) for number in range(2, 602))
    )
    wanted = [
        (GRAPHS["page"], Triple(NamedNode(f"{BASE}tower/ab"), predicate, term))
        for predicate, term in {(triple.predicate, triple.object) for triple in from_ntriples([block.piece for block in mapped(table, found)])}
    ]
    assert len(wanted) == 2
    for places in trace_of(table, found, mapped(table, found)).triples(wanted).values():
        assert numbers_of(places) == {4, 94, 184, 274, 364, 454, 544}


def test_a_term_is_found_with_every_row_that_makes_it(construct: Construct) -> None:
    rows = tuple(Row(number, (f"t{number}", "jan", "third" if number % 250 == 9 else "second", "", "page")) for number in range(2, 902))
    table = Table("posts", FILE, COLUMNS, rows)
    places = trace_of(table, construct, mapped(table, construct)).term(GRAPHS["page"], NamedNode(f"{BASE}rank/third"))
    assert places == tuple(Place(FILE, number, "rank") for number in (9, 259, 509, 759))


def test_what_was_read_from_a_file_is_found_in_the_file(construct: Construct) -> None:
    table = Table("posts", FILE, COLUMNS, ())
    graph = NamedNode(f"{BASE}extra")
    triple: Any = Triple(NamedNode(f"{BASE}a"), NamedNode(f"{BASE}b"), NamedNode(f"{BASE}c"))
    found = trace_of(table, construct, [], {graph: "data/extra.ttl"}).triples([(graph, triple)])
    assert found == {(graph, triple): (Place("data/extra.ttl"),)}
