"""The invented projects: as large and as faulty as asked, the same each time, and such as the pipeline takes."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from generate import generate, main
from project import COLUMNS, REPOSITORY
from schakel.findings import Severity
from schakel.pipeline import check, record_evidence
from schakel.settings import read_settings

LARGE = 3000
_FINDINGS = {
    "description": ("organization-described", Severity.WARNING),
    "former-name": ("name-former-until", Severity.WARNING),
    "second-chair": ("membership-single-leader", Severity.WARNING),
    "share": ("shareholding-share-known", Severity.INFO),
    "start": ("project-start-known", Severity.WARNING),
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    generate(folder, LARGE, seed=1, faults=0.01)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_same_seed_same_bytes(large: Path, tmp_path: Path) -> None:
    generate(tmp_path, LARGE, seed=1, faults=0.01)
    assert contents(tmp_path) == contents(large)


def test_other_seed_other_world(large: Path, tmp_path: Path) -> None:
    generate(tmp_path, LARGE, seed=2, faults=0.01)
    assert contents(tmp_path)["data/organisations.csv"] != contents(large)["data/organisations.csv"]


def test_writing_again_leaves_nothing_of_what_was_there(large: Path, tmp_path: Path) -> None:
    generate(tmp_path, 20, seed=1, faults=0)
    generate(tmp_path, LARGE, seed=1, faults=0.01)
    assert contents(tmp_path) == contents(large)


@pytest.mark.parametrize("folder", ["ontology", "shapes"])
def test_ontology_and_shapes_are_those_of_the_repository(large: Path, folder: str) -> None:
    expected = contents(REPOSITORY / folder)
    assert {name: content for name, content in contents(large / folder).items() if name != "registry.ttl"} == expected


@pytest.mark.parametrize("table", COLUMNS)
def test_tables_have_the_columns_of_the_repository(large: Path, table: str) -> None:
    written, real = ((folder / "data" / f"{table}.csv").read_text("utf-8").partition("\n")[0] for folder in (large, REPOSITORY))
    assert written == real
    assert (large / "data" / f"{table}.rq").read_bytes() == (REPOSITORY / "data" / f"{table}.rq").read_bytes()


@pytest.mark.parametrize("table", COLUMNS)
def test_each_row_is_there_once(large: Path, table: str) -> None:
    owners = ("entity", "member", "owner", "organisation", "project")
    keys = [(*(row.get(owner, "") for owner in owners), row["id"]) if "id" in row else tuple(row.values()) for row in rows(large, table)]
    assert keys
    assert len(keys) == len(set(keys))


def test_every_row_cites_a_source_and_one_in_a_hundred_a_passage(large: Path) -> None:
    sources = {row["id"] for row in rows(large, "sources")}
    cited = [row for table in COLUMNS if table != "sources" for row in rows(large, table)]
    assert {row["source"] for row in cited} == sources
    assert sum(1 for row in cited if row["passage"]) == len(cited) // 100


def test_the_number_of_organisations_is_the_one_asked_for(large: Path) -> None:
    assert sum(1 for _ in rows(large, "organisations")) == LARGE


def test_few_bodies_have_many_members_and_most_have_few(large: Path) -> None:
    members = sorted(Counter(row["body"] for row in rows(large, "memberships")).values())
    assert members[-1] > 100
    assert members[len(members) // 2] <= 4


def test_chains_of_owners_end(large: Path) -> None:
    owners: dict[str, list[str]] = {}
    for row in rows(large, "shareholdings"):
        owners.setdefault(row["owned"], []).append(row["owner"])

    def depth(company: str) -> int:
        return 1 + max(map(depth, owners[company])) if company in owners else 0

    assert max(map(depth, owners)) == 4


def test_names_are_written_in_several_languages_and_with_marks(large: Path) -> None:
    assert {row["language"] for row in rows(large, "organisations")} == {"en", "nb", "nl", "nn"}
    assert sum(1 for row in rows(large, "organisations") if not row["label"].isascii()) > LARGE // 3


def test_goals_form_trees(large: Path) -> None:
    parents = {f"{row['project']}#{row['id']}": row["parent"] for row in rows(large, "goals")}
    projects = {row["id"] for row in rows(large, "projects")}

    def depth(goal: str) -> int:
        return 1 + depth(parents[goal]) if goal else 0

    assert max(map(depth, parents)) == 4
    assert {row["project"] for row in rows(large, "goals") if not row["parent"]} == projects


def test_evidence_finds_every_passage_where_the_lock_says(large: Path) -> None:
    lock = large / "data" / "evidence.lock.csv"
    before = lock.read_bytes()
    outcome = record_evidence(read_settings(large))
    assert not outcome.findings
    assert outcome.passages == before.count(b"\n") - 1 > 50
    assert lock.read_bytes() == before


def test_without_faults_nothing_is_found(tmp_path: Path) -> None:
    generate(tmp_path, 60, seed=1, faults=0)
    outcome = check(read_settings(tmp_path))
    assert not outcome.findings
    assert outcome.statements > 60 * 20


def test_each_fault_is_found_and_blocks_nothing(tmp_path: Path) -> None:
    made = generate(tmp_path, 120, seed=1, faults=0.05)["faults"]
    assert isinstance(made, dict)
    outcome = check(read_settings(tmp_path))
    found = Counter((item.focus.shape.partition("#")[2], item.severity) for item in outcome.findings if item.focus and item.focus.shape)
    assert not outcome.blocked
    # Both members that lead one body are told of.
    assert found == Counter({_FINDINGS[kind]: count * (2 if kind == "second-chair" else 1) for kind, count in made.items() if count})
    assert min(made.values()) > 0


@pytest.mark.parametrize("share", [0.001, 0.01])
def test_as_many_rows_are_faulty_as_asked(tmp_path: Path, share: float) -> None:
    written = generate(tmp_path, LARGE, seed=3, faults=share)
    faults, all_rows = written["faults"], written["rows"]
    assert isinstance(faults, dict)
    assert isinstance(all_rows, int)
    assert sum(faults.values()) == pytest.approx(all_rows * share, abs=len(faults))


@pytest.mark.parametrize(("name", "lines"), [("default", 0), ("reference", 2)])
def test_engines_are_named_where_asked_for(tmp_path: Path, name: str, lines: int) -> None:
    result = CliRunner().invoke(main, [str(tmp_path), "--organisations", "20", "--engines", name])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "schakel.toml").read_text("utf-8").count("engine = ") == lines
    assert read_settings(tmp_path).require_passages is False
