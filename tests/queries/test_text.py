"""The text of a query is worked on without being taken apart, and never mistaken."""

from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.namespaces import XSD
from schakel.queries import form_of, unsafe, with_prefixes, with_values
from schakel.queries.text import masked, parameters_in, undeclared

WORDS = ["SERVICE", "LOAD", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"]

NOT_IN_IRIS = ' <>{}|^`"[]%\\'
ANY = st.text(alphabet=st.one_of(st.sampled_from("SERVICE <>\"'#\\{}?_x:.uU0041\t"), st.characters(exclude_categories=["Cs"])), max_size=20)


def written(text: str, quote: str) -> str:
    """Write a text between quotation marks, as SPARQL has it."""
    for sign, escape in (("\\", "\\\\"), (quote[0], f"\\{quote[0]}"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(sign, escape)
    return f"{quote}{text}{quote}"


def in_comment(text: str) -> str:
    return f"# {text.translate({10: ' ', 13: ' '})}\n"


def in_iri(text: str) -> str:
    return f"<https://e/{''.join(sign for sign in text if sign < chr(0xE000) and sign.isprintable() and sign not in NOT_IN_IRIS)}>"


def selecting(strings: list[str], comments: list[str], iris: list[str]) -> str:
    """A query with texts in its strings, comments and IRIs."""
    values = [*strings, *iris]
    return f"{''.join(comments)}SELECT ?_given_iri WHERE {{ VALUES ?v {{ {' '.join(values)} }} {comments[0] if comments else ''} }}"


STRINGS = st.builds(written, ANY, st.sampled_from(['"', "'", '"""', "'''"]))
QUERIES = st.builds(selecting, st.lists(STRINGS, max_size=3), st.lists(st.builds(in_comment, ANY), max_size=3), st.lists(st.builds(in_iri, ANY), max_size=3))


def readable(query: str) -> bool:
    try:
        ox.Store().query(query)
    except SyntaxError:
        return False
    return True


@given(word=st.sampled_from(WORDS), texts=st.tuples(ANY, ANY, ANY, ANY), quote=st.sampled_from(['"', "'", '"""', "'''"]))
@example(word="SERVICE", texts=("'", '"', "", "''"), quote="'")
@example(word="SERVICE", texts=('"""', "#", "\\", "<"), quote='"""')
def test_a_word_in_a_comment_a_string_or_an_iri_is_no_word_of_the_query(word: str, texts: tuple[str, ...], quote: str) -> None:
    # Escapes are read in two ways, of which each must be safe; that is for the tests of disguises.
    first, second, third, fourth = (text.replace("\\", "/") for text in texts)
    query = selecting([written(f"{first} {word} {second}", quote)], [in_comment(f"{third} {word} {fourth}")], [in_iri(f"x?{word}?{first}")])
    assert readable(query)
    assert unsafe(query) is None
    assert form_of(query) == "SELECT"
    assert parameters_in(query) == ("_given_iri",)
    assert len(masked(query)) == len(query)


@given(QUERIES, st.sampled_from(WORDS))
@example("SELECT * WHERE { BIND('\\u0027 ' AS ?x) }", "SERVICE")
def test_whatever_stands_in_comments_strings_and_iris_a_word_after_it_is_seen(query: str, word: str) -> None:
    assert unsafe(f"{query}\n{word} ") == word


def test_words_that_would_change_something_or_ask_somebody_are_seen(standard: str) -> None:
    assert unsafe(standard.replace("HOST", "https://example.org/sparql")) == "SERVICE"


@pytest.mark.parametrize("word", WORDS)
def test_each_word_is_seen_however_it_is_written(word: str) -> None:
    escaped = f"\\u{ord(word[0]):04X}{word[1:-1]}\\U{ord(word[-1]):08x}"
    assert unsafe(f"SELECT * WHERE {{ {word} <https://e/> }}") == word
    assert unsafe(f"SELECT * WHERE {{ {word.lower()} <https://e/> }}") == word
    assert unsafe(f"SELECT * WHERE {{ {escaped} <https://e/> }}") == word


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service $load { ?service a ?add }",
        "PREFIX sk: <https://w3id.org/schakel/ns#> SELECT * { ?x a sk:Service ; sk:load ?y ; sk:service-of ?z }",
        "PREFIX service: <https://e/> SELECT * { ?x a service:x }",
        "PREFIX e: <https://e/> SELECT * { ?x a e:a.service, e:drop }",
        "SELECT * { ?x ?y 'tekst'@load }",
        "SELECT * { ?x ?y _:create }",
    ],
)
def test_a_name_that_reads_like_such_a_word_is_none(query: str) -> None:
    assert readable(query)
    assert unsafe(query) is None


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("# ASK\nPREFIX ask: <https://e/ASK>\nselect * { ?s ?p ?o }", "SELECT"),
        ("BASE <https://e/describe> ASK { { SELECT * { ?s ?p ?o } } }", "ASK"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { { SELECT * { ?s ?p ?o } } }", "CONSTRUCT"),
        ("Describe <https://e/>", "DESCRIBE"),
        ("INSERT DATA { }", None),
        ("", None),
    ],
)
def test_the_form_of_a_query_is_its_first_word_that_names_one(query: str, form: str | None) -> None:
    assert form_of(query) == form


