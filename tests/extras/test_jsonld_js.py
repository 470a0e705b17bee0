"""jsonld.js, the reference implementation of JSON-LD, reads what was published. An extra: it needs Node and one package.

To run it: `npm install --no-package-lock` in tests/extras/jsonld/.
"""

import shutil
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat

from schakel import Settings

FOLDER = Path(__file__).parent / "jsonld"


@pytest.fixture(scope="module")
def node() -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not on this machine")
    if not (FOLDER / "node_modules" / "jsonld").is_dir():
        pytest.skip("jsonld.js is not installed: run `npm install --no-package-lock` in tests/extras/jsonld/")
    return program


@pytest.mark.parametrize("name", ["download/graph", "org/mst", "org/santeon", "project/dms-kristiansund", "source/mst-about"])
def test_jsonld_js_reads_the_same_statements(name: str, node: str, published: Settings) -> None:
    found = published.publication / f"{name}.jsonld"
    done = subprocess.run([node, FOLDER / "read.mjs", found], cwd=FOLDER, capture_output=True, check=True)
    read = {str(quad) for quad in ox.parse(done.stdout, format=RdfFormat.N_QUADS)}
    assert read == {str(quad) for quad in ox.parse(path=found.with_suffix(".nt"), format=RdfFormat.N_TRIPLES)}
