"""What is wrong with rows, beyond what a table alone can tell: a term that cannot be formed, a value that is not of its type, a row that says nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Store

from schakel import words
from schakel.errors import nearest
from schakel.findings import Finding, finding, is_language_tag, quoted
from schakel.graph import Term
from schakel.mapping.construct import NOTHING, ROW, Construct
from schakel.mapping.literals import datatypes, example_of, is_number
from schakel.mapping.rows import blocks
from schakel.mapping.trace import Trace
from schakel.namespaces import XSD
from schakel.tables import Row, Table

__all__ = ["ill_typed_literals", "judge_rows"]

_DATES = frozenset({"date", "dateTime", "gYear", "gYearMonth"})


def judge_rows(tables: Sequence[Table], constructs: Mapping[str, Construct], base: str) -> list[Finding]:
    """Find rows of which something would be lost: a term that cannot be formed of its cells, a text where an IRI must stand, a row that states nothing."""
    mapped = [(table, constructs[table.name]) for table in tables if table.name in constructs]
    return [problem for table, construct in mapped for block in blocks(table.rows) for problem in _judge_block(table, construct, block, base)]


def ill_typed_literals(wrong: Mapping[NamedNode, Iterable[Literal]], trace: Trace) -> Iterator[Finding]:
    """Make a finding of each wrong literal of each graph, with the cells it was made of."""
    for graph, literals in wrong.items():
        for literal in literals:
            datatype = literal.datatype.value.removeprefix(XSD.iri)
            if literal.datatype.value.startswith(XSD.iri) and datatype not in datatypes():
                yield finding("unknown-datatype", *trace.term(graph, literal), found=datatype, expected=nearest(datatype, sorted(datatypes())) or "string")
                continue
            kind = "ill-typed-date" if datatype in _DATES else "ill-typed-number" if is_number(datatype) else "ill-typed-value"
            yield finding(kind, *trace.term(graph, literal), found=literal.value, datatype=words.datatype(datatype), example=example_of(datatype))


def _judge_block(table: Table, construct: Construct, rows: Sequence[Row], base: str) -> Iterator[Finding]:
    lossy = cast("ox.QuerySolutions", Store().query(construct.losses(table.columns, rows), base_iri=base))
    names = [variable.value for variable in lossy.variables]
    for solution in lossy:
        values = {name: solution[name] for name in names if solution[name] is not None}
        row = rows[int(values.pop(ROW).value)]
        yield from _judge_row(table, construct, row, {name: value for name, value in values.items() if value != NamedNode(NOTHING)})


def _judge_row(table: Table, construct: Construct, row: Row, values: Mapping[str, Term]) -> Iterator[Finding]:
    known = construct.variables | construct.targets
    failed = [bind for bind in construct.binds if bind.target not in values and bind.inputs & known <= values.keys()]
    resources = {name for template in construct.templates for name in template.resources}
    no_iri = sorted(name for name in resources & values.keys() if not isinstance(values[name], NamedNode))
    for bind in failed:
        columns = sorted(construct.columns_of(bind.target))
        no_tags = [name for name in columns if name.endswith("language") and not is_language_tag(table.cell(row, name))]
        if no_tags:
            yield from (finding("bad-language-tag", table.place(row, name), found=table.cell(row, name)) for name in no_tags)
            continue
        # What is wrong with an id was told when the table was read.
        if "id" not in columns or table.has_usable_id(row):
            found = ", ".join(f"{name} = “{table.cell(row, name)}”" for name in columns)
            yield finding("unformed-term", table.place(row, columns[0] if len(columns) == 1 else ""), found=found, target=bind.target, mapping=construct.file)
    for name in no_iri:
        yield finding("not-an-iri", table.place(row), found=getattr(values[name], "value", ""), target=name, mapping=construct.file)
    if not failed and not no_iri:
        empty = quoted(name for name in table.columns if name in construct.variables and not table.cell(row, name))
        yield finding("row-states-nothing", table.place(row), empty=empty, mapping=construct.file)
