"""Pages about the publication: a long list of sources is read page by page, and none is missing."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from schakel import Settings, build
from schakel.site.pages import documents

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
CheckSite = Callable[[Path, str, Sequence[str]], list[str]]
SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en", "nl"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
[site]
languages = ["en", "nl"]
"""


def sources(template: str, count: int) -> str:
    rows = list(csv.reader(io.StringIO(template)))
    out = io.StringIO(newline="")
    title = rows[0].index("title")
    named = [[f"s{number:02}" if at == 0 else f"Source {number:02}" if at == title else cell for at, cell in enumerate(rows[1])] for number in range(count)]
    csv.writer(out).writerows([rows[0], *named])
    return out.getvalue()


@pytest.mark.parametrize(("count", "pages"), [(2, ["sources.html"]), (5, ["sources.html", "more/sources/2.html", "more/sources/3.html"])])
def test_a_long_list_of_sources_goes_on_on_further_pages(
    count: int, pages: list[str], make_project: MakeProject, check_site: CheckSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_SOURCES_ON_A_PAGE", 2)
    template = (make_project({}).root / "data" / "sources.csv").read_text("utf-8")
    towers = "id,label,source\nbrandaris,Brandaris,s00\n"
    settings = make_project({"schakel.toml": SETTINGS, "data/sources.csv": sources(template, count), "data/towers.csv": towers})
    outcome = build(settings)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    assert check_site(settings.publication, settings.base, ("en", "nl")) == []
    for folder in (settings.publication, settings.publication / "nl"):
        told = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in [folder / "sources.html", *sorted(folder.glob("more/sources/*.html"))]}
        assert list(told) == pages
        listed = [re.findall(r'<th scope="row"><a href="[^"]*"[^>]*>([^<]*)</a>', page) for page in told.values()]
        assert [name for names in listed for name in names] == [f"Source {number:02}" for number in range(count)]
        assert all(('<nav class="pager"' in page) == (len(pages) > 1) for page in told.values())
        assert all(page.count('aria-current="page">') - page.count("<li aria-current") >= (len(pages) > 1) for page in told.values())
