"""The formats that an answer can be written in, by the name that the command line knows them by."""

from collections.abc import Callable, Mapping

from schakel.answers.answer import Answer
from schakel.answers.delimited import write_csv, write_tsv
from schakel.answers.frames import parquet
from schakel.answers.json_lines import write_jsonl
from schakel.answers.layouts import aligned, markdown_table
from schakel.answers.sparql_json import write_json

__all__ = ["BOOLEAN_FORMATS", "FORMATS", "write_boolean", "write_markdown", "write_parquet", "write_text"]


def write_markdown(answer: Answer) -> bytes:
    """Write a Markdown table."""
    return markdown_table(answer.columns, answer.rows).encode()


def write_parquet(answer: Answer, *, languages: bool = False) -> bytes:
    """Write Parquet, with the types of `Answer.to_arrow`. Raises MissingExtraError where its library is not installed."""
    return parquet(answer.to_arrow(languages=languages))


def write_text(answer: Answer) -> bytes:
    """Write aligned columns, for a terminal or to pass on to other commands."""
    return aligned(answer.columns, answer.rows).encode()


# Each takes an answer, and some an option of their own: `bom` for CSV, `languages` for Parquet.
FORMATS: Mapping[str, Callable[..., bytes]] = {
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_jsonl,
    "md": write_markdown,
    "parquet": write_parquet,
    "text": write_text,
    "tsv": write_tsv,
}


# The two answers that an ASK has.
BOOLEAN_FORMATS: Mapping[str, Mapping[bool, bytes]] = {
    "json": {True: b'{"head":{},"boolean":true}\n', False: b'{"head":{},"boolean":false}\n'},
    "text": {True: b"true\n", False: b"false\n"},
}


def write_boolean(truth: bool, name: str = "json") -> bytes:  # noqa: FBT001  # it is what is written
    r"""Write the answer to an ASK, in a format of `BOOLEAN_FORMATS`.

    >>> write_boolean(True), write_boolean(False, "text")
    (b'{"head":{},"boolean":true}\n', b'false\n')
    """
    return BOOLEAN_FORMATS[name][truth]
