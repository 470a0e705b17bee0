"""The pages of canned queries: each shows the answer, leads to the files with all of it, and says so where there is none."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from schakel import Settings, build
from schakel.answers import answer_from_json
from schakel.publish import pages as published_pages
from schakel.publish import queries as published_queries
from schakel.site.pages import questions

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
NAMES = sorted(path.stem for path in (Path(__file__).parents[2] / "queries").glob("*.rq"))
SHOWN = 400

HEAD = """#+ summary: Which towers are there?
#+ description: All towers & <b>their</b> names.
#+ method: GET

# title: Which towers <script>are</script> there?
# category: towers
# description: All towers & <b>their</b> names.
# column tower: the tower
# column name: its name
# column page: its page

"""
QUERY = """PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?tower ?name ?page WHERE {
  ?tower a org:Organization ; skos:prefLabel ?name
  BIND(IRI(CONCAT("javascript:", "alert(1)")) AS ?page)
  FILTER("</pre><script>" != ?name)
} ORDER BY ?tower
"""
SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
LABELS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "&lt;b&gt;",
    "{name}",
    "{{ name }}",
    "javascript:alert(1)",
    "\u202egnissim",
]


class Page(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, the cells of its tables, its words."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.words = ""
        self._cell = False
        self.feed(path.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._cell:
            self.rows[-1][-1] += data

    @property
    def links(self) -> list[str]:
        """Where it leads to, as seen from the folder of questions."""
        return [(attributes.get("href") or "").removeprefix("../queries/") for tag, attributes in self.elements if tag == "a"]


def page_of(settings: Settings, name: str) -> Page:
    return Page(settings.publication / "queries" / f"{name}.html")


def answer_table(path: Path) -> str:
    """The table that holds the answer, where there is one; pictures have tables of their own."""
    found = re.search(r'<table class="answer">.*?</table>', path.read_text("utf-8"), re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_the_answer_and_leads_to_its_files(name: str, published: Settings) -> None:
    folder = published.publication / "queries"
    rows = len(answer_from_json((folder / f"{name}.json").read_bytes()).rows)
    for page in (folder / f"{name}.html", *(published.publication / tag / "queries" / f"{name}.html" for tag in published.page_languages[1:])):
        assert answer_table(page).count("<tr>") == (min(rows, SHOWN) + 1 if rows else 0)
        targets = {link.rpartition("/")[2] for link in Page(page).links}
        assert {f"{name}.rq", f"{name}.csv", f"{name}.json"} <= targets


def test_the_list_of_questions_leads_to_each(published: Settings) -> None:
    assert {f"{name}.html" for name in NAMES} <= set(page_of(published, "index").links)


def towers(*labels: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("id", "label", "source"), *((f"t{number:05}", label, "page") for number, label in enumerate(labels))])
    return out.getvalue()


@pytest.fixture
def project(make_project: MakeProject) -> Callable[..., Settings]:
    def make(*labels: str) -> Settings:
        settings = make_project({"schakel.toml": SETTINGS, "data/towers.csv": towers(*labels), "queries/towers.rq": HEAD + QUERY})
        outcome = build(settings)
        assert not outcome.blocked, [item.text("en") for item in outcome.findings]
        return settings

    return make


def test_names_are_harmless_in_pages(project: Callable[..., Settings]) -> None:
    settings = project(*LABELS)
    for name in ("towers", "index", "../index", "../kinds/org-Organization"):
        page = page_of(settings, name)
        assert {tag for tag, _ in page.elements}.isdisjoint({"img", "b"})
        assert all(attributes.get("src") or "json" in (attributes.get("type") or "") for tag, attributes in page.elements if tag == "script")
        assert not [attribute for _, attributes in page.elements for attribute in attributes if attribute.startswith("on")]
        assert not [target for target in page.links if ":" in target and not target.startswith(("https://", "http://"))]
    page = page_of(settings, "towers")
    assert [row[0] for row in page.rows[1:]] == LABELS
    assert "Which towers <script>are</script> there?" in page.words
    assert "</pre><script>" in page.words


def test_what_is_named_in_an_answer_leads_to_its_page_and_what_cannot_be_opened_leads_nowhere(project: Callable[..., Settings]) -> None:
    page = page_of(project("A"), "towers")
    assert "../tower/t00000.html" in page.links
    assert page.rows == [["the tower", "its page"], ["A", "javascript:alert(1)"]]


def test_of_an_answer_that_is_too_long_no_part_is_shown_and_the_page_says_so(project: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_queries, "MOST_ROWS", 2)
    monkeypatch.setattr(published_pages, "MOST_ROWS", 2)
    page = page_of(project("A", "B", "C"), "towers")
    assert "too large" in page.words
    assert page.rows == []
    assert not [link for link in page.links if link.endswith((".csv", ".json"))]
    assert "towers.rq" in page.links


def test_of_a_long_answer_the_page_shows_the_beginning_and_says_of_how_much(project: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "_MOST_ROWS", 2)
    settings = project("A", "B", "C")
    page = page_of(settings, "towers")
    assert [row[0] for row in page.rows] == ["the tower", "A", "B"]
    assert "The first 2 of 3 rows" in page.words
    assert len(answer_from_json((settings.publication / "queries" / "towers.json").read_bytes())) == 3


IN_DUTCH = """# category@nl: torens & <i>vuren</i>
# column@nl tower: de toren, waar hij ook staat
# column@nn name: namnet: slik det er
"""


@pytest.fixture
def in_three_languages(make_project: MakeProject) -> Settings:
    head = HEAD.replace("# description", IN_DUTCH + "# description").replace("the tower\n", "the tower <b>itself</b> - wherever it stands\n")
    languages = 'languages = ["en", "nl", "nn"]\n'
    queries = {"queries/towers.rq": head + QUERY, "queries/more.rq": (HEAD + QUERY).replace("Which", "What other")}
    settings = make_project({"schakel.toml": languages + SETTINGS + f"[site]\n{languages}", "data/towers.csv": towers("A"), **queries})
    assert not build(settings).blocked
    return settings


def test_categories_and_columns_are_headed_in_the_language_of_the_page(in_three_languages: Settings) -> None:
    folder = in_three_languages.publication
    index = (folder / "nl" / "queries" / "index.html").read_text("utf-8")
    # One category, whichever of its queries says what it is called.
    assert re.findall(r'<h2 class="category" id="c-\d+">(.*?)</h2>', index) == ["torens &amp; &lt;i&gt;vuren&lt;/i&gt;"]
    heads = {tag: re.findall(r'<th scope="col" title="(\w+)">(.*?)</th>', answer_table(folder / tag / "queries" / "towers.html")) for tag in ("", "nl", "nn")}
    page = {"": "its page", "nl": '<span lang="en">its page</span>', "nn": '<span lang="en">its page</span>'}
    tower = {"": "the tower &lt;b&gt;itself&lt;/b&gt;", "nl": "de toren", "nn": '<span lang="en">the tower &lt;b&gt;itself&lt;/b&gt;</span>'}
    assert heads == {tag: [("tower", tower[tag]), ("page", page[tag])] for tag in heads}


def test_a_page_tells_what_each_column_holds_under_the_name_that_files_have_for_it(in_three_languages: Settings) -> None:
    folder = in_three_languages.publication
    told = (folder / "nl" / "queries" / "towers.html").read_text("utf-8").partition('<details class="columns">')[2].partition("</details>")[0]
    assert re.findall(r"<dt><code>(\w+)</code></dt><dd>(.*?)</dd>", told) == [
        ("tower", "de toren, waar hij ook staat"),
        ("name", '<span lang="en">its name</span>'),
        ("page", '<span lang="en">its page</span>'),
    ]
    assert (folder / "queries" / "towers.csv").read_text("utf-8").splitlines()[0] == "tower,name,page"
    assert answer_from_json((folder / "queries" / "towers.json").read_bytes()).columns == ("tower", "name", "page")
