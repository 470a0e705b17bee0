"""What had an IRI of its own in an earlier version leads to what it is now, or is a part of now."""

import tomllib
from pathlib import Path

import pytest

from schakel.errors import SettingsError
from schakel.serve.routes.things import moved_to
from schakel.settings import Moved, read_settings

REPOSITORY = Path(__file__).parents[2]
THERE = {"source/log", "org/mst", "org/mst-cleancare", "group/insurers", "project/dms"}
SETTINGS = """
base = "https://example.org/"
title = { en = "T" }
description = { en = "D" }
publisher = "P"
[serve.moved]
'passage/([^/]+)/.+' = "source/{0}"
'goal/([^/]+)' = "project/dms#goal-{0}"
'(?:tie|membership)/([^/]+)' = ["org/{0}", "group/{0}"]
"""


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Moved, ...]:
    (tmp_path / "data").mkdir()
    (tmp_path / "schakel.toml").write_text(SETTINGS)
    return read_settings(tmp_path).serve_moved


@pytest.mark.parametrize(
    ("path", "now"),
    [
        ("/passage/log/3-40", "/source/log"),
        ("/passage/log/3-40.html", "/source/log.html"),
        ("/nl/passage/log/3-40.html", "/nl/source/log.html"),
        ("/goal/share", "/project/dms#goal-share"),
        ("/goal/share.ttl", "/project/dms.ttl#goal-share"),
        ("/tie/mst-cleancare-shares", "/org/mst-cleancare"),
        ("/membership/mst-in-medlon", "/org/mst"),
        ("/membership/insurers-in-roaz", "/group/insurers"),
        ("/membership/nobody-in-roaz", None),
        ("/passage/other/3-40", None),
        ("/org/mst", None),
        ("/passage/log", None),
    ],
)
def test_a_former_path_leads_to_the_thing_that_its_first_words_name(rules: tuple[Moved, ...], path: str, now: str | None) -> None:
    assert moved_to(path, rules, ["en", "nl"], THERE.__contains__) == now


@pytest.mark.parametrize(
    "rule", ["'tie/(' = \"org/x\"", "'tie/(.+)' = \"org/{1}\"", "'tie/(.+)' = \"//far.example/{0}\"", "'tie/(.+)' = \"https://far.example/{0}\"", "'a' = 1"]
)
def test_a_rule_that_leads_nowhere_safe_is_told(tmp_path: Path, rule: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "schakel.toml").write_text(SETTINGS.partition("[serve.moved]")[0] + "[serve.moved]\n" + rule)
    with pytest.raises(SettingsError, match=r"serve\.moved"):
        read_settings(tmp_path)


def test_the_rules_of_the_project_are_used() -> None:
    written = tomllib.loads((REPOSITORY / "schakel.toml").read_text("utf-8"))["serve"]["moved"]
    rules = read_settings(REPOSITORY).serve_moved
    assert len(rules) == len(written)
    assert moved_to("/passage/mst-about/40-69", rules, ["en"], {"source/mst-about"}.__contains__) == "/source/mst-about"
