"""Property tests try the same examples in every run, whatever ran before; exploring tries others, which a seed brings back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PROPERTY = """
import {imported}
from hypothesis import given, strategies as st

@given(st.text(), st.integers(), st.binary(), st.floats(), st.randoms())
def test_examples(text, number, content, real, random):
    print(ascii((text, number, content, real, random.random())))
"""


def examples(folder: Path, *options: str, imported: str = "schakel", hash_seed: str = "0") -> list[str]:
    file = folder / "test_examples.py"
    file.write_text(PROPERTY.format(imported=imported), "utf-8")
    command = [sys.executable, "-m", "pytest", "-qs", "-p", "conftest", "-c", os.devnull, "--rootdir", folder, *options, file]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line.startswith("(")]


@pytest.mark.parametrize("other", [{"hash_seed": "1"}, {"imported": "schakel.site, schakel.stages.validation, schakel.load"}], ids=["hash seed", "imports"])
def test_property_tests_try_the_same_examples_in_each_run(other: dict[str, str], tmp_path: Path) -> None:
    first = examples(tmp_path)
    assert len(first) == 60
    assert examples(tmp_path, **other) == first


def test_exploring_tries_other_examples_which_their_seed_brings_back(tmp_path: Path) -> None:
    one, same, other = (examples(tmp_path, "--hypothesis-profile=explore", f"--hypothesis-seed={seed}") for seed in (1, 1, 2))
    assert len(one) == 600
    assert one == same
    assert len(set(one) & set(other)) < 60
