"""Answers as CSV and TSV: plain values, one row a line, safe to open in a spreadsheet."""

import csv
import io
import unicodedata

from schakel.answers.answer import Answer
from schakel.answers.plain import plain
from schakel.answers.values import is_number
from schakel.graph import Term

__all__ = ["guarded", "write_csv", "write_tsv"]

# A spreadsheet takes a cell that begins with one of these for a formula, and runs it. The wide forms are those of East Asian keyboards.
_FORMULA = frozenset("=+-@＝＋－＠")
_FIRST = frozenset("\t\r\n")
_TSV_SPACES = str.maketrans("\t\r\n", "   ")


def _is_blank(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"}


def guarded(text: str, *, skipped: str = "") -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; blanks, controls and `skipped` before its sign do not hide it.

    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded("1+1=2")
    ("'=1+1", "' @SUM(A1)", '1+1=2')
    """
    if text[:1].isalnum():
        return text  # as nearly all do
    first = next((sign for sign in text if not _is_blank(sign) and sign not in skipped), "")
    return f"'{text}" if text[:1] in _FIRST or first in _FORMULA else text


def _cell(term: Term | None, *, skipped: str = "") -> str:
    text = plain(term)
    safe = guarded(text, skipped=skipped)
    return text if safe is text or is_number(term) else safe


def write_csv(answer: Answer, *, bom: bool = False) -> bytes:
    r"""Write CSV as RFC 4180 and SPARQL have it: a header, plain values, CRLF, UTF-8. With `bom`, Excel sees that it is UTF-8.

    A value that a spreadsheet would take for a formula gets an apostrophe in front, unless it is a number. What is unbound is empty.

    >>> from pyoxigraph import Literal
    >>> write_csv(Answer(("name", "note"), ((Literal("Brandaris"), Literal("=1+1")),)))
    b"name,note\r\nBrandaris,'=1+1\r\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)  # its own dialect is RFC 4180
    writer.writerow(map(guarded, answer.columns))
    writer.writerows([_cell(term) for term in row] for row in answer.rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def write_tsv(answer: Answer) -> bytes:
    r"""Write one row a line with tabs between the values, which are plain (not as in SPARQL's own TSV); a tab or line end in a value becomes a space.

    Nothing is quoted. A value that a spreadsheet would take for a formula gets an apostrophe in front, unless it is a number.

    >>> from pyoxigraph import Literal
    >>> write_tsv(Answer(("name", "note"), ((Literal("Brandaris"), Literal("two\nlines")),)))
    b'name\tnote\nBrandaris\ttwo lines\n'
    """
    # A spreadsheet takes off a quotation mark, though TSV has none; what comes after it must not be a formula either.
    header = [guarded(column, skipped='"') for column in answer.columns]
    rows = [[_cell(term, skipped='"') for term in row] for row in answer.rows]
    return "".join("\t".join(cell.translate(_TSV_SPACES) for cell in row) + "\n" for row in [header, *rows]).encode()