# ------------------------------------------------------------------------------------------------------------------------------ parameters


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT ?_body_iri { ?m ?p ?_body_iri ; ?q ?__lang }", ("_body_iri", "__lang")),
        ("SELECT * { ?b_ ?x_iri ?iri }", ()),
        ("SELECT * { ?s ?p $_name }", ("_name",)),
        ("SELECT * { ?s ?p ?_name_iri . ?_name_iri ?q ?_n2_date }", ("_name_iri", "_n2_date")),
        ('# ?_a\nSELECT * { ?s <https://e/?_b> \'?_c\', """?_d""" }', ()),
        ("SELECT * { ?s ?p ?___three . ?s ?p ?_1 }", ()),
    ],
)
def test_parameters_are_found_as_grlc_names_them(query: str, found: tuple[str, ...]) -> None:
    assert parameters_in(query) == found


# ---------------------------------------------------------------------------------------------------------------------------------- values


def answer(query: str, *triples: str) -> list[tuple[Term | None, ...]]:
    store = ox.Store()
    store.load(" ".join(triples).encode(), format=ox.RdfFormat.TURTLE)
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(row) for row in found]


LITERALS = st.one_of(
    st.builds(Literal, ANY),
    st.builds(lambda text, tag: Literal(text, language=tag), ANY, st.sampled_from(["nl", "nb", "zh-hans"])),
    st.builds(lambda text, kind: Literal(text, datatype=kind), ANY, st.sampled_from([XSD.date, XSD.gYear, NamedNode("https://e/a}b".replace("}", "%7D"))])),
)
IRIS = st.builds(in_iri, ANY).map(lambda text: NamedNode(text[1:-1]))


@given(IRIS | LITERALS, LITERALS | IRIS)
@example(Literal('") } } SERVICE <https://e/> { ?s ?p ?o } #'), Literal("\\u0022 } \\"))
@example(Literal("\n\r\t\x00"), NamedNode("https://e/#'?x=(y)"))
def test_terms_arrive_as_the_terms_that_they_are(first: Term, second: Term) -> None:
    query = with_values("SELECT ?_first ?__second WHERE { OPTIONAL { ?s ?p ?o } }", {"_first": first, "__second": second})
    assert answer(query) == [(first, second)]
    assert unsafe(query) is None


def test_without_values_the_query_stays_as_it_is() -> None:
    assert with_values("SELECT * { ?s ?p ?o }", {}) == "SELECT * { ?s ?p ?o }"


A, B = NamedNode("https://e/a"), NamedNode("https://e/b")
TRIPLES = [f"{A} <https://e/p> {A} , {B} .", f"{B} <https://e/p> {B} ."]


