"""Whether a query of a shape means the same when it is asked once, for all nodes, as when `$this` is bound beforehand to one node after the other.

It does where `$this` is bound by a statement before anything else looks at it, in each group for itself: then its solutions are those of all nodes together.
https://www.w3.org/TR/shacl/#pre-binding says what binding beforehand means.
"""

from collections.abc import Iterator

from pyoxigraph import Variable

from schakel.compile.shacl import Query
from schakel.sparql import Bind, Call, Exists, Expression, Filter, Group, Optional, Select, Statement, Union, parse
from schakel.sparql.query import Element

__all__ = ["bulk_query"]

_THIS = Variable("this")
_FOREIGN = frozenset({"currentShape", "shapesGraph"})


def bulk_query(query: Query) -> set[str] | None:
    """Give the properties that a query looks at, as spelled, where it may be asked once for all nodes; else None."""
    if query.is_ask or query.bound:
        return None
    read = parse(query.text)
    if not isinstance(read, Select) or _THIS not in read.variables or (read.keys and _THIS not in read.keys):
        return None
    if not _is_sound(read.where) or not _binds(read.where):
        return None
    statements = list(_statements(read.where))
    named = {each.value for statement in statements for each in _variables(statement)}
    if named & _FOREIGN or any(statement.predicate is not None for statement in statements):
        return None
    return {f"<{each.value}>" for statement in statements for each in statement.properties}


def _is_sound(group: Group) -> bool:
    """Tell whether `$this` is bound in a group wherever the group looks at it; where it is not in the group at all, that is so."""
    bound = False
    for element in group.elements:
        if not isinstance(element, Filter) and not _is_sound_element(element, bound=bound):
            return False
        bound = bound or _binds_here(element)
    return bound or not any(_looks_at_this(each.condition) for each in group.elements if isinstance(each, Filter))


def _is_sound_element(element: Element, *, bound: bool) -> bool:
    """Tell whether an element of a group means the same with `$this` bound beforehand; `bound` tells whether the elements before it bind it."""
    match element:
        case Bind():
            return bound or not _looks_at_this(element.expression)
        case Union():
            return all(_is_sound(each) for each in element.groups)
        case Optional():
            is_apart = not any(_THIS in _variables(each) for each in _statements(element.group))
            return (bound or is_apart) and (_is_sound(element.group) or (bound and _is_flat(element.group)))
        case _:
            return True


def _is_flat(group: Group) -> bool:
    """Tell whether a group has statements and filters alone: its filters then see what is bound outside the OPTIONAL that it is in."""
    return all(isinstance(each, Statement | Filter) for each in group.elements)


def _binds(group: Group) -> bool:
    """Tell whether `$this` is bound in each solution of a group."""
    return any(_binds_here(each) for each in group.elements)


def _binds_here(element: Element) -> bool:
    return (isinstance(element, Statement) and _THIS in _variables(element)) or (isinstance(element, Union) and all(_binds(each) for each in element.groups))


def _variables(statement: Statement) -> Iterator[Variable]:
    return (each for each in (statement.subject, statement.predicate, statement.object) if isinstance(each, Variable))


def _looks_at_this(expression: Expression) -> bool:
    match expression:
        case Variable():
            return expression == _THIS
        case Call():
            return any(_looks_at_this(each) for each in expression.arguments)
        case Exists():
            return any(_THIS in _variables(each) for each in _statements(expression.group)) or _mentions(expression.group)
        case _:
            return False


def _mentions(group: Group) -> bool:
    """Tell whether an expression in a group looks at `$this`."""
    for element in group.elements:
        match element:
            case Filter():
                if _looks_at_this(element.condition):
                    return True
            case Bind():
                if _looks_at_this(element.expression):
                    return True
            case Optional():
                if _mentions(element.group):
                    return True
            case Union():
                if any(_mentions(each) for each in element.groups):
                    return True
    return False


def _statements(group: Group) -> Iterator[Statement]:
    """Give the statements of a group and of all groups in it."""
    for element in group.elements:
        match element:
            case Statement():
                yield element
            case Optional():
                yield from _statements(element.group)
            case Union():
                for each in element.groups:
                    yield from _statements(each)
            case Filter():
                yield from _within(element.condition)
            case Bind():
                yield from _within(element.expression)


def _within(expression: Expression) -> Iterator[Statement]:
    if isinstance(expression, Exists):
        yield from _statements(expression.group)
    elif isinstance(expression, Call):
        for each in expression.arguments:
            yield from _within(each)
