"""A graph in a file is asked in a process of its own: it answers from all graphs, asks nobody else, and nothing that is asked of it harms who asks."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol, TypeAlias

import pytest
from pyoxigraph import Literal, NamedNode

from schakel.errors import AnswerTooLongError, GraphUnreadableError, QueryFailedError, QueryTimeoutError
from schakel.queries import Limits, LocalGraph, process

Eventually: TypeAlias = Callable[[Callable[[], bool]], None]


class Listening(Protocol):
    url: str
    asked: list[str]


DATA = """
<https://e/a> <https://e/p> <https://e/b> <https://e/graph/1> .
<https://e/a> <https://e/p> <https://e/b> <https://e/graph/2> .
<https://e/b> <https://e/p> "twee"@nl <https://e/graph/2> .
<https://e/c> <https://e/p> "trois" .
"""
# Of a hundred things it makes 10 000 000 000 rows, one after another, to count them.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?p ?d . ?e ?p ?f . ?g ?p ?h . ?i ?p ?j FILTER(?a != ?c || ?b != ?d || ?e != ?f) }"

# Longer than any machine needs for what these tests ask.
UNHURRIED = Limits(seconds=600)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dataset.nq"
    path.write_text(DATA, "utf-8")
    return path


@pytest.fixture
def graph(file: Path) -> Iterator[LocalGraph]:
    with LocalGraph(file, "https://e/", UNHURRIED) as graph:
        yield graph


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.nt"
    path.write_text("".join(f"<https://e/{n}> <https://e/p> <https://e/{n}> .\n" for n in range(100)))
    return path


def one(graph: LocalGraph, query: str) -> object:
    rows = graph.select(query).rows
    assert len(rows) == 1
    return rows[0][0]


# --------------------------------------------------------------------------------------------------------------------------------- answers


def test_it_answers_from_all_graphs_as_one_in_which_a_statement_is_there_once(graph: LocalGraph) -> None:
    answer = graph.select("SELECT ?s ?o WHERE { ?s <https://e/p> ?o } ORDER BY ?s")
    assert answer.columns == ("s", "o")
    a, b, c = (NamedNode(f"https://e/{name}") for name in "abc")
    assert answer.rows == ((a, b), (b, Literal("twee", language="nl")), (c, Literal("trois")))


def test_each_graph_can_be_asked_by_its_name(graph: LocalGraph) -> None:
    answer = graph.select("SELECT ?g WHERE { GRAPH ?g { <https://e/a> <https://e/p> <https://e/b> } } ORDER BY ?g")
    assert answer.rows == ((NamedNode("https://e/graph/1"),), (NamedNode("https://e/graph/2"),))


def test_an_iri_is_read_against_the_base(graph: LocalGraph) -> None:
    assert one(graph, "SELECT ?o WHERE { <b> <p> ?o }") == Literal("twee", language="nl")


def test_what_is_not_bound_is_none(graph: LocalGraph) -> None:
    assert graph.select("SELECT ?s ?none WHERE { ?s ?p 'trois' }").rows == ((NamedNode("https://e/c"), None),)


@pytest.mark.parametrize(("query", "holds"), [("ASK { <a> <p> <b> }", True), ("ASK { <b> <p> <a> }", False)])
def test_ask_is_answered_as_json(query: str, *, holds: bool, graph: LocalGraph) -> None:
    reply = graph.ask(query)
    assert not reply.triples
    assert json.loads(reply.content)["boolean"] is holds


@pytest.mark.parametrize("query", ["CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o FILTER(isIRI(?o)) }", "DESCRIBE <c>"])
def test_construct_and_describe_are_answered_as_n_triples(query: str, graph: LocalGraph) -> None:
    reply = graph.ask(query)
    assert reply.triples
    assert reply.content in {b"<https://e/b> <https://e/p> <https://e/a> .\n", b'<https://e/c> <https://e/p> "trois" .\n'}


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".ttl", "<https://e/a> a <b> ."),
        (".trig", "GRAPH <https://e/g> { <https://e/a> a <https://e/b> }"),
        (".nt", "<https://e/a> <https://e/p> <https://e/b> ."),
    ],
)
def test_files_of_each_syntax_are_read(suffix: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph{suffix}"
    path.write_text(content.replace("<b>", "<https://e/b>"))
    with LocalGraph(path) as graph:
        assert one(graph, "SELECT ?s WHERE { ?s ?p <https://e/b> }") == NamedNode("https://e/a")


def test_signs_of_every_script_come_through(graph: LocalGraph) -> None:
    text = "Ålesund \u2028 医院 😀 \x01"
    assert one(graph, f"SELECT ({Literal(text)} AS ?text) WHERE {{ }}") == Literal(text)


# ---------------------------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize("query", ["SELECT", "SELECT * WHERE { ?s unknown:p ?o }", "", "SELECT ?x WHERE { }\x00", "SELECT * { ?s ?p '\udcff' }"], ids=ascii)
def test_what_is_no_query_is_an_error_and_the_next_query_works(query: str, graph: LocalGraph) -> None:
    with pytest.raises(QueryFailedError):
        graph.ask(query)
    assert one(graph, "SELECT ?s WHERE { ?s ?p 'trois' }") == NamedNode("https://e/c")


def test_an_error_of_syntax_says_where(graph: LocalGraph) -> None:
    with pytest.raises(QueryFailedError, match="at line 2"):
        graph.ask("SELECT * WHERE {\n ?s }")


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_rows_are_not_made_of_an_answer_that_has_none(query: str, graph: LocalGraph) -> None:
    with pytest.raises(QueryFailedError):
        graph.select(query)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with LocalGraph(tmp_path / "no.nq") as graph, pytest.raises(GraphUnreadableError, match=r"no\.nq"):
        graph.select("SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize("content", [b"<https://e/a> <https://e/p>", b"name,place\nMST,Enschede\n", b"\xff\xfe\x00", b"<html>"])
def test_a_file_that_is_no_rdf_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_bytes(content)
    with LocalGraph(path) as graph:
        for _ in range(2):
            with pytest.raises(GraphUnreadableError) as caught:
                graph.select("SELECT * { ?s ?p ?o }")
            assert caught.value.file == path


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    path = tmp_path / "graph.rdf"
    path.write_text("<rdf/>")
    with LocalGraph(path) as graph, pytest.raises(GraphUnreadableError):
        graph.select("SELECT * { ?s ?p ?o }")


# --------------------------------------------------------------------------------------------------------------------- nobody else is asked


def test_nobody_else_is_asked_however_a_query_is_written(disguised: str, graph: LocalGraph, listener: Listening) -> None:
    with suppress(QueryFailedError):
        # Where the host is called silently, or for no row, there is nothing to tell.
        graph.ask(disguised.replace("HOST", listener.url))
    assert listener.asked == []
    assert one(graph, "SELECT ?s WHERE { ?s ?p 'trois' }") == NamedNode("https://e/c")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <HOST> WHERE { ?s ?p ?o }",
        "SELECT * FROM NAMED <HOST> WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DESCRIBE <HOST>",
        "ASK { GRAPH <HOST> { ?s ?p ?o } }",
    ],
)
def test_the_iri_of_a_graph_is_not_looked_up(query: str, graph: LocalGraph, listener: Listening) -> None:
    graph.ask(query.replace("HOST", listener.url))
    assert listener.asked == []


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <HOST>",
        "INSERT DATA { <a> <p> <new> }",
        "insert { ?s ?p <new> } where { ?s ?p ?o }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP ALL",
        "\\u0043LEAR ALL",
        "SELECT * { ?s ?p ?o } ; CLEAR ALL",
    ],
)
def test_nothing_is_changed(update: str, graph: LocalGraph, listener: Listening) -> None:
    with pytest.raises(QueryFailedError):
        graph.ask(update.replace("HOST", listener.url))
    assert listener.asked == []
    assert one(graph, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == one(graph, "SELECT (3 AS ?n) { }")


# ---------------------------------------------------------------------------------------------------------------------------------- limits


@contextmanager
def waiting(instead: Callable[..., object]) -> Iterator[None]:
    """Do something else where an answer is waited for; the question has been sent by then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "select", SimpleNamespace(select=instead))
        yield


