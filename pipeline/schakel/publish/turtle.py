"""Turtle and TriG: subject after subject, with an empty line between, and a line for each statement."""

from collections.abc import Mapping
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.executor import Executor
from schakel.publish.outline import ORDER, OTHER, SAME_SUBJECT
from schakel.publish.plans import framed, is_stated, joined_text, left_join, number, text, when
from schakel.publish.term_spelling import WRITTEN

__all__ = ["header", "trig", "turtle"]

_GRAPHS: Final = "written_graphs"


def header(base: str, prefixes: Mapping[str, str]) -> str:
    """Write what stands at the head of a file of Turtle or TriG."""
    return "\n".join([f"@base <{base}> .", *(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(prefixes.items()))])


def turtle(outline: str, head: str) -> exp.Query:
    """Give the plan of the lines of an outline, after a head."""
    line = joined_text(_begin(text("\n"), ""), column("turtle", "object"), _end(text(" .")))
    plan = exp.select(*(column(name, "outline") for name in ORDER), exp.alias_(line, "line"))
    return framed(_joined(plan, outline), ORDER, head)


def trig(executor: Executor, outline: str, head: str) -> exp.Query:
    """Give the plan of the lines of an outline with graphs, whose first statement opens its braces, and whose last closes them."""
    bounds = exp.select("g", exp.alias_(exp.Min(this=column("s")), "first_s"), exp.alias_(exp.Max(this=column("s")), "last_s")).from_(outline).group_by("g")
    executor.run(bounds, _GRAPHS)
    # The default graph has no name.
    name = exp.Coalesce(this=joined_text(column("turtle", "graph"), text(" ")), expressions=[text("")])
    is_first = exp.EQ(this=column("new_s", "outline"), expression=column("first_s", "graphs"))
    is_last = exp.EQ(this=column("s", "outline"), expression=column("last_s", "graphs"))
    opening = when((is_first, joined_text(text("\n"), name, text("{\n"))), otherwise=text(""))
    closing = when((is_last, text(" .\n}")), otherwise=text(" ."))
    line = joined_text(_begin(opening, "\t"), column("turtle", "object"), _end(closing))
    plan = exp.select(*(column(each, "outline") for each in ("g", *ORDER)), exp.alias_(line, "line"))
    plan = left_join(_joined(plan, outline), WRITTEN, "graph", (column("g", "outline"), "id"))
    return framed(left_join(plan, _GRAPHS, "graphs", (column("g", "outline"), "g")), ("g", *ORDER), head)


def _joined(plan: exp.Select, outline: str) -> exp.Select:
    """Join what is written of each statement: its object always, subject and predicate where they begin."""
    plan = plan.from_(exp.to_table(outline, alias="outline"))
    for name, alias in (("new_s", "subject"), ("new_p", "predicate"), ("o", "object")):
        plan = left_join(plan, WRITTEN, alias, (column(name, "outline"), "id"))
    return plan


def _begin(opening: exp.Expression, indent: str) -> exp.Expression:
    predicate = joined_text(exp.Coalesce(this=column("turtle", "predicate"), expressions=[text("a")]), text(" "))
    return when(
        (is_stated("new_s", "outline"), joined_text(opening, text(indent), column("turtle", "subject"), text(" "), predicate)),
        (is_stated("new_p", "outline"), joined_text(text(f"{indent}\t"), predicate.copy())),
        otherwise=text(f"{indent}\t\t"),
    )


def _end(stop: exp.Expression) -> exp.Expression:
    follows = column("follows", "outline")
    return when(
        (exp.EQ(this=follows, expression=number(OTHER)), stop),
        (exp.EQ(this=follows.copy(), expression=number(SAME_SUBJECT)), text(" ;")),
        otherwise=text(" ,"),
    )
