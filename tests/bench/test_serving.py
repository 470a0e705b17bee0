"""What is made of numbers of servers: read from the generator, set against each other, and told; the numbers are made up."""

import json
from pathlib import Path

import pytest

from asked import Canned, canned_queries, entities
from client import read_head
from generator import told_by
from mixture import mixture
from served import Endurance, Sample, Served, Turn, read_served, write_served
from serving_report import API, NGINX, OXIGRAPH, SCHAKEL, TASKS, growth, write_serving_report

OUTPUT = """Running 1s test @ http://127.0.0.1:8000
  2000 requests in 1.00s, 2.00MB read
Requests/sec:   1999.00

{"requests": 2000, "seconds": 0.500000, "bytes": 2097152, "p50": 1.500, "p95": 2.500, "p99": 9.000, "refused": 1, "lost": 2, "late": 3}
"""


def runs(*rates: float, errors: int = 0) -> list[dict[str, float]]:
    others = {"p50": 1, "p95": 2, "p99": 3, "errors": errors, "bytes": 10, "cost": 0.25, "generator": 0.1, "others": 0.05}
    return [{"a_second": rate, **others} for rate in rates]


def endured(*, seconds: float = 600, slope: float = 0, lost: int = 0) -> Endurance:
    samples = [Sample(at, 80 + slope * at, 40) for at in range(0, int(seconds) + 1, 5)]
    kinds = {"pages": {"answers": 1000, "errors": lost, "p50": 1, "p95": 2, "p99": 3}}
    return Endurance(seconds, 50, kinds, {}, lost, 0, samples, {"began": 300, "built": 320, "in_service": 325}, 0, 0.02)


@pytest.fixture
def served() -> Served:
    return Served(
        {"cores": "2"},
        {"schakel": "0.1.0"},
        {"runs": 3, "seconds": 8, "connections": 16, "slowest": 250},
        {"real": {"statements": 10_000, "queries": 30, "pages": 500}},
        {"real": ["partners"]},
        [
            Turn(TASKS[0], "real", SCHAKEL, runs(40, 45, 90)),
            Turn(TASKS[0], "real", OXIGRAPH, runs(50, 50, 50)),
            Turn(TASKS[1], "real", API, runs(500, 500, 500)),
            Turn(TASKS[1], "real", OXIGRAPH, runs(50, 50, 50)),
            Turn(TASKS[3], "real", SCHAKEL, runs(1000, 1000, 1000, errors=2), differing=7),
            Turn(TASKS[3], "real", NGINX, runs(5000, 4000, 2000)),
            Turn(TASKS[5], "real", SCHAKEL, runs(1000)),
            Turn(TASKS[5], "real", NGINX, note="not on this machine"),
        ],
        endured(),
    )


def told(served: Served, folder: Path) -> str:
    write_serving_report(served, folder)
    return (folder / "benchmarks-serving.md").read_text("utf-8")


def cells(page: str, *wanted: str) -> list[str]:
    found = [line for line in page.splitlines() if line.startswith("|") and all(each in line for each in wanted)]
    assert len(found) == 1, found
    return [cell.strip() for cell in found[0].strip("|").split("|")]


def test_the_last_line_of_the_generator_is_what_counts() -> None:
    rate = told_by(OUTPUT, 1.0, 0.25, 0.5)
    assert (rate.a_second, rate.p50, rate.p95, rate.p99, rate.errors, rate.cost) == (4000, 1.5, 2.5, 9.0, 6, 0.5)


def test_a_server_that_answered_nothing_costs_nothing_by_request() -> None:
    assert told_by(OUTPUT.replace("2000", "0"), 1.0, 0, 0).cost == 0


def test_the_ratio_is_the_median_of_runs_that_followed_each_other(served: Served) -> None:
    assert served.ratio(TASKS[0], "real", SCHAKEL, OXIGRAPH) == 0.9
    assert served.ratio(TASKS[3], "real", SCHAKEL, NGINX) == 0.25
    assert served.ratio(TASKS[5], "real", SCHAKEL, NGINX) is None


def test_targets_are_judged(served: Served, tmp_path: Path) -> None:
    page = told(served, tmp_path)
    assert cells(page, "canned queries: at least 0.5")[1:] == ["0.90; by processor time 1.00", "reached"]
    assert cells(page, "| pages: at least 0.3")[1:] == ["0.25; by processor time 1.00", "**not reached**"]
    assert cells(page, "Turtle: at least 0.3")[1:] == ["not measured", ""]
    assert cells(page, "without an error")[1:] == ["0 of 1,000 in 10.0 minutes", "reached"]
    assert cells(page, "stays level")[2] == "reached"
    assert cells(page, "taken into service")[1:] == ["after 325 s", "reached"]


