"""Makes the steps of a program fewer: a table that one statement alone reads becomes a common table expression of that statement."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from schakel.compile.lookups import COMPUTED
from schakel.compile.nodes import found_in
from schakel.compile.sparql.program import Closure, Compute, Fold, Run, Step
from schakel.engine.executor import Plan

__all__ = ["folded"]


def folded(steps: Sequence[Step], plan: Plan) -> tuple[list[Step], Plan]:
    """Give fewer steps and a larger plan that do the same."""
    last = len(steps)
    readers = _readers(steps, plan)
    # The step in which each step's plan ends up.
    home = list(range(last + 1))
    for at in range(last - 1, -1, -1):
        step = steps[at]
        if isinstance(step, Run):
            homes = {home[reader] if reader == last or isinstance(steps[reader], Run) else None for reader in readers.get(step.into, ())}
            found = next(iter(homes)) if len(homes) == 1 else None
            home[at] = at if found is None or _is_outdated(steps, at, found) else found
    kept: list[Step] = []
    for at, step in enumerate(steps):
        if home[at] == at:
            kept.append(Run(_with(step.plan, _inlined(steps, home, at)), step.into) if isinstance(step, Run) else step)
    return kept, _with(plan, _inlined(steps, home, last))


def _is_outdated(steps: Sequence[Step], at: int, later: int) -> bool:
    """Tell whether what a plan reads of computed values is overwritten before a later step."""
    return COMPUTED in _read(steps[at]) and any(isinstance(step, Compute) for step in steps[at + 1 : later])


def _readers(steps: Sequence[Step], plan: Plan) -> dict[str, list[int]]:
    """Tell which steps read each table; the plan of the answer counts as the last."""
    readers: dict[str, list[int]] = {}
    for at, step in enumerate([*steps, Run(plan, "")]):
        for name in _read(step):
            readers.setdefault(name, []).append(at)
    return readers


def _read(step: Step) -> set[str]:
    match step:
        case Run():
            return _tables([step.plan])
        case Closure():
            return {step.pairs}
        case Fold():
            return _tables([step.rows])
        case Compute():
            return _tables(plan for level in step.levels for plan in level)


def _tables(plans: Iterable[Plan]) -> set[str]:
    return {table.name for table in found_in(plans, exp.Table)}


def _inlined(steps: Sequence[Step], home: Sequence[int], at: int) -> list[Run]:
    return [step for number, step in enumerate(steps) if home[number] == at != number and isinstance(step, Run)]


def _with(plan: Plan, inlined: Sequence[Run]) -> Plan:
    if inlined:
        several = [exp.CTE(this=each.plan, alias=exp.TableAlias(this=exp.Identifier(this=each.into, quoted=True))) for each in inlined]
        plan.set("with_", exp.With(expressions=several))
    return plan
