"""Search, on a small site of its own: the form of the templates, the scripts, and indexes of invented names."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from schakel.lookup.normalization import fold
from schakel.site import search
from schakel.site.localization import Words
from schakel.site.rendering import Renderer
from schakel.site.search import NameKind, NameText, SearchName, bucket, search_files

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Serve

FOLDING = json.loads((Path(__file__).parent.parent / "site" / "folding.json").read_text("utf-8"))
STATIC = Path(search.__file__).parent / "static"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{path}</title><link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src data:"><link rel="stylesheet" href="static/search.css">
<script type="module" src="static/search.js"></script></head><body><main><h1>{path}</h1>{content}</main></body></html>"""


def named(path: str, label: str, *others: str, language: str | None = "en", short: str | None = None) -> SearchName:
    texts = [NameText(label, language, NameKind.LABEL), *(NameText(other, "en", NameKind.ALTERNATIVE) for other in others)]
    return SearchName(path, (*texts, *([NameText(short, None, NameKind.ABBREVIATION)] if short else [])), {"en": "Lighthouse", "nl": "Vuurtoren"})


FEW = (
    named("tower/brandaris", "Brandaris", "Old tower of Terschelling", language="nl", short="B.R.D."),
    named("tower/brd-museum", "BRD museum"),
    named("tower/sjolas", "Sjølås fyr", language="nb"),
    named("tower/weisse-nadel", "Weiße Nadel", language="de"),
    named("tower/hostile", "<img src=x onerror=alert(1)> & \u202eyletsoh"),
    named("tower/été", "Été"),
    *(named(f"tower/light-{n}", f"Light number {n}") for n in range(30)),
)
MANY = (*FEW, *(named(f"tower/many-{n}", f"Tower Lighthouse {n:05} on the long coast of the invented sea") for n in range(4000)))


def make_site(folder: Path, names: tuple[SearchName, ...]) -> Path:
    shutil.copytree(STATIC, folder / "static", ignore=shutil.ignore_patterns("sparql", "*.map"))
    for path, content in search_files(names, ("en", "nl"), ("en", "nl")):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    values = {"view": SimpleNamespace(to=lambda path: path), "root": "", "language": "en", "_": Words("en")}
    form = Renderer(()).render("search-form.html.j2", values).decode()
    results = '<div class="search-results" data-root="" data-pages="" data-language="en" data-found="Found: %(count)s" data-nothing="Nothing found."'
    (folder / "search.html").write_text(
        PAGE.format(path="search", content=f'{form}{results} data-failed="Failed"><p role="status"></p><ol></ol></div>'), "utf-8"
    )
    for path in ("index", *(name.path for name in FEW)):
        target = folder / f"{path}.html"
        target.parent.mkdir(exist_ok=True)
        target.write_text(
            PAGE.format(path=path, content=form if path == "index" else "").replace('"static/', '"../static/' if "/" in path else '"static/'), "utf-8"
        )
    return folder


