"""What every reader of a file gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.findings import Finding

__all__ = ["Records", "RecordsError"]


@dataclass(frozen=True)
class Records:
    """A table as text: its name, its header, its rows with their numbers. An empty header is still among the rows.

    `decimal_commas` names the columns whose numbers have a decimal comma; `findings` are about rows that were read all the same.
    """

    name: str
    header: tuple[str, ...]
    rows: Sequence[tuple[int, list[str]]]
    decimal_commas: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class RecordsError(Exception):
    """A file cannot be read; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.kind)
        self.finding = finding
