"""The text of a file."""

import codecs
import csv
import io
from typing import Final

from schakel.findings import Finding, Place, finding

__all__ = ["MARKS", "decoded", "row_after"]

# Byte order marks, with the encodings that they tell.
MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decoded(content: bytes, file: str, encoding: str = "") -> tuple[str, Finding | None]:
    """Read the text of a file with one way to end a line; or tell why that cannot be done.

    A byte order mark says the encoding by itself; without one it is that which is given, else UTF-8.
    """
    for mark, marked in MARKS:
        if content.startswith(mark):
            content, encoding = content.removeprefix(mark), marked
            break
    encoding = encoding or "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        around = content[max(0, error.start - 15) : error.start + 15].decode("cp1252", "replace")
        return "", finding(
            "not-utf8" if encoding == "utf-8" else "not-in-encoding",
            Place(file, row_after(before)),
            byte=f"0x{content[error.start]:02X}",
            around="".join(sign if sign.isprintable() else " " for sign in around).strip(),
            encoding=encoding,
        )
    if "\0" in text:
        return "", finding("nul-byte", Place(file, row_after(text[: text.index("\0")])))
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def row_after(text: str) -> int:
    """Tell in which row, as a spreadsheet counts, the next sign is."""
    return sum(1 for _ in csv.reader(io.StringIO(text + "x", newline=None)))
