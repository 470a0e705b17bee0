"""A sitemap names every page once, with its other languages, in files that readers of XML and of the format take."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schakel.site.machines import PageGroup, robots_file, sitemap_files
from schakel.site.machines.sitemap import MOST_PAGES

BASE = "https://kg.example.org/"
SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}

MST = PageGroup({"en": "org/mst.html", "nl": "nl/org/mst.html", "nn": "nn/org/mst.html"})
HOME = PageGroup({"en": "index.html", "nl": "nl/index.html"})


def read(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False))


def locations(content: bytes) -> list[str]:
    return [str(found) for found in read(content).xpath("//s:loc/text()", namespaces=SPACES)]


def alternates(content: bytes, address: str) -> dict[str, str]:
    (entry,) = [url for url in read(content).findall("s:url", SPACES) if url.findtext("s:loc", namespaces=SPACES) == address]
    return {link.get("hreflang"): link.get("href") for link in entry.findall("x:link", SPACES) if link.get("rel") == "alternate"}


def many(number: int) -> Iterator[PageGroup]:
    return (PageGroup({"en": f"org/t{each}.html", "nl": f"nl/org/t{each}.html"}) for each in range(number))


def test_every_page_is_there_in_every_language() -> None:
    ((path, content),) = sitemap_files(BASE, [HOME, MST])
    assert path == "sitemap.xml"
    assert locations(content) == [
        BASE,
        f"{BASE}nl/",
        f"{BASE}org/mst.html",
        f"{BASE}nl/org/mst.html",
        f"{BASE}nn/org/mst.html",
    ]


def test_each_language_names_all_and_the_one_for_others() -> None:
    ((_, content),) = sitemap_files(BASE, [HOME, MST])
    expected = {"en": f"{BASE}org/mst.html", "nl": f"{BASE}nl/org/mst.html", "nn": f"{BASE}nn/org/mst.html", "x-default": f"{BASE}org/mst.html"}
    for address in set(expected.values()):
        assert alternates(content, address) == expected
    assert alternates(content, BASE) == {"en": BASE, "nl": f"{BASE}nl/", "x-default": BASE}


def test_a_page_in_one_language_names_no_others() -> None:
    ((_, content),) = sitemap_files(BASE, [PageGroup({"en": "sparql.html"})])
    assert locations(content) == [f"{BASE}sparql.html"]
    assert alternates(content, f"{BASE}sparql.html") == {}


def test_a_site_without_pages_has_a_sitemap_that_says_so() -> None:
    ((path, content),) = sitemap_files(BASE, [])
    assert path == "sitemap.xml"
    assert etree.QName(read(content)).localname == "urlset"
    assert locations(content) == []


@pytest.mark.parametrize(("pages", "expected"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_too_many_pages_are_split_and_an_index_names_the_parts(pages: int, expected: int) -> None:
    files = dict(sitemap_files(BASE, many(pages), most_pages=4))
    whole = [address for _, content in sitemap_files(BASE, many(pages)) for address in locations(content)]
    if expected == 1:
        assert list(files) == ["sitemap.xml"]
        assert locations(files["sitemap.xml"]) == whole
        return
    parts = [f"sitemap-{number}.xml" for number in range(1, expected + 1)]
    assert list(files) == [*parts, "sitemap.xml"]
    assert etree.QName(read(files["sitemap.xml"])).localname == "sitemapindex"
    assert locations(files["sitemap.xml"]) == [BASE + part for part in parts]
    assert [address for part in parts for address in locations(files[part])] == whole
    assert all(0 < len(locations(files[part])) <= 4 for part in parts)


def test_too_many_bytes_are_split_too() -> None:
    files = dict(sitemap_files(BASE, many(100), most_bytes=5_000))
    index = files.pop("sitemap.xml")
    assert len(files) > 5
    assert all(len(content) <= 5_000 for content in files.values())
    assert locations(index) == [BASE + path for path in files]
    assert sum(len(locations(content)) for content in files.values()) == 200


def test_the_limits_of_the_format_are_kept() -> None:
    pages = (PageGroup({"en": f"{each}.html"}) for each in range(MOST_PAGES + 1))
    files = dict(sitemap_files(BASE, pages))
    assert [len(locations(files[f"sitemap-{number}.xml"])) for number in (1, 2)] == [50_000, 1]
    assert all(len(content) <= 52_428_800 for content in files.values())


def test_pages_are_read_as_they_are_needed() -> None:
    read_so_far = 0

    def pages() -> Iterator[PageGroup]:
        nonlocal read_so_far
        for page in many(1_000):
            read_so_far += 1
            yield page

    next(sitemap_files(BASE, pages(), most_pages=10))
    assert 0 < read_so_far < 20


def test_nothing_tells_the_time_of_the_run() -> None:
    assert b"lastmod" not in b"".join(content for _, content in sitemap_files(BASE, many(10), most_pages=4))


LANGUAGES = st.sampled_from(["en", "nl", "nn", "de-CH", 'x"><y'])
PATHS = st.text(min_size=1, max_size=40).filter(lambda path: not f"/{path}".endswith("/index.html"))


@given(st.lists(st.dictionaries(LANGUAGES, PATHS, min_size=1), max_size=5))
def test_whatever_a_path_holds_the_file_is_sound_and_leads_to_it(groups: list[dict[str, str]]) -> None:
    files = list(sitemap_files(BASE, map(PageGroup, groups), most_pages=3))
    assert files == list(sitemap_files(BASE, map(PageGroup, groups), most_pages=3))
    found = [address for path, content in files for address in locations(content) if path != "sitemap.xml" or len(files) == 1]
    assert [unquote(address.removeprefix(BASE)) for address in found] == [path for group in groups for path in group.values()]
    for address in found:
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "kg.example.org", "", "")
        assert address.isascii()


def test_robots_may_read_everything_and_learn_where_the_sitemap_is() -> None:
    lines = robots_file(BASE).decode().splitlines()
    assert "User-agent: *" in lines
    assert not [line for line in lines if line.startswith("Disallow: /")]
    assert "Sitemap: https://kg.example.org/sitemap.xml" in lines
