"""What answers a query: a graph at hand, or an endpoint far away."""

from typing import Protocol

from schakel.answers.answer import Answer

__all__ = ["Backend"]


class Backend(Protocol):
    """Whatever runs a SELECT over the union of all named graphs; a pattern `GRAPH` reaches each of them."""

    def select(self, query: str) -> Answer:
        """Run a SELECT and give all its rows."""
        ...
