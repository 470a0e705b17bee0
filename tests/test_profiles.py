"""A publication is held against application profiles: the real one meets them, and for each gap it is said what would fill it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from schakel import Settings, read_settings, validate
from schakel.about import About
from schakel.cli import main
from schakel.errors import SettingsError
from schakel.profiles import judge_profile
from schakel.publish.catalogue import describe_catalogue
from schakel.publish.dumps import Dump

TESTDATA = Path(__file__).parents[2] / "shared" / "testdata"
FILES = [
    "dcat-ap",
    "profiles/dcat-ap-nl/dcat-ap-nl-SHACL.ttl",
    "profiles/dcat-ap-nl/dcat-ap-nl-SHACL-aanbevolen.ttl",
    "profiles/dcat-ap-nl/dcat-ap-nl-SHACL-klassebereik.ttl",
    "profiles/dcat-ap-nl/dcat-ap-nl-SHACL-klassebereik-codelijsten.ttl",
]
# What is recommended, and what the content has no value for: coordinates of countries, dates of releases, a period, an endpoint.
UNFILLED = {"bbox", "centroid", "issued", "modified", "temporal", "accessService"}
SHAPES = """
@prefix org: <http://www.w3.org/ns/org#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
[] a sh:NodeShape ; sh:targetClass org:Organization ;
    sh:property [ sh:path org:classification ; sh:minCount 9 ] , [ sh:path <https://example.org/colour> ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""


def shapes(name: str) -> Path:
    path = TESTDATA / name
    if not path.exists():
        pytest.skip(f"there are no shapes of application profiles in {path}")
    return path


def catalogue(settings: Settings, **stated: object) -> About:
    texts = settings.title, settings.description, settings.publisher, settings.licence, settings.version, settings.languages
    return About(settings.base, *texts, {}, contact=settings.contact, catalogue=replace(settings.catalogue, **stated))  # type: ignore[arg-type]


def written(about: About, folder: Path) -> Path:
    file = folder / "catalog.nt"
    file.write_text("".join(f"{triple} .\n" for triple in describe_catalogue(about, [Dump("graph.ttl", "text/turtle", 1, "00", 1)])))
    return file


@pytest.mark.parametrize("name", FILES)
def test_the_catalogue_meets_the_profiles_of_europe_and_the_netherlands(name: str, published: Settings) -> None:
    gaps = judge_profile(published, [shapes(name)]).gaps
    assert [gap for gap in gaps if gap.blocks] == []
    assert {(gap.result.path or "").strip("<>").replace("#", "/").rpartition("/")[2] for gap in gaps} <= UNFILLED


def test_with_an_endpoint_and_a_period_less_is_missing(published: Settings, tmp_path: Path) -> None:
    about = catalogue(published, endpoint="https://kg.example.org/sparql", start="2005-01-01")
    for name in FILES[1:]:
        assert validate(written(about, tmp_path), shapes(name)).conforms, name
    missing = {(result.path or "").rpartition("/")[2].strip("<>") for result in validate(written(about, tmp_path), shapes("dcat-ap")).results}
    assert "temporal" not in missing


def test_a_catalogue_for_norway_meets_its_profile(published: Settings, tmp_path: Path) -> None:
    folder = shapes("profiles/dcat-ap-no")

    def violations(profile: str) -> int:
        return sum(result.severity.endswith("Violation") for result in validate(written(catalogue(published, profile=profile), tmp_path), folder).results)

    assert violations("dcat-ap") > 0
    assert violations("dcat-ap-no") == 0


def judged(settings: Settings, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--project", str(settings.root), "judge", *arguments])
    return result.exit_code, result.output


def test_each_gap_names_what_would_fill_it(published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "portal.ttl").write_text(SHAPES)
    monkeypatch.setenv("SCHAKEL_PROFILES", str(tmp_path))
    code, output = judged(published, "portal")
    assert code == 1
    assert "portal: 1 gaps in what it demands, 1 in what it recommends." in output
    assert "Fill in the column “kind” of data/classifications.csv." in output
    assert "No setting and no table states this" in output
    code, output = judged(published, "portal", "--json")
    found: list[Mapping[str, Any]] = json.loads(output)["portal"]
    assert [(gap["demanded"], gap["table"], gap["column"]) for gap in found] == [(True, "data/classifications.csv", "kind"), (False, None, None)]
    assert all(gap["count"] > 50 for gap in found)


def test_a_profile_that_is_not_there_is_named_with_those_that_are(published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dcat-ap.ttl").write_text(SHAPES)
    monkeypatch.setenv("SCHAKEL_PROFILES", str(tmp_path))
    code, output = judged(published, "dcatap")
    assert code == 2
    assert "dcat-ap" in output


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ('themes = ["HEALTH"]', "HEAL"),
        ('theme = ["HEAL"]', "did you mean 'themes'?"),
        ('keywords = ["hospital"]', "by language"),
        ('access_rights = "open"', "PUBLIC, RESTRICTED, NON_PUBLIC"),
        ('spatial = ["Netherlands"]', "NLD"),
        ('start = "2024-02-30"', "a date"),
        ("start = 2024-02-01\nend = 2023-01-01", "not after"),
        ('endpoint = "javascript:alert(1)"', "http(s)"),
    ],
)
def test_settings_of_the_catalogue_that_are_wrong_are_explained(stated: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    general = 'base = "https://example.org/"\npublisher = "P"\ntitle = { en = "T" }\ndescription = { en = "D" }\n'
    (tmp_path / "schakel.toml").write_text(f"{general}[catalogue]\n{stated}\n")
    with pytest.raises(SettingsError) as error:
        read_settings(tmp_path)
    assert said in str(error.value)
