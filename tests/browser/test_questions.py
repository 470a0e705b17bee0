"""Questions in a browser, as `make publish` leaves them: the form filters the published answer, and the address keeps what was asked."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MST = "https://kg.example.org/org/mst"
NAME = "Medisch Spectrum Twente"
# What the list of questions calls that of partners.
QUESTIONS = {
    "": "With whom does an organisation work together",
    "nl/": "Met wie werkt een organisatie samen",
    "nn/": "Kven samarbeider ein organisasjon med",
}


def part(page: "Page", name: str) -> "Locator":
    return page.locator(f"[data-part={name}]")


def partners_in(publication: Path) -> list[dict[str, str]]:
    with (publication / "queries" / "partners.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["organisation"] == MST]


def filtered(page: "Page") -> int:
    part(page, "files").wait_for()
    return page.locator(".answer tbody tr").count()


@pytest.mark.parametrize("language", QUESTIONS)
@pytest.mark.parametrize("width", ["page", "phone"])
def test_partners_are_saved_as_csv_three_clicks_from_home(request: pytest.FixtureRequest, site: str, publication: Path, language: str, width: str) -> None:
    page: Page = request.getfixturevalue(width)
    page.goto(f"{site}{language}index.html")
    # On a phone the menu is folded; the first page leads there all the same.
    page.locator("a[href$='queries/index.html']").locator("visible=true").first.click()
    page.get_by_role("link", name=QUESTIONS[language]).click()
    field = page.locator("#ask-organisation")
    field.wait_for()
    assert page.evaluate("window.scrollY") == 0
    box = field.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < page.evaluate("window.innerHeight")
    field.fill(NAME)
    field.press("Enter")
    assert filtered(page) > 0
    with page.expect_download() as saved:
        page.locator("[data-format=csv]").click()
    text = Path(saved.value.path()).read_text("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {(row["partner"], row["passage"]) for row in rows} == {(row["partner"], row["passage"]) for row in partners_in(publication)}
    assert {row["organisation"] for row in rows} == {MST}


def test_the_address_keeps_what_was_asked(page: "Page", site: str, publication: Path) -> None:
    address = f"{site}queries/partners.html"
    page.goto(address)
    whole = page.locator(".answer tbody tr").count()
    page.locator("#ask-organisation").fill(NAME)
    part(page, "run").click()
    count = filtered(page)
    assert count == len(partners_in(publication)) < whole
    assert page.url == f"{address}?organisation=org%2Fmst"
    page.reload()
    assert filtered(page) == count
    assert page.locator("#ask-organisation").input_value() == NAME
    page.go_back()
    part(page, "files").wait_for(state="hidden")
    assert page.locator(".answer tbody tr").count() == whole
    assert page.locator("#ask-organisation").input_value() == ""
    page.go_forward()
    assert filtered(page) == count


def test_a_name_that_is_not_suggested_is_found_all_the_same(page: "Page", site: str, publication: Path) -> None:
    with (publication / "queries" / "evidence.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page.goto(f"{site}queries/evidence.html")
    page.locator("#ask-entity").wait_for()
    suggested = set(page.locator("#ask-entity-list option").evaluate_all("options => options.map((each) => each.dataset.value)"))
    called = {
        name: {row["entity"] for row in rows if row["entityName"] == name}
        for name in sorted({row["entityName"] for row in rows if row["entity"] not in suggested})
    }
    name = next(name for name, things in called.items() if len(things) == 1 and name.upper() != name)
    page.locator("#ask-entity").fill(name.upper())
    part(page, "run").click()
    assert filtered(page) == sum(row["entityName"].lower() == name.lower() for row in rows)


def test_recipes_hold_the_values(page: "Page", site: str) -> None:
    page.goto(f"{site}queries/partners.html?organisation=org/mst")
    filtered(page)
    texts = {name: page.locator(f"[data-recipe={name}]").text_content() or "" for name in ("cli", "python", "sparql")}
    assert texts["cli"] == f"schakel query partners organisation={MST}"
    assert f'answer[answer["organisation"] == "{MST}"]' in texts["python"]
    assert f"VALUES (?__organisation_iri) {{ (<{MST}>) }}" in texts["sparql"]


@pytest.mark.parametrize("typed", ["<img src=x onerror=alert(1)>", "javascript:alert(1)", "nowhere"])
def test_of_what_is_not_there_no_row_is_shown_and_nothing_becomes_markup(page: "Page", site: str, typed: str) -> None:
    page.goto(f"{site}queries/partners.html")
    page.locator("#ask-organisation").fill(typed)
    part(page, "run").click()
    part(page, "state").get_by_text("0 rows found.").wait_for()
    assert page.locator(".answer tbody tr, main img").count() == 0


def test_rows_are_cards_on_a_phone(phone: "Page", site: str) -> None:
    phone.goto(f"{site}queries/partners.html?organisation=org/mst")
    filtered(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    cell = phone.locator(".answer tbody td").nth(1)
    assert cell.evaluate("each => [getComputedStyle(each).display, getComputedStyle(each, '::before').content.includes(each.dataset.label)]") == ["block", True]


def test_without_scripts_there_is_the_whole_table_and_its_file(without_javascript: "Page", site: str) -> None:
    without_javascript.goto(f"{site}queries/partners.html")
    assert not without_javascript.locator("[data-ask] form").is_visible()
    assert without_javascript.locator(".answer tbody tr").count() > 1
    assert without_javascript.get_by_role("link", name="CSV").is_visible()
