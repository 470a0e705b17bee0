"""Publications of any size in a moment: dumps as a build writes them, and nothing else."""

import json
from hashlib import sha256
from pathlib import Path

from schakel import Settings, read_settings

BASE = "https://example.org/"
_SETTINGS = f"""
base = "{BASE}"
publisher = "Lighthouse Friends"
languages = ["en"]
title = {{ en = "Lighthouses" }}
description = {{ en = "Lighthouses and their keepers" }}
"""
_GRAPHS = 3
# What an update could read as an escape.
_ODD = r"\\u0041 \\\\u0042 \\U00000043 {\"} ; \t . \u0001"


def publication(root: Path, version: str, things: int) -> Settings:
    """Write the dumps of a version: three statements of each thing, and two of the version alone. One name in two and one number in three differ."""
    lines = [f'<{BASE}version/{version}> <{BASE}ns#is> "{version}" .', f'<{BASE}version/{version}> <{BASE}ns#says> "{_ODD} {"long " * 1000}"@en-GB .']
    for number in range(things):
        thing = f"<{BASE}thing/{number}>"
        height = f"{number + (version == 'B' and number % 3 == 0)}{'.50' if number % 2 else ''}"
        lines += [
            f'{thing} <{BASE}ns#height> "{height}"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
            f'{thing} <{BASE}ns#label> "Thing \\"{number}\\" of {version if number % 2 else "both"}"@en .',
            f"{thing} <{BASE}ns#next> <{BASE}thing/{(number + 1) % things}> .",
        ]
    lines.sort()
    folder = root / "public" / "download"
    folder.mkdir(parents=True)
    for name in ("data", "ontology", "queries", "shapes"):
        (root / name).mkdir()
    (root / "schakel.toml").write_text(_SETTINGS, "utf-8")
    dumps = {"graph.nt": lines, "dataset.nq": [f"{line[:-2]} <{BASE}graph/{number % _GRAPHS}> ." for number, line in enumerate(lines)]}
    index = []
    for name, each in dumps.items():
        content = "".join(f"{line}\n" for line in each).encode()
        (folder / name).write_bytes(content)
        index.append({"file": name, "sha256": sha256(content).hexdigest(), "triples": len(each)})
    (folder / "index.json").write_text(json.dumps(index), "utf-8")
    return read_settings(root)
