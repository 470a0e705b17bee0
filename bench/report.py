"""Write docs/benchmarks.md and docs/benchmarks.svg from what was measured.

python bench/report.py
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from plot import drawing
from results import Measurement, Results, read_results

__all__ = ["write_report"]

_HERE: Final = Path(__file__).resolve().parent
_OURS: Final = "Schakel"
_CHAIN: Final = "reference chain"
_FLOOR: Final = "floor"
_NOT: Final = "not measured"
# Below this share of one processor, programs waited for others.
_ALONE: Final = 0.8
# How many times as fast as the reference chain a build is to be.
_CHAINS: Final = 60
Row: TypeAlias = Sequence[str]

# Why programs differ, where it is known: what was found when the differences were looked at.
_WHY: Final = {
    ("graph.ttl", _CHAIN): "rdflib's writer of Turtle gives a whole number that is a decimal a `.0`: the same number, spelt otherwise than the table has it.",
    ("dataset.trig", _CHAIN): "rdflib's writer of TriG does as that of Turtle.",
    ("reasoning", "reasonable"): "reasonable concludes nothing from property chains, and so nothing that follows from what they give.",
}
_HEAD: Final = """# Benchmarks

*Written by `bench/report.py` from `bench/results.json`; `make bench` measures anew.*

How long a build takes and how much memory it needs, beside what else can do the same work. The content is invented: organisations with their sites,
names, memberships, shareholdings, projects and trees of goals, one row in a thousand with a fault that validation finds. Each row cites its page, one
in a hundred a passage in it. [Serving](benchmarks-serving.md) is measured on a page of its own.

"""
_METHOD: Final = """## How it was measured

- Each program runs in a process of its own, from its start to its end. The programs run one at a time and in turn; of their runs the median counts.
- Peak memory is what the program holds in memory (RSS, pages of files included), sampled ten times a second, or less often where a look takes long;
  of a program that starts others it is the sum, and what they share counts once. Python's compiled modules are kept from earlier runs, for all programs.
- *Processors* are the seconds of all processors together.
- *The build* reads tables, mappings, ontology and shapes, maps, reasons, validates, and writes the five dumps of the whole graph with catalogue and
  report. It keeps nothing for later builds but pages. It was `{build}`.
- *512 MB for the engine* is the setting `engine.memory`; the digests of its dumps are compared with those of the build.
- *The reference chain* is [`bench/reference_chain.py`](../bench/reference_chain.py): rdflib, owlrl and pySHACL on the same project folder, with the means
  that these libraries have to be fast. It does less: it looks for no row of which something is lost, names the row of no finding, and does not read its
  dumps back.
