"""The folders of runs: each has its own, locked while it runs, and what a crash left is removed by the next."""

import fcntl
import shutil
import tempfile
from pathlib import Path

import pytest

from schakel.engine import DuckDB


def test_a_run_removes_its_folder_and_those_of_runs_that_crashed_but_none_of_a_run_that_goes_on(tmp_path: Path) -> None:
    (tmp_path / "duckdb-crashed").mkdir()
    (tmp_path / "duckdb-crashed" / "engine.db").write_bytes(b"left")
    with DuckDB(threads=1, folder=tmp_path) as first, DuckDB(threads=1, folder=tmp_path) as second:
        assert set(tmp_path.iterdir()) == {first.folder, second.folder}
        (second.folder / "more").write_bytes(b"of this run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["locked", "gone"])
def test_a_folder_that_another_run_takes_for_abandoned_as_it_is_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: str) -> None:
    make, made = tempfile.mkdtemp, []

    def making(**how: object) -> str:
        folder = make(**how)  # type: ignore[call-overload]  # as DuckDB asks for it
        if not made:
            lock = (Path(folder) / "lock").open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            made.append(lock)
            if taken == "gone":
                shutil.rmtree(folder)
        return str(folder)

    monkeypatch.setattr(tempfile, "mkdtemp", making)
    with DuckDB(threads=1, folder=tmp_path) as executor:
        assert executor.folder.is_dir()
    made[0].close()
