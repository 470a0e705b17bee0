"""The executor of one machine: DuckDB in this process, which spills to a folder of its own where memory does not suffice."""

import fcntl
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, Self

import duckdb
from sqlglot import exp

from schakel.engine.columns import Columns, Row
from schakel.engine.executor import LoadError, Plan

__all__ = ["DuckDB"]

_DIALECT: Final = "duckdb"
_BATCH: Final = 50_000
_PREFIX: Final = "duckdb-"
_SEPARATOR: Final = "\x1f"


class DuckDB:
    """An [`Executor`][schakel.engine.executor.Executor]: tables are those of a database in a temporary folder, which compresses them."""

    def __init__(self, *, memory: str = "1GB", threads: int | None = None, folder: Path | None = None) -> None:
        """Open an empty database in a new folder below `folder`; `memory` is as DuckDB has it: `512MB`, `1GB`.

        Folders of runs that crashed are removed first.
        """
        parent = Path(tempfile.gettempdir()) if folder is None else folder
        parent.mkdir(parents=True, exist_ok=True)
        if folder is not None:
            _remove_abandoned(parent)
        self._folder, lock = _own_folder(parent)
        # Also where nobody closes it: the lock is let go last, as the folder of a run that holds none is removed by others.
        self._remove = weakref.finalize(self, _removed, self._folder, lock)
        self._connection = duckdb.connect(
            self._folder / "engine.db",
            config={
                "memory_limit": memory,
                "temp_directory": str(self._folder / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
                # Nothing in the database outlives the run, so nothing needs to reach the disk at once, or a log that survives a crash.
                "fsync_mode": "NONE",
                **({} if threads is None else {"threads": threads}),
            },
        )
        self._connection.execute("SET checkpoint_threshold = '1TB'; PRAGMA disable_checkpoint_on_shutdown")

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    @property
    def folder(self) -> Path:
        """The folder of this run: what is in it is removed when the run ends or, after a crash, when the next one begins."""
        return self._folder

    def load(self, table: str, columns: Columns, rows: Iterable[Row]) -> None:
        """Make a table of rows from Python."""
        self.create(table, columns)
        several = iter(rows)
        slots = ", ".join(f"unnest(${number}::{kind}[])" for number, kind in enumerate(columns.values(), start=1))
        insert = f"INSERT INTO {_name(table)} SELECT {slots}"  # names and types are the program's own
        while batch := list(islice(several, _BATCH)):
            self._connection.execute(insert, list(map(list, zip(*batch, strict=True))))

    def load_lines(self, table: str, columns: Columns, paths: Sequence[Path]) -> None:
        """Make a table of text files."""
        self.create(table, columns)
        kinds = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in columns.items())
        options = f"delim={_text(_SEPARATOR)}, quote='', escape='', header=false, auto_detect=false, strict_mode=false, nullstr='\x1e', columns={{{kinds}}}"
        for path in paths:
            # S608: a path is quoted as a text, and the rest is the program's own.
            self._connection.execute(f"INSERT INTO {_name(table)} SELECT * FROM read_csv({_text(str(path))}, {options})")  # noqa: S608

    def load_csv(self, table: str, cells: Sequence[str], row: str, path: Path) -> int:
        """Make a table of the records of a CSV file. Nothing is guessed: neither the dialect nor types, comments or a header."""
        kinds = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in cells)
        options = f"auto_detect=false, delim=',', quote='\"', escape='\"', comment='', header=true, strict_mode=true, nullstr='', columns={{{kinds}}}"
        try:
            # Only then are records numbered in the order of the file.
            self._connection.execute("SET preserve_insertion_order = true")
            # S608: a path is quoted as a text, and the rest is the program's own.
            read = f"SELECT (1 + row_number() OVER ())::INTEGER AS {_name(row)}, * FROM read_csv({_text(str(path))}, {options})"  # noqa: S608
            return self._changed(f"CREATE OR REPLACE TABLE {_name(table)} AS {read}")
        except duckdb.Error as error:
            raise LoadError(path, str(error)) from None
        finally:
            self._connection.execute("SET preserve_insertion_order = false")

    def create(self, table: str, columns: Columns) -> None:
        """Make an empty table."""
        described = ", ".join(f"{_name(name)} {kind}" for name, kind in columns.items())
        self._connection.execute(f"CREATE OR REPLACE TABLE {_name(table)} ({described})")

    def run(self, plan: Plan, into: str) -> int:
        """Run a plan into a new table; give its number of rows."""
        return self._changed(f"CREATE OR REPLACE TABLE {_name(into)} AS {_sql(plan)}")

    def append(self, plan: Plan, to: str) -> int:
        """Run a plan and add its rows to a table; give how many."""
        return self._changed(f"INSERT INTO {_name(to)} {_sql(plan)}")

    def fetch(self, plan: Plan) -> Iterator[Row]:
        """Run a plan and give its rows, a batch at a time."""
        # A cursor of its own: what is done meanwhile would end the answer.
        answer = self._connection.cursor().execute(_sql(plan))
        while batch := answer.fetchmany(_BATCH):
            yield from batch

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return self._number(f"SELECT count(*) FROM {_name(table)}")  # noqa: S608  # the name is the program's own

    def exists(self, table: str) -> bool:
        """Tell whether there is a table of this name."""
        return self._number(f"SELECT count(*) FROM duckdb_tables() WHERE table_name = {_text(table)}") > 0  # noqa: S608  # as above

    def drop(self, *tables: str) -> None:
        """Remove tables, where they exist."""
        for table in tables:
            self._connection.execute(f"DROP TABLE IF EXISTS {_name(table)}")

    def write_text(self, plan: Plan, path: Path) -> None:
        """Run a plan of one column of texts in a stated order, and write each text with a line end."""
        options = f"FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER {_text(_SEPARATOR)}"
        self._connection.execute(f"COPY ({_sql(plan)}) TO {_text(str(path))} ({options})")

    def write_parquet(self, plan: Plan, path: Path) -> None:
        """Run a plan in a stated order, and write its rows to a Parquet file."""
        self._connection.execute(f"COPY ({_sql(plan)}) TO {_text(str(path))} (FORMAT parquet, COMPRESSION zstd)")

    def open_parquet(self, table: str, path: Path) -> None:
        """Name a Parquet file as a table whose rows are read where they are asked for."""
        # S608: a path is quoted as a text.
        self._connection.execute(f"CREATE OR REPLACE VIEW {_name(table)} AS SELECT * FROM read_parquet({_text(str(path))})")  # noqa: S608

    def close(self) -> None:
        """Close the database and remove its folder."""
        self._connection.close()
        self._remove()

    def _changed(self, sql: str) -> int:
        return self._number(sql)

    def _number(self, sql: str) -> int:
        answer: Any = self._connection.execute(sql).fetchone()
        return 0 if answer is None else int(answer[0])


def _sql(plan: Plan) -> str:
    # A plan is run once, and so need not be copied first, which takes as long as writing it out.
    return plan.sql(dialect=_DIALECT, copy=False)


@cache
def _name(table: str) -> str:
    return exp.to_identifier(table, quoted=True).sql(dialect=_DIALECT)


def _text(text: str) -> str:
    return exp.Literal.string(text).sql(dialect=_DIALECT)


def _own_folder(parent: Path) -> tuple[Path, IO[bytes]]:
    """Make a folder for this run, and lock it; anew where another run that begins has just taken it for abandoned."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        try:
            return folder, _locked(folder)
        except (BlockingIOError, FileNotFoundError):
            continue


def _removed(folder: Path, lock: IO[bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()


def _locked(folder: Path) -> IO[bytes]:
    lock = (folder / "lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders whose run has ended: those whose lock nobody holds."""
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            lock = _locked(folder)
        except OSError:
            continue
        _removed(folder, lock)
