"""Literals as values, where rules ask for it: those that are the same, and the datatypes that they are of."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlglot import exp

from schakel.compile.nodes import Join, coalesce, column, equal, number, select, subquery, table
from schakel.compile.owl_rl.datatypes import belongs_to
from schakel.engine.columns import BIGINT, Row
from schakel.engine.executor import Executor
from schakel.engine.relations import LITERAL, TERMS
from schakel.engine.spelling import STRING

__all__ = ["LITERAL_COLUMNS", "identities_of", "literals_of", "same_values", "typed_literals"]

LITERAL_COLUMNS = ("id", "text", "datatype", "language")


def literals_of(executor: Executor, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    """Give text and datatype of literals."""
    columns = {name: column(name, TERMS) for name in ("id", "text", "datatype")}
    return {term: (text, datatype) for term, text, datatype in _of_literals(executor, ids, columns)}


def identities_of(executor: Executor, ids: Collection[int]) -> Mapping[int, str | None]:
    """Give what is the same for literals exactly where their values are; None where the value is not known."""
    return dict(_of_literals(executor, ids, {"id": column("id", TERMS), "identity": _identity(TERMS)}))


def _of_literals(executor: Executor, ids: Collection[int], columns: Mapping[str, exp.Expr]) -> Iterator[Row]:
    if ids:
        executor.load("wanted_literals", {"id": BIGINT}, ((each,) for each in sorted(ids)))
        on = equal(column("id", "wanted"), column("id", TERMS))
        yield from executor.fetch(select(columns, table("wanted_literals", "wanted"), Join(table(TERMS), on), where=[_is_literal()]))


def same_values(executor: Executor, into: str) -> Mapping[int, Sequence[int]]:
    """Make a table of the literals whose value an earlier one has: `id`, and `value`, the first. Give for each literal that has others those others."""
    least = exp.Window(this=exp.Min(this=column("id")), partition_by=[column("identity")])
    named = select({"id": column("id"), "identity": _identity(TERMS)}, table(TERMS), where=[_is_literal()])
    known = exp.Not(this=exp.Is(this=column("identity"), expression=exp.Null()))
    first = select({"id": column("id"), "value": least}, subquery(named, "named"), where=[known])
    executor.run(select(("id", "value"), subquery(first, "first"), where=[exp.NEQ(this=column("id"), expression=column("value"))]), into)
    classes: defaultdict[int, list[int]] = defaultdict(list)
    for term, value in sorted(executor.fetch(select(("id", "value"), table(into)))):
        classes[value].append(term)
    return {one: [other for other in each if other != one] for first, others in classes.items() for each in [[first, *others]] for one in each}


def _identity(terms: str) -> exp.Expr:
    """Give what literals of the same value have in common, as an expression; NULL where the value is not known."""
    language, text = exp.Lower(this=column("language", terms)), column("text", terms)
    tagged = exp.DPipe(this=exp.DPipe(this=exp.DPipe(this=_text("@"), expression=language), expression=_text(" ")), expression=text)
    is_text = exp.If(this=equal(column("datatype", terms), _text(STRING)), true=exp.DPipe(this=_text("string "), expression=text))
    return coalesce(column("identity", terms), exp.Case(ifs=[is_text], default=tagged))


def _is_literal() -> exp.Expr:
    return equal(column("kind", TERMS), LITERAL)


def _text(text: str) -> exp.Expr:
    return exp.Literal(this=text, is_string=True)


def typed_literals(executor: Executor, facts: str, first_thing: int, datatypes: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Give the literals among values of statements, with those of some datatypes that they are of."""
    columns = {name: column(name, TERMS) for name in LITERAL_COLUMNS}
    is_literal = exp.LT(this=column("o", "f"), expression=number(first_thing))
    joined = Join(table(TERMS), equal(column("id", TERMS), column("o", "f")))
    plan = select(columns, table(facts, "f"), joined, where=[is_literal], distinct=True)
    for term, text, datatype, _ in executor.fetch(plan):
        for wanted, iri in datatypes.items():
            if belongs_to(text, datatype, iri):
                yield term, wanted
