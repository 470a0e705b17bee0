"""The running server, asked by schemathesis all that its OpenAPI description says, and what it says is wrong. `make test-extras` installs schemathesis."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import pytest

# Of the conftest beside.
Front: TypeAlias = Any

if not os.environ.get("SCHAKEL_SCHEMATHESIS"):
    pytest.skip("schemathesis asks the server in `make test-extras`", allow_module_level=True)
if find_spec("schemathesis") is None:
    pytest.skip("schemathesis is not installed: pip install --requirement requirements-extras.txt", allow_module_level=True)

# Whether a text is SPARQL, or the name of a thing that there is, no schema can say.
EXCLUDED = "positive_data_acceptance"
# How a body is sent that is a query.
HOOKS = """
import schemathesis

@schemathesis.serializer("application/sparql-query")
def as_text(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
"""


def test_what_is_described_is_so(front: Front, tmp_path: Path) -> None:
    (tmp_path / "hooks.py").write_text(HOOKS)
    options = ["--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--exclude-checks", EXCLUDED, "--seed", "1", "--continue-on-failure"]
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{front.port}/api/openapi.json", *options]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-3_000:]
    tested = len(front.ask("/api/openapi.json").json["paths"])
    assert f"{tested + 2} selected" in done.stdout, "two of the addresses have two methods"
