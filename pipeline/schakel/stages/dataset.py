"""The dataset that is published: what was stated, graph by graph, and what follows; and the merge of all graphs, which shapes judge."""

from typing import Final

from sqlglot import exp

from schakel.engine.columns import BIGINT
from schakel.engine.executor import Executor
from schakel.engine.relations import QUADS, STATEMENTS

__all__ = ["DATASET", "make_dataset"]

# Each quad once.
DATASET: Final = "dataset"


def make_dataset(executor: Executor, conclusions: str | None, inferred: int) -> None:
    """Make the table of the dataset, of the quads and of a table of conclusions, which go into the graph with the id `inferred`; and that of its statements."""
    dataset: exp.Query = exp.select("s", "p", "o", "g").distinct().from_(QUADS)
    if conclusions is not None:
        graph = exp.cast(exp.Literal.number(inferred), BIGINT)
        dataset = exp.union(dataset, exp.select("s", "p", "o", exp.alias_(graph, "g")).from_(conclusions), distinct=False)
    executor.run(dataset, DATASET)
    executor.run(exp.select("s", "p", "o").distinct().from_(DATASET), STATEMENTS)
