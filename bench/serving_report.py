"""Write docs/benchmarks-serving.md from what was measured of servers.

python bench/serving_report.py
"""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from served import Endurance, Sample, Served, Turn, read_served

__all__ = ["API", "OXIGRAPH", "PEER_OF", "SCHAKEL", "TASKS", "growth", "write_serving_report"]

SCHAKEL, API, OXIGRAPH, NGINX = "Schakel", "Schakel, API", "Oxigraph", "nginx"
TASKS: Final = ("canned queries", "canned queries, API", "shortest query", "pages", "pages, gzip", "Turtle", "things")
PEER_OF: Final = dict(zip(TASKS, (OXIGRAPH, OXIGRAPH, OXIGRAPH, NGINX, NGINX, NGINX, NGINX), strict=True))
_HERE: Final = Path(__file__).resolve().parent
_NOT: Final = "not measured"
# Memory begins to count when everything has been asked for once, and again when the former publication has gone.
_WARM: Final = 60.0
_FLAT: Final = 5.0
_QUIET: Final = 0.1
Row: TypeAlias = Sequence[str]

_HEAD: Final = """# Benchmarks of serving

*Written by `bench/serving_report.py` from `bench/serving.json`; `make bench-serving` measures anew.*

How many requests [`schakel serve`](how-to/serve.md) answers beside Oxigraph's server alone, which answers queries and does nothing else, and beside
nginx, which sends files and does nothing else; and whether it goes on doing so for a long time. [Builds](benchmarks.md) have a page of their own.

"""
_TASKS: Final = """- *Canned queries* are the texts of the publication's queries, asked by the SPARQL protocol; each answer is made anew.
- *Canned queries, API* are the same, asked at `/api/`, which keeps the answers that it made; Oxigraph makes each anew.
- *Shortest query* is `ASK {}`: what a query costs that costs nothing, and so what Schakel adds.
- *Pages*, *Turtle* and *things* are the page of a thing, its data, and its IRI, which leads to the data. *gzip* is what browsers ask for: nginx packs
  each answer as it sends it, Schakel keeps it packed.

"""
_METHOD: Final = """## How it was measured

- `schakel serve` ran as it is started by `schakel serve`, with one process for HTTP, four for queries and its log in a file; only the
  limits for a client were lifted.
- Oxigraph's server alone was loaded with the same files.
- nginx had [the configuration in docs/hosting/](hosting/nginx.conf), one worker, and a log of requests in a file.
- [wrk](https://github.com/wg/wrk) asked, over {connections} connections, for {seconds} s a run, one server after the other and all of them again,
  {runs} times. Of requests a second and of percentiles the median of the runs is given; the ratio is the median of the ratios of runs that followed
  each other.
- Everything ran on one machine with {cores} processors: the generator takes its share of them from whatever it measures, and more of it where more is
  answered. *Others* is what share of all processors was taken meanwhile by what had nothing to do with the measuring. *Processor* is the time of a
  processor that the server took for a request, its other processes included: it tells more than the rate where others use the machine too.
  A target is reached where the rate and the processor time both say so.
- Queries for which Oxigraph alone takes more than {slowest} ms were left out: of those, either server's answer takes the same time. {left_out}
- Answers that differ from the peer's in status or body are counted in the table.
- The mixed load comes from [`bench/mixture.py`](../bench/mixture.py): each connection asks for things of one kind, one after the other without a
  pause. Memory is what of the server and of its query processes is in memory (RSS), sampled every five seconds. A line is laid through the samples from the
  first minute on, when everything has been asked for, and again from a minute after the new publication: memory counts as level where the line
  rises by no more than 5 % in ten minutes.

"""


