"""The tables that everything between reading and writing works on.

A *spelling* is a term as N-Triples writes it: `<iri>`, `_:label`, `"text"@tag`, `"text"^^<datatype>`. Ids are in the order of the bytes of spellings,
so whoever sorts ids sorts the dump. Id 0 is no term.
"""

from typing import Final

from schakel.engine.columns import BIGINT, BOOLEAN, INTEGER, VARCHAR, Columns

__all__ = [
    "BLANK",
    "DERIVED",
    "DERIVED_COLUMNS",
    "IRI",
    "LITERAL",
    "QUADS",
    "QUADS_COLUMNS",
    "SPELLED",
    "SPELLED_COLUMNS",
    "STATEMENTS",
    "STATEMENTS_COLUMNS",
    "TERMS",
    "TERMS_COLUMNS",
]

# Kinds of terms.
IRI: Final = 0
BLANK: Final = 1
LITERAL: Final = 2

# Quads before the dictionary is closed: four spellings, and where they were read. `file` counts the files of the project, 0 is none;
# `row` is that of a spreadsheet, or a line, 0 where none is known; `template` is the triple of the mapping's template that gave it.
SPELLED: Final = "spelled_quads"
SPELLED_COLUMNS: Final[Columns] = {"s": VARCHAR, "p": VARCHAR, "o": VARCHAR, "g": VARCHAR, "file": INTEGER, "row": INTEGER, "template": INTEGER}

# Each term once. `text` is the IRI, the label of the blank node or the lexical form, unescaped; `datatype` is an IRI and `language` a tag as stated, of
# literals. `valid` is NULL where the datatype is unknown. `space` names the value space that `key` orders (see schakel.engine.values), NULL where there
# is no order; `low` and `high` bound a value without time zone; `as_float` and `as_double` are the keys of a number promoted to another type, where they
# are not `key`; `identity` names the value, NULL for texts, whose identity their spelling tells. schakel.engine.comparison compares terms by them.
TERMS: Final = "terms"
TERMS_COLUMNS: Final[Columns] = {
    "id": BIGINT,
    "spelling": VARCHAR,
    "kind": "TINYINT",
    "text": VARCHAR,
    "datatype": VARCHAR,
    "language": VARCHAR,
    "valid": BOOLEAN,
    "space": VARCHAR,
    "key": VARCHAR,
    "low": VARCHAR,
    "high": VARCHAR,
    "as_float": VARCHAR,
    "as_double": VARCHAR,
    "identity": VARCHAR,
}

# A bag: the same quad may be read in several rows.
QUADS: Final = "quads"
QUADS_COLUMNS: Final[Columns] = {"s": BIGINT, "p": BIGINT, "o": BIGINT, "g": BIGINT, "file": INTEGER, "row": INTEGER, "template": INTEGER}

# What rules and shapes read: each statement once, in no graph.
STATEMENTS: Final = "statements"
STATEMENTS_COLUMNS: Final[Columns] = {"s": BIGINT, "p": BIGINT, "o": BIGINT}

# What follows, with the rule, the round in which it was found, and what the rule's body has and its head does not tell, so that the premises can be
# rebuilt: bodies have two statements at most, and so at most one such term. Ids below 0 are auxiliary properties and classes of longer bodies.
DERIVED: Final = "derived"
DERIVED_COLUMNS: Final[Columns] = {"s": BIGINT, "p": BIGINT, "o": BIGINT, "rule": INTEGER, "round": INTEGER, "witness": BIGINT}