@pytest.mark.parametrize(
    "query",
    [
        "# WHERE { is in this comment\nSELECT ?_x WHERE { ?_x ?p ?_x }",
        "SELECT ?_x WHERE # { the brace comes later\n { ?_x ?p ?_x }",
        "select ?_x where{?_x ?p ?_x}",
        "SELECT ?_x ('WHERE {' AS ?text) WHERE { ?_x ?p ?_x }",
        "PREFIX WHERE: <https://e/>\nSELECT ?_x WHERE { ?_x WHERE:p ?_x }",
        "SELECT ?_x ?where WHERE { ?_x ?where ?_x }",
        "SELECT ?_x WHERE { { SELECT ?_x WHERE { ?_x ?p ?_x } } }",
        "SELECT ?_x WHERE { { SELECT ?y WHERE { ?y ?p ?y } } FILTER(?y = ?_x) ?_x ?p ?_x }",
        "SELECT ?_x WHERE { { ?_x ?p ?_x } UNION { ?_x ?p ?_x FILTER(false) } }",
    ],
)
def test_values_bind_the_whole_query_wherever_its_where_stands(query: str) -> None:
    assert {row[0] for row in answer(query, *TRIPLES)} == {A, B}
    assert {row[0] for row in answer(with_values(query, {"_x": B}), *TRIPLES)} == {B}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?_x (EXISTS { { SELECT ?z WHERE { ?z ?p ?z } } } AS ?any) WHERE { ?_x ?p ?_x }",
        "SELECT ?_x { { SELECT ?y WHERE { ?y ?p ?y } } ?_x ?p ?y FILTER(?_x = ?y) }",
        "SELECT ?_x { ?_x ?p ?_x }",
    ],
)
def test_values_bind_the_whole_query_or_it_is_refused_and_never_a_part_of_it_is_bound(query: str) -> None:
    assert {row[0] for row in answer(query, *TRIPLES)} == {A, B}
    with suppress(ValueError):
        assert {row[0] for row in answer(with_values(query, {"_x": B}), *TRIPLES)} == {B}


def test_what_has_no_rows_to_bind_is_refused() -> None:
    with pytest.raises(ValueError, match="WHERE"):
        with_values("DESCRIBE <https://e/>", {"_o": B})


# -------------------------------------------------------------------------------------------------------------------------------- prefixes

KNOWN = {"org": "http://www.w3.org/ns/org#", "skos": "http://www.w3.org/2004/02/skos/core#", "e": "https://e/"}


@pytest.mark.parametrize(
    ("query", "declared"),
    [
        ("SELECT * { ?s org:member ?o }", ["org"]),
        ("SELECT * { ?s org:member|^skos:broader/e:p ?o }", ["e", "org", "skos"]),
        ("PREFIX org: <https://other/> SELECT * { ?s org:member ?o }", []),
        ("prefix org: <https://other/> SELECT * { ?s org:member/e:p ?o }", ["e"]),
        ("SELECT * { ?s ?p 'org:member', <org:member> } # org:member", []),
        ("SELECT * { ?s ?p 'x'^^e:d }", ["e"]),
        ("SELECT * { ?s ?p ?o.e:a ?q ?r }", ["e"]),
        ("SELECT * { ?s a ?c FILTER(STRSTARTS(STR(?c), STR(org:))) }", ["org"]),
        ("SELECT * { ?s ?p _:e }", []),
    ],
)
def test_known_prefixes_are_declared_where_they_are_used_and_not_declared(query: str, declared: list[str]) -> None:
    complete = with_prefixes(query, KNOWN)
    assert readable(complete.replace("<org:member>", "<https://e/member>"))
    assert complete == "".join(f"PREFIX {name}: <{KNOWN[name]}> " for name in declared) + query


def test_a_prefix_that_nobody_knows_is_left_to_the_engine() -> None:
    query = "SELECT * { ?s unknown:p ?o }"
    assert undeclared(query) == {"unknown"}
    assert with_prefixes(query, KNOWN) == query
