"""What `schakel diff` tells, and the comparison of sorted dumps below it."""

import csv
import gzip
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from schakel.cli import main
from schakel.releases.patches import apply_patch, patch_between
from schakel.releases.sorted_dump import SortedDump, differences

from .conftest import TwoYears

# Lines that are alike for a while, and some longer than the pieces that are compared at once.
LINES = st.frozensets(
    st.one_of(
        st.text("ab<>é ", max_size=6).map(lambda text: f"{text} .\n".encode()),
        st.integers(0, 40).map(lambda number: b"x" * 300 + b"%d .\n" % number),
        st.integers(0, 600).map(lambda number: b"<s%04d> <p> <o> .\n" % number),
    ),
    max_size=60,
)


@given(shared=LINES, old=LINES, new=LINES)
def test_a_patch_is_the_difference_and_makes_the_one_of_the_other(
    shared: frozenset[bytes], old: frozenset[bytes], new: frozenset[bytes], tmp_path: Path
) -> None:
    old, new = old | shared, new | shared
    contents = [b"".join(sorted(lines)) for lines in (old, new)]
    found = list(differences(*contents))
    assert {line for is_new, line in found if not is_new} == old - new
    assert {line for is_new, line in found if is_new} == new - old
    assert [line for _, line in found] == sorted(old ^ new)
    paths = [tmp_path / "old.nq", tmp_path / "new.nq"]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    made = io.BytesIO()
    with SortedDump(paths[0]) as before, SortedDump(paths[1]) as after:
        apply_patch(before, patch_between(before, after), made)
    assert made.getvalue() == contents[1]


def diff(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(root), "diff", *arguments])


def test_a_difference_is_told_in_each_format(two_years: TwoYears) -> None:
    root, between = two_years.settings.root, ("1.1.0", "1.2.0", "--format")
    text = diff(root, *between, "text", "--lang", "nl")
    assert text.exit_code == 1
    assert "50 → 60\n      “holds half of the shares” (The page) → “holds 60 per cent” (The page)" in text.output
    assert "gewijzigd: " in text.output
    (change,) = (each for thing in json.loads(diff(root, *between, "json").output)["things"] if "/org/" in thing["thing"] for each in thing["changes"])
    assert change["old"] == ['"50"^^<http://www.w3.org/2001/XMLSchema#decimal>']
    assert change["node"] == "https://trust.example.org/org/trust#shareholder-of-ferries"
    rows = [row for row in csv.DictReader(io.StringIO(diff(root, *between, "csv").output)) if "/org/" in row["thing"]]
    assert [(row["label"], row["old"], row["new"]) for row in rows] == [("Skerry Trust", "50", "60")]
    assert "## Skerry Trust" in diff(root, *between, "md").output
    HTMLParser().feed(diff(root, *between, "html").output)


def test_exit_codes_say_whether_anything_differs(two_years: TwoYears, tmp_path: Path) -> None:
    root = two_years.settings.root
    same = diff(root, "2.3.0", str(two_years.settings.publication))
    assert (same.exit_code, same.output.partition(" ")[0]) == (0, "No")
    assert diff(root, "2.2.0").exit_code == 1
    nothing = diff(root, "9.9.9", "2.3.0")
    assert nothing.exit_code == 2
    assert "9.9.9" in nothing.output
    assert diff(root, "--published").exit_code == 0
    assert diff(root, "1.0.0", "--published").exit_code == 2
    # Without a project, in other formats, in no order, and with blank nodes that are called otherwise.
    (tmp_path / "old.ttl").write_text("<urn:b> <urn:p> [ <urn:q> 1 ] . <urn:a> <urn:p> 2 .", "utf-8")
    packed = gzip.compress(b'<urn:b> <urn:p> _:x .\n_:x <urn:q> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n')
    (tmp_path / "new.nt.gz").write_bytes(packed)
    told = diff(tmp_path, str(tmp_path / "old.ttl"), str(tmp_path / "new.nt.gz"), "--format", "json", "--rdf", str(tmp_path / "rdf"))
    assert told.exit_code == 1
    assert [thing["thing"] for thing in json.loads(told.output)["things"]] == ["urn:a"]
    removed = b'<urn:a> <urn:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    assert (tmp_path / "rdf" / "removed.nq").read_bytes() == removed
    assert (tmp_path / "rdf" / "added.nq").read_bytes() == b""
    assert b"TX .\nD " + removed + b"TC .\n" in (tmp_path / "rdf" / "changes.rdfp").read_bytes()


@pytest.mark.parametrize("content", [b"<urn:a> <urn:p> .\n", b"\xff\n"])
def test_a_file_that_is_no_rdf_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "old.nq").write_bytes(content + b"<urn:a> <urn:p> <urn:b> .\n")
    (tmp_path / "new.nq").touch()
    told = diff(tmp_path, str(tmp_path / "old.nq"), str(tmp_path / "new.nq"))
    assert told.exit_code == 2
    assert f"{tmp_path / 'old.nq'} cannot be read as a graph" in told.output


def test_findings_that_are_new_and_mended_are_told(tmp_path: Path) -> None:
    for name, node in (("old", "urn:old"), ("new", "urn:new")):
        (tmp_path / name / "download").mkdir(parents=True)
        (tmp_path / name / "download" / "dataset.nq").write_bytes(b"<urn:a> <urn:p> <urn:b> .\n")
        finding = {"kind": "shape", "severity": "warning", "message": {"en": "too dark", "nn": "for mørkt"}, "focusNode": node}
        (tmp_path / name / "report.json").write_text(json.dumps({"findings": [finding]}), "utf-8")
    told = diff(tmp_path, str(tmp_path / "old"), str(tmp_path / "new"), "--lang", "nn")
    assert told.exit_code == 1
    assert "Nye funn\n  åtvaring: for mørkt <urn:new>\n\nRetta funn\n  åtvaring: for mørkt <urn:old>\n" in told.output
