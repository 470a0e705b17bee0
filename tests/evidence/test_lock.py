"""The lock: written when every passage is found once, held against the pages and the tables ever after."""

import csv
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import pytest

from schakel import Outcome, Settings, build, check, read_settings, record_evidence
from schakel.evidence import LOCK, Span, locate_passages, lock_text, read_captures, read_lock, read_sources
from schakel.settings import CAPTURES_VARIABLE
from schakel.tables import read_tables

MakeProject: TypeAlias = Callable[[Mapping[str, str | bytes]], Settings]

REPOSITORY = Path(__file__).parents[2]
TOWERS = "data/towers.csv"
HEADER = "id,label,source,passage\n"
CELL = f"{TOWERS}, row 2, column passage"


def told(outcome: Outcome) -> dict[tuple[str, str], str]:
    texts = {(item.kind, "; ".join(map(str, item.places))): item.text("en") for item in outcome.findings}
    assert len(texts) == len(outcome.findings)
    return texts


def towers(*passages: str) -> str:
    return HEADER + "".join(f'tower{number},Tower {number},page,"{passage}"\n' for number, passage in enumerate(passages))


def lock_of(settings: Settings) -> Path:
    return settings.data / LOCK


@pytest.mark.parametrize(
    ("passage", "kind", "words"),
    [
        pytest.param(
            "The tower of Brandariss … on Terschelling",
            "passage-not-found",
            ("“The tower of Brandariss … on Terschelling”", "“The tower of Brandaris”", "letter by letter"),
            id="first words not there",
        ),
        pytest.param(
            "The tower of Brandaris … Terscheling", "passage-not-found", ("nearest there is: “Terschelling", "letter by letter"), id="last words not there"
        ),
        pytest.param(
            "It is kept by the Harbor Trust", "passage-not-found", ("nearest there is: “It is kept by the Harbour Trust",), id="a word spelt otherwise"
        ),
        pytest.param("the tower of Brandaris", "passage-not-found", ("nearest there is: “The tower of Brandaris",), id="a capital"),
        pytest.param("The tower", "passage-ambiguous", ("“The tower” stands 2 times", "Begin the passage earlier"), id="twice"),
        pytest.param("The tower … dusk", "passage-ambiguous", ("stands 2 times",), id="first words twice"),
        pytest.param("The … tower … dusk", "passage-malformed", ("“The … tower … dusk”", "one ellipsis"), id="two ellipses"),
        pytest.param("… Terschelling", "passage-malformed", ("“… Terschelling”",), id="no first words"),
        pytest.param("The tower …", "passage-malformed", ("“The tower …”",), id="no last words"),
        pytest.param("", "passage-missing", ("no passage", "Copy the words"), id="no passage"),
    ],
)
def test_a_passage_that_does_not_name_one_place_is_told_and_no_lock_is_written(
    make_project: MakeProject, passage: str, kind: str, words: tuple[str, ...]
) -> None:
    settings = make_project({TOWERS: towers(passage)})
    outcome = record_evidence(settings)
    found = told(outcome)
    assert set(found) == {(kind, CELL)}
    for word in words:
        assert word in found[kind, CELL]
    assert outcome.blocked
    assert not lock_of(settings).exists()
    assert (kind, CELL) in told(check(settings))


def test_every_passage_that_is_amiss_is_told_in_one_run_and_an_older_lock_stays(make_project: MakeProject) -> None:
    keepers = {"data/keepers.csv": f"{HEADER}jan,Jan,page,nowhere at all\n", "data/keepers.rq": "SELECT * {}"}
    settings = make_project({TOWERS: towers("The tower", "lit at dusk", "a … b … c", "", "nowhere"), **keepers, "data/evidence.lock.csv": "as it was"})
    assert set(told(record_evidence(settings))) == {
        ("passage-ambiguous", CELL),
        ("passage-malformed", f"{TOWERS}, row 4, column passage"),
        ("passage-missing", f"{TOWERS}, row 5, column passage"),
        ("passage-not-found", f"{TOWERS}, row 6, column passage"),
        ("passage-not-found", "data/keepers.csv, row 2, column passage"),
    }
    assert lock_of(settings).read_text("utf-8") == "as it was"