def test_a_query_that_takes_too_long_is_ended(many: Path) -> None:
    with LocalGraph(many, limits=Limits(seconds=0.5)) as graph, pytest.raises(QueryTimeoutError, match=r"0\.5 seconds"):
        graph.select(ENDLESS)


def test_the_process_that_took_too_long_is_gone_and_the_next_query_works(many: Path) -> None:
    with LocalGraph(many, limits=UNHURRIED) as graph:
        graph.ask("ASK { }")
        [worker] = children()
        with waiting(lambda *_: ([], [], [])), pytest.raises(QueryTimeoutError):
            graph.select(ENDLESS)
        assert not is_running(worker)
        assert one(graph, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == one(graph, "SELECT (100 AS ?n) { }")


def test_as_many_rows_as_are_allowed_are_given_and_one_more_is_an_error(many: Path) -> None:
    with LocalGraph(many, limits=Limits(rows=100)) as graph:
        assert len(graph.select("SELECT * { ?s ?p ?o }")) == 100
        with pytest.raises(AnswerTooLongError, match="more than 100 rows"):
            graph.select("SELECT * { { ?s ?p ?o } UNION { } }")


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_as_many_bytes_as_are_allowed_are_given_and_one_more_is_an_error(query: str, many: Path) -> None:
    with LocalGraph(many) as graph:
        whole = graph.ask(query)
    with LocalGraph(many, limits=Limits(bytes=len(whole.content))) as graph:
        assert graph.ask(query) == whole
    with LocalGraph(many, limits=Limits(bytes=len(whole.content) - 1)) as graph:
        with pytest.raises(AnswerTooLongError, match="bytes"):
            graph.ask(query)
        assert one(graph, "SELECT (1 AS ?n) { }").value == "1"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * WHERE {'{' * 50_000} ?s ?p ?o {'}' * 50_000}",
        f"SELECT * WHERE {{ BIND({'(' * 50_000}1{')' * 50_000} AS ?x) }}",
        f"SELECT * WHERE {{ ?s {'^' * 50_000}<https://e/p> ?o }}",
        f"SELECT * WHERE {{ BIND({'!' * 50_000}true AS ?x) }}",
        f"SELECT * WHERE {{ ?s ?p {'<<( <a> <b> ' * 20_000} 1 {')>> ' * 20_000} }}",
    ],
    ids=["braces", "brackets", "paths", "not", "triple terms"],
)
def test_a_query_nested_deeply_ends_no_one_but_its_own_process(query: str, graph: LocalGraph) -> None:
    with pytest.raises(QueryFailedError):
        graph.ask(query)
    assert one(graph, "SELECT ?s WHERE { ?s ?p 'trois' }") == NamedNode("https://e/c")


