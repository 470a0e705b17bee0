"""Lines of N-Triples, sorted, searched and cut as bytes: the same as if each statement were looked at by itself."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel.ntriples import cut, key_of_subject, merged, piece_of, sort_key, sorted_lines, start_of, subject, subjects, to_lines

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
    piece = piece_of([*lines, *lines])
    assert piece.splitlines() == sorted(lines, key=sort_key)
    assert piece == b"".join(line + b"\n" for line in piece.splitlines())


@given(st.lists(LINES, min_size=1, max_size=4))
def test_merged_pieces_are_the_piece_of_all_lines(several: list[list[bytes]]) -> None:
    assert merged([piece_of(lines) for lines in several]) == piece_of([line for lines in several for line in lines])


@given(LINES)
def test_subjects_come_once_and_in_order(lines: list[bytes]) -> None:
    assert list(subjects(piece_of(lines))) == list(dict.fromkeys(subject(line) for line in sorted(lines, key=sort_key)))


@given(LINES, st.lists(IRIS.map(lambda iri: key_of_subject(iri.value.encode())), max_size=4).map(sorted))
def test_the_parts_of_a_cut_piece_are_the_piece_and_each_keeps_to_its_keys(lines: list[bytes], keys: Sequence[bytes]) -> None:
    piece = piece_of(lines)
    parts = [piece[begin:end] for begin, end in cut(piece, keys)]
    assert b"".join(parts) == piece
    assert len(parts) == len(keys) + 1
    for key, before, after in zip(keys, parts, parts[1:], strict=False):
        assert all(sort_key(line) < key for line in before.splitlines())
        assert all(sort_key(line) >= key for line in after.splitlines())


@given(LINES, IRIS)
def test_a_place_parts_what_sorts_before_from_what_does_not(lines: list[bytes], iri: NamedNode) -> None:
    piece, key = piece_of(lines), key_of_subject(iri.value.encode())
    place = start_of(piece, key)
    assert piece[:place].splitlines() == [line for line in piece.splitlines() if sort_key(line) < key]


@given(LINES)
def test_things_below_the_base_come_first_each_before_its_parts(lines: list[bytes]) -> None:
    found = [subject(line).startswith(BASE) for line in sorted_lines(lines, BASE)]
    assert found == sorted(found, reverse=True)
    named = list(dict.fromkeys(subject(line) for line in sorted_lines(lines, BASE)))
    for iri in named:
        owner = iri.partition("#")[0]
        assert owner not in named or named.index(owner) <= named.index(iri)
