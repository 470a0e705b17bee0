"""A mapping that is asked at once what rows state, and of which something is lost, says what it says when it is asked for one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import event, given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from schakel.mapping import Block, Construct, judge_rows, map_rows, read_construct, read_constructs
from schakel.mapping.plain import plain_construct
from schakel.tables import Row, Table, read_tables

WriteMapping: TypeAlias = Callable[..., str]
Mapped: TypeAlias = tuple[Construct, Table]

REPOSITORY = Path(__file__).parents[2]
BASE = "https://example.org/"
GRAPH = NamedNode(f"{BASE}source/page")
FILE = "data/towers.rq"
COLUMNS = ("id", "label", "place", "note", "source")


def mappings_of(folder: Path) -> dict[str, Mapped]:
    """Read the mappings of a project's tables, with their tables."""
    tables, _ = read_tables(folder / "data", folder)
    constructs, findings = read_constructs(folder / "data", folder, tables)
    assert not findings
    return {f"{folder.name}-{table.name}": (constructs[table.name], table) for table in tables if table.name in constructs}


OF_PROJECTS = {**mappings_of(REPOSITORY), **mappings_of(REPOSITORY / "tests" / "invented")}
AT_ONCE = {name: mapped for name, mapped in OF_PROJECTS.items() if mapped[0].at_once}


def asked(construct: Construct, table: Table, rows: Sequence[Row]) -> Block:
    """Map rows that are few enough for one query."""
    [block] = map_rows({GRAPH: [(table, rows)]}, {table.name: construct}, BASE)
    return block


