"""The notebooks of the documentation run from top to bottom on what is published, and are stored without what they gave on somebody's machine."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from schakel import Settings

WHY = "is not installed: run `make test-notebooks`"
nbformat = pytest.importorskip("nbformat", reason=f"nbformat {WHY}")
nbclient = pytest.importorskip("nbclient", reason=f"nbclient {WHY}")
for library in ("ipykernel", "pandas"):
    pytest.importorskip(library, reason=f"{library} {WHY}")

NOTEBOOKS = sorted(path for path in (Path(__file__).parents[3] / "docs").rglob("*.ipynb") if not path.parent.name.startswith("."))
_MACHINE = re.compile(r"(?<![\w.:/])/(?:home|Users|root|tmp|work)/")


@pytest.mark.filterwarnings("ignore")  # of the libraries that talk to the kernel
@pytest.mark.parametrize("where", ["files", "endpoint"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_what_is_published(  # noqa: PLR0913, PLR0917  # what the test needs
    path: Path, where: str, published: Settings, sparql_server: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHAKEL_PUBLICATION", str(published.publication))
    monkeypatch.setenv("SCHAKEL_ENDPOINT", sparql_server() if where == "endpoint" else "")
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    results = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert len(results) >= len([cell for cell in notebook.cells if cell.cell_type == "code"]) - 1  # the first only imports
    assert not [output for output in results if output.output_type == "stream"], "a cell warns, or prints what nobody asked for"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_it_was_written(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not _MACHINE.search(text), "it names a folder of one machine"
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert not [cell.id for cell in notebook.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS
