"""A graph is opened where it is: a publication, a project, a file, an endpoint; and it is told where there is none."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from schakel import Settings
from schakel.answers import Answer
from schakel.errors import AnswerTooLongError, GraphUnreadableError, NothingPublishedError, QueryTimeoutError, SettingsError
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import open_graph, open_project

# DISTINCT, as Oxigraph's server counts a statement once for each graph that has it.
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"


def count(graph: KnowledgeGraph) -> object:
    answer = graph.sparql(COUNT)
    assert isinstance(answer, Answer)
    return answer[0]["n"]


@pytest.fixture(scope="module")
def expected(published: Settings) -> tuple[object, Answer]:
    graph = open_project(published)
    return count(graph), graph.query("members", body="org/santeon")


def test_a_project_that_has_been_built_is_opened_by_its_folder(published: Settings, expected: tuple[object, Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    for where in (published.root, str(published.root)):
        graph = open_graph(where)
        assert (count(graph), graph.query("members", body="santeon")) == expected
    monkeypatch.chdir(published.root)
    assert count(open_graph()) == expected[0]


def test_a_publication_is_opened_by_its_folder_wherever_it_lies(published: Settings, expected: tuple[object, Answer], tmp_path: Path) -> None:
    for part in ("queries", "download"):
        shutil.copytree(published.publication / part, tmp_path / "elsewhere" / part)
    graph = open_graph(tmp_path / "elsewhere")
    assert (count(graph), graph.query("members", body="Santeon")) == expected
    assert graph.queries == open_project(published).queries
    assert graph.context == open_project(published).context


@pytest.mark.parametrize("file", ["dataset.nq", "dataset.trig", "graph.nt", "graph.ttl"])
def test_a_file_is_opened(file: str, published: Settings, expected: tuple[object, Answer]) -> None:
    path = published.publication / "download" / file
    graph = open_graph(path)
    assert count(graph) == expected[0]
    assert graph.queries == {}
    graph = open_graph(path, queries=published.root)
    if file.startswith("dataset"):
        assert graph.query("members", body="Santeon") == expected[1]


def test_an_endpoint_is_opened_by_its_url(published: Settings, sparql_server: Callable[..., str], expected: tuple[object, Answer]) -> None:
    graph = open_graph(sparql_server())
    assert count(graph) == expected[0]
    assert graph.queries == {}
    for queries in (published.root, str(published.publication)):
        graph = open_graph(sparql_server(), queries=queries)
        assert graph.query("members", body="Santeon") == expected[1]


def test_names_are_in_the_language_that_was_asked_for(published: Settings) -> None:
    graph = open_graph(published.root, language="nl")
    assert graph.context.languages == ("nl", *(tag for tag in published.languages if tag != "nl"))
    assert graph.query("members", everything=True) == open_project(published).query("members", everything=True, language="nl")
    assert graph.query("members", everything=True) != open_project(published).query("members", everything=True)


def test_a_query_may_take_as_long_as_was_said(published: Settings) -> None:
    with pytest.raises(QueryTimeoutError, match=r"0\.2 seconds"):
        open_graph(published.root, seconds=0.2).sparql("SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h FILTER(?a != ?c) }")


def test_nothing_is_read_before_the_first_question(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("no turtle")
    graph = open_graph(path)
    with pytest.raises(GraphUnreadableError, match="broken"):
        graph.sparql(COUNT)


@pytest.mark.parametrize(("where", "told"), [("", "schakel build"), ("empty", "schakel build"), ("none", "there is no folder")])
def test_a_folder_without_a_publication_is_told(where: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingPublishedError, match=told):
        open_graph(tmp_path / where)


def test_a_project_that_was_not_built_is_told(make_project: Callable[..., Settings]) -> None:
    settings = make_project({})
    with pytest.raises(NothingPublishedError) as caught:
        open_graph(settings.root)
    assert caught.value.folder == settings.publication


def test_a_publication_without_its_dataset_is_told(published: Settings, tmp_path: Path) -> None:
    shutil.copytree(published.publication / "queries", tmp_path / "queries")
    with pytest.raises(NothingPublishedError):
        open_graph(tmp_path)


def test_a_project_with_broken_settings_is_told(make_project: Callable[..., Settings]) -> None:
    settings = make_project({})
    (settings.root / "schakel.toml").write_text("base = 7")
    with pytest.raises(SettingsError):
        open_graph(settings.root)


@pytest.mark.parametrize("file", ["none.ttl", "none.nq"])
def test_a_file_that_is_not_there_is_told(file: str, tmp_path: Path) -> None:
    with pytest.raises(GraphUnreadableError, match="no such file"):
        open_graph(tmp_path / file)


@pytest.mark.parametrize("queries", ["none", ""])
def test_queries_that_are_not_there_are_told(queries: str, published: Settings, tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError):
        open_graph(published.publication / "download" / "graph.ttl", queries=tmp_path / queries)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b"7",
        json.dumps({"base": 7, "prefixes": {}, "languages": ["en"]}).encode(),
        json.dumps({"base": "https://e/"}).encode(),
    ],
)
def test_a_broken_list_of_queries_is_told(content: bytes, published: Settings, tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "download").mkdir()
    shutil.copy(published.publication / "download" / "dataset.nq", tmp_path / "download")
    (tmp_path / "queries" / "index.json").write_bytes(content)
    with pytest.raises(GraphUnreadableError, match=r"index\.json"):
        open_graph(tmp_path)


def test_a_file_that_nobody_published_can_be_looked_through(tmp_path: Path) -> None:
    path = tmp_path / "lights.ttl"
    path.write_text("@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <https://e/light> a <https://e/Light> ; skos:prefLabel 'Brandaris'@nl .")
    graph = open_graph(path)
    assert graph.resolve("Brandaris") == NamedNode("https://e/light")
    assert graph.entity("https://e/light").name.value == "Brandaris"
    assert [row["name"] for row in graph.find("brandaris")] == ["Brandaris"]


def test_the_limits_of_a_project_hold_unless_others_are_given(published: Settings, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(published.root, project, ignore=shutil.ignore_patterns("report", "lock", "done", ".public.*"))
    with (project / "schakel.toml").open("a") as file:
        file.write("\n[queries]\nrows = 3\n")
    with open_graph(project) as graph, pytest.raises(AnswerTooLongError):
        graph.query("organisations")
    with open_graph(project, rows=1000) as graph:
        assert len(graph.query("organisations")) > 3
