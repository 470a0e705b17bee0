"""The graph in service as the rest of Schakel asks one: from a thread, while the front goes on serving others."""

import asyncio
from typing import Final

from schakel.answers import Answer, answer_from_json
from schakel.queries import Endpoint, Limits, Reply, form_of
from schakel.serve.asking import Asker, Question
from schakel.serve.options import Options

__all__ = ["AskedGraph"]

_JSON: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples"


class AskedGraph(Endpoint):
    """Asks as an endpoint is asked, by way of the front's own limits; not to be called from the loop that the front runs in.

    `own` lifts the limits of what is answered, for what the front itself must know.
    """

    def __init__(self, asker: Asker, loop: asyncio.AbstractEventLoop, base: str, options: Options, *, own: bool = False) -> None:
        super().__init__(options.backend or "http://127.0.0.1/", base, Limits(options.seconds, options.rows, options.bytes))
        self._asker = asker
        self._loop = loop
        self._own = own

    def select(self, query: str) -> Answer:
        """Give what a SELECT answers.

        Raises Problem.
        """
        return answer_from_json(self.ask(query).content)

    def ask(self, query: str) -> Reply:
        """Give what a query of any form answers.

        Raises Problem.
        """
        triples = form_of(query) in {"CONSTRUCT", "DESCRIBE"}
        question = Question(query, _TRIPLES if triples else _JSON, own=self._own)
        reply = asyncio.run_coroutine_threadsafe(self._asker.ask(question), self._loop).result()
        return Reply(reply.content, triples=triples)