@pytest.fixture(scope="module", params=["one file", "shards"])
def address(request: pytest.FixtureRequest, serve: "Serve", tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = make_site(tmp_path_factory.mktemp("search"), FEW if request.param == "one file" else MANY)
    assert (folder / "static" / "search" / "names-0.json").exists() == (request.param == "shards")
    return serve(folder)


def ask(page: "Page", address: str, text: str) -> list[str]:
    """Type a text; give the names of what is suggested."""
    page.goto(address)
    page.get_by_role("combobox").fill(text)
    page.locator(".search-status:not(:empty)").wait_for(state="attached")
    return page.locator("[role=option] .search-name").all_inner_texts()


FOUND = {
    "as it is written": ("Brandaris", "Brandaris"),
    "in capitals": ("BRANDARIS", "Brandaris"),
    "its beginning": ("brand", "Brandaris"),
    "without a stroke and a ring": ("sjolas", "Sjølås fyr"),
    "with an accent too many": ("Brándaris", "Brandaris"),
    "a sharp s as two": ("weisse", "Weiße Nadel"),
    "a letter left out": ("brandris", "Brandaris"),
    "two letters that changed places": ("barndaris", "Brandaris"),
    "a wrong first letter": ("prandaris", "Brandaris"),
    "two wrong letters of a long word": ("terschilleng", "Brandaris"),
    "another name": ("terschelling tower", "Brandaris"),
    "an abbreviation, which goes before a name that begins with it": ("brd", "Brandaris"),
    "a name with signs of HTML": ("onerror", "<img src=x onerror=alert(1)> & \u202eyletsoh"),
}


@pytest.mark.parametrize("how", FOUND)
def test_a_name_is_found_by(how: str, address: str, page: "Page") -> None:
    text, name = FOUND[how]
    assert ask(page, address, text)[0] == name


@pytest.mark.parametrize("text", ["brand xyzzy", "xyzzy", "zzz"])
def test_what_nothing_is_called_finds_nothing_and_says_so(text: str, address: str, page: "Page") -> None:
    assert ask(page, address, text) == []
    assert page.locator(".search [role=status]").inner_text() == "Nothing found."
    assert page.get_by_role("listbox").is_hidden()


def test_the_words_that_fit_are_marked_and_the_name_that_fitted_is_told(address: str, page: "Page") -> None:
    ask(page, address, "terschelling")
    option = page.get_by_role("option").first
    assert option.locator("mark").all_inner_texts() == ["Terschelling"]
    assert option.locator(".search-other").inner_text() == "Old tower of Terschelling"
    assert option.locator(".search-kind").inner_text() == "Lighthouse"
    assert option.locator(".search-name").get_attribute("lang") == "nl"


def test_suggestions_are_gone_through_by_keyboard(address: str, page: "Page") -> None:
    ask(page, address, "light number")
    field = page.get_by_role("combobox")
    assert field.get_attribute("aria-expanded") == "true"
    count = page.get_by_role("option").count()
    assert count == 8
    chosen = []
    for key in ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"]:
        field.press(key)
        chosen.append(field.get_attribute("aria-activedescendant"))
    assert chosen == ["search-suggestions-0", "search-suggestions-1", "search-suggestions-0", None, f"search-suggestions-{count - 1}"]
    assert page.locator("[aria-selected=true]").count() == 1
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "light number"
    field.press("ArrowDown")
    page.get_by_role("listbox").wait_for()


def test_enter_goes_to_the_suggestion_that_is_chosen(address: str, page: "Page") -> None:
    ask(page, address, "ete")
    page.get_by_role("combobox").press("ArrowDown")
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/tower/%C3%A9t%C3%A9.html")
    assert page.locator("h1").inner_text() == "tower/été"


def test_enter_without_a_choice_goes_to_the_search_page(address: str, page: "Page") -> None:
    ask(page, address, "sjølås")
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/search.html?q=*")
    result = page.locator(".search-results li a")
    result.first.wait_for()
    assert result.count() == 1
    assert page.locator(".search-results [role=status]").inner_text() == "Found: 1"
    assert page.get_by_role("combobox").input_value() == "sjølås"
    result.click()
    page.wait_for_url("**/tower/sjolas.html")


def test_nothing_is_loaded_before_the_field_is_used_and_little_after(address: str, page: "Page") -> None:
    loaded: list[int] = []
    page.on("response", lambda response: "static/search/" in response.url and loaded.append(int(response.headers["content-length"])))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert loaded == []
    page.get_by_role("combobox").focus()
    page.get_by_role("combobox").press_sequentially("prandaris", delay=200)
    page.get_by_role("option").first.wait_for()
    assert 0 < sum(loaded) < 400_000


def test_leaving_the_field_closes_the_suggestions(address: str, page: "Page") -> None:
    ask(page, address, "light")
    page.get_by_role("button", name="Find").focus()
    assert page.get_by_role("listbox").is_visible()
    page.locator("h1").click()
    assert page.get_by_role("listbox").is_hidden()


@pytest.fixture
def script(serve: "Serve", page: "Page", tmp_path: Path) -> "Page":
    """A page that has the functions of the scripts, to be asked what they give."""
    page.goto(serve(make_site(tmp_path / "site", FEW)))
    load = "Promise.all(['match', 'index'].map((name) => import(`./static/search-${name}.js`)))"
    page.evaluate(f"async () => {{ window.made = Object.assign({{}}, ...(await {load})); }}")
    return page


def test_the_script_folds_as_the_engine_does(script: "Page") -> None:
    assert script.evaluate("(cases) => cases.map(([text]) => [text, made.fold(text)])", FOLDING) == FOLDING


def test_the_script_folds_any_text_as_the_engine_does(script: "Page") -> None:
    # What has no meaning in the engine's edition of Unicode may have one in the browser's.
    texts = st.lists(st.text(st.characters(exclude_categories=("Cn", "Cs", "Co"))), min_size=20, max_size=40)

    @hypothesis_settings(max_examples=40)
    @given(texts)
    def compare(texts: list[str]) -> None:
        assert script.evaluate("(texts) => texts.map(made.fold)", texts) == [fold(text) for text in texts]

    compare()


def test_the_script_looks_into_the_shard_that_the_engine_wrote(script: "Page") -> None:
    words = ["zorg", "", "^st", "sjølås", "日本語", "𐐨", "one two"]
    for count in (1, 7, 1988):
        assert script.evaluate("([words, count]) => words.map((word) => made.bucket(word, count))", [words, count]) == [bucket(word, count) for word in words]
