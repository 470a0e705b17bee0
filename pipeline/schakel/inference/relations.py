"""Statements by class and property, in files of tables: how they go to Nemo, and how what follows comes back.

A term is handed over as the text that it is in N-Triples, and comes back as that text: no number, date or language tag is written in another way.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from schakel.errors import UnsupportedAxiomError
from schakel.inference.axiom_rules import CHARACTERISTICS
from schakel.inference.expressions import NOTHING_FOLLOWS
from schakel.namespaces import OWL, RDF, RDFS

__all__ = ["read_rows", "statements_of", "write_tables"]

_TYPE: Final = str(RDF.type).encode()
_LANGUAGE: Final = (f"<{RDFS.iri}".encode(), f"<{OWL.iri}".encode())
_ANNOTATIONS: Final = frozenset(str(term).encode() for term in NOTHING_FOLLOWS)
_AXIOM_TYPES: Final = frozenset(str(term).encode() for term in CHARACTERISTICS)


def write_tables(pieces: Iterable[bytes], tables: Mapping[NamedNode, Path], *, classes: frozenset[NamedNode]) -> frozenset[NamedNode]:
    """Write the statements of each class or property into its table, and tell which have any; statements of others are left out.

    Raises UnsupportedAxiomError for a statement that is an axiom.
    """
    rows: dict[bytes, list[bytes] | None] = {str(relation).encode(): [] for relation in tables if relation not in classes}
    members: dict[bytes, list[bytes] | None] = {str(relation).encode(): [] for relation in tables if relation in classes}
    written = set[NamedNode]()
    for piece in pieces:
        _sort_lines(piece, rows, members)
        for relation, path in tables.items():
            found = (members if relation in classes else rows)[str(relation).encode()]
            if found:
                written.add(relation)
                with path.open("ab") as file:
                    file.write(b"\n".join(found) + b"\n")
                found.clear()
    return frozenset(written)


def _sort_lines(piece: bytes, rows: dict[bytes, list[bytes] | None], members: dict[bytes, list[bytes] | None]) -> None:
    """Put each line with those of its class or property; what is met for the first time and in no table is remembered as None."""
    for line in piece.replace(b" .\n", b"\n").split(b"\n")[:-1]:
        subject, predicate, value = line.split(b" ", 2)
        if predicate == _TYPE:
            if value not in members:
                _refuse(line, axiom=value in _AXIOM_TYPES)
                members[value] = None
            found = members[value]
            if found is not None:
                found.append(subject)
        else:
            if predicate not in rows:
                _refuse(line, axiom=predicate.startswith(_LANGUAGE) and predicate not in _ANNOTATIONS)
                rows[predicate] = None
            found = rows[predicate]
            if found is not None:
                found.append(b"%b\t%b" % (subject, value))


def _refuse(line: bytes, *, axiom: bool) -> None:
    if axiom:
        raise UnsupportedAxiomError(line.decode(), "it stands among the statements")


def read_rows(table: Path) -> Iterator[list[bytes]]:
    """Read a table that Nemo has written: a field with quotation marks in it stands in quotation marks, and those within are doubled."""
    for line in _lines(table.read_bytes()):
        yield [field[1:-1].replace(b'""', b'"') if field.startswith(b'"') else field for field in line.split(b"\t")]


def statements_of(relation: NamedNode, table: Path, *, of_class: bool) -> bytes:
    """Read a table that Nemo has written as N-Triples; what is said of a text, and of or to a blank node, is left out."""
    content = table.read_bytes()
    between = b" " + (_TYPE + b" " if of_class else b"") + str(relation).encode() + (b"" if of_class else b" ")
    if b'"' not in content and b"_:" not in content:
        # Nothing but IRIs, as mostly: no need to look at each row.
        return content.replace(b"\n", between + b" .\n") if of_class else content.replace(b"\t", between).replace(b"\n", b" .\n")
    kept = (row for row in read_rows(table) if row[0].startswith(b"<") and not row[-1].startswith(b"_:"))
    return b"".join([row[0] + between + (b"" if of_class else row[1]) + b" .\n" for row in kept])


def _lines(content: bytes) -> list[bytes]:
    return content.split(b"\n")[:-1]
