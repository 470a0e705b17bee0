"""A run that uses what earlier runs kept: the same bytes as one that begins anew, and no stage done again that need not be."""

import dataclasses
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from schakel import Settings, build, check, mapping, read_settings, validation
from schakel.build import tables
from schakel.cli import main
from schakel.publish import dumps, segments
from schakel.inference import nemo_engine

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


@hypothesis_settings(max_examples=12)
@given(size=st.sampled_from([300, 4_000_000]), seeds=st.lists(st.integers(0, 10_000), min_size=1, max_size=4))
def test_whatever_is_edited_the_result_is_that_of_a_run_from_the_beginning(tmp_path_factory: pytest.TempPathFactory, size: int, seeds: list[int]) -> None:
    settings = copy_of(tmp_path_factory.mktemp("edited"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "_SEGMENT", size)
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


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note each stage that is really run, and each table that is mapped."""
    noted: list[str] = []

    def note(module: object, name: str, say: Callable[..., str]) -> None:
        function = getattr(module, name)

        def noting(*args: object, **more: object) -> object:
            noted.append(say(*args))
            return function(*args, **more)

        monkeypatch.setattr(module, name, noting)

    note(tables, "_map_part", lambda part: f"mapping {part.table.name}")
    note(mapping, "read_construct", lambda _, file, __: f"reading {file}")
    note(nemo_engine, "reason", lambda *_: "reasoning")
    note(validation, "validate", lambda *_: "validating")
    return noted


def test_a_run_after_which_nothing_changed_does_nothing_again(project: Settings, done: list[str]) -> None:
    build(project)
    assert {"mapping ferries", "reading data/ferries.rq", "reasoning", "validating"} <= set(done)
    published = files_of(project.publication)
    done.clear()
    build(project)
    assert done == []
    assert files_of(project.publication) == published


def test_one_changed_row_maps_its_table_alone(project: Settings, done: list[str]) -> None:
    build(project)
    done.clear()
    edit(
        project.data / "lights.csv",
        lambda text: text.rstrip("\n") + "\n" + text.splitlines()[1].replace(text.splitlines()[1].split(",")[0], "new-light", 1) + "\n",
    )
    build(project)
    assert [each for each in done if each.startswith(("mapping", "reading"))] == ["mapping lights"]
    assert "reasoning" in done


def test_a_changed_mapping_is_read_and_run_alone(project: Settings, done: list[str]) -> None:
    build(project)
    done.clear()
    edit(project.data / "lights.rq", lambda text: f"# a remark\n{text}")
    build(project)
    assert done == ["reading data/lights.rq", "mapping lights"], "what it states is the same, so nothing else is done again"


def test_changed_shapes_are_asked_again_and_nothing_else_is_done(project: Settings, done: list[str]) -> None:
    build(project)
    done.clear()
    edit(project.shapes / "harbour.ttl", lambda text: text + "<https://example.org/shapes#idle> a <http://www.w3.org/ns/shacl#NodeShape> .\n")
    build(project)
    assert done == ["validating"]


def test_without_the_cache_all_is_done_and_nothing_kept(project: Settings, done: list[str]) -> None:
    build(project, caching=False)
    assert not project.cache.exists()
    first = list(done)
    done.clear()
    build(project, caching=False)
    assert sorted(done) == sorted(first)


def test_checking_uses_what_building_kept(project: Settings, done: list[str]) -> None:
    outcome = build(project)
    done.clear()
    assert check(project).findings == outcome.findings
    assert done == []


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


def test_asking_for_every_part_to_be_read_back_is_heard_when_parts_were_kept(project: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "_ALL_READ_BACK", 0)
    monkeypatch.setattr(dumps, "_is_one", lambda _, one_in: one_in == 1)
    read_back: list[str] = []
    monkeypatch.setattr(dumps, "_compare", lambda file, *_: read_back.append(file))
    build(project)
    assert read_back == []
    build(dataclasses.replace(project, verify_all=True))
    assert {"graph.ttl", "graph.jsonld", "dataset.trig"} == set(read_back)


def test_a_check_that_asks_the_clock_is_asked_each_time(project: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.queries / "checks").mkdir(parents=True)
    about = "#+ summary: x\n#+ description: x\n#+ method: GET\n#+ tags:\n#+   - x\n\n"
    head = about + "# title: X\n# severity: info\n# message: {focus} is there.\n# mend: Nothing.\n# column focus: It.\n"
    query = 'SELECT ?focus { ?focus a ?class FILTER(NOW() > "2000-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>) }'
    (project.queries / "checks" / "clock.rq").write_text(f"{head}\n{query}")
    asked: list[int] = []
    run_checks = validation.run_checks
    monkeypatch.setattr(validation, "run_checks", lambda *given: asked.append(1) or run_checks(*given))
    assert not build(project).blocked
    assert not build(project).blocked
    assert len(asked) == 2
