"""Why something follows, as pages tell it: the axiom in words and the statements that it was applied to, for each conclusion."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Triple

from schakel import Settings, read_settings
from schakel.build import reasons
from schakel.build.content import read_content
from schakel.build.graph import Graph, judge, reasoned_graph
from schakel.build.reasons import reasons_once, schema_once
from schakel.build.run import Run
from schakel.cache import Cache
from schakel.graph import content_graphs, from_ntriples
from schakel.site import Reason
from schakel.work import Workers

INVENTED = Path(__file__).parent.parent / "invented"
ID = "https://harbour.example.net/id/"
NS = "https://harbour.example.net/ns#"
SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    shutil.copytree(INVENTED, tmp_path / "project")
    return read_settings(tmp_path / "project")


def judged(settings: Settings, workers: Workers) -> tuple[Graph, Run]:
    run = Run(settings, workers, lambda _: None)
    return judge(reasoned_graph(*read_content(run), run), run)(), run


@pytest.fixture
def workers(project: Settings) -> Iterator[Workers]:
    with Workers(1, Cache(project.cache)) as each:
        yield each


def line(subject: str, predicate: str, value: str) -> bytes:
    return f"<{ID}{subject}> <{NS}{predicate}> <{ID}{value}> .".encode()


def triples(lines: list[bytes]) -> set[Triple]:
    return set(from_ntriples([each + b"\n" for each in lines]))


def test_each_conclusion_has_a_reason_whose_premises_are_in_the_graph(project: Settings, workers: Workers) -> None:
    graph, run = judged(project, workers)
    told = reasons_once(graph, run)
    concluded = set(graph.dataset.triples(project.names.inferred))
    assert concluded
    assert triples(list(told)) == concluded
    known = concluded | {triple for name in content_graphs(graph.dataset, project.names) for triple in graph.dataset.triples(name)}
    for reason in told.values():
        assert reason.premises
        assert triples(list(reason.premises)) <= known


def test_what_follows_by_a_chain_names_both_steps_and_what_lies_between(project: Settings, workers: Workers) -> None:
    told = reasons_once(*judged(project, workers))
    reason = told[line("ferry/moewe", "sees", "light/weisse-nadel")]
    assert set(reason.premises) == {line("ferry/moewe", "callsAt", "port/silberbucht"), line("port/silberbucht", "guardedBy", "light/weisse-nadel")}
    assert {"calls at", "guarded by", "sees"} <= {name for name in ("calls at", "guarded by", "sees") if name in reason.words["en"]}


def test_no_statement_is_its_own_reason_by_whatever_way(project: Settings, workers: Workers) -> None:
    told = reasons_once(*judged(project, workers))

    def rests_on(conclusion: bytes, above: frozenset[bytes]) -> None:
        assert conclusion not in above
        for premise in told[conclusion].premises if conclusion in told else ():
            rests_on(premise, above | {conclusion})

    for conclusion in told:
        rests_on(conclusion, frozenset())


def test_reasons_are_kept_and_found_again(project: Settings, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, run = judged(project, workers)
    first = reasons_once(graph, run)

    def never(*_: object) -> None:
        raise AssertionError("it was known already")

    monkeypatch.setattr(reasons, "explain_all", never)
    assert reasons_once(graph, run) == first


def test_other_statements_have_other_reasons(project: Settings, workers: Workers) -> None:
    first: dict[bytes, Reason] = reasons_once(*judged(project, workers))
    table = project.data / "lights.csv"
    head, *rows = table.read_text("utf-8").splitlines()
    table.write_text("\n".join([head, *(row for row in rows if not row.startswith("graustein-ost"))]) + "\n", "utf-8")
    second = reasons_once(*judged(project, workers))
    assert line("ferry/moewe", "sees", "light/graustein-ost") in first
    assert line("ferry/moewe", "sees", "light/graustein-ost") not in second
    assert line("ferry/moewe", "sees", "light/weisse-nadel") in second


def test_a_changed_label_changes_the_words(project: Settings, workers: Workers) -> None:
    conclusion = line("ferry/moewe", "sees", "light/weisse-nadel")
    assert "peilt" not in reasons_once(*judged(project, workers))[conclusion].words["en"]
    file = project.ontology / "harbour.ttl"
    file.write_text(file.read_text("utf-8").replace('"calls at"@en', '"peilt"@en'), "utf-8")
    assert "peilt" in reasons_once(*judged(project, workers))[conclusion].words["en"]


def test_a_project_that_does_not_say_what_it_is_to_search_engines_has_nothing_of_the_kind(project: Settings, workers: Workers) -> None:
    graph, run = judged(project, workers)
    assert graph.content.schema_org is None
    assert schema_once(graph, run) is None


def test_an_ontology_with_axioms_that_only_the_reference_engine_knows_has_no_reasons(make_project: Callable[..., Settings]) -> None:
    axiom = """
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    <https://words.example/keeper> a owl:ObjectProperty , owl:FunctionalProperty .
    """
    settings = make_project({"schakel.toml": SETTINGS, "ontology/kept.ttl": axiom, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n"})
    with Workers(1) as alone:
        graph, run = judged(settings, alone)
        assert [item.kind for item in graph.findings if item.kind == "reasoned-by-reference"]
        assert reasons_once(graph, run) == {}
