"""Data that means harm, or was never meant for pages: what is published of them is safe, and can be used."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from html5lib import HTMLParser, treebuilders
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel import Settings, build, read_settings
from schakel.about import About
from schakel.file_bundle import unpacked
from schakel.lookup import Context
from schakel.publish.languages import page_languages
from schakel.site import Frame, read_terms
from schakel.site.entities import Batch, pages_of_batch
from schakel.site.neighbours import Neighbourhood

BASE = "https://example.org/"
CheckSite = Callable[[Path, str, Sequence[str]], list[str]]
Parse = Callable[[str], Any]

SETTINGS = f"""
base = "{BASE}"
publisher = "</title><script>alert('publisher')</script>"
languages = ["en", "nl"]
title = {{ en = "Lighthouses <script>alert('title')</script>" }}
description = {{ en = "\\"><img src=x onerror=alert(1)>" }}
[evidence]
require_passages = false
"""
PREFIXES = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
# Labels, by the path of the thing that has them.
LABELS = {
    "thing/script": "<script>alert(1)</script>",
    "thing/image": '"><img src=x onerror="alert(1)">',
    "thing/comment": "<!-- ]]> --!> </main></body></html>",
    "thing/template": "{{ 7 * 7 }} {% raw %} ${7*7} %(count)s",
    "thing/entities": "&lt;b&gt; &amp; &#x202e; &nbsp",
    "thing/turned": "\u202egnp.exe\u202c \u2067right\u2069 \u200f",
    "thing/lines": "one\ntwo\r\nthree\u2028four\u2029five\ttab",
    "thing/controls": "bell\u0007, escape\u001b, delete\u007f, none\ufffe",
    "thing/empty": "",
    "thing/spaces": " \u00a0 \u200b ",
    "thing/long": "L" * 10_000,
    "thing/long-words": "word " * 2_000,
    "thing/json": '</script><script>alert(1)</script> "\\ <!--',
    "thing/astral": "𝕊 🏥 👩‍⚕️",
}
# IRIs that lead from the thing `thing/links`; of those that are not to be opened no link may be made.
UNSAFE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "urn:x:y",
]
SAFE = ["https://elsewhere.example/?a=b&c=d#e", "http://elsewhere.example/'onmouseover='alert(1)", "mailto:a@b.example"]
# Paths below the base that cannot all be those of files: these may be left without a page, and must not lead out, or over one another.
PATHS = [
    *("a/../../etc/passwd", "..", "../../x", "%2e%2e/%2e%2e/x", "thing/%2e%2e", "thing/..%2fx", "a//b", "/", "thing/", "a\u00adb", "été", "日本語"),
    *(
        "CON",
        "nul.txt",
        "aux/x",
        "lpt1",
        "thing/com7.html",
        "index",
        "search",
        "static/site.css",
        "static/site",
        "nl/index",
        "kinds/x",
        "more/thing/x",
        "404",
        "INDEX",
    ),
    *(
        "x.html",
        "x.html/y",
        "x.ttl",
        "case/one",
        "case/One",
        "CASE/ONE",
        "?q=1",
        "thing?x=<",
        "thing/'x'",
        "thing/a b",
        "thing/a&b=c;d",
        "~",
        "-",
        ".hidden",
        "a" * 300,
        "b/" * 400,
    ),
]
LINKS = 8_000
LARGEST_PAGE = 500_000


def turtle_text(text: str) -> str:
    return str(Literal(text, language="en"))


def is_iri(text: str) -> bool:
    try:
        list(ox.parse(f"<{text}> <{text}> <{text}> .", format=ox.RdfFormat.N_TRIPLES))
    except SyntaxError:
        return False
    return True


def hostile_turtle() -> Iterator[str]:
    yield PREFIXES
    for path, label in LABELS.items():
        yield f"<{BASE}{path}> a org:Organization ; skos:prefLabel {turtle_text(label)} ; skos:altLabel {turtle_text(label + ' also')} ."
    for path in filter(is_iri, (BASE + path for path in PATHS)):
        yield f"<{path}> a org:Organization ; skos:prefLabel {turtle_text(path)} ; org:hasMember <{BASE}thing/script> ."
    yield f'<{BASE}thing/links> a org:Organization ; skos:prefLabel "Links"@en .'
    yield from (f"<{BASE}thing/links> foaf:page <{iri}> ; rdfs:seeAlso <{iri}> ." for iri in (*UNSAFE, *SAFE))
    yield f'<{BASE}thing/hub> a org:Organization ; skos:prefLabel "Hub"@en .'


def write_project(root: Path) -> Settings:
    for folder in ("data", "ontology", "queries", "shapes"):
        (root / folder).mkdir(parents=True)
    (root / "schakel.toml").write_text(SETTINGS, "utf-8")
    (root / "data" / "hostile.ttl").write_text("\n".join(hostile_turtle()), "utf-8")
    links = (f"<{BASE}thing/hub> foaf:page <https://far.example/{number}> ." for number in range(LINKS))
    (root / "data" / "links.ttl").write_text("\n".join([PREFIXES, *links]), "utf-8")
    return read_settings(root)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a project that means harm."""
    settings = write_project(tmp_path_factory.mktemp("hostile") / "inner" / "project")
    outcome = build(settings)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return settings.publication


def test_every_page_is_sound(site: Path, check_site: CheckSite) -> None:
    assert not check_site(site, BASE, page_languages(read_settings(site.parent)))


def test_nothing_is_written_outside_of_the_site(site: Path) -> None:
    top = site.parent.parent
    assert [each.name for each in top.iterdir()] == ["project"]
    assert not [path for path in top.parent.rglob("*") if path.name in {"passwd", "x"} and site not in path.parents]


def test_the_files_of_the_site_itself_are_its_own(site: Path) -> None:
    for name in ("index.html", "search.html", "404.html"):
        assert "as its name" not in (site / name).read_text("utf-8")
        assert f"{BASE}{name.removesuffix('.html')}</h1>" not in (site / name).read_text("utf-8")
    assert (site / "static" / "site.css").is_file()


def test_no_two_files_differ_in_capitals_only_and_none_has_a_name_that_a_system_keeps(site: Path) -> None:
    paths = [path.relative_to(site).as_posix().casefold() for path in site.rglob("*") if path.is_file()]
    assert len(set(paths)) == len(paths)
    stems = {part.partition(".")[0] for path in paths for part in path.split("/")}
    assert not stems & {"con", "nul", "aux", "prn", "lpt1", "com7", ".."}


@pytest.mark.parametrize("path", LABELS)
def test_a_label_is_shown_as_it_is(path: str, site: Path, parse_fragment: Parse) -> None:
    text = (site / f"{path}.html").read_text("utf-8")
    heading = parse_fragment(text[text.index("<h1") : text.index("</h1>") + len("</h1>")])
    shown, label = " ".join("".join(heading.itertext()).split()), " ".join(LABELS[path].split())
    # What no page may hold is left out; a name without a letter has something else shown in its place.
    visible = "".join(sign for sign in label if sign.isprintable() or sign in "\u202e\u202c\u2067\u2069\u200f\u200d\u2028\u2029")
    assert not visible or shown.replace(" ", "")[:100] == visible.replace(" ", "")[:100]
    assert shown


def test_a_name_from_right_to_left_turns_nothing_but_itself(site: Path, parse_fragment: Parse) -> None:
    for page in ("thing/turned.html", *(path.relative_to(site).as_posix() for path in (site / "kinds").glob("*.html"))):
        text = (site / page).read_text("utf-8")
        body = parse_fragment(text[text.index("<main") : text.index("</main>")] + "</main>")
        parents = {child: parent for parent in body.iter() for child in parent}
        for element in body.iter():
            if "\u202e" in (element.text or "") and element.tag != "option":
                around = {element.tag}
                while element in parents:
                    element = parents[element]  # noqa: PLW2901  # the way up
                    around.add(element.tag)
                assert around & {"bdi", "svg", "pre"}, page


def test_only_addresses_that_can_safely_be_opened_become_links(site: Path) -> None:
    text = (site / "thing" / "links.html").read_text("utf-8")
    for iri in UNSAFE:
        assert f'href="{iri}' not in text
        assert iri.replace("'", "&#39;") in text
    assert "javascript:" not in "".join(part.partition('"')[0] for part in text.lower().split('href="')[1:])
    for iri in SAFE:
        assert f'href="{iri}"'.replace("&", "&amp;").replace("'", "&#39;") in text


def test_a_thing_with_thousands_of_links_has_all_of_them_on_pages_that_can_be_read(site: Path) -> None:
    pages = [site / "thing" / "hub.html", *sorted((site / "more" / "thing").rglob("*.html"))]
    texts = [page.read_text("utf-8") for page in pages]
    assert max(map(len, texts)) < LARGEST_PAGE
    linked = {part.partition('"')[0] for text in texts for part in text.split('href="https://far.example/')[1:]}
    assert linked == {str(number) for number in range(LINKS)}


def test_pages_stay_small_whatever_stands_in_a_label(site: Path) -> None:
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*.html")}
    assert {name: size for name, size in sizes.items() if size > LARGEST_PAGE} == {}


def test_titles_and_lists_show_the_beginning_of_a_long_label(site: Path) -> None:
    for page in site.rglob("*.html"):
        title = page.read_text("utf-8").partition("<title>")[2].partition("</title>")[0]
        assert len(title) < 500, page
    lists = [path for path in (site / "kinds").glob("*.html") if "thing/long.html" in path.read_text("utf-8")]
    assert lists
    assert all("L" * 1000 not in path.read_text("utf-8") for path in lists)


def test_things_with_such_names_are_found(site: Path) -> None:
    index = json.loads((site / "static" / "search" / "index.json").read_text("utf-8"))
    found = {path: {text for text, *_ in names} for path, _, _, names in index["things"]}
    assert {path for path, label in LABELS.items() if label.strip()} <= set(found)
    assert LABELS["thing/script"] in found["thing/script"]


def test_what_is_embedded_for_programs_ends_where_it_should(site: Path) -> None:
    for page in site.rglob("*.html"):
        for part in page.read_text("utf-8").split('<script type="application/')[1:]:
            content = part.partition(">")[2].partition("</script>")[0]
            json.loads(content)


# What hypothesis makes up goes through the functions that make pages.
THING = f"{BASE}thing/any"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(sorted(LABELS.values()))
ENDINGS = st.sampled_from([*UNSAFE, *SAFE, f"{BASE}thing/any#part", f"{BASE}thing/other", f"{BASE}..", "https://elsewhere.example/%22%3E"])


def frame() -> Frame:
    context = Context(BASE, {}, ("en",))
    about = About(BASE, {"en": "Lighthouses"}, {"en": "Towers"}, "Friends", "https://example.org/licence", "1", ("en",), {})
    return Frame(about, ("en",), BASE, context, read_terms([], context))


@given(TEXTS, st.lists(TEXTS | ENDINGS.map(NamedNode), max_size=4), st.sampled_from(["en", "nl", "ar", None]))
def test_whatever_is_said_of_a_thing_its_page_is_sound(label: str, values: list[str | NamedNode], language: str | None) -> None:
    said = [Triple(NamedNode(THING), NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"), Literal(label, language=language))]
    objects = (value if isinstance(value, NamedNode) else Literal(value, language=language) for value in values)
    said += [Triple(NamedNode(THING), NamedNode(f"https://example.com/p{number}"), each) for number, each in enumerate(objects)]
    lines = {f"{triple} .".encode(): (f"{BASE}graph/1",) for triple in said}
    around = Neighbourhood([THING], lines, [next(iter(lines))], [])
    ((path, content),) = unpacked(pages_of_batch(Batch(frame(), around, {THING: "thing/any"}, {}, {}, {}, {}, {}, None)))
    assert path == "thing/any.html"
    assert problems_of(content.decode()) == []


def problems_of(text: str) -> list[str]:
    parser = HTMLParser(treebuilders.getTreeBuilder("etree"), namespaceHTMLElements=False)
    elements = [element for element in parser.parse(text).iter() if isinstance(element.tag, str)]
    found = [str(error) for error in parser.errors]
    found += [f"{element.tag} is not of ours" for element in elements if element.tag in {"img", "style", "iframe"}]
    found += [f"{name} on {element.tag}" for element in elements for name in element.attrib if name.startswith("on") or name == "style"]
    found += ["a script in it" for element in elements if element.tag == "script" and element.get("src") is None and "json" not in element.get("type", "")]
    hrefs = [unquote(element.get("href", "")).strip().lower() for element in elements]
    return found + [href for href in hrefs if href.startswith(("javascript:", "data:", "vbscript:", "file:", "blob:"))]