# --------------------------------------------------------------------------------------------------------------------------------- process


def children(parent: int | None = None) -> list[int]:
    """The processes that run the worker, below this one or another."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == (parent or os.getpid()) and b"worker.py" in command:
            found.append(int(status.parent.name))
    return found


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


linux = pytest.mark.skipif(sys.platform != "linux", reason="it looks processes up in /proc")


@linux
def test_no_process_is_started_before_the_first_question(file: Path) -> None:
    with LocalGraph(file) as graph:
        assert children() == []
        graph.ask("ASK { }")
        assert len(children()) == 1
        graph.ask("ASK { }")
        assert len(children()) == 1


@linux
def test_the_process_is_gone_after_close_and_when_the_graph_is_forgotten(file: Path) -> None:
    graph = LocalGraph(file)
    graph.ask("ASK { }")
    graph.close()
    assert children() == []
    graph.ask("ASK { }")
    assert len(children()) == 1
    del graph
    assert children() == []


def test_a_graph_can_be_closed_twice_and_before_it_was_asked(file: Path) -> None:
    graph = LocalGraph(file)
    graph.close()
    graph.ask("ASK { }")
    graph.close()
    graph.close()


@linux
def test_a_process_that_somebody_ended_is_started_again(graph: LocalGraph, eventually: Eventually) -> None:
    graph.ask("ASK { }")
    [worker] = children()
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: not is_running(worker))
    assert json.loads(graph.ask("ASK { }").content)["boolean"]


ASKING = """
import select, sys
from pathlib import Path
from types import SimpleNamespace
from schakel.queries import Limits, LocalGraph, process

def patient(*awaited):
    print("waiting", flush=True)
    return select.select(*awaited[:3])

process.select = SimpleNamespace(select=patient)
graph = LocalGraph(Path(sys.argv[1]), limits=Limits(seconds=1))
graph.ask("ASK { }")
print("ready", flush=True)
graph.ask(sys.stdin.readline())
sys.stdin.readline()
"""


@linux
@pytest.mark.parametrize("query", [None, ENDLESS], ids=["at rest", "at work"])
def test_the_process_does_not_outlive_who_started_it(query: str | None, many: Path, eventually: Eventually) -> None:
    with subprocess.Popen([sys.executable, "-c", ASKING, many], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdin is not None
        assert caller.stdout is not None
        assert "ready\n" in caller.stdout
        [worker] = children(caller.pid)
        if query is not None:
            caller.stdin.write(f"{query}\n")
            caller.stdin.flush()
            assert caller.stdout.readline() == "waiting\n"
        caller.kill()
    # At work it cannot notice; then it ends by itself once its time is over.
    eventually(lambda: not is_running(worker))


def test_several_threads_may_ask_at_once(graph: LocalGraph) -> None:
    queries = [f"SELECT ({n} AS ?n) WHERE {{ ?s ?p ?o }}" for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(graph.select, queries))
    assert [{row["n"] for row in answer} for answer in answers] == [{n} for n in range(40)]


def test_a_question_that_was_broken_off_does_not_leave_its_answer_to_the_next(many: Path) -> None:
    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with LocalGraph(many, limits=UNHURRIED) as graph:
        graph.ask("ASK { }")
        with waiting(break_off), pytest.raises(KeyboardInterrupt):
            graph.select("SELECT ?theirs { ?theirs ?p ?o } LIMIT 1")
        assert graph.select("SELECT ?mine { ?mine ?p ?o } LIMIT 1").columns == ("mine",)


@pytest.mark.parametrize(
    "query", ["SELECT ?s { GRAPH:1 { ?s ?p ?o } }", "SELECT ?s FROM:1 { ?s ?p ?o }", "SELECT ?s { GRAPH <https://e/graph/1> { ?s ?p ?o } }"]
)
def test_a_named_graph_is_found_however_it_is_written(query: str, file: Path, tmp_path: Path) -> None:
    merged = tmp_path / "graph.nt"
    merged.write_text('<https://e/a> <https://e/p> <https://e/b> .\n<https://e/b> <https://e/p> "twee"@nl .\n<https://e/c> <https://e/p> "trois" .\n', "utf-8")
    with LocalGraph(file, "https://e/", merged=merged) as graph:
        assert graph.select(f"PREFIX : <https://e/graph/> {query}").rows == ((NamedNode("https://e/a"),),)
        assert len(graph.select("SELECT ?s { ?s ?p ?o }")) == 3
