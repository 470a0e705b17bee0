"""Scripts: nothing in a document can end one, every document comes back as it was, and no page makes the reader fail."""

import json
import re

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schakel.structured_data import read_page, script

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "--><![CDATA[ ]]>",
    "&lt;&amp;&quot;",
    "\u2028\u2029",
    "\u202egnol",
    "\x00\x1b[31m",
    "\\u003c",
    '"}]}',
    "a\ud800b",
    "𝕏",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(HOSTILE), inner, max_size=4),
)


@given(JSON)
@example({sign: sign for sign in HOSTILE})
def test_every_document_comes_back_as_it_was(document: object) -> None:
    for written in (script(document), script(document, indent=1)):
        inside = written.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
        assert not set(inside) & set("<>&\u2028\u2029")
        assert written.encode("utf-8")
        (found,) = read_page(f"<!doctype html><title>x</title>{written}<p>y").scripts
        assert found.problem is None
        assert json.dumps(found.document) == json.dumps(json.loads(json.dumps(document)))


@given(st.sampled_from(HOSTILE) | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_a_browsers_parser_finds_one_script_and_the_same_text_in_it(text: str) -> None:
    written = script({"name": text})
    tree = html5lib.parse(f"<!doctype html><html><head>{written}</head><body><p>after</p></body></html>", namespaceHTMLElements=False)
    scripts = tree.findall(".//script")
    assert [json.loads(each.text) for each in scripts] == [{"name": text}]
    assert [each.text for each in tree.findall(".//p")] == ["after"]


def test_a_number_that_json_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        script({"value": float("nan")})


def test_text_of_people_stays_readable() -> None:
    assert "Ariënsplein – 𝕏" in script({"name": "Ariënsplein – 𝕏"})


PAGE = """<!DOCTYPE html>
<html lang="nl-NL" lang=en>
<head>
<link rel="stylesheet" href="https://example.org/no.css">
<link rel="alternate canonical" href=" https://example.org/about.html ">
<link rel=canonical href=https://example.org/second>
<!-- <script type="application/ld+json">{"@id": "in a comment"}</script> -->
<script>var x = '<script type="application/ld+json">{}';</script>
<SCRIPT TYPE=" Application/LD+JSON ; charset=utf-8">{"@id": "first"}</SCRIPT>
</head><body>
<script type="application/json">{"@id": "not ours"}</script>
<script type="application/ld+json">{"@id": "cut off", }</script>
<script type="application/ld+json"> </script>
<script type='application/ld+json'>[NaN]</script>
<script type='application/ld+json'>{"@id": "last"}</script >
</body></html>"""


def test_what_a_page_says_of_itself() -> None:
    page = read_page(PAGE)
    assert (page.language, page.canonical) == ("nl-NL", "https://example.org/about.html")
    assert [each.document for each in page.scripts] == [{"@id": "first"}, None, None, None, {"@id": "last"}]
    assert [each.line for each in page.scripts] == [9, 12, 13, 14, 15]
    assert [each.problem for each in page.scripts][2:4] == ["it is empty", "NaN is no number of JSON"]
    assert re.search("line 1", str(page.scripts[1].problem))


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "<![unknown[ x ]]>",
        "<![CDATA[<script type=application/ld+json>{}</script>]]>",
        "<!doctype",
        "<!--",
        "<html lang><link rel href><script type></script>",
        "<link rel=canonical href='http://[not-an-address'>",
        "<link rel=canonical href='javascript:alert(1)'>",
        "\x00\ufffe<\ud800>",
        "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;",
        "<" * 2_000,
    ],
)
def test_a_page_of_any_kind_is_read(html: str) -> None:
    page = read_page(html)
    assert page.canonical is None
    assert all(each.problem is None for each in page.scripts)


def test_what_follows_an_odd_section_is_still_read() -> None:
    page = read_page('<![endif]--><![odd[ x>]]><script type="application/ld+json">{"@id":"a"}</script>')
    assert [each.document for each in page.scripts] == [{"@id": "a"}]


def test_a_script_without_end_and_one_nested_too_deeply() -> None:
    assert read_page('<script type="application/ld+json">{"a": 1}').scripts[0].problem == "the page ends before the script does"
    assert read_page(f'<script type="application/ld+json">{"[" * 100_000}</script>').scripts[0].problem == "it is nested too deeply"


@given(st.lists(st.sampled_from([*"<>!-/[]=\"' \n", "script", "type", "application/ld+json", "CDATA", "html lang", "{", "}", "\x00"])).map("".join))
def test_no_text_makes_the_reader_fail(html: str) -> None:
    read_page(html)
    read_page(f"<script type='application/ld+json'>{html}")
