"""The page and the drawing, made from made-up numbers."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from report import write_report
from results import Difference, Measurement, Results, added, read_results, write_results

SVG = "{http://www.w3.org/2000/svg}"


def runs(*seconds: float, megabytes: float = 100) -> list[dict[str, float]]:
    return [{"seconds": each, "cpu_seconds": each, "megabytes": megabytes} for each in seconds]


@pytest.fixture
def results() -> Results:
    return Results(
        {"cores": "2"},
        {"schakel": "0.1.0"},
        ["schakel", "schakel"],
        3,
        "schakel build --dumps-only",
        {
            "1k": {"organisations": 1000, "rows": 4000, "triples": 25_000},
            "10k": {"organisations": 10_000, "rows": 40_000, "triples": 230_000},
            "100k": {"organisations": 100_000, "rows": 400_000, "triples": 2_300_000},
        },
        [
            Measurement("build", "1k", "Schakel", runs(9, 2, 1)),
            Measurement("build", "1k", "floor", runs(0.1)),
            Measurement("build", "1k", "reference chain", runs(50, 30, 70)),
            Measurement("build", "10k", "Schakel", runs(4)),
            Measurement("build", "10k", "floor", runs(0.5)),
            Measurement("build", "10k", "reference chain", note="not run"),
            Measurement("build", "100k", "Schakel", runs(30, megabytes=900)),
            Measurement("build", "100k", "floor", runs(12)),
            Measurement("build", "1m", "Schakel", runs(420, megabytes=1900)),
            Measurement("mapping", "10k", "Schakel", runs(1)),
            Measurement("mapping", "10k", "morph-kgc", runs(2)),
            Measurement("build", "100k", "reference chain", note="not run"),
            Measurement("rebuild, one row", "100k", "Schakel", runs(9)),
            Measurement("entities", "1k", "Schakel", runs(4)),
            Measurement("entities, queries", "1k", "Schakel", runs(5)),
            Measurement("reasoning", "1k", "schakel", runs(1)),
            Measurement("reasoning", "1k", "reasonable", runs(0.5)),
            Measurement("validation", "1k", "pyrudof", runs(0.5)),
            Measurement("validation", "1k", "pyshacl", note="stopped after 600 s"),
            Measurement("dumps", "real", "Schakel", runs(2.5)),
        ],
        [
            Difference("reasoning", "1k", "reasonable", 10, 8, 2, 0, ["- <a> <b> <c> ."]),
            Difference("validation", "1k", "pyrudof", 5, 5, 0, 0, []),
        ],
        {"1k": {"dumps": 10, "entities": 4010, "entities: pages": 1000, "entities, queries": 4110, "entities, queries: pages": 1020}},
    )


@pytest.fixture
def page(results: Results, tmp_path: Path) -> str:
    write_report(results, tmp_path)
    return (tmp_path / "benchmarks.md").read_text("utf-8")


def row(page: str, *cells: str) -> list[str]:
    found = [line for line in page.splitlines() if line.startswith("|") and all(cell in line for cell in cells)]
    assert len(found) == 1, found
    return [cell.strip() for cell in found[0].strip("|").split("|")]


@pytest.mark.parametrize(
    ("target", "measured", "verdict"),
    [
        ("1,000 organisations: at least 60", "25.0 times", "**not reached**"),
        ("10,000 organisations: mapping", "2.0 times as fast", "reached"),
        ("10,000 organisations: validation", "not measured", ""),
        ("at most 3 times the floor", "2.5 times", "reached"),
        ("at most 2 times the floor", "2.5 times", "**not reached**"),
        ("at most 20 processor-seconds", "30.0", "**not reached**"),
        ("a peak of at most 1 GB", "900 MB", "reached"),
        ("one row edited of", "9.0 s", "reached"),
        ("to 1,000,000 organisations", "14.0 times", "**not reached**"),
        ("a peak of at most 2 GB", "1,900 MB", "reached"),
        ("own content", "2.50 s", "**not reached**"),
    ],
)
def test_each_target_is_judged_by_medians(page: str, target: str, measured: str, verdict: str) -> None:
    assert row(page, target)[1:] == [measured, verdict]


@pytest.mark.parametrize(("seconds", "told"), [(600, "| more than 150 times | reached |"), (100, "| more than 25 times | not known |")])
def test_a_reference_chain_that_was_stopped_gives_a_bound(results: Results, tmp_path: Path, seconds: float, told: str) -> None:
    (chain,) = (item for item in results.measurements if (item.size, item.who) == ("10k", "reference chain"))
    chain.longer_than = seconds
    write_report(results, tmp_path)
    assert told in (tmp_path / "benchmarks.md").read_text("utf-8")


def test_builds_are_listed_with_their_ratio(page: str) -> None:
    assert row(page, "1,000 | 4,000", "reference chain") == ["1,000", "4,000", "25,000", "reference chain", "50.0 s", "50.0 s", "100 MB", "25.00 ×"]


def test_what_was_not_run_says_so_and_has_no_number(page: str) -> None:
    assert row(page, "10,000 | 40,000", "reference chain")[4:] == ["not run", "", "", ""]
    assert row(page, "pyshacl", "validation")[3:5] == ["stopped after 600 s", ""]


def test_growth(page: str) -> None:
    assert row(page, "| 10,000 | 100,000 |") == ["10,000", "100,000", "× 10.0", "× 7.5", "× 24.0"]


def test_files_a_second(page: str) -> None:
    assert row(page, "files of entities")[2:] == ["4,000", "1,000", "2.00 s", "2,000", "2.00 ms", "100 MB"]
    assert row(page, "| answers of queries")[2:] == ["100", "20", "1.00 s", "100", "50.00 ms", "100 MB"]


def test_whoever_gives_something_else_is_no_winner(page: str) -> None:
    assert row(page, "| reasonable |")[-1] == "other: see [differences](#differences)"
    assert "2 of 10 are Schakel's alone, 0 of 8 its own alone" in page
    assert "- <a> <b> <c> ." in page
    assert row(page, "| pyrudof |")[-1] == "the same"
    assert row(page, "| reasoning | schakel |")[-1] == "what a build uses"


def test_kept_results_give_the_same_page(results: Results, page: str, tmp_path: Path) -> None:
    write_results(results, tmp_path / "results.json")
    write_report(read_results(tmp_path / "results.json"), tmp_path / "again")
    assert (tmp_path / "again" / "benchmarks.md").read_text("utf-8") == page


def test_a_size_that_is_measured_anew_takes_the_place_of_the_old(results: Results) -> None:
    sizes = {"40k": {"organisations": 40_000, "rows": 160_000}, "1k": {"organisations": 1000, "rows": 4001}}
    again = [Measurement("build", "1k", "Schakel", runs(3)), Measurement("entities", "40k", "Schakel", runs(100))]
    both = added(results, replace(results, sizes=sizes, measurements=again, differences=[], files={"40k": {"dumps": 10}}))
    assert list(both.sizes) == ["1k", "10k", "40k", "100k"]
    assert both.sizes["1k"]["rows"] == 4001
    assert {item.task for item in both.measurements if item.size == "1k"} == {"build"}
    assert both.find("build", "100k", "floor") == results.find("build", "100k", "floor")
    assert both.find("dumps", "real", "Schakel") is not None
    assert not both.differences
    assert set(both.files) == {"1k", "40k"}


@pytest.mark.parametrize("other", [{"machine": {"cores": "16"}}, {"packages": {"schakel": "0.2.0"}}])
def test_what_was_measured_elsewhere_or_with_other_versions_is_not_added(results: Results, other: dict[str, dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="measure everything anew"):
        added(results, replace(results, **other))  # type: ignore[arg-type]  # whichever field the case is about


def test_the_drawing_tells_in_words_and_signs_what_it_shows(page: str, tmp_path: Path) -> None:  # noqa: ARG001  # the page is written with it
    drawing = ET.fromstring((tmp_path / "benchmarks.svg").read_text("utf-8"))  # noqa: S314  # our own
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == "title desc"
    assert "25,000 statements in 50.0 s" in (drawing.findtext(f"{SVG}desc") or "")
    texts = {text.text for text in drawing.iter(f"{SVG}text")}
    assert {"Schakel", "reference chain", "floor", "1,000,000", "100 s", "statements in the graph"} <= texts
    lines = [path for path in drawing.iter(f"{SVG}path") if path.get("fill") == "none"]
    assert len({path.get("stroke-dasharray") for path in lines}) == len({path.get("stroke") for path in lines}) == 3


def test_a_larger_time_is_drawn_higher_and_a_larger_size_further_right(page: str, tmp_path: Path) -> None:  # noqa: ARG001
    drawing = ET.fromstring((tmp_path / "benchmarks.svg").read_text("utf-8"))  # noqa: S314
    ours = next(path for path in drawing.iter(f"{SVG}path") if path.get("fill") == "none")
    points = [tuple(map(float, point.split())) for point in (ours.get("d") or "").removeprefix("M").split("L")]
    assert [x for x, _ in points] == sorted({x for x, _ in points})
    assert [y for _, y in points] == sorted({y for _, y in points}, reverse=True)


def test_results_without_anything_measured_make_a_page_too(tmp_path: Path) -> None:
    measured = Measurement("build", "1k", "Schakel", runs(1))
    one = Results({}, {}, ["a", "b"], 1, "schakel build", {"1k": {"organisations": 1000, "rows": 1, "triples": 1000}}, [measured])
    write_report(one, tmp_path)
    assert "Nothing was compared." in (tmp_path / "benchmarks.md").read_text("utf-8")
    ET.parse(tmp_path / "benchmarks.svg")  # noqa: S314
