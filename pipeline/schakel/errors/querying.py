"""What keeps a question from being answered."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from schakel.errors.base import SchakelError

__all__ = [
    "AmbiguousNameError",
    "AnswerTooLongError",
    "BadParameterError",
    "Candidate",
    "DerivationsNeededError",
    "EndpointError",
    "GraphUnreadableError",
    "MissingExtraError",
    "MissingParameterError",
    "NotAnIriError",
    "NotInGraphError",
    "NotStatedError",
    "NothingPublishedError",
    "QueryFailedError",
    "QueryTimeoutError",
]


class NothingPublishedError(SchakelError):
    """There is no publication where one was to be asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        if not self.folder.exists() and not (self.folder.parent / "schakel.toml").exists():
            return f"there is no folder {self.folder}"
        return f"{self.folder} holds no publication yet; make one with “schakel build”"


class GraphUnreadableError(SchakelError):
    """A file is no graph that can be asked."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file} cannot be read as a graph: {self.problem}"


class EndpointError(SchakelError):
    """A SPARQL endpoint cannot be reached, or answers with something else than an answer."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(url, problem)
        self.url = url
        self.problem = problem

    def __str__(self) -> str:
        return f"the endpoint {self.url} gives no answer: {self.problem}"


class QueryFailedError(SchakelError):
    """A query is no SPARQL, is not allowed, or fails while it runs."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"the query cannot be answered: {self.problem}"


class QueryTimeoutError(SchakelError):
    """A query takes longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return (
            f"the query was stopped after {self.seconds:g} seconds; ask for less, or allow more: 'seconds' under [queries] in schakel.toml, seconds=… in Python"
        )


class AnswerTooLongError(SchakelError):
    """An answer is longer than it may be; none of it is given, as a part would pass for the whole."""

    def __init__(self, *, rows: int | None = None, bytes: int | None = None) -> None:  # noqa: A002  # the unit is the name
        super().__init__(rows, bytes)
        self.rows = rows
        self.bytes = bytes

    def __str__(self) -> str:
        limit = f"{self.rows:,} rows" if self.rows is not None else f"{self.bytes:,} bytes"
        allow = ", or allow more: 'rows' under [queries] in schakel.toml, rows=… in Python" if self.rows is not None else ""
        more = f"ask for less, with LIMIT or a parameter{allow}"
        return f"the answer has more than {limit}, and is not given in part; {more}"


class MissingParameterError(SchakelError):
    """A canned query was not told what it must know. `missing` holds name, what is wanted in words, and an example from the graph or None."""

    def __init__(self, query: str, missing: Sequence[tuple[str, str, str | None]]) -> None:
        super().__init__(query, missing)
        self.query = query
        self.missing = tuple(missing)

    def __str__(self) -> str:
        wanted = "; ".join(f"{name} ({kind}{f', for example {example}' if example else ''})" for name, kind, example in self.missing)
        name, _, example = self.missing[0]
        asking_all = f"or ask for all with --all (in Python {name}=…, everything=True)"
        return f"the query '{self.query}' must know {wanted}. Say it with --param {name}={shlex.quote(example) if example else '…'}, {asking_all}."


class BadParameterError(SchakelError):
    """A parameter's value is not of its type."""

    def __init__(self, query: str, name: str, found: str, wanted: str, example: str | None = None) -> None:
        super().__init__(query, name, found, wanted, example)
        self.query = query
        self.name = name
        self.found = found
        self.wanted = wanted
        self.example = example

    def __str__(self) -> str:
        example = f", for example {self.example}" if self.example else ""
        return f"the parameter '{self.name}' of the query '{self.query}' is “{self.found}”, and should be: {self.wanted}{example}"


class MissingExtraError(SchakelError):
    """A library that is only needed for this, and that only an extra of the package brings, is not installed."""

    def __init__(self, extra: str, library: str) -> None:
        super().__init__(extra, library)
        self.extra = extra
        self.library = library

    def __str__(self) -> str:
        return f"{self.library} is not installed; install it with: pip install 'schakel[{self.extra}]'"


class Candidate(NamedTuple):
    """A thing that a person may have meant: what to paste, what it is called, and what kind it is."""

    short: str
    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.short}  {self.name}{f' ({self.kind})' if self.kind else ''}".rstrip()


class AmbiguousNameError(SchakelError):
    """What a person typed can mean several things."""

    def __init__(self, typed: str, candidates: Sequence[Candidate]) -> None:
        super().__init__(typed, candidates)
        self.typed = typed
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        lines = "".join(f"\n  {candidate}" for candidate in self.candidates)
        return f"'{self.typed}' can be any of these; give the id of one, which begins its line:{lines}"


class NotInGraphError(SchakelError):
    """The graph has nothing that is what a person typed; `candidates` are the nearest that it has."""

    def __init__(self, typed: str, candidates: Sequence[Candidate]) -> None:
        super().__init__(typed, candidates)
        self.typed = typed
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        lines = "".join(f"\n  {candidate}" for candidate in self.candidates)
        hint = f"Did you mean one of these?{lines}" if lines else "Search for a part of its name, or for a word of its description."
        return f"The graph has nothing that is '{self.typed}'. {hint}"


class NotStatedError(SchakelError):
    """The graph has no such statement; `near` holds statements that it has, each with how it is near."""

    def __init__(self, statement: str, near: Sequence[tuple[str, str]]) -> None:
        super().__init__(statement, near)
        self.statement = statement
        self.near = tuple(near)

    def __str__(self) -> str:
        lines = "".join(f"\n  {statement}  ({how})" for statement, how in self.near)
        hint = f" It says:{lines}" if lines else " “schakel show” tells what it says of a thing."
        return f"The graph does not say: {self.statement}.{hint}"


class DerivationsNeededError(SchakelError):
    """Statements cannot be explained: what is open is no publication, or one whose reasoner did not write down how it found its conclusions."""

    def __init__(self, where: str | Path) -> None:
        super().__init__(where)
        self.where = where

    def __str__(self) -> str:
        return (
            f"{self.where} does not say how conclusions were found; open the folder of a project or a publication with download/derivations.parquet, "
            "which a build writes unless inference.engine is owlrl (schakel --project FOLDER why …, in Python open_graph(FOLDER))"
        )


class NotAnIriError(SchakelError):
    """What a person typed begins as an IRI and cannot be one."""

    def __init__(self, typed: str, problem: str) -> None:
        super().__init__(typed, problem)
        self.typed = typed
        self.problem = problem

    def __str__(self) -> str:
        return f"'{self.typed}' is not an IRI ({self.problem}); copy it whole, or type a name instead"
