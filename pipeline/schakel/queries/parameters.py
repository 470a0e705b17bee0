"""The parameters of canned queries, as grlc names them: the name of the variable says what is wanted.

`?_body_iri` is an IRI, `?_date_date` a date, `?_text` a text; with two underscores the parameter may be left out. `?__lang` is the language of names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Store

from schakel.errors import BadParameterError
from schakel.findings import in_language
from schakel.graph import Term
from schakel.interface_texts import datatype
from schakel.namespaces import XSD

__all__ = ["LANGUAGE", "Parameter", "parameter", "parameter_schema", "text_literal"]

# The parameter that every query may have: in which language names are wanted.
LANGUAGE: Final = "__lang"
_DATATYPES = frozenset({"boolean", "date", "dateTime", "decimal", "double", "gYear", "gYearMonth", "integer"})


@dataclass(frozen=True)
class Parameter:
    """What a query wants to know before it answers. `kind` is "iri", "text", or the name of a datatype of XSD.

    `description` says in English what is wanted, and `descriptions` says it by language. `column` is the column of the answer that shows what it is bound to:
    the answer for everything, filtered by this column, is the answer for one value. It is empty where no column does.
    `example` is a value as a person would type it, for a parameter of which the answer shows none.
    """

    name: str
    variable: str
    kind: str
    required: bool
    description: str = ""
    descriptions: Mapping[str, str] = field(default_factory=dict, hash=False)
    column: str = ""
    example: str = ""

    def kind_in_words(self, language: str = "en") -> str:
        """Say what is wanted.

        >>> parameter("_date_date").kind_in_words()
        'date'
        """
        return in_language(_WANTED.get(self.kind) or datatype(self.kind), language)

    def literal(self, text: str, query: str) -> Term:
        """Make the term of what a person typed, for all kinds but IRIs.

        Raises BadParameterError where it is no value of the kind.
        """
        if not _is_text(text) or (self.kind != "text" and not _is_one(text, self.kind)):
            raise BadParameterError(query, self.name, text, self.kind_in_words())
        return Literal(text) if self.kind == "text" else Literal(text, datatype=XSD[self.kind])

    def iri(self, text: str, query: str) -> NamedNode:
        """Make the IRI of what a person typed in full.

        Raises BadParameterError where it is none.
        """
        try:
            return NamedNode(text)
        except ValueError:
            raise BadParameterError(query, self.name, text, self.kind_in_words()) from None


def text_literal(text: str) -> Literal:
    """Make a text of what a person typed; what is no character in it becomes a question mark."""
    return Literal(text.encode("utf-8", "replace").decode())


def parameter_schema(each: Parameter) -> dict[str, Any]:
    """Give the JSON Schema of what a parameter may be given as.

    >>> parameter_schema(parameter("_date_date"))
    {'type': 'string', 'format': 'date'}
    """
    described = {"description": each.description} if each.description else {}
    examples = {"examples": [each.example]} if each.example else {}
    return {**_SCHEMAS.get(each.kind, _SCHEMAS["text"]), **described, **examples}


_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
    "decimal": {"type": "number"},
    "double": {"type": "number"},
    "gYear": {"type": "string", "pattern": "^-?[0-9]{4,}$"},
    "gYearMonth": {"type": "string", "pattern": "^-?[0-9]{4,}-[0-9]{2}$"},
    "integer": {"type": "integer"},
    "iri": {"type": "string", "minLength": 1, "description": "An IRI, a CURIE, the part of an IRI below the base, or a name."},
    "text": {"type": "string", "minLength": 1},
}


def _is_text(text: str) -> bool:
    """Tell whether all of it is characters; an argument on a command line may hold other bytes."""
    return text.encode("utf-8", "replace").decode() == text


def _is_one(text: str, datatype: str) -> bool:
    """Let Oxigraph judge, which compares the values afterwards."""
    return bool(Store().query(f"ASK {{ BIND({XSD[datatype]}({Literal(text)}) AS ?value) FILTER(BOUND(?value)) }}"))


_WANTED: Mapping[str, Mapping[str, str]] = {
    "iri": {"en": "an IRI, an id or a name", "nl": "een IRI, een id of een naam", "nb": "en IRI, en id eller et navn", "nn": "ein IRI, ein id eller eit namn"},
    "text": {"en": "text", "nl": "tekst", "nb": "tekst", "nn": "tekst"},
}


def parameter(variable: str) -> Parameter:
    """Read the name of a variable.

    >>> parameter("_body_iri").name, parameter("__place_iri").required, parameter("_language").kind
    ('body', False, 'text')
    """
    required = not variable.startswith("__")
    name, _, suffix = variable.lstrip("_").rpartition("_")
    if name and suffix == "iri":
        return Parameter(name, variable, "iri", required)
    if name and suffix in _DATATYPES:
        return Parameter(name, variable, suffix, required)
    return Parameter(variable.lstrip("_"), variable, "text", required)
