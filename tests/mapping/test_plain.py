"""Mappings that are read without rdflib are read as rdflib reads them; and none that rdflib would not have taken."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st

from schakel.mapping import algebra
from schakel.mapping.columns import held_against
from schakel.mapping.plain import plain_construct
from schakel.tables import Table, read_tables

WithSlips: TypeAlias = Callable[..., str]

REPOSITORY = Path(__file__).parents[2]
FILE = "data/towers.rq"
PREFIXES = "PREFIX : <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
_TOKEN = re.compile(r"\s+|<[^>\s]*>|\"[^\"]*\"|[?$]\w+|[\w-]*:\w+|\w+|.", re.DOTALL)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A table of towers."""
    folder = tmp_path_factory.mktemp("towers")
    (folder / "towers.csv").write_text("id,label,height,note,source\nbrandaris,Brandaris,54,,page\n")
    [found], _ = read_tables(folder, folder)
    return found


def agreed(text: str, table: Table) -> bool:
    """Tell whether a mapping is read without rdflib; if so, rdflib reads the same, or this raises. Templates have no order."""
    plain = plain_construct(text, FILE, table)
    if plain is not None:
        read, findings = algebra.read_construct(text, FILE, table)
        assert read is not None, findings
        assert (sorted(map(repr, plain.to_json()["templates"])), plain.binds) == (sorted(map(repr, read.to_json()["templates"])), read.binds)
        assert list(held_against(plain, table)) == findings
    return plain is not None


@pytest.mark.parametrize("path", sorted((REPOSITORY / "data").glob("*.rq")), ids=lambda path: path.stem)
def test_those_of_the_project_are_read_without_rdflib(path: Path, table: Table) -> None:
    assert agreed(path.read_text("utf-8"), table)


@pytest.mark.parametrize(
    "text",
    [
        "CONSTRUCT { ?id a :T } WHERE { BIND(xsd:integer(?height) AS ?x) }",
        "CONSTRUCT { ?id a :T } WHERE { BIND(NOW() AS ?x) }",
        "CONSTRUCT { ?id a :T } WHERE { BIND(BNODE() AS ?x) }",
        "CONSTRUCT { ?id a :T } WHERE { FILTER(?id = 'a') }",
        "CONSTRUCT { ?id a :T } WHERE { ?id a :T }",
        "CONSTRUCT { ?id a :T } WHERE { { BIND(1 AS ?x) } }",
        "CONSTRUCT { ?id a :T } WHERE { BIND(1 AS ?x) BIND(2 AS ?x) }",
        "CONSTRUCT { ?id a [] } WHERE { BIND(1 AS ?x) }",
        "CONSTRUCT { ?id a :T } WHERE { BIND(EXISTS { ?id a :T } AS ?x) }",
        "CONSTRUCT { ?id :p+ :T } WHERE {}",
        "CONSTRUCT { ?id a :T } WHERE {} LIMIT 1",
        "SELECT ?id { BIND(1 AS ?x) }",
    ],
)
def test_what_may_be_no_sound_mapping_is_left_to_rdflib(text: str, table: Table) -> None:
    assert not agreed(PREFIXES + text, table)


def made_up(random: Random) -> str:
    """Write a mapping at random."""
    columns = ["?id", "?label", "?height", "?note", "?undefined", "?unknown"]

    def expression(depth: int = 0) -> str:
        if depth > 3 or random.random() < 0.3:
            return random.choice([*columns, "'text'", '"tekst"@nl', ":iri", "<https://example.org/x>", "7"])
        one, two, three = (expression(depth + 1) for _ in range(3))
        column = random.choice(columns)
        return random.choice(
            [
                f"IRI({one})",
                f"CONCAT('a/', {one}, {two})",
                f"STRLANG({one}, 'nl')",
                f"STRDT({one}, xsd:date)",
                f"IF(BOUND({column}), {one}, {two})",
                f"if({one} = {two}, {three}, ?undefined)",
                f"IF({one} IN ({two}, 'b', 12), {one}, {three})",
                f"IF({one} NOT IN ('c') && !BOUND({column}) || {two} != 'd', {one}, {three})",
                f"COALESCE({one}, {two})",
                f"SUBSTR({one}, 1, STRLEN({two}))",
                f"(({one}) = ('e'))",
                f"REPLACE({one}, 'a', 'b')",
            ]
        )

    made = [f"?made{number}" for number in range(random.choice((1, 2, 3)))]
    binds = " ".join(f"BIND({expression()} AS {each}){random.choice(['', ' .'])}" for each in made)
    terms = [*columns, *made]
    triples = " . ".join(
        f"{random.choice(terms)} {random.choice(['a', ':p', random.choice(terms)])} {random.choice([*terms, ':T', '7'])}, {random.choice(terms)} ; :q 't'"
        for _ in range(random.choice((1, 2)))
    )
    return f"{PREFIXES}CONSTRUCT {{ {triples} }} WHERE {{ {binds} }}"


@of_hypothesis(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_they_agree_on_mappings_made_up(table: Table, random: Random) -> None:
    assert agreed(made_up(random), table)


@of_hypothesis(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_they_agree_on_mappings_that_slips_of_the_pen_changed(table: Table, with_slips: WithSlips, random: Random) -> None:
    parts, others = (_TOKEN.findall(made_up(random)) for _ in range(2))
    agreed(with_slips(random, parts, others, "NOW()"), table)
