"""N-Quads and N-Triples: a line for each quad and each statement, in the order of their bytes, which is that of the ids of their terms.

The executor writes packed lines, as what it sorts is then half as long; they are unpacked a block at a time.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.publish.plans import framed, joined_text, left_join, text
from schakel.publish.term_spelling import WRITTEN

__all__ = ["packed_lines", "unpacked"]

_QUAD: Final = ("s", "p", "o", "g")
_SEPARATOR: Final = "\x1f"
_BLOCK: Final = 1 << 21


def packed_lines(quads: str) -> exp.Query:
    """Give the plan of the lines of a table of distinct quads: three terms, U+001F, and the fourth, if there is one."""
    third = [part for name in ("s", "p", "o") for part in (column("packed", f"{name}_term"), text(" "))]
    fourth = exp.Coalesce(this=joined_text(column("packed", "g_term"), text(" ")), expressions=[text("")])
    plan = exp.select(*(column(name, "quads") for name in _QUAD), exp.alias_(joined_text(*third, text(_SEPARATOR), fourth), "line"))
    plan = plan.from_(exp.to_table(quads, alias="quads"))
    for name in _QUAD:
        plan = left_join(plan, WRITTEN, f"{name}_term", (column(name, "quads"), "id"))
    return framed(plan, _QUAD)


def unpacked(path: Path, packed: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """Give the N-Quads and the N-Triples of a file of packed lines, block after block; a statement in several graphs is one of the N-Triples."""
    signs = [(sign.encode(), namespace.encode()) for namespace, sign in packed.items()]
    separator, last = _SEPARATOR.encode(), b""
    with path.open("rb") as file:
        while lines := file.readlines(_BLOCK):
            block = b"".join(lines)
            for sign, namespace in signs:
                block = block.replace(sign, namespace)
            statements = [statement for statement, _ in groupby(line.partition(separator)[0] for line in block[:-1].split(b"\n"))]
            first = 1 if statements[0] == last else 0
            last = statements[-1]
            yield block.replace(separator, b"").replace(b"\n", b".\n"), b".\n".join([*statements[first:], b""])
