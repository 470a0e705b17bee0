"""The files of a generated project: its tables, the pages that they cite, and the lock that says where in a page a passage stands."""

import csv
import shutil
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

__all__ = ["COLUMNS", "ENGINES", "REPOSITORY", "Faults", "Project"]

REPOSITORY: Final = Path(__file__).resolve().parent.parent

# The tables that are filled, with the columns that they have in the repository.
COLUMNS: Final = {
    "descriptions": ("entity", "text", "language", "source", "passage"),
    "goals": ("id", "project", "parent", "position", "label", "language", "source", "passage"),
    "memberships": ("id", "member", "body", "role", "stated_role", "language", "from", "source", "passage"),
    "names": ("id", "entity", "text", "language", "kind", "is_label", "used_from", "used_until", "source", "passage"),
    "organisations": ("id", "label", "language", "type", "kind", "legal_form", "source", "passage"),
    "parts": ("organisation", "whole", "relation", "source", "passage"),
    "places": ("id", "label", "language", "kind", "source", "passage"),
    "projects": ("id", "label", "language", "start", "develops", "source", "passage"),
    "shareholdings": ("id", "owner", "owned", "share", "stated_role", "language", "source", "passage"),
    "sites": ("id", "organisation", "label", "language", "kind", "place", "post_name", "source", "passage"),
    "sources": ("id", "title", "language", "file", "sha256"),
}
_LOCK: Final = ("source", "passage", "start", "end", "sha256", "page")
# One row in so many cites a passage, the others their source alone.
_ROWS_A_PASSAGE: Final = 100
# A registry cites its pages; that few of its facts have a passage is no fault there. SHACL switches a shape off in this way.
_SHAPES: Final = """# Rows of a registry cite their page, and few of them a passage in it: here that is no fault.

@prefix sh:    <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/schakel/shapes#> .

shape:fact-passage sh:deactivated true .
"""
_SETTINGS: Final = """base = "https://registry.example.org/"
publisher = "Schakel"
version = "1.0.0"
languages = ["en", "nl", "nn", "nb"]

[site]
languages = ["en", "nl", "nn"]

[title]
en = "Invented organisations"
nl = "Verzonnen organisaties"
nb = "Oppdiktede organisasjoner"

[description]
en = "Organisations that do not exist, made to measure with."
nl = "Organisaties die niet bestaan, gemaakt om mee te meten."
nb = "Organisasjoner som ikke finnes, laget til å måle med."

[evidence]
require_passages = false
captures = "pages"
"""
# Engines of reasoning and of validation, by what the option --engines calls them.
ENGINES: Final = {"default": None, "reference": ("owlrl", "pyshacl")}


class Faults:
    """Tells which rows get a fault: a share of all rows, divided among kinds of fault by weight."""

    def __init__(self, share: float) -> None:
        self._share = share
        self.made = {"description": 0, "former-name": 0, "share": 0, "second-chair": 0, "start": 0}
        self._weights = {"description": 0.4, "former-name": 0.2, "share": 0.2, "second-chair": 0.15, "start": 0.05}

    def due(self, kind: str, rows: int) -> bool:
        """Tell whether a row that could have this fault gets it, after so many rows in all."""
        due = rows * self._share * self._weights[kind] >= self.made[kind] + 0.5
        self.made[kind] += due
        return due


class Project:
    """A project being written: row after row, page after page.

    `rows` and `passages` count those written so far.
    """

    def __init__(self, folder: Path, engines: str = "default") -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._tables: dict[str, Any] = {}
        self._lock: Any = None
        self._engines = ENGINES[engines]
        self.rows = 0
        self.passages = 0
        self._source = ""
        self._about = ("", "")
        self._mark = ""
        self._page: list[str] = []
        self._length = 0
        self._spans: list[tuple[str, int, int]] = []

    def __enter__(self) -> Self:
        for name, columns in COLUMNS.items():
            with (REPOSITORY / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                there = tuple(next(csv.reader(file)))
            if there != columns:
                raise SystemExit(f"data/{name}.csv has the columns {', '.join(there)}; bench/project.py knows {', '.join(columns)}")
        self._folder.mkdir(parents=True, exist_ok=True)
        for name in ("data", "ontology", "pages", "shapes"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        for name in ("ontology", "shapes"):
            shutil.copytree(REPOSITORY / name, self._folder / name)
        (self._folder / "data").mkdir()
        (self._folder / "pages").mkdir()
        for name, columns in COLUMNS.items():
            shutil.copyfile(REPOSITORY / "data" / f"{name}.rq", self._folder / "data" / f"{name}.rq")
            self._tables[name] = self._writer(f"{name}.csv", columns)
        self._lock = self._writer("evidence.lock.csv", _LOCK)
        (self._folder / "shapes" / "registry.ttl").write_text(_SHAPES, "utf-8")
        engines = "" if self._engines is None else '\n[inference]\nengine = "{}"\n\n[validation]\nengine = "{}"\n'.format(*self._engines)
        (self._folder / "schakel.toml").write_text(_SETTINGS + engines, "utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _writer(self, file: str, columns: tuple[str, ...]) -> Any:  # noqa: ANN401  # a csv.writer, whose type has no public name
        writer = csv.writer(self._stack.enter_context((self._folder / "data" / file).open("w", encoding="utf-8", newline="")), lineterminator="\n")
        writer.writerow(columns)
        return writer

    def begin_source(self, number: int, title: str, language: str, mark: str) -> None:
        """Begin a page: what follows cites it. `mark` is the word that numbers its paragraphs."""
        self._source, self._about, self._mark = f"register-{number:05}", (title, language), mark
        self._page, self._spans = [title + "\n\n"], []
        self._length = len(self._page[0])

    def end_source(self) -> None:
        """Write the page, its row, and where in it the passages stand."""
        content = "".join(self._page).encode()
        file, digest = f"{self._source}.txt", sha256(content).hexdigest()
        (self._folder / "pages" / file).write_bytes(content)
        self._tables["sources"].writerow((self._source, *self._about, file, digest))
        text = "".join(self._page)
        for passage, start, end in self._spans:
            self._lock.writerow((self._source, passage, start, end, sha256(text[start:end].encode()).hexdigest(), digest))

    def row(self, table: str, about: str, *cells: object) -> None:
        """Write a row: its cells, the page it cites and, for one row in a hundred, the passage there, which is about `about`."""
        self.rows += 1
        passage = "" if self.rows % _ROWS_A_PASSAGE else self._cite(about)
        self._tables[table].writerow((*cells, self._source, passage))

    def _cite(self, about: str) -> str:
        """Write a paragraph into the page; give its first and last words or, for every third, its first words alone."""
        self.passages += 1
        name = f"{self._mark} {len(self._spans) + 1}"
        first, last = f"{name}: {about}", f"({name})"
        paragraph = f"{first}, {self._about[0].lower()} {last}"
        alone = len(self._spans) % 3 == 0
        words = first if alone else f"{first} … {last}"
        self._spans.append((words, self._length, self._length + len(first if alone else paragraph)))
        self._page.append(paragraph + ".\n")
        self._length += len(self._page[-1])
        return words
