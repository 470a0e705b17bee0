"""A mapping: one SPARQL CONSTRUCT that says what a row of a table states.

Rows are put into it as a `VALUES` block at the head of its outer `WHERE`, each cell written by Oxigraph as an RDF literal, so that nothing in a
cell is ever read as SPARQL.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from pyoxigraph import Literal

from schakel.tables import Row

__all__ = ["ANY_BASE", "NOTHING", "ROW", "UNDEFINED", "Bind", "Construct", "Template"]

# Where a mapping is only read, its relative IRIs are told from nothing in particular.
ANY_BASE = "https://base.invalid/"
# A mapping may use this variable where it means "no value": the engine never binds it when it maps.
UNDEFINED = "undefined"
# Stands for that value where the engine looks for what was lost, so that "no value" and "failed" can be told apart.
NOTHING = "schakel:nothing"
# Subject and predicate of the statement that names a row of which something is lost, and the variable that holds it.
LOSS = "schakel:loss"
LOST = "schakel_lost"
# Bound to a row's position in its block where a query must say which rows it speaks of.
ROW = "schakel_row"
# What must be escaped in a text of SPARQL between quotation marks, besides them.
_ESCAPED = re.compile(r"[\\\n\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TOKEN = re.compile(
    r"""\#[^\n]*
      | <[^<>"{}|^`\\\s]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}
      | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*"
      | '(?:[^'\\\n]|\\.)*'
      | \\.
      | (?P<form>\bCONSTRUCT\b)
      | (?P<brace>[{}])""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Bind:
    """`BIND(expression AS ?target)`: the variable it makes, the variables its expression reads, and the texts it compares them with."""

    target: str
    inputs: frozenset[str]
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Template:
    """One triple of the CONSTRUCT: its variables, and those of them that stand where only an IRI can stand."""

    variables: frozenset[str]
    resources: frozenset[str]


