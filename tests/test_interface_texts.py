"""The terminal's own words."""

import re
import tomllib
from collections.abc import Callable, Mapping
from importlib import resources

import pytest

from schakel import Settings, check
from schakel.interface_texts import counted, word

INTERFACE = tomllib.loads(resources.files("schakel").joinpath("interface.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", INTERFACE["words"])
def test_each_has_four_languages_with_the_same_places_to_fill_in(name: str) -> None:
    texts = INTERFACE["words"][name]
    assert set(texts) == {"en", "nl", "nb", "nn"}
    assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in texts.values()}) == 1


def test_a_language_that_is_not_there_is_english_and_a_region_is_its_language() -> None:
    assert word("where", "nl-BE") == "Waar"
    assert word("where", "nn") == "Kvar"
    assert word("where", "fr") == "Where"
    assert counted("warning", 1, "nb") == "1 advarsel"


@pytest.mark.parametrize("file", ["shapes/tower.TTL", "ontology/terms.owl", "data/towers.xls", "data/Keepers.CSV"])
def test_a_file_that_nothing_reads_is_told(file: str, make_project: Callable[[Mapping[str, str | bytes]], Settings]) -> None:
    found = check(make_project({file: "x"})).findings
    assert [str(place) for item in found if item.kind == "unread-file" for place in item.places] == [file]
