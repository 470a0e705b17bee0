"""A mapping: one SPARQL CONSTRUCT that says what a row of a table states.

The query is read with rdflib's parser to know its variables; rows are put into it as a `VALUES` block at the head of its outer `WHERE`,
each cell written by Oxigraph as an RDF literal, so that nothing in a cell is ever read as SPARQL.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pyoxigraph import Literal, Store
from rdflib import BNode, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from schakel.errors import nearest
from schakel.findings import Finding, Place, finding, quoted
from schakel.namespaces import XSD
from schakel.tables import PASSAGE, SOURCE, Row, Table

__all__ = ["ROW", "UNDEFINED", "Bind", "Construct", "read_construct"]

# A mapping may use this variable where it means "no value": the engine never binds it.
UNDEFINED = "undefined"
# Bound to a row's position in its block where a query must say which rows it speaks of.
ROW = "schakel_row"
_TOKEN = re.compile(
    r"""#[^\n]*|<[^<>"{}|^`\\\s]*>|\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?P<brace>[{}])""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Bind:
    """`BIND(expression AS ?target)`: the variable it makes and the variables its expression reads."""

    target: str
    inputs: frozenset[str]


@dataclass(frozen=True)
class Construct:
    """A CONSTRUCT query, the variables of each triple of its template, and its BINDs in order."""

    file: str
    text: str
    templates: tuple[frozenset[str], ...]
    binds: tuple[Bind, ...]

    @cached_property
    def variables(self) -> frozenset[str]:
        """Every variable that the mapping reads, and does not make itself."""
        used = frozenset(chain(*self.templates, *(bind.inputs for bind in self.binds)))
        return used - {bind.target for bind in self.binds} - {UNDEFINED}

    @cached_property
    def _where(self) -> tuple[int, int, int]:
        """Offsets: where the query's form begins, where its outer WHERE opens, where that closes."""
        depth, opened, blocks = 0, 0, []
        for token in _TOKEN.finditer(self.text):
            if token["brace"] == "{":
                opened = token.start() if depth == 0 else opened
                depth += 1
            elif token["brace"] == "}":
                depth -= 1
                if depth == 0:
                    blocks.append((opened, token.start()))
        (template, _), (start, end) = blocks[0], blocks[1]
        form = self.text.upper().rindex("CONSTRUCT", 0, template)
        return form, start + 1, end

    def with_rows(self, columns: Sequence[str], rows: Iterable[Row]) -> str:
        """Give the query over these rows: each column that it reads is a variable, an empty cell is unbound."""
        _, head, _ = self._where
        return f"{self.text[:head]} {self._values(columns, rows)} {self.text[head:]}"

    def failures(self, columns: Sequence[str], rows: Iterable[Row]) -> str:
        """Give a SELECT of the rows that lose something: where a BIND fails though all it reads is bound, or where no triple is made."""
        form, head, end = self._where
        available = frozenset(columns) | {bind.target for bind in self.binds}
        conditions = [
            "(" + " && ".join([*(f"BOUND(?{name})" for name in sorted(bind.inputs)), f"!BOUND(?{bind.target})"]) + ")"
            for bind in self.binds
            if bind.inputs <= available
        ]
        nothing = " && ".join("!(" + " && ".join(f"BOUND(?{name})" for name in sorted(names)) + ")" for names in self.templates if names)
        conditions += [f"({nothing})"] if nothing else []
        bound = " ".join(f"?{name}" for name in sorted(self.variables | {bind.target for bind in self.binds}))
        values = self._values(columns, rows, numbered=True)
        return f"{self.text[:form]} SELECT ?{ROW} {bound} {{ {values} {self.text[head:end]} FILTER({' || '.join(conditions) or 'false'}) }}"

    def _values(self, columns: Sequence[str], rows: Iterable[Row], *, numbered: bool = False) -> str:
        used = [(at, name) for at, name in enumerate(columns) if name in self.variables]
        names = " ".join([*(f"?{name}" for _, name in used), *([f"?{ROW}"] if numbered else [])])
        lines = (
            " ".join([*(str(Literal(row.cells[at])) if row.cells[at] else "UNDEF" for at, _ in used), *([str(position)] if numbered else [])])
            for position, row in enumerate(rows)
        )
        return f"VALUES ({names}) {{ {' '.join(f'({line})' for line in lines)} }}"


