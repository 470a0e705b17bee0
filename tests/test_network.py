"""The tests themselves: they need no network, and would fail if they asked for it."""

import socket

import pytest


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as connection, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))


def test_no_test_looks_another_machine_up() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"example\.org"):
        socket.create_connection(("example.org", 80))
