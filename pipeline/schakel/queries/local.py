"""A graph in files of this machine, asked through a process of its own."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from schakel.answers import Answer, answer_from_json
from schakel.errors import AnswerTooLongError, QueryFailedError, QueryTimeoutError
from schakel.queries.limits import Limits, Reply
from schakel.queries.process import GraphProcess
from schakel.queries.text import asks_for_graphs, form_of, readable, unsafe

__all__ = ["LocalGraph"]


class LocalGraph:
    """The graphs in a file of N-Quads, TriG, N-Triples or Turtle, with their merge as default graph.

    `merged` is a file that holds that merge already; what asks for no named graph is then answered from it, which is read in half the time.

    >>> with LocalGraph(Path("public/download/dataset.nq")) as graph:  # doctest: +SKIP
    ...     answer = graph.select("SELECT ?thing WHERE { ?thing a ?class } LIMIT 1")
    """

    def __init__(self, file: Path, base: str | None = None, limits: Limits | None = None, *, merged: Path | None = None) -> None:
        self.file = file
        self._base = base
        self._limits = limits or Limits()
        self._one_at_a_time = threading.Lock()
        self._graphs = GraphProcess(file)
        self._merged = self._graphs if merged is None else GraphProcess(merged)

    def select(self, query: str) -> Answer:
        """Give what a SELECT answers.

        Raises QueryFailedError, QueryTimeoutError, AnswerTooLongError, GraphUnreadableError.
        """
        form = form_of(query)
        if form != "SELECT":
            raise QueryFailedError(f"rows are the answer to a SELECT, and this is {form or 'no query'}")
        return self._limits.rows_checked(answer_from_json(self.ask(query).content))

    def ask(self, query: str) -> Reply:
        """Give what a query of any form answers, as bytes: JSON results of SPARQL, or N-Triples.

        Raises as select() does.
        """
        word = unsafe(query)
        if word is not None:
            raise QueryFailedError(f"{word} is not allowed: queries read this graph, and ask nobody else")
        request = {"query": query, "base": self._base, "bytes": self._limits.bytes, "seconds": self._limits.seconds}
        process = self._graphs if asks_for_graphs(query) else self._merged
        with self._one_at_a_time:
            try:
                reply, content = process.exchange(request, self._limits.seconds)
            except TimeoutError:
                process.close()
                raise QueryTimeoutError(self._limits.seconds) from None
            except (EOFError, BrokenPipeError):
                process.close()
                raise QueryFailedError("it brought the query engine to an end: it is nested too deeply, or needs more memory than there is") from None
            except BaseException:
                process.close()  # whatever it still answers is no answer to the next question
                raise
        match reply.get("problem"):
            case None:
                return Reply(content, triples=reply["triples"])
            case "too-long":
                raise AnswerTooLongError(bytes=self._limits.bytes)
            case "syntax":
                raise QueryFailedError(f"it cannot be read {readable(reply['text'])}")
            case _:
                raise QueryFailedError(readable(reply["text"]))

    def close(self) -> None:
        """End the processes; the next question starts another."""
        self._graphs.close()
        self._merged.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
