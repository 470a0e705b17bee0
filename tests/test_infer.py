"""`schakel infer`, outside any project."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schakel import infer
from schakel.cli import main
from schakel.errors import RdfUnreadableError, UnknownNameError

TERMS = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:keptBy owl:inverseOf :keeps ; rdfs:domain :Tower . :Tower owl:disjointWith :Keeper .
"""
DATA = "@prefix : <https://example.org/> . :brandaris :keptBy :trust ."


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "terms.ttl").write_text(TERMS)
    (tmp_path / "data.ttl").write_text(DATA)
    return str(tmp_path / "data.ttl"), str(tmp_path / "terms.ttl")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["infer", *arguments])


def test_what_follows_is_printed(files: tuple[str, str]) -> None:
    data, terms = files
    result = run(data, "--ontology", terms)
    assert (result.exit_code, result.stdout.count("\n")) == (0, 2)
    assert "<https://example.org/trust> <https://example.org/keeps> <https://example.org/brandaris> .\n" in result.stdout


def test_contradictions_are_named(files: tuple[str, str]) -> None:
    data, terms = files
    Path(data).write_text(f"{DATA} :brandaris a :Keeper .")
    result = run(data, "--ontology", terms, "--format", "json")
    assert result.exit_code == 1
    assert "owl:disjointWith" in result.stderr
    told = json.loads(result.stdout)
    assert told["contradictionCount"] == len(told["contradictions"]) == 1
    assert told["contradictions"][0]["rule"] == "cax-dw"
    assert {each["rule"] for each in told["triples"]} == {"prp-inv1", "prp-dom"}


def test_warnings_are_in_the_language_asked_for(files: tuple[str, str]) -> None:
    data, terms = files
    Path(terms).write_text(f"{TERMS} <x:o> a owl:Ontology ; owl:imports <x:absent> .")
    Path(data).write_text(f"{DATA} :brandaris a :Keeper .")
    for language, warning, clash in (
        ("en", "Warning: x:absent", "Contradiction: "),
        ("nl", "Waarschuwing: x:absent", "Tegenspraak: "),
        ("nn", "Åtvaring: x:absent", "Motseiing: "),
    ):
        told = CliRunner().invoke(main, ["--lang", language, "infer", data, "--ontology", terms]).stderr
        assert warning in told
        assert clash in told


def test_conclusions_are_explained(files: tuple[str, str]) -> None:
    data, terms = files
    lines = run(data, "--ontology", terms, "--explain").stdout.splitlines()
    assert "https://example.org/trust https://example.org/keeps https://example.org/brandaris  [prp-inv1]" in lines
    assert "  https://example.org/brandaris https://example.org/keptBy https://example.org/trust" in lines


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.ttl", '<x:a> <https://example.org/called> "A"@en-GB , """b "@nl" """@NL-be .'),
        ("data.nq", '<x:a> <https://example.org/called> "A"@en-GB <x:g> .\n<x:a> <https://example.org/called> "b \\"@nl\\" "@NL-be .\n'),
        (
            "data.jsonld",
            '{"@id": "x:a", "https://example.org/called": [{"@value": "A", "@language": "en-GB"}, {"@language": "NL-be", "@value": "b \\"@nl\\" "}]}',
        ),
        (
            "data.rdf",
            """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="https://example.org/"><rdf:Description rdf:about="x:a">
            <called xml:lang="en-GB">A</called><called xml:lang='NL-be'>b "@nl" </called></rdf:Description></rdf:RDF>""",
        ),
    ],
)
def test_language_tags_are_as_stated(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    (tmp_path / "terms.owl.ttl").write_text("<https://example.org/called> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <https://example.org/named> .")
    lines = run(str(tmp_path / name), "--ontology", str(tmp_path / "terms.owl.ttl")).stdout.splitlines()
    assert {line.partition("named> ")[2] for line in lines} == {'"A"@en-GB .', '"b \\"@nl\\" "@NL-be .'}


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b>")
    result = run(str(tmp_path / "broken.ttl"))
    assert result.exit_code == 2
    assert "broken.ttl" in result.stderr
    with pytest.raises(RdfUnreadableError):
        infer(tmp_path / "none.ttl")


def test_owlrl_is_a_second_opinion(files: tuple[str, str]) -> None:
    data, terms = files
    assert infer(data, terms, engine="owlrl").triples == infer(data, terms).triples
    with pytest.raises(UnknownNameError):
        infer(data, terms, engine="nemo")
