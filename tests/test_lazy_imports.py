"""What is imported when: names that are imported late are the same as those that are checked, and a short command imports little."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import schakel
from schakel.settings import Settings

PACKAGE = Path(schakel.__file__).parent
LATE = [path.parent for path in sorted(PACKAGE.rglob("__init__.py")) if "lazy_names(" in path.read_text("utf-8")]


def names_of(folder: Path) -> str:
    return ".".join(["schakel", *folder.relative_to(PACKAGE).parts])


def test_some_packages_are_late() -> None:
    assert len(LATE) > 3


@pytest.mark.parametrize("folder", LATE, ids=names_of)
def test_what_is_checked_is_what_is_imported(folder: Path) -> None:
    package = names_of(folder)
    tree = ast.parse((folder / "__init__.py").read_text("utf-8"))
    [choice] = [node for node in tree.body if isinstance(node, ast.If)]
    checked = {(alias.name, str(node.module).removeprefix(f"{package}.")) for node in choice.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    [assigned] = choice.orelse
    assert isinstance(assigned, ast.Assign)
    assert isinstance(assigned.value, ast.Call)
    modules = ast.literal_eval(assigned.value.args[1])
    assert {(name, module) for module, names in modules.items() for name in names.split()} == checked
    # The import of a module would take the place of what bears its name.
    assert [name for name, _ in checked if (folder / name).exists() or (folder / f"{name}.py").exists()] == []
    assert all(hasattr(import_module(package), name) for name in import_module(package).__all__)


def test_a_name_that_is_not_there_is_told_as_ever() -> None:
    with pytest.raises(AttributeError, match="module 'schakel' has no attribute 'nothing'"):
        _ = schakel.nothing  # type: ignore[attr-defined]


def test_a_build_of_dumps_alone_imports_neither_the_reference_engines_nor_the_site(published: Settings, tmp_path: Path) -> None:
    for name in ("data", "ontology", "queries", "shapes", "schakel.toml"):
        (tmp_path / name).symlink_to(published.root / name)
    command = f"""
import sys
from schakel import build, read_settings
from pathlib import Path
assert build(read_settings(Path({str(tmp_path)!r})), dumps_only=True).published
print(sorted(sys.modules.keys() & {{"rdflib", "pyshacl", "owlrl", "pyparsing", "jinja2", "babel", "pandas", "polars", "schakel.site.pages", "schakel.load"}}))
"""
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_short_command_imports_no_engine() -> None:
    command = """
import sys
from click.testing import CliRunner
from schakel.cli import main
assert CliRunner().invoke(main, ["--version"]).exit_code == 0
print(sorted(sys.modules.keys() & {"duckdb", "pyarrow", "sqlglot", "rdflib", "jinja2", "httpx"}))
"""
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_function_build_is_there_whatever_is_imported_first() -> None:
    command = """
import schakel.pipeline
import schakel.structured_data.fetch
from schakel import build
from schakel.structured_data import fetch
assert callable(build) and callable(fetch)
"""
    subprocess.run([sys.executable, "-c", command], check=True)