def test_the_lock_holds_where_each_passage_is_in_its_page(make_project: MakeProject) -> None:
    settings = make_project({TOWERS: towers("The tower of Brandaris … on Terschelling", "It is kept by", "It  is kept\nby", "It is kept by")})
    outcome = record_evidence(settings)
    assert (outcome.blocked, outcome.verified) == (False, True)
    page = (settings.root / "pages" / "page.txt").read_text("utf-8")
    with lock_of(settings).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["source"], row["passage"]) for row in rows] == [
        ("page", "The tower of Brandaris … on Terschelling"),
        ("page", "It  is kept\nby"),
        ("page", "It is kept by"),
    ]
    texts = [page[int(row["start"]) : int(row["end"])] for row in rows]
    assert texts == ["The tower of Brandaris\nstands on  Terschelling", "It is kept by", "It is kept by"]
    assert [row["sha256"] for row in rows] == [sha256(text.encode()).hexdigest() for text in texts]


def test_the_lock_is_the_same_however_often_it_is_written_and_in_whatever_order_the_rows_stand(make_project: MakeProject) -> None:
    passages = ["lit at dusk", "The tower of Brandaris", "It is kept by", "Harbour Trust"]
    settings = make_project({TOWERS: towers(*passages)})
    record_evidence(settings)
    first = lock_of(settings).read_bytes()
    written = lock_of(settings).stat().st_mtime_ns
    record_evidence(settings)
    assert lock_of(settings).stat().st_mtime_ns == written
    lock_of(settings).unlink()
    (settings.root / TOWERS).write_text(towers(*reversed(passages)), "utf-8")
    record_evidence(settings)
    assert lock_of(settings).read_bytes() == first


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    passages = ['"a" , b', "a\nb", "a … b", "æ,ø;å", "=1+1"]
    lock = {
        (source, passage): Span(start, start + 3, sha256(passage.encode()).hexdigest(), sha256(source.encode()).hexdigest())
        for source in ("x", "y")
        for start, passage in enumerate(passages)
    }
    path = tmp_path / LOCK
    path.write_bytes(lock_text(lock).encode())
    assert read_lock(path, LOCK) == (lock, [])


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param("The tower of Brandaris … on Terschelling.", id="a full stop more"),
        pytest.param("Brandaris … on Terschelling", id="a beginning moved"),
        pytest.param("It is kept by", id="another passage"),
    ],
)
def test_a_passage_edited_after_locking_is_told(make_project: MakeProject, edited: str) -> None:
    settings = make_project({})
    record_evidence(settings)
    (settings.root / TOWERS).write_text(towers(edited), "utf-8")
    found = told(check(settings))
    assert set(found) == {("passage-not-in-lock", CELL)}
    assert f"“{edited}”" in found["passage-not-in-lock", CELL]
    assert "schakel evidence" in found["passage-not-in-lock", CELL]
    assert build(settings).blocked
    assert not settings.publication.exists()


def test_a_row_added_after_locking_is_told(make_project: MakeProject) -> None:
    settings = make_project({})
    record_evidence(settings)
    with (settings.root / TOWERS).open("a", encoding="utf-8") as table:
        table.write("vuurduin,Vuurduin,page,lit at dusk\n")
    assert set(told(build(settings))) == {("passage-not-in-lock", f"{TOWERS}, row 3, column passage")}


def test_a_row_moved_to_another_source_after_locking_is_told(make_project: MakeProject) -> None:
    settings = make_project({})
    record_evidence(settings)
    with (settings.data / "sources.csv").open("a", encoding="utf-8") as table:
        table.write("other,Another page,en,,\n")
    (settings.root / TOWERS).write_text(f"{HEADER}brandaris,Brandaris,other,The tower of Brandaris … on Terschelling\n", "utf-8")
    assert set(told(build(settings))) == {("passage-not-in-lock", CELL)}


