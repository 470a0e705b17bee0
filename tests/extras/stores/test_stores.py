"""Stores of others hold what was loaded, change it, keep it, and answer every canned query as the embedded engine does."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schakel import Settings, build, read_settings
from schakel.answers import Answer
from schakel.graph import Term
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import open_project
from schakel.queries.text import asks_for_graphs
from schakel.stores import LAYOUTS, Wanted, load
from schakel.stores.profiles import PROFILES, addresses_of
from schakel.stores.verifying import by_value

NAMES = sorted(path.stem for path in (Path(__file__).parents[3] / "queries").glob("*.rq"))


@pytest.fixture
def ready(started: Any, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401  # conftest.py cannot be imported
    for name, value in started.environment.items():
        monkeypatch.setenv(name, value)
    return started


@pytest.fixture(scope="session")
def changed(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The repository's content with one row less, published."""
    root = tmp_path_factory.mktemp("changed")
    shutil.copytree(published.root, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("public", ".schakel", "lock"))
    table = root / "data" / "names.csv"
    table.write_text("".join(table.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    outcome = build(read_settings(root), dumps_only=True)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return read_settings(root)


@pytest.fixture(scope="session")
def here(published: Settings) -> Iterator[KnowledgeGraph]:
    graph = open_project(published)
    yield graph
    graph.source.close()  # type: ignore[union-attr]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_publication_is_loaded_switched_kept_and_changed(layout: str, ready: Any, published: Settings, changed: Settings) -> None:  # noqa: ANN401  # as above
    first = load(published, ready.address, Wanted(layout))
    assert first.profile == ready.name
    assert first.done in {"loaded", "unchanged"}
    second = load(changed, ready.address, Wanted(layout, keep=1))
    assert (second.done, second.kept) == ("loaded", (first.version,))
    assert load(changed, ready.address, Wanted(layout, keep=1)).done == "unchanged"
    back = load(published, ready.address, Wanted(layout, diff=True))
    assert back.done == "changed"
    assert 0 < back.added + back.removed < first.statements
    assert load(published, ready.address, Wanted(layout)).done == "unchanged"


@pytest.fixture(scope="session", params=LAYOUTS)
def loaded(request: pytest.FixtureRequest, started: Any, published: Settings) -> tuple[str, str, str]:  # noqa: ANN401  # as above
    with pytest.MonkeyPatch.context() as patch:
        for name, value in started.environment.items():
            patch.setenv(name, value)
        load(published, started.address, Wanted(request.param))
    return started.name, request.param, addresses_of(PROFILES[started.name], started.address).query


def rows_of(answer: Answer) -> Counter[tuple[str, ...]]:
    return Counter(tuple("" if term is None else by_value_of(term) for term in row) for row in answer.rows)


def by_value_of(term: Term) -> str:
    """A term as Oxigraph writes it: Fuseki writes a decimal of 50 as 50.0."""
    return by_value(f"<urn:s> <urn:p> {term} .".encode()).decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_canned_query_answers_as_the_embedded_engine_does(name: str, loaded: tuple[str, str, str], here: KnowledgeGraph, published: Settings) -> None:
    store, layout, endpoint = loaded
    there = open_project(published, endpoint)
    if layout == "merged" and asks_for_graphs(there.queries[name].text):
        pytest.skip("it asks for named graphs, which the merged layout has not")
    if (store, name) in DIFFERENCES:
        pytest.skip(DIFFERENCES[store, name])
    mine, theirs = (graph.query(name, language="nl", everything=True) for graph in (here, there))
    assert mine.columns == theirs.columns
    assert rows_of(mine) == rows_of(theirs)


_OTHER_OPTIONALS = "Virtuoso 7.2.5 binds an OPTIONAL within another, and a choice of names by language, otherwise than the standard has it"
_OF_VIRTUOSO = (
    "activities",
    "board-roles",
    "certifications",
    "conflicts",
    "equipment",
    "evidence",
    "gaps",
    "goal-tree",
    "inferred",
    "links",
    "open-questions",
    "organisations",
    "partners",
    "places",
    "projects",
    "service-providers",
    "services",
    "sites",
    "statements-of-purpose",
    "summary",
    "timeline",
)
# What docs/reference/stores.md says of each: store and query, and why rows differ.
DIFFERENCES: dict[tuple[str, str], str] = {("virtuoso", name): _OTHER_OPTIONALS for name in _OF_VIRTUOSO} | {
    ("fuseki", "evidence"): "it writes a decimal out as the store does"
}
