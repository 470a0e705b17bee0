"""Rows of a table that make the same subject are mentions of one thing; which of their cells may differ is told by the mapping and the shapes."""

from collections.abc import Collection
from typing import Final

from pyoxigraph import NamedNode, Variable

from schakel.compile.construct import UNDEFINED, terms_of
from schakel.compile.dependencies import Dependencies
from schakel.compile.shacl import Shapes
from schakel.compile.shacl.paths import Step
from schakel.engine.spelling import parts_of
from schakel.sparql import Bind, Call, Expression, Filter, variables_of

__all__ = ["ID", "limited_properties", "subject_templates", "wording_columns"]

# The column that names what a row is about.
ID: Final = "id"
_SINGLE: Final = 1


def limited_properties(shapes: Shapes) -> frozenset[str]:
    """Give the properties, as spelled, of which a shape allows one value, or one in each language."""
    return frozenset(
        shape.path.predicate
        for shape in shapes.by_node.values()
        if isinstance(shape.path, Step) and not shape.path.inverse
        for constraint in shape.constraints
        if ("maxCount" in constraint.parameters and constraint.number("maxCount") <= _SINGLE)
        or ("uniqueLang" in constraint.parameters and parts_of(constraint.parameter("uniqueLang")).text in {"true", "1"})
    )


def subject_templates(dependencies: Dependencies) -> list[int]:
    """Give the numbers of the triples of the template about what a row is about: the first subject that its id is a part of."""
    subjects = [terms_of(statement)[0] for statement in dependencies.query.template]
    own = next((each for each in subjects if isinstance(each, Variable) and ID in dependencies.content_of(each.value)), None)
    return [number for number, subject in enumerate(subjects) if subject == own]


def wording_columns(dependencies: Dependencies, limited: Collection[str]) -> frozenset[str]:
    """Give the columns whose cells only become words in a language, or their language, as values of properties that are not limited."""
    wordings: set[str] = set()
    others = {name for element in dependencies.query.where.elements if isinstance(element, Filter) for name in _columns(element.condition, dependencies)}
    for statement in dependencies.query.template:
        subject, predicate, value = terms_of(statement)
        for term in (subject, predicate):
            others |= dependencies.columns_of(term.value) if isinstance(term, Variable) else set()
        if isinstance(value, Variable):
            worded = isinstance(predicate, NamedNode) and str(predicate) not in limited and _is_worded(value, dependencies)
            (wordings if worded else others).update(dependencies.columns_of(value.value))
    return frozenset(wordings - others)


def _columns(expression: Expression, dependencies: Dependencies) -> set[str]:
    return {name for variable in variables_of(expression) for name in dependencies.columns_of(variable.value)}


def _is_worded(expression: Expression, dependencies: Dependencies) -> bool:
    """Tell whether an expression gives a text with a language, if anything."""
    if isinstance(expression, Variable):
        made: Bind | None = next((bind for bind in dependencies.binds if bind.variable == expression), None)
        return expression.value == UNDEFINED or (made is not None and _is_worded(made.expression, dependencies))
    if not isinstance(expression, Call):
        return False
    if expression.name in {"IF", "COALESCE"}:
        return all(_is_worded(argument, dependencies) for argument in expression.arguments[expression.name == "IF" :])
    return expression.name == "STRLANG"
