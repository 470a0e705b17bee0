"""Settings: what is read, which comes first, and what is told when the file is wrong."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from schakel import SchakelError, Settings, Severity, build, read_settings
from schakel.errors import SettingsError
from schakel.settings import CAPTURES_VARIABLE

Write: TypeAlias = Callable[[str], Path]

REQUIRED = {"base": '"https://example.org/"', "publisher": '"Lighthouse Friends"', "title": '{ en = "Lighthouses" }', "description": '{ en = "Lighthouses" }'}


def toml(more: str = "", **values: str) -> str:
    """Give a settings file with all that is required, some of it replaced, and something more."""
    return "".join(f"{name} = {value}\n" for name, value in {**REQUIRED, **values}.items()) + more


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a settings file into an empty project, with no folder of captured pages named in the environment."""
    monkeypatch.delenv(CAPTURES_VARIABLE, raising=False)
    (tmp_path / "data").mkdir()

    def settings_file(text: str) -> Path:
        (tmp_path / "schakel.toml").write_text(text, "utf-8")
        return tmp_path

    return settings_file


def problem_with(root: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(root)
    assert str(caught.value).startswith(f"{root / 'schakel.toml'}: ")
    return caught.value.problem


def test_what_is_required_suffices(write: Write) -> None:
    root = write(toml())
    settings = read_settings(root)
    assert (settings.base, settings.publisher, settings.captures) == ("https://example.org/", "Lighthouse Friends", None)
    assert settings.require_passages
    assert settings.blocks == (Severity.VIOLATION,)
    assert (settings.data, settings.ontology, settings.shapes, settings.publication) == tuple(root / name for name in ("data", "ontology", "shapes", "public"))


def test_every_setting_is_read_from_where_it_stands(write: Write) -> None:
    text = toml(
        """
version = "2.1"
licence = "https://example.org/licence"
languages = ["nb", "nl"]
[evidence]
captures = "pages"
require_passages = false
[inference]
engine = "thinker"
[validation]
engine = "judge"
blocks = ["violation", "warning"]
[publication]
folder = "out/public"
[site]
languages = ["nn", "en"]
address = "https://lights.example/towers/"
stylesheet = "own.css"
logo = "lamp.svg"
"""
    )
    root = write(text)
    assert read_settings(root) == Settings(
        root=root,
        base="https://example.org/",
        publisher="Lighthouse Friends",
        title={"en": "Lighthouses"},
        description={"en": "Lighthouses"},
        version="2.1",
        licence="https://example.org/licence",
        languages=("nb", "nl"),
        captures=root / "pages",
        require_passages=False,
        reasoner="thinker",
        validator="judge",
        blocks=(Severity.VIOLATION, Severity.WARNING),
        folder="out/public",
        page_languages=("nn", "en"),
        address="https://lights.example/towers/",
        stylesheet="own.css",
        logo="lamp.svg",
    )


def test_settings_do_not_change(write: Write) -> None:
    settings = read_settings(write(toml()))
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.base = "https://example.com/"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.title["en"] = "Towers"  # type: ignore[index]


def test_a_missing_file_is_told_with_how_to_name_a_project(tmp_path: Path) -> None:
    assert "--project" in problem_with(tmp_path)


def test_a_project_without_tables_is_told(write: Write) -> None:
    root = write(toml())
    (root / "data").rmdir()
    assert "data/" in problem_with(root)


def test_a_missing_setting_is_told(write: Write) -> None:
    told = problem_with(write(""))
    assert all(f"'{name}' is missing" in told for name in REQUIRED)


@pytest.mark.parametrize(
    ("line", "name", "near"),
    [
        ("lisence = 'x'", "lisence", "licence"),
        ("publishr = 'x'", "publishr", "publisher"),
        ("[evidence]\ncapture = 'pages'", "evidence.capture", "evidence.captures"),
        ("[validation]\nblock = ['warning']", "validation.block", "validation.blocks"),
        ("[inference]\nengin = 'owlrl'", "inference.engin", "inference.engine"),
        ("captures = 'pages'", "captures", "evidence.captures"),
    ],
)
def test_an_unknown_setting_is_told_with_the_nearest_that_there_is(write: Write, line: str, name: str, near: str) -> None:
    assert problem_with(write(toml(line))) == f"there is no setting '{name}'; did you mean '{near}'?"


def test_an_unknown_setting_that_is_near_to_none_is_told_with_all_there_are(write: Write) -> None:
    told = problem_with(write(toml("zzz = 1")))
    assert "there is no setting 'zzz'" in told
    assert "validation.blocks" in told


def test_all_that_is_wrong_is_told_at_once(write: Write) -> None:
    text = toml("languages = 'en'\n[evidence]\nrequire_passages = 'yes'\n[validation]\nblocks = ['error']\n", base="1", publisher='" "', title='"Towers"')
    told = problem_with(write(text.replace("description", "descripton")))
    expected = (
        "'base' is 1, and should be a text",
        "'publisher' is ' ', and should be a text",
        "'title' is 'Towers', and should be texts by language",
        "'languages' is 'en', and should be a list of texts",
        "'evidence.require_passages' is 'yes', and should be true or false",
        "'validation.blocks' is ['error'], and should be a list of violation, warning, info",
        "no setting 'descripton'; did you mean 'description'?",
        "'description' is missing",
    )
    assert all(problem in told for problem in expected)


@pytest.mark.parametrize(
    "base",
    [
        "example.org/",
        "ftp://example.org/",
        "https://example.org",
        "https://exa mple.org/",
        "https://example.org/<b>/",
        "https://example.org/{x}/",
        'https://example.org/\\"/',
        "https:///",
        "https://[/",
        "https://example.org/%zz/",
        "",
    ],
)
def test_a_base_that_is_no_address_to_build_on_is_told(write: Write, base: str) -> None:
    assert "'base' is" in problem_with(write(toml(base=f'"{base}"')))


@pytest.mark.parametrize("line", ["languages = ['no such']", "languages = ['']", "languages = []", "languages = [1]"])
def test_a_language_that_is_none_is_told(write: Write, line: str) -> None:
    assert "'languages' is" in problem_with(write(toml(line)))


@pytest.mark.parametrize("texts", ['{ "no such" = "Towers" }', '{ "" = "Towers" }', '{ en = "" }', "{ en = 1 }", "{ }"])
def test_a_text_in_no_language_or_without_words_is_told(write: Write, texts: str) -> None:
    assert "'title' is" in problem_with(write(toml(title=texts)))


def test_a_licence_that_is_no_address_is_told(write: Write) -> None:
    assert "'licence' is 'CC BY'" in problem_with(write(toml('licence = "CC BY"')))


@pytest.mark.parametrize("folder", ["/tmp/public", "../public", "a/../../public", ".", "", "data", "ontology", "shapes", "report", "data/public"])  # noqa: S108
def test_a_folder_that_is_not_for_publishing_is_told(write: Write, folder: str) -> None:
    assert "'publication.folder' is" in problem_with(write(toml(f'[publication]\nfolder = "{folder}"\n')))


@pytest.mark.parametrize("content", [b"base = ", b"base = 'x'\nbase = 'y'\n", b"\xe9 = 1", b"\0"])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "schakel.toml").write_bytes(content)
    assert "cannot be read" in problem_with(tmp_path)


@pytest.mark.parametrize(("group", "what"), [("inference", "reasoner"), ("validation", "validator")])
def test_an_unknown_engine_is_told_with_those_there_are(write: Write, group: str, what: str) -> None:
    root = write(toml(f'[{group}]\nengine = "nonesuch"\n'))
    with pytest.raises(SchakelError, match=f"No {what} 'nonesuch'"):
        build(read_settings(root))


def test_captures_are_those_of_the_argument_else_of_the_environment_else_of_the_file(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(toml('[evidence]\ncaptures = "from-file"\n'))
    assert read_settings(root).captures == root / "from-file"
    monkeypatch.setenv(CAPTURES_VARIABLE, str(tmp_path / "from-environment"))
    assert read_settings(root).captures == tmp_path / "from-environment"
    assert read_settings(root, captures=tmp_path / "from-argument").captures == tmp_path / "from-argument"


def test_an_empty_variable_names_no_captures(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(toml('[evidence]\ncaptures = "from-file"\n'))
    monkeypatch.setenv(CAPTURES_VARIABLE, "")
    assert read_settings(root).captures == root / "from-file"