@dataclass(frozen=True)
class Construct:
    """A mapping: the text of its query, its templates, and its BINDs in order.

    It can be asked `at_once` what rows state and of which something is lost, where NOTHING in the place of no value changes nothing else.
    """

    file: str
    text: str
    templates: tuple[Template, ...]
    binds: tuple[Bind, ...]
    at_once: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give what was found in the text, as JSON has it."""
        return {
            "templates": [[sorted(template.variables), sorted(template.resources)] for template in self.templates],
            "binds": [[bind.target, sorted(bind.inputs), sorted(bind.choices)] for bind in self.binds],
            "at_once": self.at_once,
        }

    @classmethod
    def from_json(cls, file: str, text: str, written: Mapping[str, Any]) -> "Construct":
        """Read what to_json() gave of this text."""
        templates = tuple(Template(frozenset(variables), frozenset(resources)) for variables, resources in written["templates"])
        binds = tuple(Bind(target, frozenset(inputs), frozenset(choices)) for target, inputs, choices in written["binds"])
        return cls(file, text, templates, binds, written["at_once"])

    @cached_property
    def targets(self) -> frozenset[str]:
        """The variables that the BINDs make."""
        return frozenset(bind.target for bind in self.binds)

    @cached_property
    def variables(self) -> frozenset[str]:
        """Every variable that the mapping reads and does not make itself: columns, if it is right."""
        used = frozenset(chain(*(template.variables for template in self.templates), *(bind.inputs for bind in self.binds)))
        return used - self.targets - {UNDEFINED}

    def columns_of(self, variable: str) -> frozenset[str]:
        """Give the columns that a variable is made of, through however many BINDs."""
        made = {bind.target: bind.inputs for bind in self.binds}
        if variable not in made:
            return frozenset({variable}) & self.variables
        return frozenset(chain.from_iterable(self.columns_of(name) for name in made[variable]))

    @cached_property
    def _where(self) -> tuple[int, int, int, int]:
        """Offsets: where the query's form begins, where its template opens, where its outer WHERE opens, where that closes."""
        depth, form = 0, 0
        opens: list[int] = []
        closes: list[int] = []
        for token in _TOKEN.finditer(self.text):
            if token["form"] and not opens:
                form = token.start()
            elif token["brace"] == "{":
                opens += [token.end()] if depth == 0 else []
                depth += 1
            elif token["brace"] == "}":
                depth -= 1
                closes += [token.start()] if depth == 0 else []
        # The first block is the template, the second the WHERE.
        return form, opens[0], opens[1], closes[1]

    def with_rows(self, columns: Sequence[str], rows: Iterable[Row]) -> str:
        """Give the query over these rows: each column that it reads is a variable, an empty cell is unbound."""
        _, _, head, _ = self._where
        return f"{self.text[:head]} {self._values(columns, rows)} {self.text[head:]}"

    def with_losses(self, columns: Sequence[str], rows: Iterable[Row]) -> str:
        """Give the query over these rows, which also tells by LOSS of which something is lost. What is said of, or leads to, NOTHING is to be left out.

        It is the same as with_rows() and losses() together only where the mapping can be asked for both `at_once`.
        """
        _, template, head, end = self._where
        told = f"<{LOSS}> <{LOSS}> ?{LOST} . "
        lost = f"BIND(IF({self._lost}, ?{ROW}, ?{LOST}_not) AS ?{LOST})"
        values = self._values(columns, rows, finding_losses=True)
        return f"{self.text[:template]} {told} {self.text[template:head]} {values} {self.text[head:end]} {lost} {self.text[end:]}"

    def bindings(self, columns: Sequence[str], row: Row) -> str:
        """Give a SELECT of every variable for one row."""
        form, _, head, end = self._where
        return f"{self.text[:form]} SELECT * {{ {self._values(columns, [row])} {self.text[head:end]} }}"

    def losses(self, columns: Sequence[str], rows: Iterable[Row]) -> str:
        """Give a SELECT of the rows of which something is lost, with all their variables.

        Lost is what a BIND fails to make though all it reads is there, what has no IRI where one must stand, and a row of which no triple is made.
        """
        form, _, head, end = self._where
        values = self._values(columns, rows, finding_losses=True)
        selected = " ".join(f"?{name}" for name in [ROW, *sorted(self.variables | self.targets)])
        return f"{self.text[:form]} SELECT {selected} {{ {values} {self.text[head:end]} FILTER({self._lost}) }}"

    @cached_property
    def _lost(self) -> str:
        """Give the condition that something of a row is lost."""
        failed = [f"({_and(*map(_there, sorted(bind.inputs - {UNDEFINED})))} && !BOUND(?{bind.target}))" for bind in self.binds]
        no_iri = [f"({_there(name)} && !isIRI(?{name}))" for name in sorted(frozenset(chain.from_iterable(template.resources for template in self.templates)))]
        no_triple = _and(*(f"!({_and(*map(_there, sorted(template.variables)))})" for template in self.templates if template.variables))
        return " || ".join([*failed, *no_iri, f"({no_triple})"])

    def _values(self, columns: Sequence[str], rows: Iterable[Row], *, finding_losses: bool = False) -> str:
        used = [(at, name) for at, name in enumerate(columns) if name in self.variables]
        places = [at for at, _ in used]
        more = [ROW, UNDEFINED] if finding_losses else []
        names = " ".join(f"?{name}" for name in [*(name for _, name in used), *more])
        cells = (_written([row.cells[at] for at in places]) for row in rows)
        lines = (f"{line} {position} <{NOTHING}>" for position, line in enumerate(cells)) if more else cells
        return f"VALUES ({names}) {{ {' '.join(f'({line})' for line in lines)} }}"


def _written(cells: Sequence[str]) -> str:
    """Write cells as SPARQL has them between the brackets of VALUES."""
    together = '" "'.join(cells)
    if together.count('"') == 2 * len(cells) - 2 and not _ESCAPED.search(together):
        # As nearly always: nothing in any cell need be escaped, and whatever is empty stands between two quotation marks.
        return f'"{together}"'.replace('""', "UNDEF") if cells else ""
    return " ".join(_literal(cell) if cell else "UNDEF" for cell in cells)


@lru_cache(maxsize=10_000)
def _literal(cell: str) -> str:
    """Write a cell as SPARQL does; many cells are alike."""
    return str(Literal(cell))


def _and(*conditions: str) -> str:
    return " && ".join(conditions) or "true"


def _there(name: str) -> str:
    return f"(BOUND(?{name}) && !sameTerm(?{name}, <{NOTHING}>))"
