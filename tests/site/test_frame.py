"""Links between pages: relative, and right from any depth and language; and no link where nothing can safely be opened."""

import posixpath
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel.about import About
from schakel.lookup import Context
from schakel.namespaces import PREFIXES
from schakel.site import Frame, read_terms
from schakel.site.frame import MENU, View

BASE = "https://example.org/"
ADDRESS = "https://kg.example.com/data/"
LANGUAGES = ("en", "nl", "nn-NO")
ONTOLOGY = "https://words.example/ns"
VOCABULARY = [
    Triple(NamedNode(ONTOLOGY), NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["owl"] + "Ontology")),
    Triple(NamedNode(f"{ONTOLOGY}#Tower"), NamedNode(PREFIXES["rdfs"] + "label"), Literal("tower", language="en")),
    Triple(NamedNode(f"{ONTOLOGY}#Tower"), NamedNode(PREFIXES["rdfs"] + "label"), Literal("toren", language="nl")),
]
SEGMENTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/#"), min_size=1, max_size=8).filter(lambda text: text not in {".", ".."})
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join).map(lambda path: f"{path}.html")


def frame() -> Frame:
    context = Context(BASE, PREFIXES, LANGUAGES)
    about = About(BASE, {"en": "Towers", "nl": "Torens"}, {"en": "Towers"}, "Friends", "https://example.org/licence", "1", LANGUAGES, PREFIXES)
    return Frame(about, LANGUAGES, ADDRESS, context, read_terms(VOCABULARY, context))


FRAME = frame()


def view(language: str = "en", path: str = "org/mst.html", **pages: str) -> View:
    return View(FRAME, language, path, {f"{BASE}{iri}": page for iri, page in pages.items()})


def opened(page: str, href: str) -> str:
    """Give the path that a browser asks for, by a link on a page, wherever the site is."""
    assert not urlsplit(href).scheme
    assert not href.startswith("/")
    target = unquote(urlsplit(urljoin(f"https://host.example/deep/folder/{'/'.join(map(_quoted, page.split('/')))}", href)).path)
    assert target.startswith("/deep/folder/"), target
    return target.removeprefix("/deep/folder/")


def _quoted(segment: str) -> str:
    return "".join(f"%{byte:02X}" for byte in segment.encode())


@given(PATHS, PATHS, st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES))
def test_a_link_leads_to_its_page_from_any_depth_and_language(here: str, there: str, language: str, other: str) -> None:
    folder, elsewhere = FRAME.prefix(language), FRAME.prefix(other)
    at = view(language, here)
    assert opened(folder + here, at.to(there)) == folder + there
    assert opened(folder + here, at.file(there)) == there
    assert opened(folder + here, at.in_language(other)) == elsewhere + here
    assert at.path_in(language) == folder + here


@given(PATHS, st.sampled_from(LANGUAGES))
def test_the_way_up_leads_to_the_top_of_the_site(here: str, language: str) -> None:
    at = view(language, here)
    assert posixpath.normpath(posixpath.join(posixpath.dirname(at.path_in(language)) or ".", at.root)) == "."
    assert opened(at.path_in(language), f"{at.root}static/site.css") == "static/site.css"


@given(PATHS, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10).filter(lambda text: "#" not in text))
def test_a_place_on_a_page_is_kept(there: str, fragment: str) -> None:
    href = view().to(f"{there}#{fragment}")
    assert unquote(urlsplit(href).fragment) == fragment
    assert opened("org/mst.html", href) == there


def test_the_first_language_stands_at_the_top_and_others_in_folders_of_small_letters() -> None:
    assert [FRAME.prefix(language) for language in LANGUAGES] == ["", "nl/", "nn-no/"]
    assert view("nl").absolute("index.html") in {f"{ADDRESS}nl/", f"{ADDRESS}nl/index.html"}


def test_a_thing_with_a_page_leads_there_in_the_same_language_and_its_part_to_its_place() -> None:
    at = view("nl", "org/mst.html", **{"tower/1": "tower/1"})
    link = at.link(NamedNode(f"{BASE}tower/1#door"))
    assert link is not None
    assert (opened("nl/org/mst.html", link.href), urlsplit(link.href).fragment, link.outside) == ("nl/tower/1.html", "door", False)
    link = at.link(NamedNode(f"{BASE}tower/1"))
    assert link is not None
    assert (opened("nl/org/mst.html", link.href), urlsplit(link.href).fragment) == ("nl/tower/1.html", "")


def test_a_term_leads_to_its_place_among_the_terms() -> None:
    link = view().link(NamedNode(f"{ONTOLOGY}#Tower"))
    assert link is not None
    assert (link.href, link.outside) == ("../ontology.html#Tower", False)


SAFE = ["https://far.example/x", "http://far.example/", "mailto:keeper@far.example"]


@pytest.mark.parametrize("iri", SAFE)
def test_what_can_be_opened_elsewhere_is_a_link_out_of_the_site(iri: str) -> None:
    link = view().link(NamedNode(iri))
    assert link is not None
    assert (link.href, link.outside) == (iri, True)


UNSAFE = [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "urn:x:y",
    "ftp://far.example/",
    "blob:x",
    "https:x",
    "HTTPS://x",
]


@pytest.mark.parametrize("iri", UNSAFE)
def test_what_cannot_safely_be_opened_is_no_link(iri: str) -> None:
    assert view().link(NamedNode(iri)) is None


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9+.-]{0,9}", fullmatch=True), st.text("abc/?=", max_size=10))
def test_of_all_schemes_three_are_opened(scheme: str, rest: str) -> None:
    assume(not rest.startswith("//"))
    link = view().link(NamedNode(f"{scheme}:{rest}"))
    assert link is None or link.href.startswith(("https://", "http://", "mailto:"))


def test_an_own_thing_without_a_page_a_text_and_nothing_are_no_links() -> None:
    assert view().link(NamedNode(f"{BASE}nowhere")) is None
    assert view().link(Literal("https://far.example/x")) is None
    assert view().link(None) is None


def test_the_menu_leads_everywhere_and_tells_where_the_reader_is() -> None:
    for language in LANGUAGES:
        at = view(language, "queries/index.html")
        assert [opened(at.path_in(language), href) for href, _, _ in at.menu] == [FRAME.prefix(language) + path for path, _ in MENU]
        assert [here for _, _, here in at.menu] == [path == "queries/index.html" for path, _ in MENU]


def test_the_language_of_a_text_is_told_where_it_is_another_than_that_of_the_page() -> None:
    at = view("nl")
    assert [at.lang(Literal("x", language=tag)) for tag in ("nl", "NL", "en", "nl-BE")] == [None, None, "en", "nl-be"]
    assert at.lang(Literal("x")) is None
    assert at.lang(None) is None


def test_terms_are_named_in_the_language_of_the_page_and_by_the_words_of_their_iri_without_a_name() -> None:
    tower, other = NamedNode(f"{ONTOLOGY}#Tower"), NamedNode("https://unknown.example/ns#HarbourPilot")
    assert [view(language).label(tower).value for language in ("en", "nl")] == ["tower", "toren"]
    assert view().label(other).value == "harbour pilot"
