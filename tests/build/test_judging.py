"""The query of schema.org is judged once, and again where it or what was kept of it has changed."""

import json
from pathlib import Path

import pytest

from schakel.build import judging
from schakel.build.judging import schema_org_judged_once
from schakel.cache import Cache, NoCache
from schakel.findings import Finding, Place, finding

PLACE = Place("queries/exports/schema-org.rq")
FOUND = [finding("query-makes-blank-nodes", PLACE)]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were judged."""
    texts: list[str] = []

    def judge(text: str, _place: Place) -> list[Finding]:
        texts.append(text)
        return FOUND

    monkeypatch.setattr(judging, "judge_schema_org", judge)
    return texts


def test_the_same_text_is_judged_once_and_another_again(tmp_path: Path, judged: list[str]) -> None:
    for text in ("a", "a", "b", "a"):
        assert schema_org_judged_once(Cache(tmp_path))(text, PLACE) == FOUND
    assert judged == ["a", "b"]


def test_findings_name_the_file_that_was_judged(tmp_path: Path, judged: list[str]) -> None:
    for place in (PLACE, Place("other.rq")):
        schema_org_judged_once(Cache(tmp_path))("a", place)
    assert judged == ["a", "a"]


def test_without_a_cache_or_with_a_damaged_one_it_is_judged_anew(tmp_path: Path, judged: list[str]) -> None:
    judge = schema_org_judged_once(NoCache())
    assert judge("a", PLACE) == judge("a", PLACE) == FOUND
    assert schema_org_judged_once(Cache(tmp_path))("a", PLACE) == FOUND
    (kept,) = (tmp_path / "schema-org-query").iterdir()
    kept.write_bytes(json.dumps([]).encode())
    assert schema_org_judged_once(Cache(tmp_path))("a", PLACE) == FOUND
    assert judged == ["a"] * 4
