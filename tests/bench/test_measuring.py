"""Time, memory, turns and comparisons."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import measure
from compare import compare, statements, worth
from edits import edited
from measure import run as measured
from run import Bench, Program

# Memory is looked at now and then: a program holds it until that has happened.
_HOLD = "import pathlib, time; x = bytearray(b'1') * {megabytes}_000_000\nwhile not pathlib.Path({seen!r}).exists(): time.sleep(0.01)"
_FORK = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
_HUNG_SECONDS = 300


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-c", *arguments]


def test_time_is_that_of_the_whole_program() -> None:
    done = measured(python("import time; time.sleep(0.4)"), limit=_HUNG_SECONDS)
    assert done.code == 0
    assert done.seconds >= 0.4
    assert done.cpu_seconds < done.seconds


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[int], str]:
    """Name a file that is there once so many megabytes were seen."""

    def when(megabytes: int) -> str:
        file, look = tmp_path / "seen", measure.look

        def noting(session: int) -> int:
            found = look(session)
            if found > megabytes * 1_000_000:
                file.touch()
            return found

        monkeypatch.setattr(measure, "look", noting)
        return str(file)

    return when


def test_memory_of_a_program(seen: Callable[[int], str]) -> None:
    assert 150 < measured(python(_HOLD.format(megabytes=150, seen=seen(150))), limit=_HUNG_SECONDS).megabytes < 250


def test_memory_of_what_a_program_starts_counts_too(seen: Callable[[int], str]) -> None:
    both = measured(python(f"x = bytearray(b'1') * 100_000_000; {_FORK}", _HOLD.format(megabytes=100, seen=seen(200))), limit=_HUNG_SECONDS)
    assert 200 < both.megabytes < 300


def test_a_program_that_takes_too_long_is_stopped() -> None:
    assert measured(python("import time; time.sleep(600)"), limit=0.5).code is None


def test_what_a_failing_program_said_is_kept() -> None:
    done = measured(python("raise SystemExit('no graph')"), limit=_HUNG_SECONDS)
    assert done.code == 1
    assert done.told == "no graph"


def test_programs_run_in_turn_and_one_that_failed_not_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    write = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
    bench = Bench(tmp_path, Path("/bin/false"), None, runs=3, limit=_HUNG_SECONDS)
    programs = [
        Program("build", "1k", "a", python(write, str(log), "a")),
        Program("build", "1k", "b", python(f"{write}; raise SystemExit('broken')", str(log), "b")),
        Program("build", "1k", "c", python(write, str(log), "c")),
    ]
    bench.in_turn(programs)
    assert log.read_text("utf-8") == "abcacac"
    assert [len(item.runs) for item in bench.results.measurements] == [3, 0, 3]
    assert bench.results.measurements[1].note == "failed: broken"


def test_an_edit_changes_one_cell_and_is_undone(tmp_path: Path) -> None:
    table = tmp_path / "organisations.csv"
    before = 'id,label,source\na,Één,s\nb,"Twee, drie",s\nc,Vier,s\n'
    table.write_text(before, "utf-8")
    edit = edited(table, "label")
    edit.make()
    assert table.read_text("utf-8") == before.replace('"Twee, drie"', '"Twee, drie Nova"')
    edit.undo()
    assert table.read_text("utf-8") == before


def test_comparison_tells_what_only_one_gave() -> None:
    found = compare([b"a", b"b", b"c"], [b"c", b"d", b"c"])
    assert (found.ours, found.theirs, found.only_ours, found.only_theirs) == (3, 2, 2, 1)
    assert found.examples == ("- a", "- b", "+ d")
    assert not found.same
    assert compare([b"a", b"b"], [b"b", b"a", b"a"]).same


def test_statements_are_compared_by_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text('<http://a.example/s> a <http://a.example/C> ; <http://a.example/p> "é", 5 .', "utf-8")
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    number = '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'
    (tmp_path / "b.nt").write_text(
        f'<http://a.example/s> <http://a.example/p> {number} .\n<http://a.example/s>  <http://a.example/p> "\\u00E9" .\n'
        f"<http://a.example/s> <{kind}> <http://a.example/C> .\n",
        "utf-8",
    )
    assert statements(tmp_path / "a.ttl") == statements(tmp_path / "b.nt")


_A = "<https://kg.example.org/a>"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (f"{_A} <http://www.w3.org/ns/org#memberOf> <https://kg.example.org/b> .", True),
        (f"{_A} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/org#Organization> .", True),
        (f"{_A} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Thing> .", False),
        (f"{_A} <http://www.w3.org/2002/07/owl#sameAs> {_A} .", False),
        (f"{_A} <http://www.w3.org/2002/07/owl#sameAs> <https://kg.example.org/b> .", True),
        (f"{_A} <http://www.w3.org/2000/01/rdf-schema#subClassOf> {_A} .", False),
        (f"{_A} <http://www.w3.org/ns/org#memberOf> _:b .", False),
        ("_:a <http://www.w3.org/ns/org#memberOf> <https://kg.example.org/b> .", False),
        ("<https://kg.example.org/term> <http://www.w3.org/ns/org#memberOf> <https://kg.example.org/b> .", False),
        (f"{_A} <http://www.w3.org/ns/org#stated> {_A} .", False),
    ],
)
def test_of_conclusions_only_those_that_tell_something_are_compared(line: str, *, kept: bool) -> None:
    stated = frozenset({f"{_A} <http://www.w3.org/ns/org#stated> {_A} .".encode()})
    ontology = frozenset({b'<https://kg.example.org/term> <http://www.w3.org/2000/01/rdf-schema#label> "term" .'})
    assert list(worth([line.encode()], stated, ontology=ontology)) == ([line.encode()] if kept else [])
