"""Colours: the engine's own can be read, and a project's that cannot are named before anything is built."""

from pathlib import Path

import pytest

from schakel import read_settings
from schakel.colours import DARK, LIGHT, PAIRS, contrast, unreadable
from schakel.errors import SettingsError
from schakel.site import Look

TEXT = 'base = "https://example.org/"\npublisher = "P"\ntitle = { en = "T" }\ndescription = { en = "D" }\n'


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_colours_of_the_engine_can_be_read(colours: dict[str, str]) -> None:
    assert list(unreadable(colours)) == []
    assert {name for pair in PAIRS for name in pair[:2]} | {"line"} == set(colours)


def test_contrast_is_that_of_the_specification() -> None:
    assert contrast("#ffffff", "#000000") == contrast("#000000", "#ffffff") == pytest.approx(21)
    # Figures of the examples that WebAIM gives for its checker.
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#808080", "#808080") == pytest.approx(1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path


def test_colours_of_a_project_take_the_place_of_those_they_name(project: Path) -> None:
    (project / "schakel.toml").write_text(f'{TEXT}[site]\nlight = {{ accent = "#7a1f5c" }}\ntypeface = "house.woff2"\n', "utf-8")
    settings = read_settings(project)
    style = Look(settings.light, settings.dark, settings.typeface).stylesheet().decode()
    assert "--accent: #7a1f5c" in style
    assert f"--accent: {DARK['accent']}" in style
    assert f"--ink: {LIGHT['ink']}" in style
    assert 'url("own/house.woff2")' in style


@pytest.mark.parametrize(
    ("colours", "told"),
    [
        ('light = { accent = "#8fd0c8" }', "accent on paper has a contrast of 1."),
        ('dark = { ink = "#333333" }', "ink on paper has a contrast of"),
        ('light = { accent = "teal" }', "colours as in"),
        ('light = { accents = "#000000" }', "colours as in"),
        ('light = "#000000"', "colours as in"),
    ],
)
def test_colours_that_cannot_be_read_or_are_none_are_named(colours: str, told: str, project: Path) -> None:
    (project / "schakel.toml").write_text(f"{TEXT}[site]\n{colours}\n", "utf-8")
    with pytest.raises(SettingsError) as error:
        read_settings(project)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "corrections",
    [
        "mailto:a@example.org?subject={other}",
        "mailto:{thing}@example.org",
        "javascript:alert(1)",
        'https://example.org/?a={thing}"',
        "mailto:a?b={thing.__class__}",
    ],
)
def test_corrections_lead_to_an_address_with_places_that_there_are(corrections: str, project: Path) -> None:
    (project / "schakel.toml").write_text(f"{TEXT}[site]\ncorrections = '{corrections}'\n", "utf-8")
    with pytest.raises(SettingsError, match=r"site\.corrections"):
        read_settings(project)
