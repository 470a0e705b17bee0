"""What in a shapes graph does nothing and was probably meant to: terms that SHACL does not have, or that only its extensions have."""

from collections.abc import Iterator
from typing import Final

from schakel.compile.shacl.graph import ShapesGraph, sh
from schakel.compile.shacl.parameters import PARAMETERS
from schakel.compile.shacl.shapes import Idle
from schakel.errors import nearest

__all__ = ["idle_terms"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SHACL: Final = sh("")[1:-1]
# Every term of SHACL Core and SHACL-SPARQL but parameters, which are in their table.
_TERMS: Final = _names(
    """
    Shape NodeShape PropertyShape ConstraintComponent Parameter Parameterizable Validator SPARQLAskValidator SPARQLSelectValidator SPARQLExecutable
    SPARQLAskExecutable SPARQLSelectExecutable SPARQLConstraint PrefixDeclaration PropertyGroup NodeKind Severity Violation Warning Info
    ValidationReport ValidationResult AbstractResult IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral target targetClass
    targetNode targetSubjectsOf targetObjectsOf property path inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath deactivated
    severity message name description order group defaultValue flags ignoredProperties qualifiedValueShape qualifiedMinCount qualifiedMaxCount
    qualifiedValueShapesDisjoint sparql select ask prefixes declare prefix namespace parameter optional labelTemplate validator nodeValidator
    propertyValidator shapesGraph suggestedShapesGraph entailment conforms result resultPath resultMessage resultSeverity focusNode value sourceShape
    sourceConstraint sourceConstraintComponent detail shapesGraphWellFormed resultAnnotation annotationProperty annotationValue annotationVarName
    """
)
# Terms of SHACL that describe and do not judge, and those of its advanced features that are not judged here.
_ADVANCED: Final = _names(
    """
    SPARQLTarget SPARQLTargetType JSConstraint JSTarget JSTargetType JSValidator JSFunction JSRule JSLibrary SPARQLFunction Function Rule TripleRule
    SPARQLRule Target TargetType expression js jsFunctionName jsLibrary rule values target construct update returnType subject predicate object
    condition
    """
)
_KNOWN: Final = (_TERMS | frozenset(PARAMETERS)) - {"target"}


def idle_terms(graph: ShapesGraph) -> Iterator[Idle]:
    """Give each term of SHACL's namespace that has no effect here, once for each node that has it; with the nearest term that has one."""
    for subject, predicate, object_ in graph:
        if subject[1:].startswith(_SHACL):
            continue
        for term in (predicate, object_) if predicate.endswith("#type>") else (predicate,):
            name = term[1:-1].removeprefix(_SHACL)
            if term[1:-1] != name and name not in _KNOWN and not name.endswith("ConstraintComponent"):
                near = None if name in _ADVANCED else nearest(name, sorted(_KNOWN))
                yield Idle("term", subject, f"sh:{name}", None if near is None else f"sh:{near}")
