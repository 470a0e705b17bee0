"""Without the extra the command says what to install; and other commands do not wait for what only it needs."""

import subprocess
import sys

from schakel import Settings

LIBRARIES = ("cachetools", "httptools", "prometheus_client", "starlette", "starlette_compress", "uvicorn", "uvloop")
# Each library taken away in turn, in one process: most of the time of a command goes into its start.
PROGRAM = f"""
import sys
from schakel.cli import main

before = set(sys.modules)
for library in {LIBRARIES!r}:
    sys.modules[library] = None
    try:
        main()
    except SystemExit as ended:
        print(ended.code)
    for name in set(sys.modules) - before:
        del sys.modules[name]
"""


def test_what_is_missing_is_named(towers: Settings) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, "--project", str(towers.root), "serve"], capture_output=True, text=True, check=False)
    told = "".join(f"Error: {library} is not installed; install it with: pip install 'schakel[serve]'\n" for library in LIBRARIES)
    assert (done.stdout, done.stderr) == ("2\n" * len(LIBRARIES), told)


def test_other_commands_do_not_import_it() -> None:
    program = f"import sys, schakel.cli; print([name for name in {LIBRARIES!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