def write_serving_report(served: Served, folder: Path) -> None:
    """Write the page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks-serving.md").write_text(_page(served), "utf-8")


def _page(served: Served) -> str:
    left = "; ".join(f"{size}: {', '.join(f'`{name}`' for name in names)}" for size, names in served.left_out.items() if names)
    asked = {"runs": 0, "seconds": 0, "connections": 0, "slowest": 0, **served.asked}
    parts = [
        _HEAD,
        "## Targets\n\n",
        _table(("target", "measured", ""), _targets(served)),
        "## Requests a second\n\n",
        _TASKS,
        *(_rates(served, size) for size in served.sizes),
        *(_former(served) if served.former else []),
        "## A mixed load\n\n",
        *(_endurance(served.endurance) if served.endurance else ["It was not measured.\n\n"]),
        _METHOD.format(**asked, cores=served.machine.get("cores", "some"), left_out=f"They are, by publication, {left}." if left else "There were none."),
        "## Machine and versions\n\n",
        _table(("", ""), [*served.machine.items(), *((f"`{name}`", number) for name, number in served.packages.items())]),
    ]
    return "".join(parts).rstrip("\n") + "\n"


def _former(served: Served) -> Iterator[str]:
    """Compare with an earlier version, task by task."""
    yield "## Before and after\n\n"
    yield "The version before, measured just before on the same machine. Where that was not quiet, the processor's time tells more than the rate.\n\n"
    rows = []
    for before in served.former:
        after = served.find(before.task, before.size, before.who)
        if after is not None and before.runs and before.who not in {OXIGRAPH, NGINX}:
            pairs = [
                (f"{turn.median('a_second'):,.0f}", f"{turn.median('cost'):.2f} ms", f"{turn.median('p99'):,.0f} ms", f"{turn.errors:,}")
                for turn in (before, after)
            ]
            rows.append([before.task, *(cell for pair in zip(*pairs, strict=True) for cell in pair)])
    columns = ("requests a second", "processor", "p99", "errors")
    yield _table(("", *(f"{column}, {when}" for column in columns for when in ("before", "after"))), rows)


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---" for _ in head], *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines) + "\n"


def _targets(served: Served) -> Iterator[Row]:
    size = next(iter(served.sizes), "")
    for task, least in ((TASKS[0], 0.5), (TASKS[3], 0.3), (TASKS[4], 0.3), (TASKS[5], 0.3)):
        ratio, thrift = (measure(task, size, SCHAKEL, PEER_OF[task]) for measure in (served.ratio, served.thrift))
        target = f"{task}: at least {least} of what {PEER_OF[task]} answers"
        if ratio is None or thrift is None:
            yield target, _NOT, ""
        else:
            yield target, f"{ratio:.2f}; by processor time {thrift:.2f}", "reached" if min(ratio, thrift) >= least else "**not reached**"
    found = served.endurance
    if found is None:
        yield "10 minutes of mixed load over 50 connections without an error", _NOT, ""
        return
    enough = "reached" if not found.errors and found.seconds >= 600 else "**not reached**"
    yield "10 minutes of mixed load over 50 connections without an error", f"{found.errors:,} of {found.requests:,} in {found.seconds / 60:.1f} minutes", enough
    percents = [percent for _, percent in growth(found)]
    flat = f"{max(percents):+.1f} % in ten minutes at most" if percents else _NOT
    yield "memory stays level meanwhile", flat, ("reached" if max(percents) <= _FLAT else "**not reached**") if percents else ""
    switched = "in_service" in found.switch
    yield (
        "a new publication is taken into service meanwhile",
        f"after {found.switch['in_service']:.0f} s" if switched else "no",
        "reached" if switched else "**not reached**",
    )


def _rates(served: Served, size: str) -> str:
    told = served.sizes[size]
    content = "The repository's own content" if size == "real" else f"{size} invented organisations"
    head = ("", "by", "requests a second", "p50", "p95", "p99", "errors", "other answers", "processor", "generator", "others", "ratio")
    told_of = f"{content}: {told['statements']:,} statements, {told['queries']} canned queries, {told['pages']} things. "
    others = statistics.median([run["others"] for turn in served.turns if turn.size == size for run in turn.runs] or [0.0])
    if others > _QUIET:
        told_of += f"**The machine was not quiet**: others took {others:.0%} of its processors. Rates are lower than they would be, and ratios less certain."
    return told_of.rstrip() + "\n\n" + _table(head, (row for turn in served.turns if turn.size == size for row in _rate(served, turn)))


def _rate(served: Served, turn: Turn) -> Iterator[Row]:
    if not turn.runs:
        yield turn.task, turn.who, turn.note or _NOT, *[""] * 9
        return
    ratio = None if turn.who == PEER_OF[turn.task] else served.ratio(turn.task, turn.size, turn.who, PEER_OF[turn.task])
    times = [f"{turn.median(name):,.1f} ms" for name in ("p50", "p95", "p99")]
    shares = [f"{turn.median(name):.0%}" for name in ("generator", "others")]
    yield (
        turn.task,
        turn.who,
        f"{turn.median('a_second'):,.0f}",
        *times,
        f"{turn.errors:,}",
        f"{turn.differing:,}",
        f"{turn.median('cost'):,.2f} ms",
        *shares,
        "" if ratio is None else f"{ratio:.2f}",
    )


def _endurance(found: Endurance) -> Iterator[str]:
    yield f"{found.requests:,} requests in {found.seconds:,.0f} s over {found.connections} connections. "
    yield f"Answers with another status than expected: {sum(found.unexpected.values()):,}"
    yield f" ({', '.join(f'{count:,} × {status}' for status, count in found.unexpected.items())})" if found.unexpected else ""
    yield f"; connections cut off: {found.lost:,}; answers that took more than half a minute: {found.late:,}; "
    yield f"query processes that had to be started again: {found.restarts}. "
    yield f"Others took {found.others:.0%} of all processors meanwhile.\n\n"
    rows = (
        (name, f"{kind['answers']:,}", f"{kind['errors']:,}", *(f"{kind[each]:,.1f} ms" for each in ("p50", "p95", "p99")))
        for name, kind in found.kinds.items()
    )
    yield _table(("", "answers", "errors", "p50", "p95", "p99"), rows)
    if "in_service" in found.switch:
        began, built, taken = (found.switch[name] for name in ("began", "built", "in_service"))
        yield f"A new publication was built from second {began:,.0f} to second {built:,.0f}, and answered by second {taken:,.0f}.\n\n"
    yield _table(("seconds", "server", "query processes"), ((f"{one.at:,.0f}", f"{one.front:,.0f} MB", f"{one.engines:,.0f} MB") for one in _told(found)))
    for stretch, percent in growth(found):
        yield f"{stretch}: {percent:+.1f} % in ten minutes, by the line through all samples.\n\n"


def _told(found: Endurance) -> list[Sample]:
    """Choose the samples that are shown: at a minute, in the middle, around the change of publications, and at the end."""
    marks = [
        _WARM,
        found.seconds / 4,
        found.seconds / 2,
        *(found.switch[name] for name in ("in_service",) if name in found.switch),
        found.seconds * 3 / 4,
        found.seconds,
    ]
    chosen = {min(found.samples, key=lambda one: abs(one.at - mark)).at for mark in marks if found.samples}
    return [one for one in found.samples if one.at in chosen]


def growth(found: Endurance) -> list[tuple[str, float]]:
    """Tell by how many percent of its median memory would grow in ten minutes, before and after the change of publications: of all processes together."""
    change, taken = found.switch.get("began", found.seconds), found.switch.get("in_service", found.seconds)
    told = []
    for name, start, end in (("Before the new publication", _WARM, change), ("After it", taken + _WARM, found.seconds)):
        points = [(one.at, one.front + one.engines) for one in found.samples if start <= one.at <= end]
        if len(points) > 2:
            slope = statistics.linear_regression([at for at, _ in points], [memory for _, memory in points]).slope
            told.append((name, slope * 600 / statistics.median(memory for _, memory in points) * 100))
    return told


if __name__ == "__main__":
    write_serving_report(read_served(_HERE / "serving.json"), _HERE.parent / "docs")
