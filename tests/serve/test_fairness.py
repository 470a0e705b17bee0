"""Clients get their share, and no more: turns, budgets, memory and connections, without a clock wherever that can be."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias
from urllib.parse import quote

import pytest

from schakel import Settings, read_settings
from schakel.errors import BusyError, SettingsError
from schakel.queries.fair_queue import FairQueue, Turn
from schakel.serve.budgets import Budgets, Work
from schakel.serve.responses import Problem

# Of the conftest beside.
Front: TypeAlias = Any

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


async def waiting(queue: FairQueue, clients: str, order: list[str]) -> list[asyncio.Task[Turn]]:
    """Let clients, each a letter, wait for a turn one after the other."""

    async def wait(client: str) -> Turn:
        turn = await queue.acquire(client)
        order.append(client)
        return turn

    tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(wait(client)))
        await asyncio.sleep(0)
    return tasks


def test_clients_take_turns_however_many_requests_each_has() -> None:
    async def run() -> list[str]:
        queue, order = FairQueue(1, 1, 100), list[str]()
        turn, had = await queue.acquire("a"), set[Turn]()
        tasks = await waiting(queue, "aaabac", order)
        for number in range(1, len(tasks) + 1):
            turn.release()
            for _ in range(4):
                await asyncio.sleep(0)
            assert len(order) == number
            (turn,) = {task.result() for task in tasks if task.done()} - had
            had.add(turn)
        assert queue.waiting == 0
        return order

    assert asyncio.run(run()) == ["a", "b", "c", "a", "a", "a"]


def test_a_client_has_no_more_places_than_its_share_and_leaves_the_others_free() -> None:
    async def run() -> None:
        queue, order = FairQueue(3, 2, 100), list[str]()
        tasks = await waiting(queue, "aaab", order)
        await asyncio.sleep(0)
        assert order == ["a", "a", "b"]
        tasks[0].result().release()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert order == ["a", "a", "b", "a"]
        tasks[0].result().release()  # a second time, which changes nothing
        assert queue.waiting == 0

    asyncio.run(run())


def test_where_the_queue_is_full_the_client_with_most_in_it_makes_room() -> None:
    async def run() -> None:
        queue, order = FairQueue(1, 1, 100), list[str]()
        turn = await queue.acquire("x")
        tasks = await waiting(queue, "a" * 16, order)
        with pytest.raises(BusyError):
            await queue.acquire("a")
        (late,) = await waiting(queue, "b", order)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert [task.done() for task in tasks] == [False] * 15 + [True]
        with pytest.raises(BusyError):
            tasks[-1].result()
        turn.release()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not late.done()
        for task in [*tasks[:-1], late]:
            task.cancel()
        await asyncio.gather(*tasks, late, return_exceptions=True)
        assert queue.waiting == 0

    asyncio.run(run())


def test_a_turn_that_nobody_waits_for_any_more_goes_to_the_next() -> None:
    async def run() -> None:
        queue, order = FairQueue(1, 1, 100), list[str]()
        turn = await queue.acquire("a")
        gone, there = await waiting(queue, "bc", order)
        turn.release()  # handed to b, which is cancelled before it learns of that
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        (await there).release()
        assert queue.waiting == 0
        (await queue.acquire("d")).release()

    asyncio.run(run())


def test_nobody_waits_for_ever() -> None:
    async def run() -> None:
        queue = FairQueue(1, 1, 0)
        await queue.acquire("a")
        with pytest.raises(BusyError):
            await queue.acquire("b")
        assert queue.waiting == 0

    asyncio.run(run())


def test_memory_for_answers_is_bounded_for_a_client_and_for_all() -> None:
    budgets = Budgets(10, 10, answer_bytes=100)
    works = [Work(client, budgets) for client in "aabbcc"]
    for work in works[:4]:
        work.hold(100)
    with pytest.raises(Problem, match="busy"):
        works[4].hold(1)
    works[0].close()
    works[4].hold(100)
    works[4].close()
    with pytest.raises(Problem, match="busy"):
        works[2].hold(1)  # twice the largest answer is what a client may leave unread
    for work in works:
        work.close()
        work.close()
    assert budgets.held == 0


def test_seconds_of_processing_are_a_budget(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    with serve(project(seconds=1, seconds_per_minute=1, per_minute=100).root) as front:
        first = front.sparql("ASK {}")
        assert first.headers["ratelimit-policy"] == '"requests";q=100;w=60, "seconds";q=1;w=60'
        assert first.headers["ratelimit"].startswith('"requests";r=99;')
        assert front.post(ENDLESS).problem == "query-timeout"
        refused = front.sparql("ASK {}")
        assert (refused.status, refused.problem) == (429, "too-many-requests")
        assert "seconds of processing" in refused.json["detail"]
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        # Files are for everybody, and another client has a budget of its own.
        assert front.ask("/tower/brandaris.ttl").status == 200
        assert front.ask("/sparql?query=ASK%7B%7D", source="127.0.0.2").status == 200


def test_a_query_ends_when_its_client_hangs_up(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    with serve(project(seconds=600, patience=30).root) as front:
        engines = front.engines()
        with socket.create_connection(("127.0.0.1", front.port)) as connection:
            connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert front.until(lambda: b"schakel_requests_active 2.0" in front.ask("/metrics").body)
        assert front.until(lambda: len(set(front.engines()) - set(engines)) == 1)
        assert front.until(lambda: '"status": 499' in front.log.read_text())
        assert front.sparql("ASK {}").status == 200


def test_a_busy_server_is_alive_and_ready(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    with serve(project(seconds=5, at_once=1, client_at_once=1).root) as front, ThreadPoolExecutor(1) as pool:
        endless = pool.submit(front.post, ENDLESS)
        assert front.until(lambda: b"schakel_requests_active 2.0" in front.ask("/metrics").body)
        assert [front.ask(path).status for path in ("/livez", "/readyz", "/health")] == [200] * 3
        assert endless.result().status == 504


def test_another_page_is_not_another_query(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    with serve(project(patience=1).root) as front:
        whole = front.ask("/api/towers?format=jsonl").body
        for engine in front.engines():
            os.kill(engine, signal.SIGSTOP)
        assert front.sparql("ASK {}").status in {503, 504}
        pages = [front.ask(f"/api/towers?format=jsonl&page_size=10&page={number}").body for number in range(1, 8)]
        assert b"".join(pages) == whole
        for engine in front.engines():
            with contextlib.suppress(ProcessLookupError):
                os.kill(engine, signal.SIGCONT)


def test_connections_of_a_client_are_limited(front: Front) -> None:
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(socket.create_connection(("127.0.0.1", front.port), timeout=5, source_address=("127.0.0.9", 0))) for _ in range(101)]
        assert connections[-1].recv(100).startswith(b"HTTP/1.1 503 ")
        assert front.ask("/livez").status == 200
        assert b'schakel_connections_refused_total{limit="client"}' in front.ask("/metrics").body
        assert '"event": "connections", "outcome": "refused", "limit": "client"' in front.log.read_text()


@pytest.mark.parametrize("proxies", [["*"], ["0.0.0.0/0"], ["::/0"], ["proxy.example"], ["10.0.0.1/8"], [""], ["127.0.0.1", "*"]])
def test_not_everybody_may_name_its_client(proxies: list[str], project: Callable[..., Settings]) -> None:
    with pytest.raises(SettingsError, match="addresses or networks"):
        project(proxies=proxies)


def test_of_a_chain_of_proxies_the_first_that_is_none_is_the_client(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    settings = project(per_minute=1, proxies=["127.0.0.2", "10.0.0.0/8"])
    assert read_settings(settings.root).serve_proxies == ("127.0.0.2/32", "10.0.0.0/8")
    with serve(settings.root) as front:
        chain = "198.51.100.{}, 192.0.2.1, 10.1.2.3"
        # Whatever the client wrote before the address that the outermost proxy saw.
        statuses = [front.ask("/api/towers", source="127.0.0.2", X_Forwarded_For=chain.format(number)).status for number in range(2)]
        assert statuses == [200, 429]
