"""Settings choose what reasons, what judges, and how much of the machine a build takes; what is published is the same."""

import dataclasses
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from schakel import Settings, build, read_settings
from schakel.errors import UnknownNameError

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]

INVENTED = Path(__file__).parent.parent / "invented"
SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
TOWERS = {"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n"}
FORBIDDEN = """
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
org:Organization owl:disjointWith org:Site .
"""
CONTRADICTION = "<https://example.org/tower/brandaris> a <http://www.w3.org/ns/org#Site> ."


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    shutil.copytree(INVENTED, tmp_path / "project", ignore=shutil.ignore_patterns("web", "report", ".schakel"))
    return read_settings(tmp_path / "project")


def dumps_of(settings: Settings) -> dict[str, bytes]:
    outcome = build(settings, dumps_only=True)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return files_of(settings.publication / "download")


def test_owlrl_and_pyshacl_give_the_same_graph_and_find_the_same(project: Settings) -> None:
    ours, found = dumps_of(project), build(project, dumps_only=True).findings
    others = dataclasses.replace(project, reasoner="owlrl", validator="pyshacl")
    theirs = dumps_of(others)
    # How conclusions follow is kept by our own engine alone.
    assert set(ours) - set(theirs) == {"derivations.parquet"}
    assert [name for name in theirs if ours[name] != theirs[name]] == []
    assert b"inferred" in ours["dataset.nq"]

    def placed(findings: object) -> set[tuple[str, tuple[str, ...]]]:
        assert isinstance(findings, tuple)
        return {(item.kind, tuple(map(str, item.places))) for item in findings}

    assert placed(build(others, dumps_only=True).findings) == placed(found)


@pytest.mark.parametrize("engine", ["schakel", "owlrl"])
def test_a_contradiction_blocks_with_each_reasoner(engine: str, make_project: MakeProject) -> None:
    settings = make_project({**TOWERS, "ontology/o.ttl": FORBIDDEN, "data/more.ttl": CONTRADICTION})
    outcome = build(dataclasses.replace(settings, reasoner=engine))
    assert outcome.blocked
    assert any(item.kind == "inconsistent" and "tower/brandaris" in item.text("en") for item in outcome.findings)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"reasoner": "owlrll"}, "No reasoner 'owlrll'. Did you mean 'owlrl'?"),
        ({"reasoner": "qqq"}, "No reasoner 'qqq'. There are: owlrl, schakel."),
        ({"validator": "pyshacle"}, "No validator 'pyshacle'. Did you mean 'pyshacl'?"),
        ({"validator": "qqq"}, "No validator 'qqq'. There are: pyshacl, schakel."),
    ],
)
def test_an_engine_that_does_not_exist_is_an_error_with_the_nearest_that_does(setting: dict[str, str], told: str, make_project: MakeProject) -> None:
    settings = dataclasses.replace(make_project({}), **setting)  # type: ignore[arg-type]  # texts are what these settings are
    with pytest.raises(UnknownNameError) as raised:
        build(settings)
    assert str(raised.value) == told
    assert not settings.publication.exists()


def test_little_memory_and_one_thread_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "bench")
    from generate import generate  # noqa: PLC0415  # a script of bench/, which only this test asks for

    generate(tmp_path, 2000, seed=3, faults=0.01)
    settings = read_settings(tmp_path)
    build(settings, dumps_only=True)
    plenty = files_of(settings.publication)
    build(dataclasses.replace(settings, memory="128MB", threads=1), dumps_only=True)
    assert [name for name, content in files_of(settings.publication).items() if content != plenty[name]] == []
