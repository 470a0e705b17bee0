"""Every page of a site: each link and anchor leads somewhere, a parser of the specification takes it, and nothing in it runs by itself."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from schakel import Settings, build, read_settings
from schakel.publish.languages import page_languages

INVENTED = Path(__file__).parent.parent / "invented"
CheckSite = Callable[[Path, str, Sequence[str]], list[str]]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The invented project, with pages in English, Dutch and Norwegian beside its own languages."""
    root = tmp_path_factory.mktemp("links") / "harbour"
    shutil.copytree(INVENTED, root)
    file = root / "schakel.toml"
    file.write_text(file.read_text("utf-8").replace('folder = "site"', 'folder = "public"') + '[site]\nlanguages = ["en", "nl", "nn", "de"]\n', "utf-8")
    settings = read_settings(root, captures=root / "pages")
    assert not build(settings).blocked
    return settings


def test_every_page_of_the_invented_project_is_sound(harbour: Settings, check_site: CheckSite) -> None:
    assert not check_site(harbour.publication, harbour.address or harbour.base, page_languages(harbour))


def test_the_pages_of_the_project_itself_are_sound(published: Settings, check_site: CheckSite) -> None:
    assert not check_site(published.publication, published.address or published.base, page_languages(published))


WRONG = {
    "leads nowhere": '<a href="missing.html">x</a>',
    "leads to no place of the page": '<a href="#missing">x</a>',
    "leads out of the site": '<a href="../x.html">x</a>',
    "leads to where nothing may lead": '<a href="javascript:alert(1)">x</a>',
    "has a script in it": "<script>alert(1)</script>",
    "has style in <p>": '<p style="color: red">x</p>',
    "has onclick on <p>": '<p onclick="alert(1)">x</p>',
    "has 2 of <h1>": "<h1>again</h1>",
    "has the id 'main' twice": '<p id="main">x</p>',
    "refers by for to 'nothing'": '<label for="nothing">x</label>',
    "unexpected-end-tag": "</b>",
}


@pytest.mark.parametrize("problem", WRONG)
def test_what_is_wrong_with_a_page_is_found(problem: str, tmp_path: Path, check_site: CheckSite) -> None:
    head = '<html lang="en"><head><meta charset="utf-8"><title>x</title><link rel="canonical" href="https://example.org/"></head>'
    (tmp_path / "index.html").write_text(f'<!doctype html>{head}<body><main id="main"><h1>x</h1>{WRONG[problem]}</main></body></html>', "utf-8")
    (found,) = check_site(tmp_path, "https://example.org/", ["en"])
    assert problem in found


def test_a_page_with_nothing_wrong_is_not_complained_of(tmp_path: Path, check_site: CheckSite) -> None:
    for name, other, language in (("index.html", "nl/", "en"), ("nl/index.html", "../", "nl")):
        here, there = "https://example.org/", "https://example.org/nl/"
        links = f'<link rel="alternate" hreflang="en" href="{here}"><link rel="alternate" hreflang="nl" href="{there}">'
        head = f'<title>x</title><link rel="canonical" href="{here if language == "en" else there}">{links}'
        body = f'<main><h1 id="a">x</h1><a href="{other}#a">y</a></main>'
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>', "utf-8")
    assert check_site(tmp_path, "https://example.org/", ["en", "nl"]) == []
    assert len(check_site(tmp_path, "https://example.org/", ["en", "nn"])) == 3
