"""Loading into a real store: what is there afterwards, what is kept, what is sent."""

# ruff: noqa: ANN401  # what fixtures give has no type here, as tests cannot import conftest.py

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from schakel import Settings
from schakel.cli import main
from schakel.errors import (
    BadStoreAddressError,
    GraphUnreadableError,
    LayoutInUseError,
    NothingPublishedError,
    StoreUnreachableError,
    TargetInUseError,
    UnknownNameError,
)
from schakel.load import LAYOUTS, PROFILES, Patience, Wanted, load

Project = Callable[[str], Settings]
TOWER = "<https://example.org/tower/brandaris>"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_version_takes_the_place_of_another(layout: str, store: str, project: Project, look: Any) -> None:
    first = load(project("first"), store, Wanted(layout))
    assert (first.done, first.profile, look.labels(store)) == ("loaded", "oxigraph", look.FIRST)
    assert (first.added, first.removed) == (first.statements, 0)
    second = load(project("second"), store, Wanted(layout))
    assert (second.done, second.kept, look.labels(store)) == ("changed", (), look.SECOND)
    assert second.version != first.version
    assert not [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/")], "something was left behind"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_there_already_is_not_sent_again(layout: str, store: str, between: Any, project: Project) -> None:
    load(project("first"), store, Wanted(layout))
    again = load(project("first"), between.url, Wanted(layout))
    assert (again.done, again.profile) == ("unchanged", "oxigraph")
    assert not [path for _, path, _, _ in between.seen if path.startswith("/update")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_older_versions_are_kept_where_no_question_meets_them(layout: str, store: str, project: Project, look: Any) -> None:
    first = load(project("first"), store, Wanted(layout, keep=1))
    second = load(project("second"), store, Wanted(layout, keep=1))
    assert second.kept == (first.version,)
    assert look.labels(store) == look.SECOND
    kept = [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/") and "/kept/of/" in graph]
    assert kept
    back = load(project("first"), store, Wanted(layout, keep=1))
    assert (back.kept, look.labels(store)) == ((second.version,), look.FIRST)
    load(project("second"), store, Wanted(layout))
    assert not [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/")]


def test_only_what_differs_is_sent(store: str, between: Any, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted("named"))
    changed = load(project("second"), between.url, Wanted("named"))
    assert (changed.done, look.labels(store)) == ("changed", look.SECOND)
    assert changed.added
    assert changed.removed
    sent = b"".join(body for _, path, _, body in between.seen if path.startswith("/update"))
    assert b"Eierland" in sent
    assert b'"52.5"' not in sent, "what has not changed was sent"
    assert load(project("second"), store, Wanted("named")).done == "unchanged"


def test_what_is_too_long_for_one_transaction_is_sent_in_several(store: str, project: Project, look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(project("first"), store, Wanted()).atomic
    monkeypatch.setitem(PROFILES, "oxigraph", replace(PROFILES["oxigraph"], longest=2_000))  # type: ignore[arg-type]
    changed = load(project("second"), store, Wanted())
    assert (changed.done, changed.atomic, look.labels(store)) == ("changed", False, look.SECOND)


def test_a_dry_run_sends_nothing(store: str, between: Any, project: Project, look: Any) -> None:
    planned = load(project("first"), between.url, Wanted(dry_run=True))
    assert (planned.done, planned.added, look.graphs(store)) == ("planned", planned.statements, set())
    assert not [path for _, path, _, _ in between.seen if path.startswith("/update")]


@pytest.mark.parametrize("graph", ["https://example.org/all", None])
def test_a_layout_takes_the_place_of_another_only_when_asked(graph: str | None, store: str, project: Project, look: Any) -> None:
    merged = load(project("first"), store, Wanted(graph=graph))
    before = look.kept_aside(store)
    with pytest.raises(LayoutInUseError, match=r"would be emptied: .*--graphs merged.*--graphs both .*--replace"):
        load(project("second"), store, Wanted("named"))
    assert look.kept_aside(store) == before
    load(project("second"), store, Wanted("named", replace=True))
    assert look.labels(store) == look.SECOND
    assert merged.graphs[0] not in look.graphs(store)
    assert not look.default_graph(store, merged.graphs)


def test_what_the_server_serves_can_be_loaded(store: str, project: Project, look: Any) -> None:
    """The merged statements and the named graphs, as `schakel serve` has them."""
    load(project("first"), store, Wanted())
    both = load(project("second"), store, Wanted("both"))
    merged, named = (load(project("second"), store, Wanted(layout, dry_run=True, replace=True)) for layout in ("merged", "named"))
    assert both.statements == merged.statements + named.statements
    assert set(both.graphs) == {*merged.graphs, *named.graphs}
    assert look.labels(store) == look.SECOND
    with pytest.raises(LayoutInUseError):
        load(project("second"), store, Wanted("named"))
    assert load(project("second"), store, Wanted("both")).done == "unchanged"


@pytest.mark.parametrize("graph", ["https://example.org/all", None])
def test_what_others_have_put_there_is_not_lost(graph: str | None, store: str, project: Project, look: Any) -> None:
    own = load(project("first"), store, Wanted(graph=graph))
    look.asked(store, "/update", {"update": "DROP ALL"})
    target = f"GRAPH <{own.graphs[0]}> {{ <urn:s> <urn:p> 1 }}" if own.graphs[0] else "<urn:s> <urn:p> 1"
    look.asked(store, "/update", {"update": f"INSERT DATA {{ {target} }}"})
    with pytest.raises(TargetInUseError, match="holds statements that Schakel did not load"):
        load(project("first"), store, Wanted(graph=graph))
    assert b"true" in look.asked(store, "/query", {"query": f"ASK {{ {target} }}"})


def test_graphs_of_others_stay(store: str, project: Project, look: Any) -> None:
    look.asked(store, "/update", {"update": "INSERT DATA { GRAPH <https://example.org/loadings> { <urn:s> <urn:p> 1 } }"})
    for version in ("first", "second", "first"):
        load(project(version), store, Wanted("named"))
    assert "https://example.org/loadings" in look.graphs(store)


def test_what_somebody_changed_in_the_store_is_put_right(store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted("named"))
    label = f'{TOWER} <http://www.w3.org/2004/02/skos/core#prefLabel> "Brandaris"@en'
    look.asked(store, "/update", {"update": f"DELETE {{ GRAPH ?g {{ {label} }} }} WHERE {{ GRAPH ?g {{ {label} }} }}"})
    assert look.labels(store) == {"Vuurduin"}
    look.asked(
        store,
        "/update",
        {"update": f"INSERT DATA {{ GRAPH ?g {{ _:b <urn:p> <urn:o> . {TOWER} <urn:p> _:b }} }}".replace("?g", "<https://example.org/graph/towers>")},
    )
    repaired = load(project("first"), store, Wanted("named"))
    assert (repaired.done, repaired.added) == ("changed", 1)
    assert look.labels(store) == look.FIRST


def test_a_dump_that_is_not_what_was_published_is_not_loaded(store: str, project: Project, look: Any) -> None:
    settings = project("first")
    dump = settings.publication / "download" / "graph.nt"
    dump.write_bytes(dump.read_bytes()[:-5])
    with pytest.raises(GraphUnreadableError, match="SHA-256"):
        load(settings, store, Wanted())
    (settings.publication / "download" / "index.json").unlink()
    with pytest.raises(NothingPublishedError):
        load(settings, store, Wanted())
    assert look.labels(store) == set()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://somebody:secret@127.0.0.1:1/", "SCHAKEL_LOAD_PASSWORD"),
        ("ftp://127.0.0.1/", "http"),
        ("127.0.0.1:7878", "http"),
        ("http://127.0.0.1:7878/?x=y", r"no '\?'"),
        ("http://127.0.0.1:99999/", "no address"),
    ],
)
def test_an_address_that_cannot_be_used(address: str, told: str, project: Project) -> None:
    with pytest.raises(BadStoreAddressError, match=told) as caught:
        load(project("first"), address, Wanted())
    assert "secret" not in str(caught.value)


def test_nobody_is_there(project: Project) -> None:
    with pytest.raises(StoreUnreachableError, match=r"cannot be reached.*tried 2 times"):
        load(project("first"), "http://127.0.0.1:9", Wanted(), patience=Patience(seconds=2, tries=2, wait=lambda _: None))


def test_a_profile_that_is_not_known(store: str, project: Project) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'fuseki'"):
        load(project("first"), store, Wanted(store="fusek"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_store_of_which_nothing_is_known(layout: str, store: str, project: Project, look: Any) -> None:
    loaded = load(project("first"), f"{store}/query", Wanted(layout, store="generic"))
    assert (loaded.profile, look.labels(store)) == ("generic", look.FIRST)


# ------------------------------------------------------------------------------------------------------------------------- the command line


def test_the_command_tells_what_is_where(store: str, project: Project, look: Any) -> None:
    settings = project("first")
    result = CliRunner().invoke(main, ["--project", str(settings.root), "load", store, "--graphs", "named"])
    assert result.exit_code == 0, result.output
    assert f"named graphs of {store}/query (oxigraph), version" in result.output
    assert look.labels(store) == look.FIRST
    again = CliRunner().invoke(main, ["--project", str(settings.root), "--lang", "nl", "load", store, "--graphs", "named"])
    assert "Er is niets verstuurd." in again.output


@pytest.mark.parametrize("options", [["--graph", "https://example.org/g", "--graphs", "named"], ["--store", "nothing"]])
def test_options_that_do_not_go_together(options: list[str], project: Project) -> None:
    result = CliRunner().invoke(main, ["--project", str(project("first").root), "load", "http://127.0.0.1:9", *options])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
