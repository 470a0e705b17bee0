"""Constraints of SHACL Core: a table of its parameters, each with the kind of rule that judges it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schakel.compile.shacl.graph import TRUE, ShapesGraph, sh
from schakel.compile.shacl.paths import PathError, Step, read_path
from schakel.compile.shacl.shapes import Constraint
from schakel.engine.regular_expressions import RegularExpressionError, matcher
from schakel.engine.spelling import parts_of
from schakel.errors import ShapeError

__all__ = ["PARAMETERS", "Parameter", "constraints_of"]


@dataclass(frozen=True)
class Parameter:
    """A parameter that makes a constraint by itself: the kind of rule, and what its values must be.

    `value` is `iri`, `number`, `boolean`, `text`, `literal`, `kind` (of node), `term`, `list`, `shape` or `shapes` (a list of them).
    `several` tells whether a shape may have more than one, each a constraint; `on_path` whether only property shapes may have it.
    """

    kind: str
    value: str
    several: bool = False
    on_path: bool = False


# https://www.w3.org/TR/shacl/#core-components, but for those of sh:property and of qualified value shapes.
PARAMETERS: Final = {
    "class": Parameter("class", "iri", several=True),
    "datatype": Parameter("datatype", "iri"),
    "nodeKind": Parameter("nodeKind", "kind"),
    "minCount": Parameter("minCount", "number", on_path=True),
    "maxCount": Parameter("maxCount", "number", on_path=True),
    "minExclusive": Parameter("range", "literal"),
    "minInclusive": Parameter("range", "literal"),
    "maxExclusive": Parameter("range", "literal"),
    "maxInclusive": Parameter("range", "literal"),
    "minLength": Parameter("length", "number"),
    "maxLength": Parameter("length", "number"),
    "pattern": Parameter("pattern", "text", several=True),
    "languageIn": Parameter("languageIn", "list"),
    "uniqueLang": Parameter("uniqueLang", "boolean", on_path=True),
    "equals": Parameter("equals", "iri", several=True),
    "disjoint": Parameter("disjoint", "iri", several=True),
    "lessThan": Parameter("lessThan", "iri", several=True, on_path=True),
    "lessThanOrEquals": Parameter("lessThan", "iri", several=True, on_path=True),
    "not": Parameter("logic", "shape", several=True),
    "and": Parameter("logic", "shapes", several=True),
    "or": Parameter("logic", "shapes", several=True),
    "xone": Parameter("logic", "shapes", several=True),
    "node": Parameter("logic", "shape", several=True),
    "closed": Parameter("closed", "boolean"),
    "hasValue": Parameter("hasValue", "term", several=True),
    "in": Parameter("in", "list"),
}
_NODE_KINDS: Final = frozenset(sh(name) for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"))
_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
_STRINGS: Final = frozenset({"http://www.w3.org/2001/XMLSchema#string"})


def constraints_of(graph: ShapesGraph, node: str, *, is_property: bool) -> Iterator[Constraint]:
    """Give the constraints of SHACL Core that a shape states. Raises ShapeError for a value that the specification does not allow."""
    for name, parameter in PARAMETERS.items():
        values = graph.objects(node, sh(name))
        if values and parameter.on_path and not is_property:
            raise ShapeError(node, f"sh:{name} is for property shapes, and this one has no sh:path")
        if len(values) > 1 and not parameter.several:
            raise ShapeError(node, f"it has more than one sh:{name}")
        for value in values:
            yield from _constraint(graph, node, name, parameter, value)
    yield from _qualified(graph, node, is_property=is_property)


def component_of(name: str) -> str:
    """Give the IRI of the component of a parameter."""
    return f"http://www.w3.org/ns/shacl#{name[0].upper()}{name[1:]}ConstraintComponent"


def _constraint(graph: ShapesGraph, node: str, name: str, parameter: Parameter, value: str) -> Iterator[Constraint]:
    component = component_of(name)
    _check(node, name, parameter.value, value)
    match parameter.value:
        case "boolean" if value != TRUE:
            return
        case "list" | "shapes":
            members = graph.items(value)
            if members is None:
                raise ShapeError(node, f"the list of its sh:{name} is not well-formed")
            shapes = tuple(members) if parameter.value == "shapes" else ()
            yield Constraint(parameter.kind, component, {name: tuple(members)} if not shapes else {}, shapes)
        case "shape":
            yield Constraint(parameter.kind, component, {}, (value,))
        case _ if name == "pattern":
            yield _pattern(graph, node, value)
        case _ if name == "closed":
            yield Constraint("closed", component, {"closed": (value,), "allowed": tuple(_allowed(graph, node))})
        case _:
            yield Constraint(parameter.kind, component, {name: (value,)})


def _check(node: str, name: str, wanted: str, value: str) -> None:
    """Raise ShapeError where a value is not what its parameter takes."""
    parts = parts_of(value)
    fits = {
        "iri": value.startswith("<"),
        "kind": value in _NODE_KINDS,
        "number": parts.datatype == _INTEGER and parts.text.lstrip("+-").isascii() and parts.text.lstrip("+-").isdigit(),
        "boolean": parts.datatype == _BOOLEAN and parts.text in {"true", "false", "1", "0"},
        "text": parts.datatype in _STRINGS,
        "literal": value.startswith('"'),
    }
    needs = {
        "iri": "an IRI",
        "kind": "a kind of node",
        "number": "an xsd:integer",
        "boolean": "an xsd:boolean",
        "text": "an xsd:string",
        "literal": "a literal",
    }
    if not fits.get(wanted, True):
        raise ShapeError(node, f"sh:{name} must be {needs[wanted]}, and is {value}")


def _pattern(graph: ShapesGraph, node: str, pattern: str) -> Constraint:
    flags = graph.objects(node, sh("flags"))
    if len(flags) > 1:
        raise ShapeError(node, "it has more than one sh:flags")
    text, flag = parts_of(pattern).text, parts_of(flags[0]).text if flags else ""
    try:
        matcher(text, flag)
    except RegularExpressionError as error:
        raise ShapeError(node, f"its sh:pattern {pattern} is no regular expression that can be used: {error}") from None
    return Constraint("pattern", component_of("pattern"), {"pattern": (pattern,)} | ({"flags": (flags[0],)} if flags else {}))


def _allowed(graph: ShapesGraph, node: str) -> Iterator[str]:
    """Give the properties that a closed shape allows."""
    for shape in graph.objects(node, sh("property")):
        for path in graph.objects(shape, sh("path")):
            try:
                step = read_path(graph, path)
            except PathError:
                continue
            if isinstance(step, Step) and not step.inverse:
                yield step.predicate
    for head in graph.objects(node, sh("ignoredProperties")):
        members = graph.items(head)
        if members is None or any(not each.startswith("<") for each in members):
            raise ShapeError(node, "its sh:ignoredProperties is no list of IRIs")
        yield from members


def _qualified(graph: ShapesGraph, node: str, *, is_property: bool) -> Iterator[Constraint]:
    shapes = graph.objects(node, sh("qualifiedValueShape"))
    counts = {name: graph.objects(node, sh(name)) for name in ("qualifiedMinCount", "qualifiedMaxCount")}
    if not shapes or not any(counts.values()):
        return
    if not is_property:
        raise ShapeError(node, "sh:qualifiedValueShape is for property shapes, and this one has no sh:path")
    disjoint = TRUE in graph.objects(node, sh("qualifiedValueShapesDisjoint"))
    for name, values in counts.items():
        if len(values) > 1:
            raise ShapeError(node, f"it has more than one sh:{name}")
        for value in values:
            _check(node, name, "number", value)
            for shape in shapes:
                siblings = _siblings(graph, node, shape) if disjoint else ()
                yield Constraint("qualified", component_of(name), {name: (value,)}, (shape,), siblings)


def _siblings(graph: ShapesGraph, node: str, shape: str) -> tuple[str, ...]:
    """Give the other qualified value shapes of the parents of a shape."""
    beside = {each for parent in graph.subjects(sh("property"), node) for each in graph.objects(parent, sh("property"))}
    return tuple(sorted({each for other in beside for each in graph.objects(other, sh("qualifiedValueShape"))} - {shape}))
