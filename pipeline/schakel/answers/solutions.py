"""Answers of Oxigraph in this process."""

from collections.abc import Callable
from typing import cast

import pyoxigraph as ox

from schakel.answers.answer import Answer

__all__ = ["answer_of", "answering"]


def answer_of(solutions: ox.QuerySolutions) -> Answer:
    """Take in all rows of a SELECT."""
    columns = tuple(variable.value for variable in solutions.variables)
    return Answer(columns, tuple(tuple(row) for row in solutions))


def answering(store: ox.Store, base: str) -> Callable[[str], Answer]:
    """Give a function that answers a SELECT from a store."""
    return lambda query: answer_of(cast("ox.QuerySolutions", store.query(query, base_iri=base)))
