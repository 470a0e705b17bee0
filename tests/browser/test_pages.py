"""A reader at the site: pages and their languages, sources of facts, pictures, and all of it without scripts."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

ENTITY = "org/mst.html"
NAME = "Medisch Spectrum Twente"
# One page of each kind: what must not fail for any reader.
KEY_PAGES = (
    "index.html",
    "browse.html",
    "search.html?q=mst",
    ENTITY,
    "org/santeon.html",
    "kinds/org-FormalOrganization.html",
    "sources.html",
    "source/mst-about.html",
    "ontology.html",
    "shapes.html",
    "queries/index.html",
    "queries/network.html",
    "queries/goal-tree.html",
    "queries/timeline.html",
    "downloads.html",
    "about.html",
    "report.html",
)
NARROW = (320, 390)


def languages_of(page: "Page") -> list[str]:
    """Tell in which languages a page can be read."""
    return page.locator("nav.languages a").evaluate_all("links => links.map((link) => link.hreflang)")


@pytest.mark.parametrize("path", KEY_PAGES)
def test_a_page_opens_without_an_error(path: str, site: str, page: "Page") -> None:
    response = page.goto(site + path)
    page.wait_for_load_state("networkidle")
    assert response is not None
    assert response.ok
    assert page.locator("h1").inner_text()


@pytest.mark.parametrize("path", KEY_PAGES)
def test_no_page_is_wider_than_a_phone(path: str, site: str, phone: "Page") -> None:
    phone.goto(site + path)
    phone.wait_for_load_state("networkidle")
    for width in NARROW:
        phone.set_viewport_size({"width": width, "height": 800})
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_the_site_works_in_a_folder_of_another_one(site_below: str, page: "Page") -> None:
    page.goto(f"{site_below}index.html")
    page.get_by_role("combobox").last.fill("mst")
    page.get_by_role("option").first.click()
    page.wait_for_url(f"{site_below}{ENTITY}")
    page.locator(".brand").click()
    page.wait_for_url(f"{site_below}index.html")


def test_a_reader_chooses_the_language_and_stays_on_the_page(site: str, page: "Page") -> None:
    page.goto(site + ENTITY)
    assert set(languages_of(page)) >= {"en", "nl", "nn"}
    seen = set()
    for language in languages_of(page):
        page.locator(f"nav.languages a[hreflang={language}]").click()
        page.wait_for_url(re.compile(re.escape(ENTITY)))
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").inner_text() == f"{NAME} MST"
        seen.add(page.locator("nav").first.inner_text())
        page.locator("nav a[href$='browse.html']").first.click()
        page.wait_for_url("**/browse.html")
        assert page.locator("html").get_attribute("lang") == language
        page.go_back()
    assert len(seen) == len(languages_of(page)), "two languages say the same"


@pytest.mark.parametrize("language", ["nl", "nn"])
def test_search_in_another_language_leads_to_pages_of_that_language(language: str, site: str, page: "Page") -> None:
    page.goto(f"{site}{language}/index.html")
    page.get_by_role("combobox").first.fill("medisch spectrum")
    page.get_by_role("option").first.click()
    page.wait_for_url(f"{site}{language}/{ENTITY}")


SEARCHED = {
    "an abbreviation": ("mst", NAME),
    "a typing error": ("medish spectrum", NAME),
    "without accents": ("arienszorgpalet", "Ariënszorgpalet"),
    "the wrong first letter": ("aanteon", "Santeon"),
}


@pytest.mark.parametrize("how", SEARCHED)
def test_the_search_of_the_site_finds(how: str, site: str, page: "Page") -> None:
    text, name = SEARCHED[how]
    page.goto(f"{site}index.html")
    page.get_by_role("combobox").last.fill(text)
    page.get_by_role("option").first.wait_for()
    assert page.locator("[role=option] .search-name").first.inner_text() == name


def test_the_search_page_fills_itself_by_its_address(site: str, page: "Page") -> None:
    page.goto(f"{site}search.html?q=twente")
    page.locator(".search-results li").first.wait_for()
    assert page.locator(".search-results a", has_text=NAME).count() >= 1


def test_the_lines_of_a_network_are_filtered_by_role(site: str, publication: "Path", page: "Page") -> None:
    filtered = [path for path in sorted((publication / "queries").glob("*.html")) if "data-kinds=" in path.read_text("utf-8")]
    assert filtered, "no picture can be filtered"
    page.goto(f"{site}queries/{filtered[0].name}")
    figure = page.locator("figure[data-kinds]").first
    boxes = figure.get_by_role("checkbox")
    before = figure.locator(".edge:not(.is-off) .line:visible").count()
    assert boxes.count() > 1
    assert before
    boxes.first.uncheck()
    assert figure.locator(".picture-scroll .edge:not(.is-off)").count() < figure.locator(".picture-scroll .edge").count()
    assert re.search(r"\d", figure.get_by_role("status").inner_text())
    boxes.first.check()
    assert figure.locator(".picture-scroll .edge.is-off").count() == 0


def test_the_goal_tree_is_folded_by_keyboard(site: str, page: "Page") -> None:
    page.goto(f"{site}queries/goal-tree.html")
    summary = page.locator("figure[data-picture=tree] summary").first
    folded = page.locator("figure[data-picture=tree] details").first
    opened = folded.evaluate("(tree) => tree.open")
    summary.focus()
    for expected in (not opened, opened):
        page.keyboard.press("Enter")
        assert folded.evaluate("(tree) => tree.open") == expected


@pytest.mark.parametrize("path", ["queries/goal-tree.html", "queries/network.html"])
def test_beside_each_picture_stands_a_table(path: str, site: str, page: "Page") -> None:
    page.goto(site + path)
    assert page.locator("main table tbody tr").count() > 3


def test_everything_is_reached_by_the_tabulator(site: str, page: "Page") -> None:
    page.goto(site + ENTITY)
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#main"
    assert page.locator(":focus").is_visible()
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("Tab")
        outline = page.locator(":focus").evaluate("(element) => getComputedStyle(element).outlineStyle + getComputedStyle(element).boxShadow")
        assert outline != "nonenone"


WITHOUT = {
    "index.html": "Medisch Spectrum|Twente",
    ENTITY: "Santeon",
    "queries/network.html": "Santeon",
    "queries/goal-tree.html": "kwaliteit|quality",
    "search.html": "",
}


@pytest.mark.parametrize("path", WITHOUT)
def test_a_page_can_be_read_without_scripts(path: str, site: str, without_javascript: "Page") -> None:
    page = without_javascript
    page.goto(site + path)
    assert re.search(WITHOUT[path], page.locator("main").inner_text())
    assert page.locator("main a[href]:visible").count() > 2


def test_without_scripts_the_search_form_leads_to_lists(site: str, without_javascript: "Page") -> None:
    page = without_javascript
    page.goto(f"{site}index.html")
    page.locator("input[type=search]").first.fill("mst")
    page.locator("input[type=search]").first.press("Enter")
    page.wait_for_url("**/search.html?q=mst")
    page.locator(".search-lists a").first.click()
    page.wait_for_url("**/kinds/*.html")


def test_a_printed_page_has_no_navigation(site: str, page: "Page") -> None:
    page.goto(site + ENTITY)
    page.emulate_media(media="print")
    assert not page.locator("form.search").first.is_visible()
    assert page.locator("h1").is_visible()
