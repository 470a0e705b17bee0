"""Where an answer goes and in which form: by the format asked for, else by the name of the file."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from schakel.answers import BOOLEAN_FORMATS, FORMATS, Answer, boolean_from_json, write_boolean, write_csv
from schakel.lookup import Context
from schakel.queries import Reply

__all__ = ["FORMAT_NAMES", "format_of", "graph_content", "row_content", "write"]

_GRAPH_FORMATS: Final = ("ttl", "nt")
FORMAT_NAMES: Final = ("table", *(name for name in FORMATS if name != "text"), *_GRAPH_FORMATS)
_SUFFIXES: Final[Mapping[str, str]] = {".srj": "json", ".txt": "table"} | {f".{name}": name for name in FORMAT_NAMES if name != "table"}


def format_of(chosen: str | None, output: Path | None) -> str | None:
    """Name the format: the one chosen, else the one that the file's name ends in; None where neither says.

    Raises BadParameter for a file whose name tells no format.
    """
    if chosen is not None or output is None or str(output) == "-":
        return chosen
    if output.suffix.lower() not in _SUFFIXES:
        raise click.BadParameter(f"the name {output.name} tells no format; end it in {', '.join(_SUFFIXES)}, or give --format", param_hint="--output")
    return _SUFFIXES[output.suffix.lower()]


def row_content(answer: Answer, name: str | None, *, bom: bool) -> bytes:
    """Write rows; a table, where none of the other formats is wanted, is one of aligned columns.

    Raises BadParameter for a format that is none of rows.
    """
    wanted = "text" if name in {None, "table"} else str(name)
    if wanted not in FORMATS:
        raise click.BadParameter(f"rows cannot be written as {wanted}; there are {', '.join(FORMAT_NAMES[: -len(_GRAPH_FORMATS)])}", param_hint="--format")
    return write_csv(answer, bom=bom) if wanted == "csv" else FORMATS[wanted](answer)


def graph_content(reply: Reply, name: str | None, context: Context) -> bytes:
    """Write what a query other than SELECT answers: statements as Turtle or N-Triples, yes or no as a word or JSON.

    Raises BadParameter for a format that is neither's.
    """
    if not reply.triples:
        wanted = "text" if name in {None, "table"} else str(name)
        if wanted not in BOOLEAN_FORMATS:
            raise click.BadParameter("the answer is yes or no: a word, or json", param_hint="--format")
        return write_boolean(boolean_from_json(reply.content), wanted)
    wanted = "ttl" if name is None else name
    if wanted not in _GRAPH_FORMATS:
        raise click.BadParameter(f"statements cannot be written as {wanted}; there are {', '.join(_GRAPH_FORMATS)}", param_hint="--format")
    # The writers import the engine, which rows do without.
    from schakel.publish.documents import n_triples, statements_of, turtle  # noqa: PLC0415

    statements = statements_of(reply.content)
    return n_triples(statements) if wanted == "nt" else turtle(statements, context.base, context.prefixes)


def write(content: bytes, output: Path | None) -> None:
    """Write into the file, whole or not at all, or else to where the program writes."""
    if output is None or str(output) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    target = output.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)  # a pipe or a device, which is written into and not replaced
        return
    if not target.parent.is_dir():
        raise click.BadParameter(f"there is no folder {output.parent}", param_hint="--output")
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
