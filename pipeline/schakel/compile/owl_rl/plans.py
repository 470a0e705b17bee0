"""Plans that run all rules at once: each shape of rule is one join, and a round is the union of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import Join, all_of, branches, coalesce, column, equal, number, same, select, subquery, table, union
from schakel.compile.owl_rl.rows import KeyShape
from schakel.engine.executor import Plan

__all__ = ["RuleTables", "clashes", "conclusions", "new_facts"]

# What a round gives for each statement that follows: the least rule and then the least witness, as one number.
_WITNESSES: Final = 1 << 40
_STATEMENT: Final = ("s", "p", "o")
_WITNESS_COLUMNS: Final = ("w1", "w2", "w3")


@dataclass(frozen=True)
class RuleTables:
    """The tables of some rules, and of literals of the same value, None where there are none; with what shapes of keys there are among the rules."""

    given: str | None = None
    single: str | None = None
    join: str | None = None
    key_atoms: str = ""
    key_parts: str = ""
    shapes: Sequence[KeyShape] = ()
    values: str | None = None


def conclusions(rules: RuleTables, news: str, facts: str) -> Sequence[Plan]:
    """Give what follows by rules from `news`, some of the `facts`, and from `facts`: s, p, o, and the rank of rule and witness."""
    plans: list[Plan] = []
    if rules.given is not None:
        plans.append(select({**{name: column(name) for name in _STATEMENT}, "rank": _rank(column("rule"), number(0))}, table(rules.given)))
    if rules.single is not None:
        plans.append(_ranked(_singles(rules.single, news, concluding=True)))
    if rules.join is not None:
        for left, right in dict.fromkeys(((news, facts), (facts, news))):
            plans.append(_ranked(_joins(rules.join, left, right, rules.values, concluding=True)))
    plans += (_agreements(rules, shape, facts) for shape in rules.shapes)
    return plans


def clashes(rules: RuleTables, facts: str) -> Sequence[Plan]:
    """Give the rules that contradict, with the values of their variables in order: rule, w1, w2, w3."""
    plans: list[Plan] = []
    if rules.single is not None:
        plans.append(_singles(rules.single, facts, concluding=False))
    if rules.join is not None:
        plans.append(_joins(rules.join, facts, facts, rules.values, concluding=False))
    return plans


def new_facts(found: Iterable[Plan], facts: str, in_round: int) -> Plan:
    """Give each statement found that is no fact yet, once: with its round, and the least rule and witness that lead to it."""
    least = {**{name: column(name) for name in _STATEMENT}, "rank": exp.Min(this=column("rank"))}
    best = select(least, subquery(union(found), "alternatives"), group_by=_STATEMENT)
    columns = {
        **{name: column(name, "best") for name in _STATEMENT},
        "rule": _integer(exp.IntDiv(this=column("rank", "best"), expression=number(_WITNESSES))),
        "round": _integer(number(in_round)),
        "witness": exp.Mod(this=column("rank", "best"), expression=number(_WITNESSES)),
    }
    return select(columns, subquery(best, "best"), Join(table(facts, "known"), same(_STATEMENT, "known", "best"), "anti"))


# -------------------------------------------------------------------------------------------------------------------------------- shapes


def _singles(rules: str, facts: str, *, concluding: bool) -> Plan:
    """Match the rules of one atom: those of a property, and those of a property and an object."""
    columns = _told({1: column("s", "f"), 2: column("o", "f")}, "r", concluding=concluding)
    subject = exp.Or(this=equal(column("s", "r"), 0), expression=equal(column("s", "r"), column("s", "f")))
    loop = exp.Or(this=equal(column("loop", "r"), 0), expression=equal(column("s", "f"), column("o", "f")))
    # Literals come first in the order of ids, and `of_things` is the id of the first term that is none.
    of_things = exp.GTE(this=column("o", "f"), expression=column("of_things", "r"))
    return union(_matched(columns, rules, facts, ("p", "o"), of_object=each, where=(subject, loop, of_things)) for each in (False, True))


def _joins(rules: str, left: str, right: str, values: str | None, *, concluding: bool) -> Plan:
    """Match the rules of two atoms: each atom by itself, and then what both share."""
    head = ("hs", "hs_id", "hp", "ho", "ho_id") if concluding else ()
    one = _half(rules, left, "l", values, (*head, "mirrored", *_WITNESS_COLUMNS))
    other = _half(rules, right, "r", values, ())
    places = {1: column("e", "one"), 2: column("v", "one"), 3: column("e", "other"), 4: column("k", "one")}
    joined = Join(subquery(other, "other"), same(("rule", "v", "k"), "one", "other"))
    once = exp.Or(this=equal(column("mirrored", "one"), 0), expression=exp.LTE(this=column("v", "one"), expression=column("k", "one")))
    return select(_told(places, "one", concluding=concluding), subquery(one, "one"), joined, where=() if concluding else (once,))


def _half(rules: str, facts: str, side: str, values: str | None, others: Iterable[str]) -> Plan:
    """Match one atom: give the rule, what is shared and what is its own."""
    places = {1: column("s", "f"), 2: column("o", "f")}
    columns = {name: column(name, "r") for name in ("rule", *others)}
    columns |= {name: _case(column(f"{side}_{name}", "r"), places, number(0)) for name in ("v", "k", "e")}
    half = union(_matched(columns, rules, facts, (f"{side}_p", f"{side}_o"), of_object=each) for each in (False, True))
    return half if values is None else _by_value(half, values, ("v", "k"), ("rule", "e", *others))


def _by_value(plan: Plan, values: str, compared: Sequence[str], others: Sequence[str]) -> Plan:
    """Put one literal in the place of all of the same value."""
    columns = {name: column(name, "half") for name in others}
    columns |= {name: coalesce(column("value", f"of_{name}"), column(name, "half")) for name in compared}
    joins = (Join(table(values, f"of_{name}"), equal(column("id", f"of_{name}"), column(name, "half")), "left") for name in compared)
    return select(columns, subquery(plan, "half"), *joins)


def _matched(  # noqa: PLR0913  # one place for what all shapes do
    columns: Mapping[str, exp.Expr], rules: str, facts: str, atom: tuple[str, str], *, of_object: bool, where: Sequence[exp.Expr] = ()
) -> Plan:
    """Match atoms with facts: by property and object, or by property alone where the atom has no object."""
    p, o = atom
    on = equal(column("p", "f"), column(p, "r"))
    if of_object:
        return select(columns, table(facts, "f"), Join(table(rules, "r"), all_of((on, equal(column("o", "f"), column(o, "r"))))), where=where)
    return select(columns, table(facts, "f"), Join(table(rules, "r"), on), where=(equal(column(o, "r"), 0), *where))


# ---------------------------------------------------------------------------------------------------------------------------------- keys


def _agreements(rules: RuleTables, shape: KeyShape, facts: str) -> Plan:
    """Find what agrees in all properties of a key: each with the least that does, and for each property the least value that they share."""
    values = [f"z{place}" for place in range(1, shape.properties + 1)]
    joins = [Join(subquery(_key_values(rules, shape, place, facts), name), same(("key", "x"), "z1", name)) for place, name in enumerate(values[1:], start=2)]
    if shape.of_class:
        joins.append(Join(subquery(_key_values(rules, shape, 0, facts), "members"), same(("key", "x"), "z1", "members")))
    columns = {"key": column("key", "z1"), "x": column("x", "z1"), **{name: column("z", name) for name in values}}
    tuples = select(columns, subquery(_key_values(rules, shape, 1, facts), "z1"), *joins)
    least = exp.Window(this=exp.Min(this=column("x")), partition_by=[column(name) for name in ("key", *values)])
    with_least = select({name: column(name) for name in ("key", "x", *values)} | {"least": least}, subquery(tuples, "tuples"))
    pair = ("key", "least", "x")
    pairs = select(
        {name: column(name) for name in pair} | {name: exp.Min(this=column(name)) for name in values},
        subquery(with_least, "with_least"),
        where=[exp.LT(this=column("least"), expression=column("x"))],
        group_by=pair,
    )
    witness = _case(column("place", "r"), {place: column(name, "pairs") for place, name in enumerate(values, start=1)}, number(0))
    found = {"s": column("least", "pairs"), "p": column("hp", "r"), "o": column("x", "pairs"), "rank": _rank(column("rule", "r"), witness)}
    on = all_of((equal(column("key", "r"), column("key", "pairs")), equal(column("shape", "r"), shape.number)))
    return select(found, subquery(pairs, "pairs"), Join(table(rules.key_parts, "r"), on))


def _key_values(rules: RuleTables, shape: KeyShape, place: int, facts: str) -> Plan:
    """Give what each thing has at one place of the keys of a shape."""
    s, o, e = column("s", "f"), column("o", "f"), column("e", "r")
    columns = {"key": column("key", "r"), "x": _case(e, {1: s}, o), "z": _case(e, {1: o}, s)}
    on = [equal(column("p", "f"), column("p", "r"))]
    if place == 0:
        on.append(equal(o, column("o", "r")))
    where = (equal(column("shape", "r"), shape.number), equal(column("place", "r"), place))
    plan = select(columns, table(facts, "f"), Join(table(rules.key_atoms, "r"), all_of(on)), where=where)
    return plan if rules.values is None or place == 0 else _by_value(plan, rules.values, ("z",), ("key", "x"))


# ------------------------------------------------------------------------------------------------------------------------------- helpers


def _told(places: Mapping[int, exp.Expr], of: str, *, concluding: bool) -> Mapping[str, exp.Expr]:
    """Give the rule, its head and its witnesses, from the places that its row names."""
    columns = {"rule": column("rule", of)}
    if concluding:
        columns |= {"p": column("hp", of)}
        columns |= {name: _case(column(f"h{name}", of), places, column(f"h{name}_id", of)) for name in ("s", "o")}
    return columns | {name: _case(column(name, of), places, number(0)) for name in _WITNESS_COLUMNS}


def _ranked(plan: Plan) -> Plan:
    return select({**{name: column(name) for name in _STATEMENT}, "rank": _rank(column("rule"), column("w1"))}, subquery(plan, "found"))


def _rank(rule: exp.Expr, witness: exp.Expr) -> exp.Expr:
    wide = exp.Cast(this=rule, to=exp.DataType(this=exp.DataType.Type.BIGINT))
    return exp.Add(this=exp.Mul(this=wide, expression=number(_WITNESSES)), expression=witness)


def _integer(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=exp.DataType(this=exp.DataType.Type.INT))


def _case(code: exp.Expr, places: Mapping[int, exp.Expr], otherwise: exp.Expr) -> exp.Expr:
    """Choose by a number."""
    return branches([(equal(code, at), place) for at, place in places.items()], otherwise)
