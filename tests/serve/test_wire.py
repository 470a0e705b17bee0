"""Connections to an engine, against servers that answer as they should and as they should not."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from schakel.serve.wire import Sent, TooLongError, Wire

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\n"


def asking(answers: Sequence[bytes | None], ask: Callable[[Wire], Awaitable[object]]) -> tuple[object, list[bytes], int]:
    """Ask a server that gives these answers one by one, on whichever connection, and ends it at None; give its requests and how many connections there were."""
    requests: list[bytes] = []
    left, connections = list(answers), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                requests.append(head + await reader.readexactly(length))
                answer = left.pop(0)
                writer.write(answer or b"")
                if answer is None or b"cut" in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionResetError):
            pass
        finally:
            writer.close()

    async def main() -> object:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        wire = Wire(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/query")
        try:
            async with asyncio.timeout(5):
                return await ask(wire)
        finally:
            wire.close()
            server.close()

    return asyncio.run(main()), requests, connections


async def post(wire: Wire, *, limit: int = 100, asked: str = "") -> Sent:
    return await wire.post(asked, "application/sparql-query", "text/csv", b"ASK {}", limit)


async def twice(wire: Wire) -> tuple[Sent, Sent]:
    return await post(wire, asked="default-graph-uri=a"), await post(wire)


@pytest.mark.parametrize(
    "answer", [OK + b"Content-Length: 6\r\n\r\na\r\n1\r\n", OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\na\r\n\r\n3\r\n1\r\n\r\n0\r\n\r\n"]
)
def test_an_answer_is_read_to_its_end_and_the_connection_kept(answer: bytes) -> None:
    told, requests, connections = asking([answer, answer], twice)
    assert isinstance(told, tuple)
    for sent in told:
        assert (sent.status, sent.media_type, b"".join(sent.parts)) == (200, "text/csv", b"a\r\n1\r\n")
    assert connections == 1
    assert requests[0].startswith(b"POST /query?default-graph-uri=a HTTP/1.1\r\n")
    assert requests[1].startswith(b"POST /query HTTP/1.1\r\n")
    assert requests[1].endswith(b"\r\n\r\nASK {}")


def test_a_connection_that_is_to_be_closed_is_not_used_again() -> None:
    answer = OK + b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    _, _, connections = asking([answer, answer], twice)
    assert connections == 2


@pytest.mark.parametrize("answer", [None, OK + b"Content-Length: 60\r\n\r\ncut", OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\ncut\r\n", b"what is this?"])
def test_an_answer_that_is_cut_off_is_none(answer: bytes | None) -> None:
    with pytest.raises((ConnectionError, OSError)):
        asking([answer], post)


def test_an_answer_that_is_too_long_is_not_read_on() -> None:
    part = b"64\r\n" + b"x" * 100 + b"\r\n"
    with pytest.raises(TooLongError):
        asking([OK + b"Transfer-Encoding: chunked\r\n\r\n" + part * 2], post)


def test_of_a_long_complaint_the_beginning_is_enough() -> None:
    complaint = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 20_000
    sent, *_ = asking([complaint], post)
    assert isinstance(sent, Sent)
    assert sent.status == 400
    assert len(b"".join(sent.parts)) >= 10_000


def test_who_gives_up_leaves_no_connection_in_use() -> None:
    async def give_up(wire: Wire) -> object:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await post(wire)
        return await post(wire)

    sent, _, connections = asking([b"", OK + b"Content-Length: 0\r\n\r\n"], give_up)
    assert isinstance(sent, Sent)
    assert connections == 2


def test_no_server_is_an_error_of_connections() -> None:
    with pytest.raises((ConnectionError, OSError)):
        asyncio.run(post(Wire("http://127.0.0.1:9/query")))
