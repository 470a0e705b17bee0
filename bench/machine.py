"""What was measured on, and with which versions."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

__all__ = ["machine", "packages"]

_PACKAGES: Final = (
    "schakel",
    "pyoxigraph",
    "rdflib",
    "owlrl",
    "pyshacl",
    "duckdb",
    "sqlglot",
    "reasonable",
    "pyrudof",
)
_GIGA: Final = 1_000_000_000


def machine() -> dict[str, str]:
    """Describe the machine."""
    models = {line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIGA
    names = [line.partition("=")[2].strip('"') for line in _lines("/etc/os-release") if line.startswith("PRETTY_NAME=")]
    return {
        "processor": ", ".join(sorted(models)) or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GB",
        "system": f"{''.join(names)}, {platform.system()} {platform.release().partition('-')[0]}".lstrip(", "),
        "Python": platform.python_version(),
    }


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text("utf-8").splitlines() if file.is_file() else []


def packages(morph_kgc: Path | None) -> dict[str, str]:
    """Give the version of everything that was measured; morph-kgc, which needs older packages, has a Python of its own."""
    found: dict[str, str] = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    if morph_kgc is not None:
        asked = subprocess.run([morph_kgc, "-c", "import importlib.metadata as m; print(m.version('morph-kgc'))"], capture_output=True, check=True, text=True)
        found["morph-kgc"] = asked.stdout.strip()
    return found


if __name__ == "__main__":
    sys.stdout.write(f"{machine()}\n{packages(None)}\n")