def read_construct(text: str, file: str, table: Table) -> tuple[Construct | None, list[Finding]]:
    """Read a mapping and hold it against the table it maps; the mapping is None where it cannot be run."""
    place = Place(file)
    try:
        algebra = prepareQuery(text, base="https://base.invalid/").algebra
    except Exception as error:  # noqa: BLE001  # rdflib's parser raises whatever pyparsing or its own code does; all of them mean "cannot be read"
        return None, [finding("mapping-syntax", place, problem=_one_line(error))]
    if algebra.name != "ConstructQuery" or not algebra.template:
        return None, [finding("not-a-construct", place, found=algebra.name.removesuffix("Query").upper())]
    parts = list(_parts(algebra.p))
    templates = tuple(frozenset(str(term) for term in triple if isinstance(term, Variable)) for triple in algebra.template)
    binds = tuple(Bind(str(part.var), _variables(part.expr)) for part in reversed(parts) if part.name == "Extend")
    construct = Construct(file, text, templates, binds)
    try:
        Store().query(construct.with_rows(table.columns, []), base_iri="https://base.invalid/")
    except (SyntaxError, ValueError) as error:
        return None, [finding("mapping-syntax", place, problem=_one_line(error))]
    findings = list(_judge(construct, table, parts))
    if any(isinstance(term, BNode) for triple in algebra.template for term in triple):
        findings.append(finding("blank-node-in-mapping", place))
    return construct, findings


def _judge(construct: Construct, table: Table, parts: Sequence[CompValue]) -> Iterator[Finding]:
    place = Place(construct.file)
    strange = sorted(
        {part.name for part in parts} - {"Project", "Extend", "BGP"} | {"a triple pattern" for part in parts if part.name == "BGP" and part.triples}
    )
    if strange:
        yield finding("mapping-not-flat", place, found=quoted(strange))
    casts = {
        str(part.iri)[len(XSD.iri) :]
        for bind in parts
        if bind.name == "Extend"
        for part in _expressions(bind.expr)
        if part.name == "Function" and str(part.iri).startswith(XSD.iri)
    }
    if casts:
        yield finding("mapping-cast", place, found=quoted(f"xsd:{name}" for name in casts))
    for name in sorted(construct.variables - set(table.columns)):
        near = nearest(name, table.columns)
        yield finding("unbound-variable", place, found=name, expected=near or ", ".join(table.columns), table=table.file)
    for name in table.columns:
        if name not in construct.variables | {SOURCE, PASSAGE}:
            yield finding("unused-column", Place(table.file, 1, name), found=name, mapping=construct.file)


def _parts(part: CompValue) -> Iterator[CompValue]:
    """Walk the patterns of an algebra tree, outermost first."""
    yield part
    for key in ("p", "p1", "p2"):
        below = part.get(key)
        if isinstance(below, CompValue):
            yield from _parts(below)


def _expressions(expression: object) -> Iterator[CompValue]:
    """Walk an expression and everything it is made of."""
    if isinstance(expression, CompValue):
        yield expression
        for below in expression.values():
            yield from _expressions(below)
    elif isinstance(expression, list):
        for below in expression:
            yield from _expressions(below)


def _variables(expression: object) -> frozenset[str]:
    if isinstance(expression, Variable):
        return frozenset({str(expression)})
    leaves: Iterable[object] = expression.values() if isinstance(expression, CompValue) else expression if isinstance(expression, list) else ()
    return frozenset(chain.from_iterable(_variables(leaf) for leaf in leaves if not isinstance(leaf, set)))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
