"""Without the extra the command says what to install; and other commands do not wait for what only it needs."""

import subprocess
import sys

import pytest

from schakel import Settings


@pytest.mark.parametrize("library", ["uvicorn", "starlette", "httpx"])
def test_what_is_missing_is_named(library: str, towers: Settings) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; from schakel.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program, "--project", str(towers.root), "serve"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, f"Error: {library} is not installed; install it with: pip install 'schakel[serve]'\n")


def test_other_commands_do_not_import_it() -> None:
    program = "import sys, schakel.cli; print([name for name in ('uvicorn', 'starlette', 'httpx') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
