"""Constraints that are told without rdflib look at what rdflib says that they look at; and none is told that rdflib would not have had asked so."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pyoxigraph import Literal, Triple

from schakel.graph import read_rdf
from schakel.namespaces import SH
from schakel.validation import constraint_algebra
from schakel.validation.plain_constraints import plainly_seen_by

WithSlips: TypeAlias = Callable[..., str]

REPOSITORY = Path(__file__).parents[2]
PREFIXES = "PREFIX : <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
OWN_PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in {
        "org": "http://www.w3.org/ns/org#",
        "sk": "https://w3id.org/schakel/ns#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "time": "http://www.w3.org/2006/time#",
    }.items()
)
_TOKEN = re.compile(r"\s+|<[^>\s]*>|\"[^\"]*\"|[?$]\w+|[\w-]*:\w+|\w+|.", re.DOTALL)


def own_queries() -> list[str]:
    """Give the queries of the project's shapes."""
    triples: Sequence[Triple] = [triple for path in sorted((REPOSITORY / "shapes").glob("*.ttl")) for triple in read_rdf(path, "https://example.org/").triples]
    texts = {triple.object.value for triple in triples if triple.predicate == SH.select and isinstance(triple.object, Literal)}
    return sorted(OWN_PREFIXES + re.sub(r"[$?]PATH\b", "(sk:position|^sk:goalOf)", text) for text in texts)


def agreed(query: str) -> bool:
    """Tell whether it is told without rdflib; if so, rdflib tells the same, or this raises."""
    seen = plainly_seen_by(query)
    assert seen is None or seen == constraint_algebra.seen_by(query)
    return seen is not None


@pytest.mark.parametrize("query", own_queries())
def test_those_of_the_project_are_told_without_rdflib(query: str) -> None:
    assert agreed(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?value { ?value :p ?x }",
        "SELECT $this { ?x :p ?y }",
        "SELECT $this ?value { $this :p ?x }",
        "SELECT $this ?value { $this :p ?x BIND(?x AS ?value) }",
        "SELECT $this ?path { $this :p ?path }",
        "SELECT $this { $this ?p ?x }",
        "SELECT $this { ?x :p ?y OPTIONAL { $this :p ?x } }",
        "SELECT $this { $this :p ?x { ?x :q ?y FILTER(?y != $this) } }",
        "SELECT $this { $this :p ?x . ?x :q ?y OPTIONAL { ?y :p ?z { ?z :p ?w FILTER($this != ?w) } } }",
        "SELECT $this { BIND(STR($this) AS ?x) $this :p ?y }",
        "SELECT $this { $this :p ?x FILTER(REGEX(?x, 'a')) }",
        "SELECT $this { $this :p ?x FILTER(ABS(?x) > 1) }",
        "SELECT $this { $this :p ?x FILTER NOT EXISTS { { ?x :p $this } } }",
        "SELECT $this { { $this :p ?x } UNION { ?x :p ?y } }",
        "SELECT ?x { ?x :p $this } GROUP BY ?x",
        "SELECT $this { $this :p ?x } GROUP BY ?x",
        "SELECT $this { $this :p ?x BIND(?x AS ?this) }",
        "SELECT $this { $this :p ?x } # MINUS {",
    ],
)
def test_what_cannot_be_asked_of_all_nodes_at_once_is_left_to_rdflib(query: str) -> None:
    assert not agreed(PREFIXES + query)


def made_up(random: Random, depth: int = 0) -> str:
    """Write a group at random."""
    variables = ["$this", "$this", "?value", "?x", "?y"]
    paths = ["a", ":p", ":q", "^:p", ":p+", "(:p|:q)", "(:p/^:q)+", "(a)"]

    def statement() -> str:
        one = " ".join([random.choice(variables), random.choice(paths), random.choice([*variables, ":c", "1", '"t"@en'])])
        return one + random.choice([" .", " .", f" ; {random.choice(paths)} {random.choice(variables)} .", f", {random.choice(variables)} ."])

    def expression(nested: int = 0) -> str:
        one, another = random.choice(variables), random.choice([*variables, ":c", "1", '"t"'])
        simple = [f"{one} {random.choice(['=', '!=', '<', '>='])} {another}", f"{one} IN ({another}, :d)", f"!BOUND({one})", f"STR({one}) NOT IN ('t')"]
        simple += [f"isIRI({one})", f"STRSTARTS(STR({one}), 't')", f"LCASE({one}) = 't'", f"COALESCE({one}, {another}) = IF({one} = 1, 2, {another})"]
        if nested < 2 and random.random() < 0.3:
            return f"({expression(nested + 1)}) {random.choice(['&&', '||'])} {expression(nested + 1)}"
        return random.choice(simple)

    def element() -> str:
        kind = random.random()
        if kind < 0.5 or depth > 2:
            return statement()
        if kind < 0.65:
            return f"FILTER({expression()})"
        if kind < 0.75:
            return f"FILTER {random.choice(['', 'NOT '])}EXISTS {{ {made_up(random, depth + 1)} }}"
        if kind < 0.8:
            return f"BIND({random.choice(variables)} AS ?b{random.randrange(1000)})"
        if kind < 0.9:
            return f"OPTIONAL {{ {made_up(random, depth + 1)} }}"
        return " UNION ".join(f"{{ {made_up(random, depth + 1)} }}" for _ in range(random.choice((1, 2, 2))))

    return " ".join(element() for _ in range(random.choice((1, 2, 2, 3))))


@of_hypothesis(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_they_agree_on_queries_made_up(random: Random) -> None:
    grouped = random.choice(["", "", "", " GROUP BY $this ?value", " GROUP BY $this ?value HAVING (COUNT(?x) > 1 && $this != ?value)"])
    agreed(f"{PREFIXES}SELECT {random.choice(['', 'DISTINCT '])}$this{random.choice(['', ' ?value'])} {{ $this :r ?value . {made_up(random)} }}{grouped}")


@of_hypothesis(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_they_agree_on_queries_of_the_project_that_slips_of_the_pen_changed(with_slips: WithSlips, random: Random) -> None:
    queries = own_queries()
    parts, others = (_TOKEN.findall(random.choice(queries)) for _ in range(2))
    agreed(with_slips(random, parts, others, "$this", "OPTIONAL"))
