"""Credentials: where they come from, where they are sent, and that nobody is told them."""

# ruff: noqa: ANN401  # what fixtures give has no type here, as tests cannot import conftest.py

import base64
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from schakel import Settings
from schakel.cli import main
from schakel.errors import SchakelError, StoreRefusesError
from schakel.load import Patience, Wanted, load

Project = Callable[[str], Settings]
ONCE = Patience(seconds=20, tries=1, wait=lambda _: None)
# What is told of HTTP is the same whatever queries see.
pytestmark = pytest.mark.parametrize("server", ["own default graph"], indirect=True)


def test_credentials_go_where_they_are_asked_for_and_nowhere_else(
    between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch, look: Any
) -> None:
    monkeypatch.setenv("SCHAKEL_LOAD_USER", "keeper")
    monkeypatch.setenv("SCHAKEL_LOAD_PASSWORD", "light-house")
    expected = "Basic " + base64.b64encode(b"keeper:light-house").decode()

    def guard(request: Any, _: int, __: object) -> bool:
        if request.headers.get("Authorization") != expected:
            request.answer(401, {"WWW-Authenticate": 'Basic realm="store"'}, b"")
            return True
        return False

    between.fault = guard
    load(project("first"), between.url, Wanted())
    assert look.labels(store) == look.FIRST
    assert "Authorization" not in between.seen[0][2]


def test_a_store_that_forbids_what_it_could_ask_for_gets_credentials_from_the_first_request_on(
    between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch, look: Any
) -> None:
    monkeypatch.setenv("SCHAKEL_LOAD_USER", "keeper")
    monkeypatch.setenv("SCHAKEL_LOAD_PASSWORD", "light-house")
    between.fault = lambda request, _, __: not request.headers.get("Authorization") and request.answer(403, {}, b"") is None
    with pytest.raises(StoreRefusesError, match="with --auth always they are sent before they are asked for"):
        load(project("first"), between.url, Wanted(), patience=ONCE)
    result = CliRunner().invoke(main, ["--project", str(project("first").root), "load", between.url, "--auth", "always"])
    assert result.exit_code == 0, result.output
    assert look.labels(store) == look.FIRST


def test_a_token_is_sent(between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    del store
    monkeypatch.setenv("SCHAKEL_LOAD_TOKEN", "t0ken")
    load(project("first"), between.url, Wanted())
    assert {headers.get("Authorization") for _, _, headers, _ in between.seen} == {"Bearer t0ken"}


def test_netrc_is_read(between: Any, store: str, project: Project, tmp_path: Any) -> None:
    del store
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login keeper password light-house\n", "utf-8")
    (tmp_path / "netrc").chmod(0o600)
    between.fault = lambda request, _, __: not request.headers.get("Authorization") and request.answer(401, {"WWW-Authenticate": "Basic"}, b"") is None
    load(project("first"), between.url, Wanted())
    assert [headers for _, _, headers, _ in between.seen if "Authorization" in headers]


def test_wrong_credentials_are_not_told(between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    del store
    monkeypatch.setenv("SCHAKEL_LOAD_USER", "keeper")
    monkeypatch.setenv("SCHAKEL_LOAD_PASSWORD", "light-house")
    between.fault = lambda request, _, __: request.answer(401, {"WWW-Authenticate": "Basic"}, b"") is None
    result = CliRunner().invoke(main, ["-v", "--project", str(project("first").root), "load", between.url])
    assert result.exit_code == 2
    assert "does not let you in" in result.output
    assert "light-house" not in result.output


class Keyring:
    """A keyring that gives what it holds, or is locked."""

    def __init__(self, held: object) -> None:
        self.held = held

    def get_credential(self, service: str, name: str | None) -> object:
        assert (service, name) == ("schakel 127.0.0.1", None)
        if isinstance(self.held, Exception):
            raise self.held
        return self.held


def test_the_keyring_is_asked(between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    del store
    monkeypatch.setitem(sys.modules, "keyring", Keyring(SimpleNamespace(username="keeper", password="light-house")))  # noqa: S106  # of a test
    between.fault = lambda request, _, __: not request.headers.get("Authorization") and request.answer(401, {"WWW-Authenticate": "Basic"}, b"") is None
    load(project("first"), between.url, Wanted())
    assert [headers for _, _, headers, _ in between.seen if "Authorization" in headers]


def test_a_keyring_that_cannot_be_read_is_told_to_whoever_is_not_let_in(
    between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch, look: Any
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", Keyring(PermissionError("light-house")))
    load(project("first"), store, Wanted())
    assert look.labels(store) == look.FIRST
    between.fault = lambda request, _, __: request.answer(401, {"WWW-Authenticate": "Basic"}, b"") is None
    with pytest.raises(StoreRefusesError, match=r"the keyring could not be read \(PermissionError\); credentials come from SCHAKEL_LOAD_USER"):
        load(project("second"), between.url, Wanted(), patience=ONCE)


def test_credentials_do_not_travel_unencrypted(server: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    del server
    monkeypatch.setenv("SCHAKEL_LOAD_TOKEN", "t0ken")
    with pytest.raises(SchakelError, match="https only"):
        load(project("first"), "http://192.0.2.1/", Wanted())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int, between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_LOAD_TOKEN", "t0ken")
    between.fault = lambda request, _, __: request.answer(status, {"Location": f"{store}/query"}, b"") is None
    with pytest.raises(StoreRefusesError, match=r"has moved to .*; nothing was sent there"):
        load(project("first"), between.url, Wanted(), patience=ONCE)
