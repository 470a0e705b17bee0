"""What all parts of a compilation share: ids of constants, names not used yet, and the steps so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode
from sqlglot import exp

from schakel.compile.errors import NotCompilableError
from schakel.compile.nodes import Node, number
from schakel.compile.sparql.program import Run, Step
from schakel.engine.executor import Plan
from schakel.engine.spelling import iri_spelling, literal_spelling
from schakel.sparql import Literal

__all__ = ["Context", "spelling_of"]


def spelling_of(term: NamedNode | Literal) -> str:
    """Spell a term of a query as N-Triples does."""
    if isinstance(term, NamedNode):
        return iri_spelling(term.value)
    return literal_spelling(term.value, term.datatype.value, term.language or "")


@dataclass
class Context:
    """The state of one compilation. `ids` are those of all constants of the query, 0 for a term that is in no statement."""

    ids: Mapping[str, int]
    prefix: str
    base: str | None
    # The variables of the query.
    names: frozenset[str] = frozenset()
    # Tables of the statements with one property, by its spelling.
    slices: Mapping[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    # The number of each variable, after which its columns are named: SQL does not tell `?a` from `?A`.
    numbers: dict[str, int] = field(default_factory=dict)
    # The conditions of EXISTS that are compiled, by the pattern and the table that they are of.
    existing: dict[tuple[int, int], Node] = field(default_factory=dict)
    _made: int = 0

    def name(self, kind: str) -> str:
        """Make a name that nothing has yet."""
        self._made += 1
        made = f"{kind}{self._made}"
        return made if made not in self.names else self.name(kind)

    def run(self, plan: Plan) -> str:
        """Add a step that runs a plan; give the name of its table."""
        table = self.table()
        self.steps.append(Run(plan, table))
        return table

    def table(self) -> str:
        """Name a new table of the program."""
        self.tables.append(self.name(self.prefix))
        return self.tables[-1]

    def id_of(self, term: NamedNode | Literal) -> int:
        """Give the id of a constant, 0 where no statement has it."""
        return self.ids[spelling_of(term)]

    def id_node(self, term: NamedNode | Literal) -> Node:
        """Give the id of a constant as a node, which equals none where no statement has it."""
        return number(self.id_of(term))

    def column(self, variable: str) -> str:
        """Name the column of a variable."""
        return f"v{self.numbers.setdefault(variable, len(self.numbers))}"

    @staticmethod
    def refuse(construct: str, at: int | None = None) -> NotCompilableError:
        """Give the error that a construct has no exact plan; `at` is its place in the text, from 0."""
        return NotCompilableError(construct, "" if at is None else f"at character {at + 1} of the query")

    @staticmethod
    def from_table(name: str, alias: str) -> exp.Table:
        """Name a table with its alias."""
        return exp.Table(this=exp.Identifier(this=name, quoted=True), alias=exp.TableAlias(this=exp.Identifier(this=alias, quoted=True)))
