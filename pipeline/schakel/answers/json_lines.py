"""Answers as JSON Lines: an object a row, with values as programs and command-line tools want them."""

import json
import math
from decimal import Decimal

from schakel.answers.answer import Answer
from schakel.answers.plain import plain
from schakel.answers.values import to_python
from schakel.graph import Term

__all__ = ["write_jsonl"]

# JSON may hold these as they are, but some readers of lines end a line there.
_LINE_ENDS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"})


def write_jsonl(answer: Answer) -> bytes:
    r"""Write each row as an object with every column, on a line of its own; what is unbound is null.

    Numbers are numbers with all their digits, years too, and booleans booleans. Everything else is a string: texts without their language,
    IRIs, dates as they are written, and the numbers that JSON has not (`INF`, `NaN`).

    >>> from pyoxigraph import Literal
    >>> from schakel.namespaces import XSD
    >>> row = (Literal("Brandaris", language="nl"), Literal("14.30", datatype=XSD.decimal), None)
    >>> print(write_jsonl(Answer(("name", "share", "until"), (row,))).decode(), end="")
    {"name":"Brandaris","share":14.30,"until":null}
    """
    names = [_string(column) for column in answer.columns]
    return "".join(f"{{{','.join(f'{name}:{_json(term)}' for name, term in zip(names, row, strict=True))}}}\n" for row in answer.rows).encode()


def _json(term: Term | None) -> str:
    match to_python(term):
        case None:
            return "null"
        case bool() as truth:
            return "true" if truth else "false"
        case int() as number:
            return str(number)
        case Decimal() as number:
            return f"{number:f}"  # Python's own writer knows no Decimal, and a float would lose digits
        case float() as number if math.isfinite(number):
            return repr(number)
    return _string(plain(term))


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_LINE_ENDS)
