"""What is said of things that were found, to be taken over as columns."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from schakel.errors import BadQueryError
from schakel.graph import Term
from schakel.languages import serves
from schakel.namespaces import XSD
from schakel.reconciliation.terms import IndexedGraph, named, term_of, values_of

__all__ = ["SETTINGS", "extended", "proposed"]

_MOST_IDS: Final = 500
_MOST_PROPERTIES: Final = 20
_MOST_PROPOSED: Final = 200
_INTEGERS: Final = frozenset(
    XSD[name]
    for name in (
        "integer",
        "int",
        "long",
        "short",
        "byte",
        "nonNegativeInteger",
        "positiveInteger",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
        "unsignedByte",
    )
)
_NUMBERS: Final = frozenset({XSD.decimal, XSD.double, XSD.float})
_DATES: Final = frozenset({XSD.date, XSD.dateTime})
# As the service API has it, which knows no day without its hours.
_DATE: Final = re.compile(r"(-?\d{4,}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")
_SHOWN: Final = ("thing", "name", "iri")
SETTINGS: Final[Sequence[Mapping[str, Any]]] = (
    {
        "name": "limit",
        "label": "Most values",
        "type": "number",
        "default": 0,
        "help_text": "So many values of each thing at most, the first by the alphabet; 0 for all.",
    },
    {
        "name": "shown",
        "label": "Things as",
        "type": "select",
        "default": "thing",
        "help_text": "What stands in a cell where a value is a thing.",
        "choices": [{"value": "thing", "name": "reconciled things"}, {"value": "name", "name": "names"}, {"value": "iri", "name": "IRIs"}],
    },
    {
        "name": "language",
        "label": "Language of texts",
        "type": "text",
        "default": "",
        "help_text": "A language tag, as nl; texts in other languages are left out. Empty for all.",
    },
)


@dataclass(frozen=True)
class _Column:
    """A property to be taken over, and how."""

    id: str
    term: NamedNode | None
    limit: int = 0
    shown: str = "thing"
    language: str = ""


def extended(indexed: IndexedGraph, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values of properties of things.

    Raises BadQueryError.
    """
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(each, str) for each in ids):
        raise BadQueryError("“extend” has lists “ids” and “properties”.")
    if len(ids) > _MOST_IDS or len(properties) > _MOST_PROPERTIES:
        raise BadQueryError(f"There may be {_MOST_IDS} ids and {_MOST_PROPERTIES} properties at once.", too_large=True)
    columns = [_column(indexed, each) for each in properties]
    if len({each.id for each in columns}) < len(columns):
        raise BadQueryError("Each property stands once.")
    entities = {each: term_of(indexed, each) for each in ids}
    values = values_of(indexed, (term for term in entities.values() if term), (each.term for each in columns if each.term))
    meta = [{"id": each.id, "name": named(indexed, each.term)["name"] if each.term else each.id} for each in columns]
    rows = {
        name: {each.id: _cells(indexed, each, values.get((entity, each.term), ()) if entity and each.term else ()) for each in columns}
        for name, entity in entities.items()
    }
    return {"meta": meta, "rows": rows}


def _column(indexed: IndexedGraph, given: object) -> _Column:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise BadQueryError("Each property is an object with an “id”.")
    settings = given.get("settings", {})
    if not isinstance(settings, dict):
        raise BadQueryError("“settings” is an object.")
    limit, shown, language = settings.get("limit") or 0, settings.get("shown") or "thing", settings.get("language") or ""
    if not re.fullmatch(r"[0-9]{1,9}(?:\.0+)?", str(limit)):
        raise BadQueryError("The setting “limit” is a whole number.")
    if shown not in _SHOWN:
        raise BadQueryError(f"The setting “shown” is one of {', '.join(_SHOWN)}.")
    if not isinstance(language, str):
        raise BadQueryError("The setting “language” is a language tag, as nl.")
    return _Column(given["id"], term_of(indexed, given["id"]), int(float(limit)), shown, language.lower())


def _cells(indexed: IndexedGraph, column: _Column, values: Sequence[Term]) -> list[dict[str, Any]]:
    kept = [value for value in values if not column.language or not isinstance(value, Literal) or serves(value.language, column.language)]
    return [_cell(indexed, value, column.shown) for value in kept[: column.limit or None]]


def _cell(indexed: IndexedGraph, value: Term, shown: str) -> dict[str, Any]:
    if isinstance(value, NamedNode):
        if shown == "iri":
            return {"str": value.value}
        if shown == "thing" and indexed.graph.context.is_own(value):
            return dict(named(indexed, value))
        # A thing of somebody else has no id here: its name, or its IRI where it has none.
        has_name = value in indexed.names.best or value in indexed.names.labels
        return {"str": named(indexed, value)["name"] if has_name else value.value}
    return _of_literal(value) if isinstance(value, Literal) else {"str": str(value)}


def _of_literal(value: Literal) -> dict[str, Any]:
    r"""Give a cell of the kind that the value is of, or a text where it is none that JSON has.

    >>> _of_literal(Literal("2020-05-01", datatype=XSD.date)), _of_literal(Literal("NaN", datatype=XSD.double))
    ({'date': '2020-05-01T00:00:00Z'}, {'str': 'NaN'})
    """
    date = _DATE.fullmatch(value.value) if value.datatype in _DATES else None
    if date is not None:
        return {"date": f"{date[1]}{date[2] or 'T00:00:00'}{date[3] or ('' if date[2] else 'Z')}"}
    try:
        if value.datatype in _INTEGERS:
            return {"int": int(value.value)}
        if value.datatype in _NUMBERS and math.isfinite(float(value.value)):
            return {"float": float(value.value)}
    except ValueError:
        pass
    return {"str": value.value}


def proposed(indexed: IndexedGraph, asked: str, limit: int | None) -> dict[str, Any]:
    """Propose properties for things of a type: what most of them have comes first.

    Raises BadQueryError.
    """
    kind = term_of(indexed, asked) if asked else None
    if asked and kind is None:
        return {"type": asked, "properties": []}
    pattern = f"?s a {kind} ." if kind else ""
    most = min(limit or _MOST_PROPOSED, _MOST_PROPOSED)
    answer = indexed.graph.source.select(f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {pattern} ?s ?p ?o }} GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT {most}")
    properties = [named(indexed, term) for term, _ in answer.rows if isinstance(term, NamedNode)]
    return {"type": asked, "properties": properties} | ({} if limit is None else {"limit": limit})