- *The floor* is [`bench/floor.py`](../bench/floor.py): Oxigraph reads the finished graph and writes it again, in one format and in no order.
- The engines of reasoning and validation in the build were {engines}.
- A program that gives something else than Schakel for the same input is listed under [differences](#differences); its time is then no measure.
- Mapping, reasoning and graphs are compared statement by statement, results of validation by focus node and shape.
- Where it says *not run*, it was not run: no number here is calculated from another.

"""


def write_report(results: Results, folder: Path) -> None:
    """Write page and drawing into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.md").write_text(_page(results), "utf-8")
    (folder / "benchmarks.svg").write_text(_drawing(results), "utf-8")


def _page(results: Results) -> str:
    engines = " and ".join(f"`{name}`" for name in results.engines)
    parts = [
        _HEAD,
        *_shared(results),
        "## Targets\n\n",
        _table(("target", "measured", ""), _targets(results)),
        "## Builds\n\n![Time of a build by size: what the table says](benchmarks.svg)\n\n",
        _table(("organisations", "rows", "statements", "", "time", "processors", "peak memory", "against Schakel"), _builds(results)),
        *_earlier(results),
        *_section("How it grows:", ("from", "to", "statements", "time of a build", "time of the floor"), _growth(results)),
        *_section(
            "## Pages and files of entities, and answers of queries\n\nA publication has them beside the dumps. The time is what it takes beyond the build.",
            ("organisations", "", "files", "pages", "time", "files a second", "time a page", "peak memory"),
            _files(results),
        ),
        *_section("## The repository's own content", ("", "time", "processors", "peak memory"), _real(results)),
        *_section(
            "## Single stages\n\nOn the same input, each program as its own process. Mapping is that of one table, `organisations.csv`.",
            ("organisations", "stage", "by", "time", "peak memory", "result"),
            _stages(results),
        ),
        "## Differences\n\n",
        *_differences(results),
        _METHOD.format(build=results.build, engines=engines),
        "## Machine and versions\n\n",
        _table(("", ""), [*results.machine.items(), *((f"`{name}`", version) for name, version in results.packages.items())]),
    ]
    return "".join(parts).rstrip("\n") + "\n"


def _shared(results: Results) -> Iterator[str]:
    """Warn where the programs waited for a processor most of the time."""
    runs = [run for item in results.measurements for run in item.runs]
    taken, processors = (sum(run[name] for run in runs) for name in ("seconds", "cpu_seconds"))
    if taken and processors < _ALONE * taken:
        yield (
            f"**The machine did other work meanwhile: a run took {taken / processors:.1f} times as long by the clock as its processors worked.** "
            "Times and what is judged by them are upper bounds; *processors* and memory say more.\n\n"
        )


def _section(title: str, head: Row, rows: Iterable[Row]) -> Iterator[str]:
    """Give a table with what is above it, unless it is empty."""
    found = list(rows)
    if found:
        yield f"{title}\n\n{_table(head, found)}"


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---" for _ in head], *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines) + "\n"


def _seconds(value: float) -> str:
    return f"{value:,.2f} s" if value < 10 else f"{value:,.1f} s"


def _targets(results: Results) -> Iterator[Row]:
    def seconds(task: str, size: str, who: str) -> float | None:
        found = results.find(task, size, who)
        return found.seconds if found else None

    def ratio(above: float | None, below: float | None) -> float | None:
        return above / below if above and below else None

    def memory(size: str) -> float | None:
        found = results.find("build", size, _OURS)
        return found.megabytes if found else None

    def processors(size: str) -> float | None:
        found = results.find("build", size, _OURS)
        return found.cpu_seconds if found else None

    build, edited = seconds("build", "100k", _OURS), seconds("rebuild, one row", "100k", _OURS)
    to_floor = ratio(build, seconds("build", "100k", _FLOOR))
    judged: list[tuple[str, float | None, Callable[[float], bool], str]] = [
        (f"1,000 organisations: at least {_CHAINS} times as fast as the reference chain", ratio(*_pair(seconds, "1k")), lambda x: x >= _CHAINS, "{:.1f} times"),
        (
            "10,000 organisations: mapping faster than morph-kgc",
            ratio(seconds("mapping", "10k", "morph-kgc"), seconds("mapping", "10k", _OURS)),
            lambda x: x > 1,
            "{:.1f} times as fast",
        ),
        (
            "10,000 organisations: validation faster than pyrudof",
            ratio(seconds("validation", "10k", "pyrudof"), seconds("validation", "10k", results.engines[1])),
            lambda x: x > 1,
            "{:.1f} times as fast",
        ),
        ("100,000 organisations: at most 3 times the floor", to_floor, lambda x: x <= 3, "{:.1f} times"),
        ("100,000 organisations: at most 2 times the floor (ambition)", to_floor, lambda x: x <= 2, "{:.1f} times"),
        ("100,000 organisations: at most 20 processor-seconds", processors("100k"), lambda x: x <= 20, "{:.1f}"),
        ("100,000 organisations: a peak of at most 1 GB", memory("100k"), lambda x: x <= 1000, "{:,.0f} MB"),
        ("one row edited of 100,000 organisations: at most 8 s or half a build", edited, lambda x: x <= max(8, (build or 0) / 2), "{:.1f} s"),
        ("from 100,000 to 1,000,000 organisations: at most 13 times the time", ratio(seconds("build", "1m", _OURS), build), lambda x: x <= 13, "{:.1f} times"),
        ("1,000,000 organisations: a peak of at most 2 GB", memory("1m"), lambda x: x <= 2000, "{:,.0f} MB"),
        ("the dumps of the repository's own content: at most 2 s", seconds("dumps", "real", _OURS), lambda x: x <= 2, "{:.2f} s"),
    ]
    for target, value, reached, form in judged:
        yield target, _NOT if value is None else form.format(value), "" if value is None else "reached" if reached(value) else "**not reached**"
    for size in ("1k", "10k"):
        stopped = next((item.longer_than for item in results.measurements if (item.task, item.size, item.who) == ("build", size, _CHAIN)), 0)
        least = ratio(stopped, seconds("build", size, _OURS))
        if least is not None:
            verdict = "reached" if least >= _CHAINS else "not known"
            yield f"the reference chain at {size}, stopped after {stopped:,.0f} s", f"more than {least:.0f} times", verdict


def _pair(seconds: Callable[[str, str, str], float | None], size: str) -> tuple[float | None, float | None]:
    return seconds("build", size, _CHAIN), seconds("build", size, _OURS)


def _builds(results: Results) -> Iterator[Row]:
    names = {
        ("build", _OURS): "build",
        ("rebuild, one row", _OURS): "build again, one row edited",
        ("build, 512 MB", _OURS): "build, 512 MB for the engine",
        ("build", _FLOOR): "floor",
        ("build", _CHAIN): "reference chain",
    }
    for size, counts in results.sizes.items():
        ours = results.find("build", size, _OURS)
        for item in results.measurements:
            if item.size == size and (item.task, item.who) in names:
                sizes = (f"{counts['organisations']:,}", f"{counts['rows']:,}", f"{counts.get('triples', 0):,}")
                against = f"{item.seconds / ours.seconds:.2f} ×" if item.runs and ours else ""
                yield *sizes, names[item.task, item.who], *_costs(item), against


def _cost(item: Measurement) -> Row:
    return (_seconds(item.seconds), f"{item.megabytes:,.0f} MB") if item.runs and not item.note else (item.note or _NOT, "")


def _costs(item: Measurement) -> Row:
    """Give time, processor-seconds and peak memory."""
    time, memory = _cost(item)
    return time, _seconds(item.cpu_seconds) if memory else "", memory


def _earlier(results: Results) -> Iterator[str]:
    """Say what was not measured with the rest."""
    if results.earlier:
        counts = " and ".join(f"{results.sizes[size]['organisations']:,}" for size in results.earlier)
        yield f"{counts} organisations were measured apart from the rest, with the code of another time.\n\n"


def _growth(results: Results) -> Iterator[Row]:
    sizes = [size for size in results.sizes if results.find("build", size, _OURS) and size not in results.earlier]
    for small, large in pairwise(sizes):
        times = []
        for who in (_OURS, _FLOOR):
            one, other = results.find("build", small, who), results.find("build", large, who)
            times.append(f"× {other.seconds / one.seconds:.1f}" if one and other else _NOT)
        counts = [results.sizes[size] for size in (small, large)]
        more = counts[1].get("triples", 0) / max(1, counts[0].get("triples", 0))
        yield f"{counts[0]['organisations']:,}", f"{counts[1]['organisations']:,}", f"× {more:.1f}", *times


def _files(results: Results) -> Iterator[Row]:
    for size, counts in results.sizes.items():
        before = ("build", "dumps")
        for task, name in (("entities", "pages and files of entities"), ("entities, queries", "answers of queries")):
            less, more = results.find(before[0], size, _OURS), results.find(task, size, _OURS)
            if less and more:
                files, pages = (results.files[size].get(task + what, 0) - results.files[size].get(before[1] + what, 0) for what in ("", ": pages"))
                time = more.seconds - less.seconds
                measured = (
                    (_seconds(time), f"{files / time:,.0f}", f"{time / pages * 1000:,.2f} ms" if pages else "") if time > 0 else ("too little to tell", "", "")
                )
                yield f"{counts['organisations']:,}", name, f"{files:,}", f"{pages:,}", *measured, f"{more.megabytes:,.0f} MB"
            before = (task, task)


def _real(results: Results) -> Iterator[Row]:
    names = {"dumps": "dumps alone", "publish": "publish, with every file and answer", "publish again": "publish again, nothing changed"}
    for task, name in names.items():
        item = next((item for item in results.measurements if item.task == task), None)
        if item is not None:
            yield name, *_costs(item)


def _stages(results: Results) -> Iterator[Row]:
    for size, counts in results.sizes.items():
        for task in ("mapping", "reasoning", "validation"):
            for item in results.measurements:
                if (item.size, item.task) == (size, task):
                    yield f"{counts['organisations']:,}", task, item.who, *_cost(item), _verdict(results, item)


def _verdict(results: Results, item: Measurement) -> str:
    if item.who in {_OURS, *results.engines}:
        return "what a build uses"
    found = next((one for one in results.differences if (one.task, one.size, one.who) == (item.task, item.size, item.who)), None)
    return "" if found is None else "other: see [differences](#differences)" if found.only_ours or found.only_theirs else "the same"


def _differences(results: Results) -> Iterator[str]:
    same = [found for found in results.differences if not found.only_ours and not found.only_theirs]
    for found in results.differences:
        if found not in same:
            counts = f"{found.only_ours:,} of {found.ours:,} are Schakel's alone, {found.only_theirs:,} of {found.theirs:,} its own alone"
            why = _WHY.get((found.task, found.who), "Why is not known.")
            yield f"**{found.size}, {found.task}, {found.who}**: {counts}. {why} Examples (`-` Schakel's alone, `+` its own alone):\n\n```text\n"
            yield "".join(f"{example}\n" for example in found.examples) + "```\n\n"
    if same:
        yield "The same were: " + "; ".join(f"{found.size} {found.task} of {found.who} ({found.ours:,})" for found in same) + ".\n\n"
    if not results.differences:
        yield "Nothing was compared.\n\n"


def _drawing(results: Results) -> str:
    lines = {name: _points(results, who) for name, who in (("Schakel", _OURS), ("reference chain", _CHAIN), ("floor", _FLOOR))}
    told = [f"{name}: " + ", ".join(f"{size:,.0f} statements in {_seconds(seconds)}" for size, seconds in line) for name, line in lines.items() if line]
    return drawing({name: line for name, line in lines.items() if line}, "Time of a build by size", ". ".join(told) + ".")


def _points(results: Results, who: str) -> list[tuple[float, float]]:
    found = ((counts.get("triples", 0), results.find("build", size, who)) for size, counts in results.sizes.items())
    return sorted((triples, item.seconds) for triples, item in found if item is not None and triples)


if __name__ == "__main__":
    write_report(read_results(_HERE / "results.json"), _HERE.parent / "docs")
