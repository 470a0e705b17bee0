"""The parser of plain queries: what it reads, and of what it says nothing."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Variable

from schakel.namespaces import RDF, XSD
from schakel.sparql.plain import Bind, Call, Construct, Exists, Filter, Group, Optional, Select, Statement, Union, called, parse, variables_of

REPOSITORY = Path(__file__).parents[2]
P, Q = NamedNode("https://example.org/p"), NamedNode("https://example.org/q")
X, Y, THIS = Variable("x"), Variable("y"), Variable("this")
PREFIX = "PREFIX : <https://example.org/>\n"


def statement(subject: Variable, properties: NamedNode | Variable, last: Variable | NamedNode | Literal) -> Statement:
    """Give a statement with one property, or a variable, for its predicate."""
    if isinstance(properties, Variable):
        return Statement(subject, properties, (), simple=False, object=last)
    return Statement(subject, None, (properties,), simple=True, object=last)


def where(text: str) -> Group:
    query = parse(f"{PREFIX}SELECT $this {{ {text} }}")
    assert isinstance(query, Select), text
    return query.where


def condition(text: str) -> object:
    [element] = where(f"FILTER({text})").elements
    assert isinstance(element, Filter)
    return element.condition


def test_a_query_is_read_with_all_that_it_is_made_of() -> None:
    query = parse(PREFIX + "select distinct $this ?x # {\nwhere { $this :p ?x } group by $this ?x having (sum(?x) > 3)")
    assert query == Select((THIS, X), Group((statement(THIS, P, X),)), (THIS, X), Call(">", (Call("SUM", (X,)), Literal("3", datatype=XSD.integer))))


def test_a_mapping_is_read_with_its_template() -> None:
    query = parse(PREFIX + "CONSTRUCT { ?x a :p ; :q 'b', ?y . ?x ?y 7 } WHERE { BIND(IRI(?b) AS ?x) }")
    template = (
        statement(X, RDF.type, P),
        statement(X, Q, Literal("b")),
        statement(X, Q, Y),
        statement(X, Y, Literal("7", datatype=XSD.integer)),
    )
    assert query == Construct(template, Group((Bind(X, Call("IRI", (Variable("b"),))),)))


@pytest.mark.parametrize(
    ("path", "properties", "simple"),
    [("a", (RDF.type,), True), (":p", (P,), True), ("(:p)", (P,), True), ("^:p", (P,), False), (":p+", (P,), False), ("(:p|^:q/a)+", (P, Q, RDF.type), False)],
)
def test_of_a_path_all_properties_are_given(path: str, properties: tuple[NamedNode, ...], simple: bool) -> None:  # noqa: FBT001  # a case
    assert where(f"?x {path} ?y").elements == (Statement(X, None, properties, simple=simple, object=Y),)


def test_groups_hold_groups() -> None:
    found = where("{ ?x :p ?y } UNION { ?x :p ?y } OPTIONAL { ?x :p ?y } { ?x :p ?y } FILTER NOT EXISTS { ?x :p ?y } FILTER EXISTS { ?x :p ?y }").elements
    inner = Group((statement(X, P, Y),))
    assert found == (Union((inner, inner)), Optional(inner), Union((inner,)), Filter(Exists(inner, negated=True)), Filter(Exists(inner, negated=False)))


def test_expressions_bind_as_in_the_language() -> None:
    one, two = Call("=", (X, Literal("a"))), Call("NOT IN", (Y, Literal("b", language="en"), P))
    assert condition("?x = 'a' || ?y NOT IN ('b'@en, :p) && !BOUND(?x)") == Call("||", (one, Call("&&", (two, Call("!", (Call("BOUND", (X,)),))))))
    assert condition("((?x = 'a'))") == one
    nested = condition("IF(?x = ?y, COALESCE(?x, STR(?this)), ?y)")
    assert isinstance(nested, Call)
    assert [call.name for call in called(nested)] == ["IF", "=", "COALESCE", "STR"]
    assert set(variables_of(nested)) == {X, Y, THIS}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT * { ?x :p ?y }",
        "SELECT ?x { ?x :p ?y",
        "SELECT ?x { ?x :p ?y } }",
        "SELECT ?x { ?x :p ?y } LIMIT 1",
        "SELECT ?x ?x { ?x :p ?y }",
        "SELECT ?x { ?x :p ?y ?x :p ?y }",
        "SELECT ?x { ?x no:p ?y }",
        "SELECT ?x { ?x A ?y }",
        "SELECT ?x { ?x <p> ?y }",
        "SELECT ?x { ?x :p* ?y }",
        "SELECT ?x { ?x (:p)?y }",
        "SELECT ?x { ?x !:p ?y }",
        "SELECT ?x { ?x :p + ?y }",
        "SELECT ?x { ?x :p [] }",
        "SELECT ?x { ?x :p _:b }",
        "SELECT ?x { ?x :p 1.5 }",
        "SELECT ?x { ?x :p -1 }",
        "SELECT ?x { ?x :p 01 }",
        "SELECT ?x { ?x :p true }",
        "SELECT ?x { ?x :p 'a'^^:b }",
        "SELECT ?x { ?x :p '''a''' }",
        "SELECT ?x { ?x :p 'a\\n' }",
        "SELECT ?x { 'a' :p ?x }",
        "SELECT ?x { ?x :p.q ?y }",
        "SELECT ?x { ?x :é ?y }",
        "SELECT ?x { ?x :p ?y FILTER(?x<?y) }",
        "SELECT ?x { ?x :p ?y FILTER(?x < ?y < ?x) }",
        "SELECT ?x { ?x :p ?y FILTER(:p(?x)) }",
        "SELECT ?x { ?x :p ?y FILTER(RAND() > ?x) }",
        "SELECT ?x { ?x :p ?y FILTER(SUM(?x) > 1) }",
        "SELECT ?x { ?x :p ?y FILTER(STR(?x, ?y) = 'a') }",
        "SELECT ?x { ?x :p ?y FILTER(BOUND('a')) }",
        "SELECT ?x { ?x :p ?y FILTER ?x }",
        "SELECT ?x { ?x :p ?y FILTER(EXISTS { ?x :p ?y }) }",
        "SELECT ?x { GRAPH ?g { ?x :p ?y } }",
        "SELECT ?x { ?x :p ?y MINUS { ?x :q ?y } }",
        "SELECT ?x { VALUES ?x { 1 } }",
        "SELECT ?x { { SELECT ?x { ?x :p ?y } } }",
        "SELECT ?x FROM :p { ?x :p ?y }",
        "SELECT(?x AS ?y) { ?x :p ?y }",
        "SELECT$x { ?x :p ?y }",
        "BASE <https://example.org/> SELECT ?x { ?x :p ?y }",
        "PREFIX other: <https://example.org/> SELECT ?x { ?x :p ?y }",
        "PREFIX : <https://example.org/other> SELECT ?x { ?x :p ?y }",
        "PREFIX bad: <https://example.org/%zz[> SELECT ?x { ?x bad:p ?y }",
        "ASK { ?x :p ?y }",
        "CONSTRUCT WHERE { ?x :p ?y }",
        "CONSTRUCT {} WHERE {}",
        "CONSTRUCT { ?x :p+ ?y } WHERE {}",
        "CONSTRUCT { BIND(1 AS ?x) } WHERE {}",
        "CONSTRUCT { ?x :p ?y } WHERE {} # \r",
        "SELECT ?x " + "{" * 50 + "}" * 50,
        "SELECT ?x { FILTER" + "(" * 2000 + "?x" + ")" * 2000 + " }",
    ],
)
def test_of_any_other_query_nothing_is_said(query: str) -> None:
    assert parse(PREFIX + query) is None


def test_all_mappings_of_the_project_are_plain() -> None:
    mappings = sorted((REPOSITORY / "data").glob("*.rq"))
    assert len(mappings) > 20
    assert [path.name for path in mappings if not isinstance(parse(path.read_text("utf-8")), Construct)] == []
