"""The Python of the documentation does what it shows: its `>>>` blocks are run by doctest, in a folder where the repository's own content was published.

Blocks of a page share their names, as in one session. A block that needs a library of the extra `frames` is run only where that is installed.
"""

import doctest
import re
from pathlib import Path

import pytest

from schakel import Settings

REPOSITORY = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(?:python|pycon)\n(>>> .*?)^```$", re.MULTILINE | re.DOTALL)
# What a block calls, and the libraries that it takes.
_NEEDS = {"to_pandas(": ("pandas",), "to_polars(": ("polars", "pyarrow"), "to_arrow(": ("pyarrow",)}
PAGES = sorted(path for path in REPOSITORY.glob("docs/**/*.md") if _BLOCK.search(path.read_text("utf-8")))


def blocks(page: Path, call: str | None) -> list[tuple[int, str]]:
    """The blocks of a page that need no library, and those with this call; each with its line."""
    text = page.read_text("utf-8")
    calls = {match: [name for name in _NEEDS if name in match[1]] for match in _BLOCK.finditer(text)}
    return [(text.count("\n", 0, match.start(1)), match[1]) for match, needed in calls.items() if set(needed) <= {call}]


def run(page: Path, call: str | None) -> str:
    """Run blocks as one session; give what doctest has to say of those that do something else than they show."""
    told: list[str] = []
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    for line, text in blocks(page, call):
        test = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), line)
        runner.run(test, out=told.append, clear_globs=False)
        names = test.globs
    return "".join(told)


@pytest.fixture
def _in_project(published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand beside the publication, where files that the examples write are in nobody's way."""
    (tmp_path / "public").symlink_to(published.publication)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_in_project")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_python_answers(page: Path) -> None:
    assert not run(page, None)


@pytest.mark.usefixtures("_in_project")
@pytest.mark.parametrize(("page", "call"), [(page, call) for page in PAGES for call in _NEEDS if blocks(page, call) != blocks(page, None)], ids=str)
def test_a_page_shows_what_data_frames_hold(page: Path, call: str) -> None:
    for library in _NEEDS[call]:
        pytest.importorskip(library, reason=f"{library} is not installed: run `pip install 'schakel[frames]'`")
    assert not run(page, call)


def test_a_block_that_shows_something_else_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```pycon\n>>> one = 1\n```\n\nText.\n\n```pycon\n>>> one + 1\n3\n```\n", "utf-8")
    assert "Got:\n    2" in run(page, None)
