"""What a page needs to ask the graph itself: suggestions, a query cut where values go, and the bundle that is there or not."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from schakel.about import About
from schakel.answers import Answer
from schakel.findings import Place
from schakel.lookup import Context
from schakel.queries import CannedQuery, canned_query, with_values
from schakel.site import bundle
from schakel.site.frame import Frame, View
from schakel.site.query_form import MOST_SUGGESTIONS, SECONDS, Suggestion, ask_settings, editor_settings, examples, suggestions_for
from schakel.site.vocabulary import Terms

BASE = "https://example.org/"
HEAD = """#+ summary: Who keeps which tower?
#+ description: Keepers and their towers.
#+ method: GET

# title: Who keeps which tower?
# title@nl: Wie beheert welke toren?
# category: towers
# description: Keepers and their towers.
# parameter tower: the tower
# parameter since: the day
# column tower: the tower
# column towerName: its name

"""
QUERY = (
    HEAD
    + """SELECT (?_tower_iri AS ?tower) ?towerName
WHERE {
  BIND(COALESCE(?__lang, "") AS ?languages)
  ?_tower_iri <https://example.org/name> ?towerName ; <https://example.org/since> ?_since_date .
}
"""
)


@pytest.fixture(scope="module")
def query() -> CannedQuery:
    query, problems = canned_query("towers", QUERY, Place("queries/towers.rq"))
    assert not problems
    assert query is not None
    return query


def view(language: str = "en", path: str = "queries/towers.html") -> View:
    about = About(BASE, {"en": "Towers"}, {}, "Friends", "https://example.org/licence", "1", ("nl", "en"), {"sk": "https://w3id.org/schakel/ns#"})
    context = Context(BASE, about.prefixes, about.languages)
    return View(Frame(about, ("en", "nl"), BASE, context, cast("Terms", SimpleNamespace(anchors={}))), language, path, {})


def answer(*rows: tuple[str, str | None]) -> Answer:
    return Answer(("tower", "towerName"), tuple((NamedNode(BASE + local), None if name is None else Literal(name, language="en")) for local, name in rows))


def test_what_the_answer_has_is_suggested_by_its_name(query: CannedQuery) -> None:
    found = suggestions_for(view(), query, answer(("tower/b", "Brandaris"), ("tower/a", "Andijk"), ("tower/b", "Brandaris")))
    assert found.keys() == {"tower"}
    assert found["tower"].values == (Suggestion(f"{BASE}tower/a", "Andijk"), Suggestion(f"{BASE}tower/b", "Brandaris"))
    assert found["tower"].complete


def test_things_with_one_name_are_told_apart(query: CannedQuery) -> None:
    found = suggestions_for(view(), query, answer(("tower/b", "Old Light"), ("tower/a", "old light"), ("tower/c", None)))
    assert [each.label for each in found["tower"].values] == ["old light (tower/a)", "Old Light (tower/b)", "tower/c"]


def test_of_many_those_in_most_rows_are_suggested(query: CannedQuery) -> None:
    rows = [(f"tower/{number:04}", f"Tower {number}") for number in range(MOST_SUGGESTIONS + 1)]
    found = suggestions_for(view(), query, answer(*rows, *rows[1:]))["tower"]
    assert not found.complete
    assert len(found.values) == MOST_SUGGESTIONS
    assert f"{BASE}tower/0000" not in {each.value for each in found.values}


def test_nothing_is_suggested_where_nothing_was_answered(query: CannedQuery) -> None:
    assert suggestions_for(view(), query, None) == {}
    assert suggestions_for(view(), query, answer()) == {}


@given(st.lists(st.tuples(st.text("ab", min_size=1, max_size=3), st.none() | st.text(max_size=4)), max_size=20))
def test_each_thing_is_suggested_once_and_by_a_name_of_its_own(rows: list[tuple[str, str | None]]) -> None:
    asked, _ = canned_query("towers", QUERY, Place("queries/towers.rq"))
    assert asked is not None
    found = suggestions_for(view(), asked, answer(*rows)).get("tower")
    values = [] if found is None else [each.value for each in found.values]
    assert sorted(values) == sorted({BASE + local for local, _ in rows})


def test_a_query_is_cut_where_the_pipeline_binds(query: CannedQuery) -> None:
    settings = ask_settings(view("nl"), query)
    term = NamedNode(f"{BASE}tower/b")
    bound = f"{settings['before']}\n  VALUES (?_tower_iri) {{ ({term}) }}\n {settings['after']}"
    assert bound == with_values(query.in_languages("nl", "nl", "en"), {"_tower_iri": term})


def test_the_settings_say_where_the_page_stands(query: CannedQuery) -> None:
    settings = ask_settings(view("nl"), query)
    assert (settings["root"], settings["home"], settings["dump"], settings["seconds"]) == ("../../", "../../nl/", "download/dataset.nq", SECONDS)
    assert [(each["name"], each["variable"], each["kind"]) for each in settings["parameters"]] == [
        ("tower", "_tower_iri", "iri"),
        ("since", "_since_date", "date"),
    ]


def test_the_settings_are_json_and_every_placeholder_is_one_the_scripts_fill() -> None:
    known = {"megabytes", "seconds", "count", "left", "file", "name", "wanted", "prefix", "line", "column", "signs", "problem"}
    words = json.loads(json.dumps(editor_settings(view(path="sparql.html"))))["words"]
    found = {name for text in words.values() for name in re.findall(r"%\((\w+)\)s", text)}
    assert found <= known


def test_the_scripts_find_all_their_words() -> None:
    """Scripts have no words of their own: each name that they ask for is among those of the page."""
    site = Path(bundle.__file__).parent
    calls = re.compile(r"""\bsay\((?:[^)"]*\? )?"(\w+)"(?: : "(\w+)")?""")
    said = {
        name
        for folder in ("editor/src", "static/question")
        for path in (site / folder).glob("*.js")
        for call in calls.findall(path.read_text("utf-8"))
        for name in call
        if name
    }
    assert {"loading", "rows", "limit"} <= said
    assert said <= editor_settings(view(path="sparql.html"))["words"].keys()


def test_examples_are_named_in_the_language_of_the_page(query: CannedQuery) -> None:
    assert examples(view("nl"), [query]) == [("towers", "Wie beheert welke toren?")]


def test_a_bundle_that_lacks_a_file_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schakel.site.bundle._folder", lambda: tmp_path)
    assert list(bundle.editor_files()) == []
    for name in ("ask.js", "editor.js", "oxigraph.wasm", "licences.txt"):
        (tmp_path / name).write_text(name, "utf-8")
    assert not bundle.is_built()
    (tmp_path / "sparql-worker.js").write_text("worker", "utf-8")
    assert bundle.is_built()
    assert [path for path, _ in bundle.editor_files()] == [
        f"static/sparql/{name}" for name in ("ask.js", "editor.js", "licences.txt", "oxigraph.wasm", "sparql-worker.js")
    ]
