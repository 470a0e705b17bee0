"""Lines of N-Triples, sorted and merged as bytes: the same as if each statement were looked at by itself."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel.ntriples import merged, sorted_piece, to_lines

BASE = "https://kg.example.org/"
IRIS = st.sampled_from(
    [f"{BASE}{end}" for end in ("", "a", "a#part", "a#b", "a-b", "a!b", "ab", "b", "é", "a/b#c")]
    + ["https://kg.example.org", "https://kg.example.org#x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "urn:x", "x:y"]
).map(NamedNode)
OBJECTS = (
    IRIS
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(Literal)
    | st.sampled_from([Literal("> <x> ", language="en"), Literal("\n"), Literal("\x01\x02 \x01 ")])
)
LINES = st.lists(st.builds(Triple, IRIS, IRIS, OBJECTS), max_size=25).map(lambda triples: sorted(to_lines(triples)))


def rank(line: bytes) -> tuple[bytes, bool, bytes]:
    """Give what lines are sorted by: subject, a thing before its parts; then predicate, rdf:type first; then object."""
    subject, predicate, rest = line.replace(b">", b"\x02").split(b" ", 2)
    return subject, predicate != b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type\x02", predicate + b" " + rest


def in_lines(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


@given(LINES)
def test_a_piece_holds_each_line_once_in_order(lines: list[bytes]) -> None:
    assert sorted_piece(in_lines([*lines, *lines])).splitlines() == sorted(lines, key=rank)


@given(st.lists(LINES, min_size=1, max_size=4))
def test_merged_pieces_are_the_piece_of_all_lines(several: list[list[bytes]]) -> None:
    assert merged([sorted_piece(in_lines(lines)) for lines in several]) == sorted_piece(in_lines(line for lines in several for line in lines))
