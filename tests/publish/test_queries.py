"""A publication holds each canned query with its whole answer, or says that the answer is too long; and no name in it does harm."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal

from schakel import Settings, build
from schakel.answers import answer_from_json
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import open_graph, open_project
from schakel.publish import queries as exported
from schakel.queries import read_header

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
NAMES = sorted(path.stem for path in (Path(__file__).parents[2] / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def index(published: Settings) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((published.publication / "queries" / "index.json").read_bytes())
    return content


@pytest.fixture(scope="module")
def graph(published: Settings) -> Iterator[KnowledgeGraph]:
    graph = open_project(published)
    yield graph
    graph.source.close()  # type: ignore[union-attr]


def test_the_list_of_queries_has_all_that_it_takes_to_ask_them(index: dict[str, Any], published: Settings) -> None:
    queries = open_project(published).queries
    assert [each["name"] for each in index["queries"]] == NAMES == list(queries)
    assert (index["base"], tuple(index["languages"])) == (published.base, published.languages)
    assert index["prefixes"]["sk"] == "https://w3id.org/schakel/ns#"
    for each in index["queries"]:
        query = queries[each["name"]]
        assert each.get("picture", "") == query.picture
        assert (each["title"], each["description"], each["category"]) == (query.title, query.description, query.category)
        assert [(p["name"], p["type"], p["required"]) for p in each["parameters"]] == [(p.name, p.kind, p.required) for p in query.asks]
        assert [p.get("filters", "") for p in each["parameters"]] == [p.column for p in query.asks]
        assert {old: p["name"] for p in each["parameters"] for old in p.get("formerly", ())} == query.former_names
        assert list(each["columns"]) == list(query.columns)
        assert all(each["columns"].values())
        assert all(p["description"] for p in each["parameters"])


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_published_as_it_is_with_its_whole_answer(name: str, published: Settings, graph: KnowledgeGraph) -> None:
    folder = published.publication / "queries"
    # The head also says what labels.csv says of its columns and parameters; the query is as it is written.
    text, written = (folder / f"{name}.rq").read_text("utf-8"), (published.queries / f"{name}.rq").read_text("utf-8")
    assert text == graph.queries[name].text
    assert text.partition("\nPREFIX ")[2] == written.partition("\nPREFIX ")[2] != ""
    assert read_header(text, ()).columns.keys() == graph.queries[name].columns.keys()
    answer = answer_from_json((folder / f"{name}.json").read_bytes())
    assert answer == graph.query(name, everything=True)
    rows = list(csv.reader(io.StringIO((folder / f"{name}.csv").read_text("utf-8"), newline="")))
    assert rows[0] == list(answer.columns)
    assert len(rows) == len(answer.rows) + 1


# --------------------------------------------------------------------------------------------------------------------- an invented project

HEAD = """#+ summary: Which towers are there?
#+ description: All towers & <b>their</b> names.
#+ method: GET

# title: Which towers <script>are</script> there?
# category: towers
# description: All towers & <b>their</b> names.
# column tower: the tower
# column name: its name
# column page: its page

"""
QUERY = """PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?tower ?name ?page WHERE {
  ?tower a org:Organization ; skos:prefLabel ?name
  BIND(IRI(CONCAT("javascript:", "alert(1)")) AS ?page)
  FILTER("</pre><script>" != ?name)
} ORDER BY ?tower
"""
SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["nl", "en"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
LABELS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "&lt;b&gt;",
    "{name}",
    "javascript:alert(1)",
    "\u202egnissim",
]


def towers(*labels: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("id", "label", "source"), *((f"t{number:05}", label, "page") for number, label in enumerate(labels))])
    return out.getvalue()


@pytest.fixture
def project(make_project: MakeProject) -> Callable[..., Settings]:
    def make(*labels: str, **files: str) -> Settings:
        settings = make_project({"schakel.toml": SETTINGS, "data/towers.csv": towers(*labels), "queries/towers.rq": HEAD + QUERY, **files})
        outcome = build(settings)
        assert not outcome.blocked, [item.text("en") for item in outcome.findings]
        return settings

    return make


def test_names_are_harmless_in_tables_and_unchanged_in_json(project: Callable[..., Settings]) -> None:
    settings = project(*LABELS)
    folder = settings.publication / "queries"
    assert [row[1] for row in answer_from_json((folder / "towers.json").read_bytes()).rows] == [Literal(label, language="en") for label in LABELS]
    cells = [row["name"] for row in csv.DictReader(io.StringIO((folder / "towers.csv").read_text("utf-8"), newline=""))]
    assert [cell.removeprefix("'") for cell in cells] == LABELS
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_an_answer_that_is_too_long_is_not_published_in_part(project: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "MOST_ROWS", 2)
    settings = project("A", "B", "C")
    assert not [path for path in (settings.publication / "queries").iterdir() if path.name in {"towers.csv", "towers.json"}]
    assert (settings.publication / "queries" / "towers.rq").read_text("utf-8") == HEAD + QUERY


def test_an_answer_of_as_many_rows_as_may_be_is_published(project: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "MOST_ROWS", 2)
    settings = project("A", "B")
    assert len(answer_from_json((settings.publication / "queries" / "towers.json").read_bytes())) == 2


def test_a_query_may_name_things_below_the_base(project: Callable[..., Settings]) -> None:
    settings = project("A", "B", **{"queries/towers.rq": HEAD + QUERY.replace("WHERE {", "WHERE { FILTER(?tower = <tower/t00001>)")})
    assert len(answer_from_json((settings.publication / "queries" / "towers.json").read_bytes())) == 1


def test_published_names_are_in_the_language_of_the_project(project: Callable[..., Settings]) -> None:
    choose = """
  BIND(CONCAT(COALESCE(?__lang, ""), " en nl *") AS ?languages)
  ?tower a org:Organization ; skos:prefLabel ?name
  FILTER NOT EXISTS {
    ?tower skos:prefLabel ?better
    FILTER(STRLEN(STRAFTER(?languages, LANG(?better))) > STRLEN(STRAFTER(?languages, LANG(?name))))
  }
"""
    dutch = '<https://example.org/tower/t00000> <http://www.w3.org/2004/02/skos/core#prefLabel> "Toren"@nl .\n'
    settings = project(
        "Tower", **{"queries/towers.rq": HEAD + QUERY.replace("  ?tower a org:Organization ; skos:prefLabel ?name\n", choose), "data/names.nt": dutch}
    )
    answer = answer_from_json((settings.publication / "queries" / "towers.json").read_bytes())
    assert answer.rows[0][1] == Literal("Toren", language="nl")
    assert open_graph(settings.root).query("towers") == answer


def test_no_query_can_be_called_as_the_list_of_them_is(make_project: MakeProject) -> None:
    outcome = build(make_project({"schakel.toml": SETTINGS, "data/towers.csv": towers("A"), "queries/index.rq": HEAD + QUERY}))
    assert outcome.blocked
    assert [str(place) for item in outcome.findings if item.kind == "query-header" for place in item.places] == ["queries/index.rq"]