def assert_the_same_at_once(construct: Construct, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Hold what is stated and lost, asked at once, against what is stated, and found by the judge, asked one after the other."""
    table = Table("towers", "data/towers.csv", tuple(columns), tuple(Row(number, tuple(row)) for number, row in enumerate(rows, start=7)))
    assert construct.at_once
    together = asked(construct, table, table.rows)
    apart = asked(replace(construct, at_once=False), table, table.rows)
    assert apart.lossy is None
    assert together.piece == apart.piece
    assert together.lossy is not None
    judged = {place.row for item in judge_rows([table], {table.name: construct}, BASE) for place in item.places}
    # Of an id that is none is told when the table is read; the judge of rows is silent about it.
    told_before = {row.number for row in table.rows if not table.has_usable_id(row)}
    assert judged <= together.lossy
    assert together.lossy - told_before == judged - told_before


# What N-Triples, or whoever looks for lines of it, could take for what is set aside.
MARKS = [
    "<schakel:nothing>",
    "<schakel:loss>",
    'x <schakel:nothing> .\n<schakel:loss> <schakel:loss> "0" .\n',
    '" <schakel:nothing> .',
    "\\u003Cschakel:loss> ",
    "a <schakel:nothing> <schakel:nothing> .",
    "<schakel:",
]
# Some of which no IRI, no tag of a language, no number and no date can be formed.
SCARCE = ["a b", "<x>", "{x}", "http://[", "no such", "e n", "nl-", "-", "12-", "1999", "2020-02-30", "yes", "?undefined", "UNDEF", "\n", '"', "\\"]
SOUND = ["en", "nl", "org/x", "https://example.org/y", "west", "2020-02-03", "12", "sk:what"]
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8).map(str.strip)
cells = st.one_of(st.just(""), st.sampled_from(MARKS), st.sampled_from(SCARCE), st.sampled_from(SOUND), texts)
ids = st.one_of(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["", "a/b", "<a>", "a b"]))


def rows_of(construct: Construct, columns: Sequence[str], *, most: int = 8) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """Make rows for a mapping, some of whose cells it knows."""
    known = sorted(frozenset().union(*(bind.choices for bind in construct.binds)))
    either = st.one_of(cells, st.sampled_from(known)) if known else cells
    return st.lists(st.tuples(*(ids if name == "id" else either for name in columns)), min_size=1, max_size=most)


def test_most_mappings_of_the_projects_are_asked_at_once() -> None:
    assert len(AT_ONCE) > len(OF_PROJECTS) / 2


@pytest.mark.parametrize("name", AT_ONCE)
@of_hypothesis(max_examples=12)
@given(data=st.data())
def test_those_of_the_projects_say_the_same_at_once(name: str, data: st.DataObject) -> None:
    construct, table = AT_ONCE[name]
    assert_the_same_at_once(construct, table.columns, data.draw(rows_of(construct, table.columns)))


@pytest.mark.parametrize("name", AT_ONCE)
def test_those_of_the_projects_say_the_same_of_their_own_tables(name: str) -> None:
    construct, table = AT_ONCE[name]
    for at in range(0, len(table.rows), 1000):
        assert_the_same_at_once(construct, table.columns, [row.cells for row in table.rows[at : at + 1000]])


def read(towers_rq: WriteMapping, binds: str, triples: str = "?tower ex:kind ?kind .") -> Construct:
    """Read a mapping of towers with these BINDs."""
    construct, _ = read_construct(towers_rq(triples, binds), FILE, Table("towers", "data/towers.csv", COLUMNS, ()))
    assert construct is not None
    return construct


@pytest.mark.parametrize(
    "binds",
    [
        pytest.param('BIND(COALESCE(?undefined, "x") AS ?kind)', id="COALESCE"),
        pytest.param('BIND(IF(BOUND(?undefined), "x", ?place) AS ?kind)', id="BOUND in a condition"),
        pytest.param("BIND(BOUND(?undefined) AS ?kind)", id="BOUND"),
        pytest.param('BIND(IF(?undefined = ?place, "x", ?place) AS ?kind)', id="condition"),
        pytest.param('BIND(IF(IF(BOUND(?place), ?undefined, "z"), "x", "y") AS ?kind)', id="IF as a condition"),
        pytest.param('BIND(STR(IF(?place = "west", "w", ?undefined)) AS ?kind)', id="IF in a call"),
        pytest.param('BIND(COALESCE(IF(?place = "west", "w", ?undefined), "x") AS ?kind)', id="IF in COALESCE"),
        pytest.param('BIND(IF(BOUND(?note), STR(?undefined), "x") AS ?kind)', id="call in a branch"),
        pytest.param('BIND(IF(?place = "west", "w", ?undefined) AS ?perhaps) BIND(STR(?perhaps) AS ?kind)', id="BIND that reads it"),
        pytest.param('BIND(IF(?place = "west", "w", ?undefined) AS ?perhaps) BIND(IF(BOUND(?perhaps), "x", "y") AS ?kind)', id="BIND that asks for it"),
        pytest.param("BIND(?undefined AS ?perhaps) BIND(?perhaps AS ?kind)", id="BIND that is it"),
    ],
)
def test_what_does_something_with_no_value_is_not_asked_at_once(towers_rq: WriteMapping, binds: str) -> None:
    construct = read(towers_rq, binds)
    assert plain_construct(construct.text, FILE, Table("towers", "data/towers.csv", COLUMNS, ())) == construct, "or it would never be asked at once"
    assert not construct.at_once
    assert not Construct.from_json(FILE, construct.text, construct.to_json()).at_once


GIVES_NONE = {
    "a mapping without it": "BIND(UCASE(?place) AS ?kind)",
    "no value": "BIND(?undefined AS ?kind)",
    "a branch": 'BIND(IF(?place = "west", IRI(?note), ?undefined) AS ?kind)',
    "the first branch": "BIND(IF(BOUND(?place), ?undefined, STRLANG(?note, ?place)) AS ?kind)",
    "a branch of a branch": 'BIND(IF(?place = "west", ?undefined, IF(BOUND(?note), IRI(?note), ?undefined)) AS ?kind)',
    "another BIND beside it": 'BIND(IF(?place = "west", "w", ?undefined) AS ?kind) BIND(IRI(CONCAT("at/", ?place)) AS ?at)',
}


@pytest.mark.parametrize("case", GIVES_NONE)
@pytest.mark.parametrize(
    "triples",
    [
        pytest.param("?tower ex:kind ?kind .", id="object"),
        pytest.param("?kind ex:of ?tower .", id="subject"),
        pytest.param("?tower ?kind ?label .", id="predicate"),
        pytest.param("?tower ex:kind ?undefined . ?tower ?undefined 1 . ?undefined ?kind ?kind .", id="no value in the template"),
    ],
)
@of_hypothesis(max_examples=8)
@given(data=st.data())
def test_what_only_gives_no_value_is_asked_at_once_and_says_the_same(towers_rq: WriteMapping, case: str, triples: str, data: st.DataObject) -> None:
    construct = read(towers_rq, GIVES_NONE[case], triples)
    assert Construct.from_json(FILE, construct.text, construct.to_json()) == construct
    assert_the_same_at_once(construct, COLUMNS, data.draw(rows_of(construct, COLUMNS)))


columns = st.sampled_from([f"?{name}" for name in COLUMNS[:-1]])


def expressions_of(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Write expressions that are made of these."""
    return st.recursive(
        leaves,
        lambda below: st.one_of(
            st.builds("IF({} = {}, {}, {})".format, below, below, below, below),
            st.builds("IF(BOUND({}), {}, {})".format, columns, below, below),
            st.builds("IRI({})".format, below),
            st.builds("CONCAT({}, {})".format, below, below),
            st.builds("STRLANG({}, {})".format, below, below),
            st.builds("COALESCE({}, {})".format, below, below),
        ),
        max_leaves=4,
    )


plain = expressions_of(st.one_of(columns, st.sampled_from(['"text"', "ex:it", "?made0", "?made1"])))
with_none = st.one_of(
    st.builds("IF({} = {}, {}, ?undefined)".format, plain, plain, plain),
    st.builds("IF(BOUND({}), ?undefined, IF({} = {}, {}, ?undefined))".format, columns, plain, plain, plain),
)
expressions = st.one_of(plain, plain, with_none, with_none, expressions_of(st.one_of(columns, st.just("?undefined"))))


@given(st.lists(expressions, min_size=3, max_size=3), st.lists(st.tuples(columns, *[st.sampled_from(["?made0", "?made1", "?made2"])] * 2)), st.data())
def test_whatever_mapping_may_be_asked_at_once_says_the_same(
    towers_rq: WriteMapping, made: list[str], statements: list[tuple[str, ...]], data: st.DataObject
) -> None:
    # A BIND may read what was made before it.
    binds = " ".join(f"BIND({_earlier(each, number)} AS ?made{number})" for number, each in enumerate(made))
    construct = read(towers_rq, binds, " ".join(f"{s} {p} {o} ." for s, p, o in [("?tower", "a", "?made2"), *statements]))
    event(f"at once: {construct.at_once}")
    if construct.at_once:
        assert_the_same_at_once(construct, COLUMNS, data.draw(rows_of(construct, COLUMNS, most=6)))


def _earlier(expression: str, number: int) -> str:
    for later in range(number, 2):
        expression = expression.replace(f"?made{later}", "?label")
    return expression


def test_rows_of_which_something_is_lost_are_told_block_by_block(towers_rq: WriteMapping) -> None:
    construct = read(towers_rq, 'BIND(IRI(CONCAT("at/", ?place)) AS ?kind)')
    rows = [Row(number, (f"t{number}", "T", "a b" if number % 700 == 5 else "west", "<schakel:nothing>", "page")) for number in range(2, 2502)]
    table = Table("towers", "data/towers.csv", COLUMNS, rows)
    mapped = {block.first: sorted(block.lossy or ()) for block in map_rows({GRAPH: [(table, rows)]}, {"towers": construct}, BASE)}
    assert mapped == {2: [5, 705], 1002: [1405], 2002: [2105]}
