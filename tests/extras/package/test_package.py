"""The package as anyone installs it: built, complete, small, and able to make a site from a sheet in an environment of its own."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
# Without pip itself; docs/decisions/0002-dependencies.md says what takes the room.
LARGEST_INSTALLATION = 215_000_000
SHEET = "Name;City;Website\nÆrø Harbour;Marstal;https://aeroe.example\nBorg Light;Goor;\n"

pytestmark = pytest.mark.skipif(not os.environ.get("SCHAKEL_PACKAGE"), reason="building and installing the package takes a minute: run `make test-package`")


def run(*command: str | Path, cwd: Path = REPOSITORY) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, REPOSITORY)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    (wheel,) = built.glob("*.whl")
    run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--constraint", REPOSITORY / "constraints.txt", wheel)
    return folder / "bin"


def test_an_index_would_accept_the_package(built: Path) -> None:
    assert "FAILED" not in run(sys.executable, "-m", "twine", "check", "--strict", *built.iterdir())


def test_the_wheel_holds_all_files_of_the_package_and_the_editor(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = run("git", "ls-files", "pipeline/schakel").splitlines()
    assert {path.removeprefix("pipeline/") for path in tracked} <= inside
    assert "schakel/site/static/sparql/editor.js" in inside


def test_a_site_is_made_from_a_sheet_with_two_commands(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "lights.csv").write_bytes(SHEET.encode("cp1252"))
    run(installed / "schakel", "new", "site", "--from", "lights.csv", cwd=tmp_path)
    run(installed / "schakel", "--project", "site", "build", cwd=tmp_path)
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "site" / "public" / "lights").glob("*.html")}
    assert set(pages) == {"aeroe-harbour.html", "borg-light.html"}
    assert "Ærø Harbour" in pages["aeroe-harbour.html"]
    assert (tmp_path / "site" / "public" / "static" / "sparql" / "editor.js").is_file()
    assert "not installed" in run(installed / "schakel", "doctor", cwd=tmp_path)


def test_what_is_installed_is_small(installed: Path) -> None:
    packages = next((installed.parent / "lib").glob("python*")) / "site-packages"
    sizes = {path: path.stat().st_size for path in packages.rglob("*") if path.is_file() and path.relative_to(packages).parts[0] not in {"pip", "setuptools"}}
    assert sum(size for path, size in sizes.items() if path.suffix != ".pyc") < LARGEST_INSTALLATION
