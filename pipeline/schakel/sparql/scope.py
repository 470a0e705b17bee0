"""Which variables a pattern gives to what is around it (https://www.w3.org/TR/sparql11-query/#variableScope)."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Variable

from schakel.sparql.query import Aggregate, Bind, Call, Element, Expression, Filter, Graph, Group, Minus, Optional, Service, Statement, Subquery, Union, Values

__all__ = ["aggregates_in", "visible"]


def visible(elements: Iterable[Element]) -> dict[Variable, None]:
    """Give the variables in scope after these elements of a group, in the order in which they appear."""
    return dict.fromkeys(each for element in elements for each in _visible(element))


def _visible(element: Element) -> Iterator[Variable]:  # noqa: C901  # a case for each kind of element
    match element:
        case Statement():
            for term in (element.subject, element.predicate, element.object):
                if isinstance(term, Variable):
                    yield term
        case Bind():
            yield element.variable
        case Values():
            yield from element.variables
        case Subquery():
            yield from element.query.variables
        case Filter() | Minus():
            return
        case Union():
            for group in element.groups:
                yield from _of_group(group)
        case Graph() | Service():
            if isinstance(element.name, Variable):
                yield element.name
            yield from _of_group(element.group)
        case Optional():
            yield from _of_group(element.group)


def _of_group(group: Group) -> Iterator[Variable]:
    for element in group.elements:
        yield from _visible(element)


def aggregates_in(expression: Expression) -> list[Aggregate]:
    """Give the aggregates in an expression, except those within a pattern."""
    if isinstance(expression, Call):
        return [aggregate for each in expression.arguments for aggregate in aggregates_in(each)]
    return [expression] if isinstance(expression, Aggregate) else []
