"""The documentation does what it says: its commands are run, its files written, and what it promises to print is compared.

A page is followed by its marks, HTML comments before fenced blocks that a reader does not see:

    <!-- file: path -->         the block is the file
    <!-- append: path -->       the block is put at the end of the file
    <!-- run -->                the block is run by the shell, and succeeds
    <!-- run: exits 1 -->       … its last command ends with this code
    <!-- screen -->             the block is run as in a terminal of 100 columns, and succeeds
    <!-- prints -->             the block is in what the last run printed; a line that is only “…” stands for lines left out, and “… files” for any number of
                                them: a publication has more where the SPARQL editor of its site was made
    <!-- shows: path -->        the block is in the file
    <!-- published: path -->    the block is in that file of the repository's own publication
    <!-- continues: page -->    another page was followed first, in the same folder
    <!-- continues: published -->  the folder holds the repository's own content, public/, which is not to be changed, and the program in .venv/
"""

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from schakel import Settings

REPOSITORY = Path(__file__).parent.parent
_STEP = re.compile(r"^<!-- (file|append|run|screen|prints|shows|published)(?:: ([^\n]*?))? -->\n```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CONTINUES = re.compile(r"^<!-- continues: (\S+) -->$", re.MULTILINE)
PAGES = sorted(path.relative_to(REPOSITORY).as_posix() for path in [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *REPOSITORY.glob("docs/**/*.md")])


@dataclass(frozen=True)
class Step:
    """One marked block: what to do, with what, and the line it begins in."""

    what: str
    detail: str
    text: str
    line: int


def steps(page: Path) -> Iterator[Step]:
    text = page.read_text("utf-8")
    for match in _STEP.finditer(text):
        yield Step(match[1], match[2] or "", match[4], text[: match.start()].count("\n") + 1)


def tidy(text: str) -> str:
    """Text without the blanks that a terminal does not show."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).strip("\n")


def holds(text: str, promised: str) -> bool:
    """Whether the parts of what was promised, between lines that are only “…”, stand in a text in that order."""
    if " … files " in promised:
        text = re.sub(r" [0-9]+ files ", " … files ", text)
    at = 0
    for part in re.split(r"^ *…$", tidy(promised), flags=re.MULTILINE):
        found = text.find(tidy(part), at)
        if found < 0:
            return False
        at = found + len(tidy(part))
    return True


class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.here = Path()
        self.printed = ""
        kept = {name: value for name, value in os.environ.items() if name not in {"SCHAKEL_CAPTURES", "FORCE_COLOR", "TTY_COMPATIBLE"}}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**kept, "PATH": path, "COLUMNS": "100", "LINES": "50", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "TERM": "dumb"}

    def follow(self, page: Path) -> None:
        for step in steps(page):
            self.take(step, f"{page.relative_to(REPOSITORY)}:{step.line}")

    def take(self, step: Step, place: str) -> None:
        if step.what == "file":
            path = self.folder / step.detail
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, "utf-8")
        elif step.what == "append":
            with (self.folder / step.detail).open("a", encoding="utf-8") as file:
                file.write(step.text)
        elif step.what in {"run", "screen"}:
            self.run(step.text, int(step.detail.removeprefix("exits ") or 0), place, on_screen=step.what == "screen")
        elif step.what == "prints":
            assert holds(tidy(self.printed), step.text), f"{place} promises something else than this:\n{self.printed}"
        elif step.what == "shows":
            shown = (self.folder if (self.folder / step.detail).exists() else REPOSITORY) / step.detail
            assert tidy(step.text) in tidy(shown.read_text("utf-8")), f"{place} promises something else than this:\n{shown.read_text('utf-8')}"

    def run(self, commands: str, expected: int, place: str, *, on_screen: bool) -> None:
        """Run the commands in the shell; where a reader went stays where they are."""
        went = self.folder / ".went"
        script = f"trap 'pwd -P > \"{went}\"' EXIT\nset -e\n{commands}"
        run = run_on_screen if on_screen else run_in_pipe
        code, self.printed, errors = run(["/bin/sh", "-c", script], self.folder / self.here, self.environment)
        self.here = Path(went.read_text("utf-8").strip()).relative_to(self.folder.resolve())
        assert code == expected, f"{place} ended with {code}:\n{self.printed}\n{errors}"


def run_in_pipe(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def run_on_screen(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    """Run a command that believes it writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        printed = b""
        try:
            while part := os.read(ours, 1 << 16):
                printed += part
        except OSError:
            pass  # how Linux tells that nobody writes to the terminal any more
        os.close(ours)
    return process.returncode, printed.decode("utf-8", "replace").replace("\r\n", "\n"), ""


@pytest.fixture(scope="session")
def reader_of(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[Path], Reader]:
    """Somebody who has followed a page, and the one that it continues; each page is followed once, and what it left is copied."""
    readers: dict[Path, Reader] = {}

    def read(page: Path) -> Reader:
        if page not in readers:
            before = _CONTINUES.search(page.read_text("utf-8"))
            folder = tmp_path_factory.mktemp("reader")
            reader = Reader(folder)
            if before and before[1] == "published":
                settings: Settings = request.getfixturevalue("published")
                shutil.copytree(settings.root, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("public", ".schakel"))
                (folder / "public").symlink_to(settings.publication)
                (folder / ".venv").symlink_to(sys.prefix)
            elif before:
                earlier = read((page.parent / before[1]).resolve())
                shutil.copytree(earlier.folder, folder, dirs_exist_ok=True)
                reader.here = earlier.here
            reader.follow(page)
            readers[page] = reader
        return readers[page]

    return read


@pytest.mark.parametrize("page", [page for page in PAGES if any(step.what != "published" for step in steps(REPOSITORY / page))])
def test_a_page_can_be_followed(page: str, reader_of: Callable[[Path], Reader]) -> None:
    reader_of(REPOSITORY / page)


@pytest.mark.parametrize("page", [page for page in PAGES if any(step.what == "published" for step in steps(REPOSITORY / page))])
def test_a_page_quotes_what_is_published(page: str, published: Settings) -> None:
    for step in steps(REPOSITORY / page):
        if step.what == "published":
            text = (published.publication / step.detail).read_text("utf-8")
            assert tidy(step.text) in tidy(text), f"{page}:{step.line} quotes {step.detail}, which says:\n{text}"


@pytest.mark.parametrize("page", PAGES)
def test_every_mark_is_understood(page: str) -> None:
    marks = re.findall(r"^<!-- (?!generated|end|continues)[^\n]*-->$", (REPOSITORY / page).read_text("utf-8"), re.MULTILINE)
    assert len(marks) == len(list(steps(REPOSITORY / page)))
