"""Fit for everybody, light and quick: what axe-core, html-validate and the browser itself tell of the pages."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import OpenWindow

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
PAGES = (
    "index.html",
    "browse.html",
    "search.html?q=mst",
    "org/mst.html",
    "org/santeon.html",
    "project/dms-kristiansund.html",
    "kinds/org-FormalOrganization.html",
    "sources.html",
    "source/mst-about.html",
    "ontology.html",
    "queries/index.html",
    "queries/network.html",
    "queries/goal-tree.html",
    "queries/timeline.html",
    "queries/members.html",
    "downloads.html",
    "report.html",
)
VIEWPORTS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
GRAVE = {"serious", "critical"}
# Bytes as a host sends them, compressed.
HEAVIEST = 100_000
# What the makers of browsers call good: the largest part is there within 2.5 seconds, and next to nothing moves.
SLOWEST = 2500
MOST_MOVED = 0.1
# Until a page is quiet, what it was seen to be counts as what it is.
VITALS = """() => new Promise((resolve) => {
  const seen = { lcp: 0, cls: 0 };
  const observe = (type, act) => new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true });
  observe("largest-contentful-paint", (paint) => { seen.lcp = paint.startTime; });
  observe("layout-shift", (shift) => { if (!shift.hadRecentInput) seen.cls += shift.value; });
  setTimeout(() => resolve(seen), 500);
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", VIEWPORTS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_grave(path: str, width: str, scheme: str, site: str, open_window: "OpenWindow") -> None:
    # axe-core puts a style of its own into the page, which the page itself would refuse.
    page = open_window(viewport=VIEWPORTS[width], color_scheme=scheme, bypass_csp=True)
    page.goto(site + path)
    page.wait_for_load_state("networkidle")
    assert grave_in(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_suggestions(scheme: str, site: str, open_window: "OpenWindow") -> None:
    page = open_window(color_scheme=scheme, bypass_csp=True)
    page.goto(f"{site}index.html")
    page.get_by_role("combobox").last.fill("twente")
    page.get_by_role("option").first.wait_for()
    page.get_by_role("combobox").last.press("ArrowDown")
    assert grave_in(page) == []


def grave_in(page: "Page") -> list[str]:
    """Tell what axe-core calls serious or critical, with the first places of each."""
    page.evaluate((MODULES / "axe-core" / "axe.min.js").read_text("utf-8") + "; undefined")
    found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return [f"{item['id']}: {item['help']}: {[node['html'][:200] for node in item['nodes'][:3]]}" for item in found if item["impact"] in GRAVE]


def test_the_rules_of_html_are_kept(publication: Path, tmp_path: Path) -> None:
    pages = [publication / path.partition("?")[0] for path in (*PAGES, "404.html", "shapes.html", "about.html")]
    pages += [kind[0] for folder in sorted(publication.iterdir()) if folder.is_dir() and (kind := sorted(folder.glob("*.html")))]
    # html-validate reads its settings from beside the pages or above them.
    shutil.copy(FOLDER / ".htmlvalidate.json", tmp_path / "settings.json")
    program = [shutil.which("node") or "node", MODULES / "html-validate" / "bin" / "html-validate.mjs"]
    # Into a file: what it writes to a pipe is cut off where it ends.
    options = ["--formatter", f"json={tmp_path / 'found.json'}", "--config", tmp_path / "settings.json"]
    done = subprocess.run([*program, *options, *sorted(set(pages))], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert (tmp_path / "found.json").is_file(), done.stderr
    results = json.loads((tmp_path / "found.json").read_text("utf-8"))
    found = {f"{told['ruleId']}: {told['message']}": f"{result['filePath']}:{told['line']}" for result in results for told in result["messages"]}
    assert found == {}


def heaviest(publication: Path) -> str:
    """Name the page of an entity that has most bytes."""
    folders = (folder for folder in publication.iterdir() if folder.name in {"org", "project", "source", "goal"})
    return max((path for folder in folders for path in folder.rglob("*.html")), key=lambda path: path.stat().st_size).relative_to(publication).as_posix()


@pytest.mark.parametrize("which", ["home", "largest"])
def test_a_page_is_light_and_quick(which: str, site: str, publication: Path, page: "Page", capsys: pytest.CaptureFixture[str]) -> None:
    sizes: dict[str, tuple[int, int]] = {}
    page.on("response", lambda response: sizes.update({response.url.removeprefix(site): (len(gzip.compress(response.body())), len(response.body()))}))
    path = "index.html" if which == "home" else heaviest(publication)
    page.goto(site + path)
    page.wait_for_load_state("networkidle")
    vitals = page.evaluate(VITALS)
    weight, whole = (sum(size[part] for name, size in sizes.items() if "static/sparql" not in name) for part in (0, 1))
    with capsys.disabled():
        print(f"\n{path}: {weight:,} bytes compressed, {whole:,} as they are, in {len(sizes)} files, LCP {vitals['lcp']:.0f} ms, CLS {vitals['cls']:.3f}")  # noqa: T201  # figures to be read
    assert weight < HEAVIEST, sizes
    assert vitals["lcp"] < SLOWEST
    assert vitals["cls"] < MOST_MOVED
