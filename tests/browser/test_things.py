"""A reader at the page of a thing: who it is and with how many it works, and the ways to its words and its data, counted in clicks."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schakel import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import OpenWindow

ENTITY = "org/mst.html"
FOLDERS = {"en": "", "nl": "nl/", "nn": "nn/"}
VIEWPORTS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}

every_way = pytest.mark.parametrize(("language", "width"), [(language, width) for language in FOLDERS for width in VIEWPORTS])


@pytest.fixture
def opened(site: str, open_window: "OpenWindow") -> Callable[[str, str, str], "Page"]:
    """Open a page in a language, as wide as a phone or a desk."""

    def open_page(path: str, language: str, width: str) -> "Page":
        page = open_window(viewport=VIEWPORTS[width], permissions=["clipboard-read", "clipboard-write"])
        page.goto(f"{site}{FOLDERS[language]}{path}")
        page.wait_for_load_state("networkidle")
        return page

    return open_page


def is_in_sight(page: "Page", selector: str) -> bool:
    """Tell whether something is wholly within the window, as long as nobody scrolls."""
    box = page.locator(selector).first.bounding_box()
    height = page.viewport_size["height"] if page.viewport_size else 0
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


@every_way
def test_the_first_screen_says_who_it_is_and_with_how_many_it_works(language: str, width: str, opened: Callable[[str, str, str], "Page"]) -> None:
    page = opened(ENTITY, language, width)
    assert is_in_sight(page, "h1")
    assert is_in_sight(page, "a[href='#ui-works-with']")
    assert re.match(r"\d+ partn", page.locator("a[href='#ui-works-with']").inner_text())
    assert page.locator("header.top").bounding_box()["height"] < 75  # type: ignore[index]  # it is on the page


@every_way
def test_from_a_partner_to_the_sentence_it_was_read_in(language: str, width: str, opened: Callable[[str, str, str], "Page"]) -> None:
    page = opened(ENTITY, language, width)
    santeon = page.locator("#member-of-santeon").locator("xpath=ancestor::li")
    santeon.locator("summary").click()
    quote = santeon.locator("a.quote").first
    words = quote.inner_text().split(" … ")[0]
    quote.click()
    page.wait_for_url(re.compile(rf"/{FOLDERS[language]}source/[^/]+\.html#p-"))
    assert words in page.locator("main").inner_text()


@every_way
def test_partners_are_filtered_by_way_and_by_kind(language: str, width: str, opened: Callable[[str, str, str], "Page"]) -> None:
    page = opened(ENTITY, language, width)
    every = page.locator(".partners > li:visible").count()
    owns = page.locator("[data-chips=ways] [value=owns]")
    owns.click()
    left = page.locator(".partners > li:visible").count()
    assert 0 < left < every
    assert str(left) in owns.inner_text()
    page.locator("[data-chips=ways] [value='']").click()
    kind = page.locator("[data-chips=kind] button").nth(1)
    kind.click()
    left = page.locator(".partners > li:visible").count()
    assert 0 < left < every
    assert str(left) in kind.inner_text()
    page.locator("[data-chips=kind] [value='']").click()
    assert page.locator(".partners > li:visible").count() == every


@every_way
def test_the_jsonld_is_copied_in_three_clicks_and_is_what_embed_prints(
    language: str, width: str, opened: Callable[[str, str, str], "Page"], published: Settings, tmp_path: Path
) -> None:
    page = opened("index.html", language, width)
    page.locator(".ways a.button").first.click()
    page.wait_for_url(f"**/{ENTITY}")
    page.locator("#ui-data > summary").click()
    page.locator("[data-copy]").click()
    page.locator("[data-copied]:not(:empty)").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    schakel = [sys.executable, "-m", "schakel", "--project", str(published.root), "embed"]
    printed = subprocess.run([*schakel, "org/mst", "--lang", language], capture_output=True, text=True, check=True).stdout
    assert copied == printed
    own = tmp_path / "page.html"
    own.write_text(f'<!doctype html><html lang="{language}"><title>MST</title>{copied}</html>', "utf-8")
    done = subprocess.run([*schakel, "--check", str(own), "org/mst"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("width", VIEWPORTS)
def test_a_thing_leads_to_its_partners_as_csv_and_to_the_questions_about_it(width: str, opened: Callable[[str, str, str], "Page"]) -> None:
    page = opened(ENTITY, "en", width)
    assert page.locator("#ui-asked a").count() > 5
    page.locator("#ui-works-with a[href*='partners.html?organisation=']").click()
    page.locator("[data-format=csv]:visible").wait_for()
    assert page.locator("#ask-organisation").input_value() == "Medisch Spectrum Twente"
    assert not page.locator("[data-part=stop]").is_visible()


@every_way
def test_the_address_of_a_folded_place_opens_it(language: str, width: str, opened: Callable[[str, str, str], "Page"]) -> None:
    page = opened(f"{ENTITY}#name-mst", language, width)
    assert page.locator("#name-mst").is_visible()
    assert page.locator("#ui-names").get_attribute("open") is not None


@pytest.mark.parametrize("language", FOLDERS)
def test_the_goals_of_a_project_are_read_on_a_phone(language: str, opened: Callable[[str, str, str], "Page"]) -> None:
    page = opened("project/dms-kristiansund.html", language, "phone")
    first = page.locator(".goals > li > details").first
    assert first.locator("ol li").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWPORTS["phone"]["width"]
    first.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert not first.locator("ol li").first.is_visible()


@pytest.mark.parametrize("language", FOLDERS)
def test_the_menu_of_a_phone_opens_and_leads_on(language: str, opened: Callable[[str, str, str], "Page"]) -> None:
    page = opened(ENTITY, language, "phone")
    assert not page.locator("#ui-menu").is_visible()
    page.locator(".menu-button").click()
    page.locator("#ui-menu a[href$='browse.html']").click()
    page.wait_for_url(f"**/{FOLDERS[language]}browse.html")


def test_a_printed_page_has_what_is_folded_and_nothing_that_is_cut(site: str, page: "Page") -> None:
    page.goto(site + ENTITY)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})
    assert not page.locator("header.top").is_visible()
    quotes = page.locator(".partners details .quote")
    assert quotes.count() > 30
    assert all(box is not None and box["height"] > 0 for box in (quotes.nth(at).bounding_box() for at in range(0, quotes.count(), 10)))
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
