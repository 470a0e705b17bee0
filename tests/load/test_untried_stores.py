"""Stores that cannot be had here, held against fakes made from their documentation: what is sent is what they say that they take."""

# ruff: noqa: ANN401  # what fixtures give has no type here, as tests cannot import conftest.py

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from load_proxy import Answer, Proxy

from schakel import Settings
from schakel.cli import main
from schakel.load import LAYOUTS, Wanted, load

Project = Callable[[str], Settings]
# The default graph of both is the union of all.
pytestmark = pytest.mark.parametrize("server", ["union"], indirect=True)


def _graphdb(request: Any, _: int, __: Callable[[], Answer]) -> bool:
    """The part of RDF4J's REST interface that GraphDB documents for queries, updates and statements of a repository."""
    _, path, headers, body = request.server.seen[-1]
    kind = headers.get("Content-Type", "")
    where, _, parameters = path.partition("?")
    if where == "/repositories/lights":
        to = "/query"
    elif where == "/repositories/lights/statements" and request.command == "POST" and kind == "application/sparql-update":
        to = "/update"
    else:
        request.answer(404, {}, b"")
        return True
    status, told, content = request.pass_to(f"{to}?{parameters}" if parameters else to, body)
    request.answer(status, {**told, "Server": "GraphDB/10.8.1 RDF4J/4.3.15"}, content)
    return True


_NOT_IN_QLEVER = ("DROP", "CLEAR", "ADD", "COPY", "MOVE", "CREATE", "LOAD")


def _qlever(request: Any, _: int, __: Callable[[], Answer]) -> bool:
    """QLever's one address: queries, updates with an access token, one operation at a time, and statistics by which it can be told. It names no server."""
    _, path, headers, body = request.server.seen[-1]
    where, _, parameters = path.partition("?")
    if where != "/":
        request.answer(404, {}, b"")
    elif parameters == "cmd=stats":
        request.answer(
            200, {"Content-Type": "application/json"}, json.dumps({"git-hash-server": "abc", "name-index": "lights", "num-permutations": 6}).encode()
        )
    elif headers.get("Content-Type") != "application/sparql-update":
        status, told, content = request.pass_to(f"/query?{parameters}" if parameters else "/query", body)
        request.answer(status, {**told, "Server": ""}, content)
    elif headers.get("Authorization") != "Bearer t0ken":
        request.answer(403, {}, b'{"exception": "SPARQL Update requires a valid access token"}')
    elif b"\n;\n" in body or body.decode().split()[0] in _NOT_IN_QLEVER:
        request.answer(400, {}, b'{"exception": "not supported"}')
    else:
        status, told, content = request.pass_to("/update", body)
        request.answer(status, {**told, "Server": ""}, content)
    return True


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("profile", "fake", "path"), [("graphdb", _graphdb, "/repositories/lights"), ("qlever", _qlever, "/")])
def test_a_store_that_does_what_its_documentation_says(  # noqa: PLR0913, PLR0917  # the columns of the table above, and fixtures
    profile: str, fake: Any, path: str, layout: str, between: Proxy, store: str, project: Project, look: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHAKEL_LOAD_TOKEN", "t0ken")
    between.fault = fake
    address = f"{between.url}{path}"
    first = load(project("first"), address, Wanted(layout))
    assert (first.profile, first.done, look.labels(store)) == (profile, "loaded", look.FIRST)
    assert load(project("second"), address, Wanted(layout, keep=1)).kept == (first.version,)
    assert look.labels(store) == look.SECOND
    assert load(project("first"), address, Wanted(layout)).done == "changed"
    assert look.labels(store) == look.FIRST
    assert not [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/")]
    told = CliRunner().invoke(main, ["--project", str(project("second").root), "load", address, "--graphs", layout]).output
    assert f"The profile {profile} follows the manual of that store; it is untested against the real store." in told
    assert ("no single transaction" in told) == (profile == "qlever")
