"""What a SELECT gives, as values of Python, as data frames, and as files in the formats people ask for."""

from schakel.answers.answer import Answer
from schakel.answers.backend import Backend
from schakel.answers.delimited import write_csv
from schakel.answers.formats import BOOLEAN_FORMATS, FORMATS, write_boolean
from schakel.answers.plain import shown, term_as_json, visible
from schakel.answers.solutions import answer_of, answering
from schakel.answers.sparql_json import answer_from_json, boolean_from_json, write_terms_once
from schakel.answers.values import IRI, Text, Value, to_python

__all__ = [
    "BOOLEAN_FORMATS",
    "FORMATS",
    "IRI",
    "Answer",
    "Backend",
    "Text",
    "Value",
    "answer_from_json",
    "answer_of",
    "answering",
    "boolean_from_json",
    "shown",
    "term_as_json",
    "to_python",
    "visible",
    "write_boolean",
    "write_csv",
    "write_terms_once",
]