@pytest.mark.parametrize(
    "lock",
    [
        "",
        "x",
        "source,passage\n",
        "source,passage,start,end,sha256\npage,x,1\n",
        "source,passage,start,end,sha256\npage,x,one,two,three\n",
        'source,passage,start,end,sha256\npage,"x,1,2,a\n',
        "source;passage;start;end;sha256\npage;x;1;2;a\n",
        b"\xff\xfe",
    ],
)
def test_a_lock_that_is_not_as_it_was_written_is_told_and_hides_nothing_else(make_project: MakeProject, lock: str | bytes) -> None:
    settings = make_project({"data/evidence.lock.csv": lock, TOWERS: towers("The tower of Brandaris", "") + "vuurduin,Vuurduin,pagina,lit at dusk\n"})
    found = told(check(settings))
    assert set(found) == {
        ("lock-unreadable", "data/evidence.lock.csv"),
        ("passage-missing", f"{TOWERS}, row 3, column passage"),
        ("unknown-source", f"{TOWERS}, row 4, column source"),
    }
    assert "schakel evidence" in found["lock-unreadable", "data/evidence.lock.csv"]


def test_a_lock_that_cannot_be_read_is_written_again(make_project: MakeProject) -> None:
    settings = make_project({"data/evidence.lock.csv": "broken"})
    assert not record_evidence(settings).findings
    assert not check(settings).findings


@pytest.mark.parametrize(("old", "new"), [(",0,", ",4,"), (",46,", ",45,")])
def test_a_lock_with_another_place_than_the_page_is_told(make_project: MakeProject, old: str, new: str) -> None:
    settings = make_project({})
    record_evidence(settings)
    text = lock_of(settings).read_text("utf-8")
    assert old in text
    lock_of(settings).write_text(text.replace(old, new), "utf-8")
    found = told(check(settings))
    assert set(found) == {("lock-outdated", CELL)}
    assert "“The tower of Brandaris … on Terschelling”" in found["lock-outdated", CELL]
    assert "schakel evidence" in found["lock-outdated", CELL]


def test_a_lock_with_another_hash_than_the_page_is_told(make_project: MakeProject) -> None:
    settings = make_project({})
    record_evidence(settings)
    text = lock_of(settings).read_text("utf-8")
    lock_of(settings).write_text(text[:-2] + ("0\n" if text[-2] != "0" else "1\n"), "utf-8")
    assert set(told(check(settings))) == {("lock-outdated", CELL)}


def published_files(settings: Settings) -> dict[str, bytes]:
    return {path.relative_to(settings.publication).as_posix(): path.read_bytes() for path in settings.publication.rglob("*") if path.is_file()}


def test_a_build_gives_the_same_bytes_with_and_without_the_captured_pages(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CAPTURES_VARIABLE, raising=False)
    settings = make_project({})
    record_evidence(settings)
    assert not build(settings).blocked
    with_captures = published_files(settings)
    (settings.root / "pages" / "page.txt").unlink()
    (settings.root / "pages").rmdir()
    without = read_settings(settings.root)
    assert without.captures is None
    assert not build(without).blocked
    assert published_files(without) == with_captures


def test_a_passage_with_a_line_break_is_locked_whatever_line_ends_the_table_has(make_project: MakeProject) -> None:
    settings = make_project({TOWERS: towers("The tower of\nBrandaris").replace("\n", "\r\n")})
    assert not record_evidence(settings).findings
    assert not check(settings).findings


def test_every_passage_of_the_project_is_found_once_in_its_page_and_locked_there(captures: Path) -> None:
    tables, findings = read_tables(REPOSITORY / "data", REPOSITORY)
    sources, problems = read_sources(tables, "data/sources.csv")
    pages, missing = read_captures(sources, captures)
    located, unfound = locate_passages(tables, sources, pages)
    assert [item.text("en") for item in (*findings, *problems, *missing, *unfound)] == []
    assert set(pages) == set(sources)
    cited = {(table.cell(row, "source"), table.cell(row, "passage")) for table in tables if table.name != "sources" for row in table.rows}
    assert cited == set(located)
    assert lock_text(located) == (REPOSITORY / "data" / LOCK).read_text("utf-8")


def test_a_page_that_was_captured_again_makes_the_lock_outdated_without_the_page_too(make_project: MakeProject) -> None:
    settings = make_project({})
    record_evidence(settings)
    sources = settings.data / "sources.csv"
    digest = sources.read_text("utf-8").rstrip("\n").rpartition(",")[2]
    sources.write_text(sources.read_text("utf-8").replace(digest, sha256(b"another page").hexdigest()), "utf-8")
    assert {item.kind for item in build(settings).findings} == {"lock-outdated"}
