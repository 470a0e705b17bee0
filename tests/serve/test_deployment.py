"""The systemd unit and the container file of the how-to, tried as far as that goes without a machine of their own."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from schakel.cli import main

# Of the conftest beside.
Front: TypeAlias = Any

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "serve.md"


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", HOW_TO.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return str(found)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not on this machine")
    # The program and the user of the how-to are not on this machine.
    unit, programs = re.subn(r"(?<=ExecStart=)\S+", sys.executable, block("ini"))
    unit, users = re.subn(r"(?<=User=)\w+", "root", unit)
    assert (programs, users) == (1, 1)
    path = tmp_path / "schakel.service"
    path.write_text(unit)
    done = subprocess.run([program, "verify", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_commands_of_unit_and_container_are_ours() -> None:
    (started,) = re.findall(r"ExecStart=\S+/schakel (.*)", block("ini"))
    (command,) = re.findall(r"^CMD (\[.*\])$", block("dockerfile"), re.MULTILINE)
    program, *arguments = json.loads(command)
    assert program == "schakel"
    for asked in (started.split(), arguments):
        told = CliRunner().invoke(main, [*asked, "--help"])
        assert told.exit_code == 0, told.output
        assert "Usage: schakel serve" in told.output or "serve [OPTIONS]" in told.output


def test_the_health_check_of_the_container_tells_whether_it_answers(front: Front) -> None:
    (program,) = re.findall(r'^HEALTHCHECK CMD python -c "(.*)"$', block("dockerfile"), re.MULTILINE)
    for port, code in ((front.port, 0), (1, 1)):
        done = subprocess.run([sys.executable, "-c", program.replace(":8000/", f":{port}/")], capture_output=True, check=False)
        assert done.returncode == code
