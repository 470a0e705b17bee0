"""A run that uses what earlier runs kept: the same bytes as one that begins anew, whatever was edited, damaged or left by a crash."""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from schakel import Settings, build, check, read_settings
from schakel.cli import main

INVENTED = Path(__file__).parent.parent / "invented"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def copy_of(tmp_path: Path, name: str = "project") -> Settings:
    shutil.copytree(INVENTED, tmp_path / name, ignore=shutil.ignore_patterns("web", "report", ".schakel"), dirs_exist_ok=True)
    return read_settings(tmp_path / name)


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    return copy_of(tmp_path)


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def an_edit(seed: int, root: Path) -> None:
    """Change a cell, a row, the order of rows, a mapping, a term, a shape or a setting, or damage what was kept."""
    choose = random.Random(seed)  # noqa: S311  # nobody has to be kept from guessing
    table = root / "data" / choose.choice(["ferries.csv", "lights.csv", "ports.csv"])
    head, *rows = table.read_text("utf-8").splitlines()
    match choose.randrange(9):
        case 0:
            at = choose.randrange(len(rows))
            rows.append(rows[at].replace(rows[at].split(",")[0], f"{rows[at].split(',')[0]}-{seed}", 1))
        case 1:
            rows.pop(choose.randrange(len(rows)))
        case 2:
            choose.shuffle(rows)
        case 3:
            edit(table.with_suffix(".rq"), lambda text: f"# {seed}\n{text}")
        case 4:
            edit(
                root / "ontology" / "harbour.ttl", lambda text: f'{text}\n<https://example.org/x{seed}> <http://www.w3.org/2000/01/rdf-schema#label> "x"@en .\n'
            )
        case 5:
            edit(root / "shapes" / "harbour.ttl", lambda text: f"{text}\n# {seed}\n")
        case 6:
            edit(root / "schakel.toml", lambda text: text.replace('publisher = "', 'publisher = "The '))
        case 7:
            kept = sorted(path for path in (root / ".schakel").rglob("*") if path.is_file())
            if kept:
                damaged = choose.choice(kept)
                content = damaged.read_bytes()
                damaged.write_bytes(content[: len(content) // 2] + b"?" + content[len(content) // 2 + 1 :])
        case _:
            shutil.rmtree(root / "web", ignore_errors=True)
    table.write_text("\n".join([head, *rows]) + "\n", "utf-8")


@hypothesis_settings(max_examples=4)
@given(seeds=st.lists(st.integers(0, 10_000), min_size=1, max_size=3))
def test_whatever_is_edited_the_result_is_that_of_a_run_from_the_beginning(tmp_path_factory: pytest.TempPathFactory, seeds: list[int]) -> None:
    settings = copy_of(tmp_path_factory.mktemp("edited"))
    build(settings)
    for seed in seeds:
        an_edit(seed, settings.root)
        settings = read_settings(settings.root)
        outcome = build(settings)
        published, reported = files_of(settings.publication) if settings.publication.exists() else {}, files_of(settings.report)
        anew = build(settings, caching=False)
        assert outcome.findings == anew.findings
        assert reported == files_of(settings.report)
        if not anew.blocked:
            assert published == files_of(settings.publication)


def test_a_run_after_which_nothing_changed_gives_the_same_bytes(project: Settings) -> None:
    first = build(project)
    published, reported = files_of(project.publication), files_of(project.report)
    again = build(project)
    assert (again.findings, again.published) == (first.findings, first.published)
    assert (files_of(project.publication), files_of(project.report)) == (published, reported)


def test_without_the_cache_nothing_is_kept(project: Settings) -> None:
    build(project, caching=False)
    assert files_of(project.cache) == {}


def test_checking_finds_what_building_found(project: Settings) -> None:
    assert check(project).findings == build(project).findings == check(project).findings


@pytest.mark.parametrize("damage", ["a changed byte", "cut off", "emptied", "exchanged"])
def test_what_was_kept_and_is_damaged_is_never_trusted(project: Settings, damage: str) -> None:
    build(project)
    published = files_of(project.publication)
    kept = sorted(path for path in project.cache.rglob("*") if path.is_file())
    assert kept
    contents = [path.read_bytes() for path in kept]
    for path, content, other in zip(kept, contents, [*contents[1:], contents[0]], strict=True):
        changed = {"a changed byte": content[:-1] + bytes([content[-1] ^ 1]), "cut off": content[:-1], "emptied": b"", "exchanged": other}
        path.write_bytes(changed[damage])
    assert not build(project).blocked
    assert files_of(project.publication) == published


def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(project: Settings) -> None:
    build(project)
    published = files_of(project.publication)
    for folder in [each for each in project.cache.iterdir() if each.name != "engine"]:
        shutil.rmtree(folder)
        folder.write_text("a file where the folder should be")
    assert not build(project).blocked
    assert files_of(project.publication) == published


def test_what_a_killed_run_left_is_removed_by_the_next(project: Settings) -> None:
    begin = "import os, sys\nfrom pathlib import Path\nfrom schakel import build, read_settings\nfrom schakel.publish import publication\n"
    dies = "publication.Publication.write = lambda self, path, content: os._exit(9) if path == 'download/SHA256SUMS' else write(self, path, content)\n"
    program = f"{begin}write = publication.Publication.write\n{dies}build(read_settings(Path(sys.argv[1])))"
    assert not build(project).blocked
    before = files_of(project.publication)
    edit(project.data / "ports.csv", lambda text: text.replace("holm,Holm", "holm,Holme"))
    assert subprocess.run([sys.executable, "-c", program, project.root], check=False).returncode == 9
    assert files_of(project.publication) == before
    outcome = build(project)
    assert not outcome.blocked
    assert files_of(project.publication) != before
    left = {path.name for path in project.cache.rglob("*") if path.name.startswith(("dumps", "duckdb"))}
    assert left == set()
    assert {path.name for path in project.root.iterdir() if path.name.startswith(".web")} <= {".web.lock"}


def test_the_cache_holds_one_run_and_clean_removes_it(project: Settings) -> None:
    build(project)
    before = {path.relative_to(project.cache) for path in project.cache.rglob("*") if path.is_file()}
    edit(
        project.data / "lights.csv",
        lambda text: text.rstrip("\n") + "\n" + text.splitlines()[1].replace(text.splitlines()[1].split(",")[0], "new-light", 1) + "\n",
    )
    build(project)
    after = {path.relative_to(project.cache) for path in project.cache.rglob("*") if path.is_file()}
    assert len(after) == len(before)
    assert after != before
    result = CliRunner().invoke(main, ["--project", str(project.root), "clean"])
    assert result.exit_code == 0
    assert not project.cache.exists()
    assert project.publication.is_dir()


def test_only_the_dumps_are_published_where_only_they_are_asked_for(project: Settings) -> None:
    whole = build(project)
    everything = files_of(project.publication)
    result = CliRunner().invoke(main, ["--project", str(project.root), "build", "--dumps-only", "--no-cache"])
    assert result.exit_code == 0, result.output
    dumps = files_of(project.publication)
    assert {name for name in dumps if name.startswith("download/")} == {name for name in everything if name.startswith("download/")}
    assert all(dumps[name] == everything[name] for name in dumps if name.startswith(("download/", "catalog", "void")))
    assert len(dumps) < whole.published
    assert not [name for name in dumps if name.startswith(("queries/", "port/", "light/")) and name != "queries/index.json"]


def test_a_check_that_asks_the_clock_is_asked_each_time(project: Settings) -> None:
    (project.queries / "checks").mkdir(parents=True)
    about = "#+ summary: x\n#+ description: x\n#+ method: GET\n#+ tags:\n#+   - x\n\n"
    head = about + "# title: X\n# severity: info\n# message: {focus} is there.\n# mend: Nothing.\n# column focus: It.\n"
    query = 'SELECT ?focus { ?focus a ?class FILTER(NOW() > "2000-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>) }'
    (project.queries / "checks" / "clock.rq").write_text(f"{head}\n{query}")
    first, second = build(project), build(project)
    assert not first.blocked
    assert first.findings == second.findings
    assert any(item.focus is not None and item.focus.shape.endswith("checks#clock") for item in first.findings)
