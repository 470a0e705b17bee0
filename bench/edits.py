"""One row of a table edited, and put back."""

import csv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Edit", "edited"]


@dataclass(frozen=True)
class Edit:
    """A table as it was and as it is after one cell was changed."""

    table: Path
    was: bytes
    becomes: bytes

    def make(self) -> None:
        """Change the cell."""
        self.table.write_bytes(self.becomes)

    def undo(self) -> None:
        """Put back what was there."""
        self.table.write_bytes(self.was)


def edited(table: Path, column: str) -> Edit:
    """Plan to add a word to a cell in the middle of a table; rows of several lines are none of its business."""
    lines = table.read_text("utf-8").splitlines(keepends=True)
    at = next(csv.reader(lines[:1])).index(column)
    row = next(csv.reader(lines[len(lines) // 2 :]))
    row[at] += " Nova"
    file = _Line()
    csv.writer(file, lineterminator="\n").writerow(row)
    return Edit(table, "".join(lines).encode(), "".join([*lines[: len(lines) // 2], file.text, *lines[len(lines) // 2 + 1 :]]).encode())


class _Line:
    text = ""

    def write(self, text: str) -> None:
        self.text += text
