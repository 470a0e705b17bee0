"""How far a query may go: how long, how many rows, how many bytes. Beyond that it is an error, never a part of the answer."""

from dataclasses import dataclass

from schakel.answers import Answer
from schakel.errors import AnswerTooLongError

__all__ = ["Limits", "Reply"]


@dataclass(frozen=True)
class Limits:
    """Seconds, rows and bytes that an answer may take."""

    seconds: float = 60
    rows: int = 1_000_000
    bytes: int = 1 << 30

    def rows_checked(self, answer: Answer) -> Answer:
        """Give the answer back.

        Raises AnswerTooLongError where it has too many rows.
        """
        if len(answer.rows) > self.rows:
            raise AnswerTooLongError(rows=self.rows)
        return answer


@dataclass(frozen=True)
class Reply:
    """What an engine sends: JSON results of SPARQL, or N-Triples."""

    content: bytes
    triples: bool
