"""What a query computes of its parameters alone is put where it is used, and the query answers as before."""

import pyoxigraph as ox
import pytest
from pyoxigraph import Literal

from schakel.queries.constants import in_place

VALUES = {"__lang": Literal('n"l')}
GRAPH = '<urn:a> <urn:name> "Aap"@nl , "Monkey"@en ; <urn:kind> <urn:k> . <urn:k> <urn:name> "dier"@nl , "animal"@en .'
HEAD = 'SELECT ?kind WHERE { BIND(CONCAT(COALESCE(?__lang, ""), " en # } *") AS ?wanted) <urn:a> <urn:kind> ?k . '
NAMED = "OPTIONAL { ?k <urn:name> ?kind FILTER NOT EXISTS { ?k <urn:name> ?better FILTER(STRAFTER(?wanted, LANG(?better)) > STRAFTER($wanted, LANG(?kind))) } }"


def rows(query: str) -> list[str]:
    store = ox.Store()
    store.load(GRAPH.encode(), format=ox.RdfFormat.TURTLE)
    bound = query.replace("{", '{ VALUES ?__lang { "n\\"l" } ', 1)
    return sorted(str(solution) for solution in store.query(bound))  # type: ignore[union-attr]


def test_a_constant_takes_the_place_of_its_variable() -> None:
    query = HEAD + NAMED + "} ORDER BY ?kind"
    made = in_place(query, VALUES)
    assert "wanted" not in made
    assert "BIND" not in made
    assert made.count(r'"n\"l en # } *"') == 2
    assert rows(made) == rows(query)
    assert rows(query)


@pytest.mark.parametrize(
    "query",
    [
        HEAD.replace("?kind", "?kind ?wanted", 1) + "}",
        HEAD + "} ORDER BY ?wanted",
        HEAD + "{ SELECT ?kind { ?k <urn:name> ?kind FILTER(?wanted) } } }",
        HEAD.replace("?__lang", "?k") + NAMED + "}",
        HEAD.replace("?__lang", "?__other") + NAMED + "}",
        HEAD.replace("CONCAT(", "no:such(") + NAMED + "}",
        "SELECT ?kind { OPTIONAL { BIND(STR(?__lang) AS ?wanted) ?k <urn:name> ?kind FILTER(STR(?kind) = ?wanted) } }",
        'SELECT * { ?s ?p "BIND(?__lang AS ?wanted)" } # BIND(?__lang AS ?wanted)',
        "SELECT ?kind { ?k <urn:name> ?kind BIND(STR(?__lang) AS",
        "",
    ],
)
def test_what_is_no_constant_or_is_seen_elsewhere_stays(query: str) -> None:
    assert in_place(query, VALUES) == query


def test_what_is_named_in_a_comment_or_text_stays() -> None:
    query = HEAD + '# ?wanted\n FILTER("?wanted" != <urn:?wanted>) }'
    assert in_place(query, VALUES).endswith('# ?wanted\n FILTER("?wanted" != <urn:?wanted>) }')
