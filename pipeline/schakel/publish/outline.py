"""The outline of a dump that groups: where graph, subject, predicate and kind of value change from one statement to the next.

Sorted ids tell that, so that a dump is a text for each statement, one after another, and nothing is gathered.
"""

from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.executor import Executor
from schakel.publish.plans import lag_or_lead, number, when
from schakel.publish.term_spelling import WRITTEN

__all__ = ["ORDER", "OTHER", "SAME_KIND", "SAME_PREDICATE", "SAME_SUBJECT", "outline"]

# What follows a statement: one with the same predicate and kind of value, with the same predicate, with the same subject, or another.
SAME_KIND: Final = 3
SAME_PREDICATE: Final = 2
SAME_SUBJECT: Final = 1
OTHER: Final = 0
# By what the rows of an outline are in order, after the graph, if they have one.

ORDER: Final = ("s", "p", "c", "o")


def outline(executor: Executor, statements: str, into: str, types: tuple[int, int], *, graphs: bool) -> None:
    """Make an outline of a table of distinct statements, or of quads where they have `graphs`.

    Its `p` is 0 where a thing is of a class, so that this comes first: where it is the first of `types`, the id of `rdf:type`, and the kind of the object has a
    code below the second. `c` is that code. `new_s`, `new_p` and `new_c` are `s`, `p` and `c` where they are not those of the statement before, else NULL;
    `follows` tells what the next statement has in common.
    """
    partition = ["g", "s"] if graphs else ["s"]
    order = ["p", "c", "o"]
    predicate = column("p", "statements")
    is_type = exp.EQ(this=predicate, expression=number(types[0]))
    is_thing = exp.LT(this=column("code", "object"), expression=number(types[1]))
    ranked = when((exp.And(this=is_type, expression=is_thing), number(0)), otherwise=predicate.copy())
    columns = [
        *([column("g", "statements")] if graphs else []),
        column("s", "statements"),
        exp.alias_(ranked, "p"),
        column("o", "statements"),
        column("code", "object").as_("c"),
    ]
    plan = exp.select(*columns).from_(exp.to_table(statements, alias="statements"))
    plan = plan.join(exp.to_table(WRITTEN, alias="object"), on=exp.EQ(this=column("o", "statements"), expression=column("id", "object")))
    looked = exp.select(
        *([column("g")] if graphs else []),
        *(column(name) for name in ("s", "p", "c", "o")),
        *(exp.alias_(lag_or_lead(exp.Lag, name, partition, order), f"last_{name}") for name in ("p", "c")),
        *(exp.alias_(lag_or_lead(exp.Lead, name, partition, order), f"next_{name}") for name in ("p", "c")),
    ).from_(plan.subquery("ranked"))
    executor.run(_changes(looked, graphs=graphs), into)


def _changes(looked: exp.Select, *, graphs: bool) -> exp.Select:
    first = exp.Is(this=column("last_p"), expression=exp.null())
    same_p = exp.EQ(this=column("last_p"), expression=column("p"))
    same_c = exp.And(this=same_p.copy(), expression=exp.EQ(this=column("last_c"), expression=column("c")))
    follows = when(
        (exp.Is(this=column("next_p"), expression=exp.null()), number(OTHER)),
        (exp.NEQ(this=column("next_p"), expression=column("p")), number(SAME_SUBJECT)),
        (exp.NEQ(this=column("next_c"), expression=column("c")), number(SAME_PREDICATE)),
        otherwise=number(SAME_KIND),
    )
    return exp.select(
        *([column("g")] if graphs else []),
        *(column(name) for name in ("s", "p", "c", "o")),
        exp.alias_(when((first, column("s"))), "new_s"),
        exp.alias_(when((same_p, exp.Null()), otherwise=column("p")), "new_p"),
        exp.alias_(when((same_c, exp.Null()), otherwise=column("c")), "new_c"),
        exp.alias_(exp.cast(follows, "TINYINT"), "follows"),
    ).from_(looked.subquery("looked"))
