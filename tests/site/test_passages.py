"""Passages as pages quote them: first and last words, places in the text, and addresses that open the page there."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from schakel import Settings
from schakel.site.passages import Passage, named_by_words, read_passages

PAGE = "https://example.org/source/log"
ON_THE_WEB = "https://far.example/log?day=1"
PROVENANCE = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix sk: <https://w3id.org/schakel/ns#> .
@base <https://example.org/> .
<source/log> a sk:SourceDocument ; dct:title "The log"@en ; foaf:page <https://far.example/log?day=1> .
<source/paper> a sk:SourceDocument ; dct:title "Paper"@en .
<source/evil> a sk:SourceDocument ; foaf:page <javascript:alert(1)> .
<source/log#p-1> oa:hasSource <source/log> ; sk:firstWords "The tower" ; sk:lastWords "is lit" ; oa:hasSelector <source/log#p-1-position> .
<source/log#p-1-position> oa:start 3 ; oa:end 40 .
<source/paper#p-1> oa:hasSource <source/paper> ; sk:firstWords "Short one" ; oa:hasSelector <source/paper#p-1-quote> .
<source/paper#p-1-quote> oa:exact "Short one" .
<source/evil#p-1> oa:hasSource <source/evil> ; sk:firstWords "click" .
<source/lost#p-1> oa:hasSource <source/lost> ; oa:hasSelector <source/lost#nowhere> .
"""
WORDS = st.text(min_size=1, max_size=30).filter(lambda text: not any(0xD800 <= ord(sign) < 0xE000 for sign in text))


@pytest.fixture(scope="module")
def read() -> dict[str, Passage]:
    return read_passages([quad.triple for quad in parse(PROVENANCE, format=RdfFormat.TURTLE)])


def test_a_passage_has_its_words_its_place_and_its_page(read: dict[str, Passage]) -> None:
    passage = read["https://example.org/source/log#p-1"]
    assert passage == Passage(PAGE, "The tower", "is lit", 3, 40, ON_THE_WEB, "en")
    assert passage.link == f"{ON_THE_WEB}#:~:text=The%20tower,is%20lit"


def test_a_short_passage_is_quoted_whole_and_a_page_that_is_not_on_the_web_has_no_link(read: dict[str, Passage]) -> None:
    passage = read["https://example.org/source/paper#p-1"]
    assert (passage.first, passage.last, passage.start, passage.link) == ("Short one", None, None, None)


def test_a_source_that_is_cited_as_a_whole_has_no_words(read: dict[str, Passage]) -> None:
    assert read[PAGE] == Passage(PAGE, address=ON_THE_WEB, language="en")
    assert read[PAGE].link == ON_THE_WEB
    assert read[PAGE].words is None


def test_what_is_no_address_of_the_web_leads_nowhere(read: dict[str, Passage]) -> None:
    assert read["https://example.org/source/evil#p-1"].link is None
    assert read["https://example.org/source/evil"].link is None


def test_a_passage_of_which_nothing_else_is_known_is_one_nevertheless(read: dict[str, Passage]) -> None:
    assert read["https://example.org/source/lost#p-1"] == Passage("https://example.org/source/lost")


@given(WORDS, st.none() | WORDS)
def test_words_in_a_link_can_be_read_back_whatever_they_are(first: str, last: str | None) -> None:
    link = Passage(PAGE, first, last, address="https://far.example/log#section").link
    assert link is not None
    address, _, directive = link.partition("#:~:text=")
    assert address == "https://far.example/log"
    # A comma parts the words, a hyphen would be a prefix or suffix, an ampersand another directive.
    assert not set(directive) & set("-&# <>\"'") or directive.isascii()
    assert [unquote(part) for part in directive.split(",")] == [first, *([last] if last else [])]
    assert "-" not in directive
    assert "&" not in directive
    assert urlsplit(link).fragment == f":~:text={directive}"


@given(st.text(max_size=20), st.none() | st.text(max_size=20), st.sampled_from(["nl", None]))
def test_a_passage_is_called_by_its_words_in_the_language_of_its_page(first: str, last: str | None, language: str | None) -> None:
    iri = "https://example.org/source/log#p-1"
    named = named_by_words({iri: Passage(PAGE, first or None, last, language=language)}, {NamedNode(PAGE): Literal("Log", language="en")})
    if first or last:
        assert named == {NamedNode(iri): Literal(f"“{' … '.join(filter(None, (first, last)))}”", language=language)}
    else:
        assert named == {}


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ('dct:title "Log"@nl', "nl"),
        ('dct:title "Log"@nl , "Journal"@fr', None),
        ('dct:title "Log"', None),
        ('dct:language "nb" ; dct:title "Log"@en', "nb"),
        ('dct:language <http://publications.europa.eu/resource/authority/language/nl> ; dct:title "Log"@en', "nl"),
        ('dct:language "nb", "nn" ; dct:title "Log"@en', None),
        ('dct:language "no such language"', None),
        ('dct:language ""', None),
    ],
)
@pytest.mark.parametrize("kind", ["sk:SourceDocument", "foaf:Document"])
def test_the_language_of_a_passage_is_the_one_that_its_page_is_said_to_be_in(stated: str, language: str | None, kind: str) -> None:
    prefixes = PROVENANCE.partition("<source/log>")[0]
    text = f'{prefixes} <source/x> a {kind} ; {stated} . <source/x#p-1> oa:hasSource <source/x> ; sk:firstWords "The" .'
    passage = read_passages([quad.triple for quad in parse(text, format=RdfFormat.TURTLE)])["https://example.org/source/x#p-1"]
    assert (passage.first, passage.language) == ("The", language)


def test_a_passage_with_a_name_keeps_it() -> None:
    iri = "https://example.org/source/log#p-1"
    assert named_by_words({iri: Passage(PAGE, "The")}, {NamedNode(iri): Literal("Preface", language="en")}) == {}


@given(st.lists(st.integers(-5, 5) | st.text(max_size=5), max_size=3))
def test_places_that_are_no_numbers_are_left_out(values: list[int | str]) -> None:
    passage, selector = NamedNode("https://example.org/p"), NamedNode("https://example.org/p#place")
    oa = "http://www.w3.org/ns/oa#"
    said = [Triple(passage, NamedNode(f"{oa}hasSource"), NamedNode(PAGE)), Triple(passage, NamedNode(f"{oa}hasSelector"), selector)]
    said += [Triple(selector, NamedNode(f"{oa}start"), Literal(str(value))) for value in values]
    start = read_passages(said)["https://example.org/p"].start
    assert start is None or str(start) in {str(int(str(value))) for value in values if str(value).isdecimal()}


def test_every_passage_of_the_real_graph_has_words_and_a_place(published: Settings) -> None:
    quads = parse(path=published.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS)
    passages = read_passages(quad.triple for quad in quads if quad.graph_name == published.names.provenance)
    named = {iri: passage for iri, passage in passages.items() if published.names.is_passage(NamedNode(iri))}
    assert len(named) > 300
    for iri, passage in named.items():
        assert passage.first, iri
        assert iri.startswith(f"{passage.page}#p-")
        assert passage.page in passages
        assert passage.start is not None
        assert passage.end is not None
        # Of a passage that is quoted whole the words are as long as the passage, but for blanks.
        assert passage.last is not None or len(passage.first) <= passage.end - passage.start
