"""Answers as tables of Arrow, Polars and pandas. Their libraries are an extra, and are only imported here, when asked for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from typing import Any

import pyoxigraph as ox

from schakel.answers.plain import plain
from schakel.answers.values import Value, to_python
from schakel.errors import MissingExtraError
from schakel.graph import Term

__all__ = ["arrow_table", "pandas_frame", "parquet", "polars_frame"]

Column = Sequence[Term | None]

# Types of Arrow by that of all values of a column; what is not here is a string. Arrow itself sees how many digits a decimal needs.
_ARROW: Mapping[type, str] = {int: "int64", float: "float64", bool: "bool_", date: "date32"}
_DECIMAL_DIGITS = 38  # what decimal128 holds; few tools read more
# The types of pandas that also hold what is missing.
_PANDAS: Mapping[type, str] = {int: "Int64", float: "Float64", bool: "boolean"}


def _library(name: str) -> Any:  # noqa: ANN401  # a module that need not be there has no type
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError("frames", name.partition(".")[0]) from error


def arrow_table(columns: Sequence[str], rows: Sequence[Sequence[Term | None]], *, languages: bool = False) -> Any:  # noqa: ANN401  # see _library
    """Make an Arrow table. A column whose values are all of one kind is of that type, others are strings as they are written.

    With `languages`, a column in which a text says its language is followed by one that tells it, `<name>@lang`.
    """
    arrow = _library("pyarrow")
    named = dict(_with_languages(arrow, columns, rows) if languages else _arrow_columns(arrow, columns, rows))
    return arrow.table(named)


def _columns(columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> Iterator[tuple[str, Column]]:
    return ((name, [row[number] for row in rows]) for number, name in enumerate(columns))


def _arrow_columns(arrow: Any, columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # see _library
    return ((name, _arrow_array(arrow, terms)) for name, terms in _columns(columns, rows))


def _with_languages(arrow: Any, columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # see _library
    for name, terms in _columns(columns, rows):
        yield name, _arrow_array(arrow, terms)
        tags = [term.language if isinstance(term, ox.Literal) else None for term in terms]
        if any(tags):
            yield f"{name}@lang", arrow.array(tags, arrow.string())


def _arrow_array(arrow: Any, terms: Column) -> Any:  # noqa: ANN401  # see _library
    values = [to_python(term) for term in terms]
    try:
        kind = _arrow_type(arrow, values)
        if kind is not None:
            return arrow.array(values, kind)
    except (arrow.ArrowException, OverflowError):
        pass  # a number or a moment beyond the type
    return arrow.array([None if term is None else plain(term) for term in terms], arrow.string())


def _arrow_type(arrow: Any, values: Sequence[Value]) -> Any:  # noqa: ANN401  # see _library
    kind = _only_type(values)
    if kind is Decimal:
        inferred = arrow.infer_type(values)
        return inferred if inferred.precision <= _DECIMAL_DIGITS else None
    if kind is datetime:
        zoned = {value.tzinfo is not None for value in values if isinstance(value, datetime)}
        return arrow.timestamp("us", "UTC" if zoned.pop() else None) if len(zoned) == 1 else None
    return getattr(arrow, _ARROW[kind])() if kind in _ARROW else None


def _only_type(values: Sequence[Value]) -> type:
    """Give the type that all values have, or that of everything."""
    kinds = {type(value) for value in values if value is not None}
    return kinds.pop() if len(kinds) == 1 else object


def parquet(table: Any) -> bytes:  # noqa: ANN401  # see _library
    """Write an Arrow table as Parquet."""
    out = BytesIO()
    _library("pyarrow.parquet").write_table(table, out)
    return out.getvalue()


def polars_frame(table: Any) -> Any:  # noqa: ANN401  # see _library
    """Make a Polars frame of an Arrow table."""
    return _library("polars").from_arrow(table)


def pandas_frame(columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> Any:  # noqa: ANN401  # see _library
    """Make a pandas frame of values of Python, so that a text keeps its language; columns of numbers or booleans are of pandas' own types."""
    pandas = _library("pandas")
    named = {name: _pandas_series(pandas, terms) for name, terms in _columns(columns, rows)}
    return pandas.DataFrame(named, columns=pandas.Index(columns, dtype=object), index=pandas.RangeIndex(len(rows)))


def _pandas_series(pandas: Any, terms: Column) -> Any:  # noqa: ANN401  # see _library
    values = [to_python(term) for term in terms]
    try:
        return pandas.Series(values, dtype=_PANDAS.get(_only_type(values), object))
    except OverflowError:  # an integer of more than 64 bits
        return pandas.Series(values, dtype=object)
