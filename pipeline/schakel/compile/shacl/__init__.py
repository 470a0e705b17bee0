"""SHACL Core and SHACL-SPARQL: a shapes graph becomes shapes, and these become plans, of which one judges all constraints of a kind."""

from schakel.compile.shacl.compilation import ASKED, CANDIDATES, LABELS, Compiled, Pattern, compile_shapes, constants
from schakel.compile.shacl.layout import Layout, Rule
from schakel.compile.shacl.plans import Append, Fixpoint, Load, Program, Run
from schakel.compile.shacl.prebinding import BLANK, template_of
from schakel.compile.shacl.reading import read_shapes
from schakel.compile.shacl.reporting import report_plan
from schakel.compile.shacl.rules import VIOLATION_COLUMNS, VIOLATIONS
from schakel.compile.shacl.shapes import Constraint, Idle, Messages, Query, Shape, Shapes
from schakel.compile.shacl.tokens import variables_in

__all__ = [
    "ASKED",
    "BLANK",
    "CANDIDATES",
    "LABELS",
    "VIOLATIONS",
    "VIOLATION_COLUMNS",
    "Append",
    "Compiled",
    "Constraint",
    "Fixpoint",
    "Idle",
    "Layout",
    "Load",
    "Messages",
    "Pattern",
    "Program",
    "Query",
    "Rule",
    "Run",
    "Shape",
    "Shapes",
    "compile_shapes",
    "constants",
    "read_shapes",
    "report_plan",
    "template_of",
    "variables_in",
]
