"""Lines of N-Triples, sorted and merged as bytes: the same as if each statement were looked at by itself."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel.ntriples import joined, merged, sort_key, sorted_lines, sorted_piece, subject, to_lines

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


@given(LINES)
def test_a_piece_holds_each_line_once_in_order(lines: list[bytes]) -> None:
    piece = sorted_piece(joined([*lines, *lines]))
    assert piece.splitlines() == sorted(lines, key=sort_key)
    assert piece == b"".join(line + b"\n" for line in piece.splitlines())


@given(st.lists(LINES, min_size=1, max_size=4))
def test_merged_pieces_are_the_piece_of_all_lines(several: list[list[bytes]]) -> None:
    assert merged([sorted_piece(joined(lines)) for lines in several]) == sorted_piece(joined(line for lines in several for line in lines))


@given(LINES)
def test_things_below_the_base_come_first_each_before_its_parts(lines: list[bytes]) -> None:
    found = [subject(line).startswith(BASE) for line in sorted_lines(lines, BASE)]
    assert found == sorted(found, reverse=True)
    named = list(dict.fromkeys(subject(line) for line in sorted_lines(lines, BASE)))
    for iri in named:
        owner = iri.partition("#")[0]
        assert owner not in named or named.index(owner) <= named.index(iri)