def test_a_target_is_missed_where_processor_time_says_so(served: Served, tmp_path: Path) -> None:
    for run in served.turns[0].runs:
        run["cost"] = 1.0
    assert cells(told(served, tmp_path), "canned queries: at least 0.5")[1:] == ["0.90; by processor time 0.25", "**not reached**"]


@pytest.mark.parametrize(("others", "is_told"), [(0.05, False), (0.5, True)])
def test_a_machine_that_was_not_quiet_is_told(served: Served, tmp_path: Path, others: float, *, is_told: bool) -> None:
    for turn in served.turns:
        for run in turn.runs:
            run["others"] = others
    assert ("50% of its processors" in told(served, tmp_path)) is is_told


@pytest.mark.parametrize(
    ("endurance", "target"), [(endured(lost=1), "without an error"), (endured(seconds=590), "without an error"), (endured(slope=0.1), "level")]
)
def test_what_went_wrong_in_the_long_run_is_told(served: Served, tmp_path: Path, endurance: Endurance, target: str) -> None:
    served.endurance = endurance
    assert cells(told(served, tmp_path), target)[2] == "**not reached**"


def test_a_publication_that_was_not_taken_into_service_is_told(served: Served, tmp_path: Path) -> None:
    assert served.endurance is not None
    del served.endurance.switch["in_service"]
    assert cells(told(served, tmp_path), "taken into service")[1:] == ["no", "**not reached**"]


def test_growth_is_told_apart_before_and_after_the_change() -> None:
    found = endured(slope=0.02)
    (_, before), (_, after) = growth(found)
    assert before == pytest.approx(0.02 * 600 / (120 + 0.02 * 180) * 100, rel=0.01)
    assert after == pytest.approx(0.02 * 600 / (120 + 0.02 * 492.5) * 100, rel=0.01)


def test_errors_and_other_answers_stand_in_the_table(served: Served, tmp_path: Path) -> None:
    row = cells(told(served, tmp_path), "| pages |", "| Schakel |")
    assert row[6:8] == ["6", "7"]
    assert "`partners`" in told(served, tmp_path)


def test_nothing_measured_is_told_as_that(tmp_path: Path) -> None:
    page = told(Served({}, {}), tmp_path)
    assert page.count("not measured") >= 5
    assert "reached |" not in page
    assert "reached** |" not in page


def test_what_was_kept_is_read_again(served: Served, tmp_path: Path) -> None:
    write_served(served, tmp_path / "serving.json")
    assert read_served(tmp_path / "serving.json") == served


@pytest.fixture
def public(tmp_path: Path) -> Path:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "index.json").write_text(json.dumps({"base": "https://e.org/", "queries": [{"name": "all"}]}), "utf-8")
    (tmp_path / "queries" / "all.rq").write_text("SELECT * { ?s ?p ?o }", "utf-8")
    (tmp_path / "org").mkdir()
    for name in ("a", "b", "café", "dump"):
        (tmp_path / "org" / f"{name}.ttl").touch()
        if name != "dump":
            (tmp_path / "org" / f"{name}.html").touch()
    return tmp_path


def test_what_is_asked_comes_from_the_publication(public: Path) -> None:
    assert entities(public, 10) == ["/org/a", "/org/b", "/org/caf%C3%A9"]
    assert len(entities(public, 2)) == 2
    (query,) = canned_queries(public)
    assert query == Canned("all", "BASE <https://e.org/>\nSELECT * { ?s ?p ?o }")
    assert query.by_protocol("/sparql") == "/sparql?query=BASE+%3Chttps%3A%2F%2Fe.org%2F%3E%0ASELECT+%2A+%7B+%3Fs+%3Fp+%3Fo+%7D"


def test_the_mixture_takes_fifty_connections_and_is_whole(public: Path) -> None:
    mixed = mixture(public, canned_queries(public))
    assert sum(kind.connections for kind in mixed) == 50
    for wanted in (each for kind in mixed for each in kind.requests):
        head, _, body = wanted.sent.partition(b"\r\n\r\n")
        assert head.count(b"Host: ") == 1
        assert (f"Content-Length: {len(body)}".encode() in head) == bool(body)
    refused = next(kind for kind in mixed if kind.name == "refused")
    assert all(400 <= wanted.status < 500 for wanted in refused.requests)
    assert mixture(public, canned_queries(public)) == mixed


@pytest.mark.parametrize(
    ("head", "read"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", (200, 12, False)),
        (b"HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n", (304, None, True)),
    ],
)
def test_the_head_of_an_answer_is_read(head: bytes, read: tuple[int, int | None, bool]) -> None:
    assert read_head(head) == read
