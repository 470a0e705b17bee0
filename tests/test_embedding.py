"""`schakel embed`: prints what a page embeds, and tells whether a page is up to date; exit codes, formats and languages."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schakel import Settings, build
from schakel.cli import main
from schakel.structured_data import read_page, script

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
Run = Callable[..., Result]
MST = "https://kg.example.org/org/mst"


@pytest.fixture
def run(published: Settings) -> Run:
    """Run the command on the published graph."""

    def start(*arguments: str | Path, project: Path | None = None) -> Result:
        given = ["--project", str(project or published.root), *map(str, arguments)]
        result = CliRunner().invoke(main, given, env={"COLUMNS": "160", "SCHAKEL_CAPTURES": None})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return start


def printed(result: Result) -> dict[str, Any]:
    """The document that was printed."""
    assert result.exit_code == 0, result.output
    (found,) = read_page(result.stdout).scripts
    assert isinstance(found.document, dict)
    return found.document


def page(text: str, language: str = "nl") -> str:
    return f"<!doctype html>\n<html lang={language}><head><title>x</title>\n{text}\n</head></html>\n"


@pytest.mark.parametrize("typed", ["mst", "org/mst", MST, "Medisch Spectrum Twente"])
def test_a_thing_is_named_as_in_other_commands(typed: str, run: Run) -> None:
    document = printed(run("embed", typed, "--lang", "nl"))
    assert document["@graph"][0]["@id"] == MST
    assert document["@graph"][0]["name"] == "Medisch Spectrum Twente"


def test_the_language_is_the_one_asked_for_else_the_first_of_the_project(run: Run) -> None:
    english, dutch = (printed(run("embed", "mst", *more))["@graph"][0]["description"] for more in ((), ("--lang", "nl")))
    assert english.startswith("One of the largest")
    assert dutch.startswith("Topklinisch")


def test_as_json_it_is_the_document_alone(run: Run) -> None:
    assert json.loads(run("embed", "mst", "--format", "json").stdout) == printed(run("embed", "mst"))


def test_what_was_printed_is_up_to_date_and_what_was_changed_is_not(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "about.html"
    file.write_text(page(run("embed", "mst", "--lang", "nl").stdout))
    good = run("embed", "--check", file)
    assert (good.exit_code, "What it embeds is what the graph says." in good.output) == (0, True)
    file.write_text(file.read_text().replace('"Medisch Spectrum Twente"', r'"Medisch Spectrum\u001b[2JTwente"'))
    changed = run("embed", "--check", file)
    assert changed.exit_code == 1
    assert "The value differs." in changed.output
    assert "\x1b" not in changed.output
    told = json.loads(run("embed", "--check", file, "--format", "json").stdout)
    ((of_page,), (first, *_)) = told["pages"], told["pages"][0]["differences"]
    assert (of_page["entity"], of_page["language"], of_page["upToDate"]) == (MST, "nl", False)
    assert (first["kind"], first["node"], first["property"], first["expected"]) == ("value", MST, "name", ["Medisch Spectrum Twente"])


def test_words_are_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>")
    for language, words in {"en": "The page embeds no JSON-LD.", "nl": "De pagina sluit geen JSON-LD in.", "nb": "Siden bygger ikke inn JSON-LD."}.items():
        result = run("--lang", language, "embed", "--check", tmp_path / "a.html", "mst")
        assert (result.exit_code, words in result.output) == (1, True)


def test_a_page_about_something_else_than_the_thing_that_was_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(run("embed", "santeon", "--lang", "nl").stdout))
    assert run("embed", "--check", tmp_path / "a.html").exit_code == 0
    result = run("embed", "--check", tmp_path / "a.html", "mst")
    assert result.exit_code == 1
    # MST is told of on the page of Santeon, by its name alone.
    assert "A property is missing." in result.output


def test_a_folder_is_checked_page_by_page(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "mst.html").write_text(page(run("embed", "mst", "--lang", "nl").stdout))
    (tmp_path / "deep" / "santeon.HTML").write_text(page(f'<link rel="canonical" href="{MST.replace("mst", "santeon")}.html">'))
    (tmp_path / "news.html").write_text(page(script({"@context": "https://schema.org", "@type": "NewsArticle", "@id": "https://example.org/news"})))
    (tmp_path / "notes.txt").write_text("no page")
    result = run("embed", "--check", tmp_path)
    assert result.exit_code == 1
    assert "Up to date: 1. Different: 1. Passed over, as they are about nothing of the graph: 1." in result.output
    told = json.loads(run("embed", "--check", tmp_path, "--format", "json").stdout)
    assert {Path(each["page"]).name: each["upToDate"] for each in told["pages"]} == {"mst.html": True, "santeon.HTML": False}
    assert told["passedOver"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give ENTITY, or --check with a page"),
        (("nobody-knows-this",), "The graph has nothing that is"),
        (("mst-in-santen",), "Did you mean"),
        (("zorgverzekeraars",), "says nothing of https://kg.example.org/group/zorgverzekeraars"),
        (("--check", "no-such.html"), "there is no such file"),
        (("--check", "http://127.0.0.1:1/"), "the page http://127.0.0.1:1/ cannot be read"),
        (("--check", "file:///etc/passwd"), "there is no such file"),
        (("mst", "--format", "xml"), "Invalid value for '--format'"),
    ],
)
def test_what_could_not_be_done(arguments: tuple[str, ...], words: str, run: Run) -> None:
    result = run("embed", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_folder_without_a_page_of_the_graph(run: Run, tmp_path: Path) -> None:
    result = run("embed", "--check", tmp_path)
    assert result.exit_code == 2
    assert "no page in" in result.stderr


def test_a_project_without_the_query_and_one_with_a_wrong_one(run: Run, make_project: MakeProject) -> None:
    settings = make_project({})
    pages = settings.root / "pages"
    settings = make_project({"schakel.toml": (settings.root / "schakel.toml").read_text() + "\n[evidence]\nrequire_passages = false\n"})
    (settings.data / "towers.csv").write_text("id,label,source\nbrandaris,Brandaris,page\n")
    assert not build(settings).blocked, pages
    without = run("embed", "brandaris", project=settings.root)
    assert (without.exit_code, "has no queries/exports/schema-org.rq" in without.stderr) == (2, True)
    (settings.queries / "exports").mkdir()
    (settings.queries / "exports" / "schema-org.rq").write_text("SELECT * { ?s ?p ?o }")
    wrong = run("embed", "brandaris", project=settings.root)
    assert (wrong.exit_code, "made by a CONSTRUCT" in wrong.stderr) == (2, True)


def test_labels_that_would_end_the_script(run: Run, make_project: MakeProject) -> None:
    files = {
        "schakel.toml": 'base = "https://example.org/"\npublisher = "x"\ntitle = { en = "x" }\ndescription = { en = "x" }\n'
        "[evidence]\nrequire_passages = false\n",
        "data/towers.csv": 'id,label,source\nbrandaris,"</script><script>alert(1)</script>",page\n',
        "queries/exports/schema-org.rq": (
            "PREFIX schema: <http://schema.org/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
            "CONSTRUCT { ?s a schema:Place ; schema:name ?n } WHERE { ?s skos:prefLabel ?n }"
        ),
    }
    settings = make_project(files)
    assert not build(settings).blocked
    result = run("embed", "brandaris", project=settings.root)
    assert len(re.findall("</?script", result.stdout)) == 2
    assert printed(result)["@graph"][0]["name"] == "</script><script>alert(1)</script>"
