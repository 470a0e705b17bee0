"""SPARQL becomes relational plans: SELECT queries over the tables of statements, quads and terms.

Solutions are rows of ids, and the table of terms is joined only where the text of a term is needed. A query becomes a program: plans that run one after the
other into tables of their own, with the computations between them that no plan can do, and a last plan that gives the answer. What has no program that
gives exactly what the specification says raises NotCompilableError.
"""

from schakel.compile.sparql.compilation import compile_select, constants_of, properties_in
from schakel.compile.sparql.program import Answer, Closure, Compute, Fold, Program, Run, Seeds

__all__ = ["Answer", "Closure", "Compute", "Fold", "Program", "Run", "Seeds", "compile_select", "constants_of", "properties_in"]
