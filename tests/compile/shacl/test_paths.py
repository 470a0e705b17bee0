"""Property paths: as they are read, as SPARQL writes them, and what their automata accept."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.compile.shacl.graph import FIRST, NIL, REST, ShapesGraph, Triple, sh
from schakel.compile.shacl.paths import Alternative, Path, PathError, Repeat, Sequence, Step, automaton, read_path, sparql_path

A, B, C = "<x:a>", "<x:b>", "<x:c>"


def steps() -> st.SearchStrategy[Path]:
    return st.builds(Step, st.sampled_from([A, B, C]), st.booleans())


PATHS = st.recursive(
    steps(),
    lambda inner: st.one_of(
        st.builds(Sequence, st.tuples(inner, inner)),
        st.builds(Alternative, st.tuples(inner, inner)),
        st.builds(lambda path, how: Repeat(path, *how), inner, st.sampled_from([(True, True), (False, True), (True, False)])),
    ),
    max_leaves=5,
)


def words(path: Path, longest: int) -> set[tuple[Step, ...]]:
    """Give every sequence of steps, up to a length, that a path allows: by its definition."""
    match path:
        case Step():
            return {(path,)}
        case Sequence():
            found: set[tuple[Step, ...]] = {()}
            for each in path.paths:
                found = {(*before, *after) for before in found for after in words(each, longest) if len(before) + len(after) <= longest}
            return found
        case Alternative():
            return set().union(*(words(each, longest) for each in path.paths))
        case Repeat():
            once = words(path.path, longest)
            found = set(once) | ({()} if path.optional else set())
            while path.many:
                more = {(*before, *after) for before in found for after in once if len(before) + len(after) <= longest} - found
                if not more:
                    break
                found |= more
            return found


def accepted(path: Path, longest: int) -> Iterator[tuple[Step, ...]]:
    made = automaton(path)
    if made.nullable:
        yield ()
    ahead = [(state,) for state in made.first]
    while ahead:
        trail = ahead.pop()
        if trail[-1] in made.last:
            yield tuple(made.steps[state] for state in trail)
        if len(trail) < longest:
            ahead += [(*trail, after) for before, after in made.follow if before == trail[-1]]


@given(PATHS)
def test_an_automaton_accepts_what_its_path_allows_and_nothing_else(path: Path) -> None:
    assert set(accepted(path, 4)) == {word for word in words(path, 4) if len(word) <= 4}


def listed(head: str, *members: str) -> list[Triple]:
    nodes = [head, *(f"{head}{number}" for number in range(1, len(members))), NIL]
    return [triple for number, each in enumerate(members) for triple in ((nodes[number], FIRST, each), (nodes[number], REST, nodes[number + 1]))]


def test_the_inverse_of_a_sequence_is_its_inverses_in_reverse() -> None:
    graph = ShapesGraph([("_:p", sh("inversePath"), "_:l"), *listed("_:l", A, B)])
    assert sparql_path(read_path(graph, "_:p")) == "^<x:b>/^<x:a>"


def test_brackets_are_where_they_are_needed() -> None:
    graph = ShapesGraph([*listed("_:s", A, "_:alt"), ("_:alt", sh("alternativePath"), "_:l"), *listed("_:l", B, "_:star"), ("_:star", sh("zeroOrMorePath"), C)])
    assert sparql_path(read_path(graph, "_:s")) == "<x:a>/(<x:b>|(<x:c>)*)"


@pytest.mark.parametrize(
    "triples",
    [
        [("_:p", sh("inversePath"), "_:p")],
        [("_:p", sh("alternativePath"), "_:l"), *listed("_:l", A)],
        [("_:p", sh("zeroOrMorePath"), A), ("_:p", sh("oneOrMorePath"), A)],
        [("_:p", FIRST, A), ("_:p", REST, "_:p")],
        [],
    ],
)
def test_what_is_no_path_is_refused(triples: list[Triple]) -> None:
    with pytest.raises(PathError):
        read_path(ShapesGraph(triples), "_:p")
