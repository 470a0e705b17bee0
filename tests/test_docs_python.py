"""The Python of the documentation does what it shows: its `>>>` blocks are run by doctest, in a folder that holds the repository's own publication.

The blocks of a page share their names, as in one session, and each page is run once. Blocks whose libraries are not installed are left out.
"""

import doctest
import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from schakel import Settings

REPOSITORY = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(?:python|pycon)\n(>>> .*?)^```$", re.MULTILINE | re.DOTALL)
# What a block calls, and the libraries that it needs.
_NEEDS = {"to_pandas(": ("pandas",), "to_polars(": ("polars", "pyarrow"), "to_arrow(": ("pyarrow",)}
PAGES = sorted(path for path in REPOSITORY.glob("docs/**/*.md") if _BLOCK.search(path.read_text("utf-8")))


def call_in(block: str) -> str:
    """The call for which a block needs a library; empty where it needs none."""
    return next((call for call in _NEEDS if call in block), "")


def run(page: Path) -> dict[str, str]:
    """Run the blocks of a page as one session; for each call that needs libraries, and for all other blocks, say what differs from the page."""
    text = page.read_text("utf-8")
    differences: dict[str, list[str]] = {}
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    for block in _BLOCK.finditer(text):
        call = call_in(block[1])
        if all(find_spec(library) for library in _NEEDS.get(call, ())):
            test = doctest.DocTestParser().get_doctest(block[1], names, page.name, str(page), text.count("\n", 0, block.start(1)))
            runner.run(test, out=differences.setdefault(call, []).append, clear_globs=False)
            names = test.globs
    return {call: "".join(parts) for call, parts in differences.items()}


@pytest.fixture(scope="session")
def differences_in(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict[str, str]]:
    """Run a page next to the publication, where the files that its examples write are in nobody's way."""

    @cache
    def differences(page: Path) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("session")
        (folder / "public").symlink_to(published.publication)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            return run(page)

    return differences


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_python_answers(page: Path, differences_in: Callable[[Path], dict[str, str]]) -> None:
    assert not differences_in(page)[""]


@pytest.mark.parametrize(
    ("page", "call"), [(page, call) for page in PAGES for call in _NEEDS if call in page.read_text("utf-8")], ids=lambda value: getattr(value, "stem", value)
)
def test_a_page_shows_what_data_frames_hold(page: Path, call: str, differences_in: Callable[[Path], dict[str, str]]) -> None:
    for library in _NEEDS[call]:
        pytest.importorskip(library, reason=f"{library} is not installed: run `pip install 'schakel[frames]'`")
    assert not differences_in(page)[call]


def test_a_block_that_shows_something_else_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```pycon\n>>> one = 1\n```\n\nText.\n\n```pycon\n>>> one + 1\n3\n```\n", "utf-8")
    assert "Got:\n    2" in run(page)[""]
