"""A run of Nemo, a rule engine that works in memory: the rules of an ontology over statements, from tables to tables.

Source: Nemo, https://github.com/knowsys/nemo, by its Python binding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode

from schakel.cache import key_of
from schakel.graph import NTriples, to_ntriples
from schakel.inference.profile import Profile
from schakel.inference.relations import write_tables
from schakel.inference.rule import LANGUAGE, Constraint
from schakel.inference.rule_file import clash, predicate, rule_text

__all__ = ["Results", "Stated", "reason", "state"]


@dataclass(frozen=True)
class Stated:
    """What goes into a run: tables of rows by class and property, and which of those that are looked at have any. Without `everything` that is what matters."""

    tables: Mapping[NamedNode, Path]
    filled: frozenset[NamedNode]
    everything: bool

    def digest(self) -> str:
        """Give a name for all that the tables hold."""
        names = "\n".join(f"{relation} {relation in self.filled}" for relation in self.tables)
        return key_of(names, *(path.read_bytes() for relation, path in self.tables.items() if relation in self.filled))


@dataclass(frozen=True)
class Results:
    """What came of a run: tables of new rows, and one for each constraint that does not hold."""

    new: Mapping[NamedNode, Path]
    clashes: Mapping[Constraint, Path]


def state(statements: NTriples, read: Profile, folder: Path, *, everything: bool = False) -> Stated:
    """Write the statements and the ontology's facts into tables in a folder.

    What is new in terms of the language is worth nothing, and is looked at, with all that leads nowhere else, only where everything is asked for.
    """
    relations = read.relations if everything else _needed(read)
    tables = {relation: folder / f"stated_{number}.tsv" for number, relation in enumerate(sorted(relations, key=str))}
    return Stated(tables, write_tables(chain(statements, to_ntriples(read.facts)), tables, classes=read.classes), everything)


def reason(stated: Stated, read: Profile, folder: Path) -> Results:
    """Run the rules over what is stated, with the tables of what is new in the same folder."""
    numbers = {relation: number for number, relation in enumerate(stated.tables)}
    heads = frozenset(rule.head.relation for rule in read.rules) & stated.tables.keys()
    program, exported = [rule_text(read)], dict[str, Path]()
    new, clashes = dict[NamedNode, Path](), dict[Constraint, Path]()
    for relation, number in numbers.items():
        name, places = predicate(relation), 1 if relation in read.classes else 2
        row = ", ".join(f"?x{place}" for place in range(places))
        if relation in stated.filled:
            program += [_import(f"stated_{number}", stated.tables[relation], places), f"{name}({row}) :- stated_{number}({row}) .\n"]
        if relation in heads and (stated.everything or _worth(relation)):
            # Nemo can write tables only of predicates whose IRI is of the web, or that have a plain name.
            renamed = relation in stated.filled or not relation.value.startswith(("http://", "https://"))
            if renamed:
                program.append(f"new_{number}({row}) :- {name}({row}){f', ~stated_{number}({row})' if relation in stated.filled else ''} .\n")
            table = new[relation] = folder / f"new_{number}.tsv"
            program.append(_export(f"new_{number}" if renamed else name, table, places))
            exported[f"new_{number}" if renamed else relation.value] = table
    for number, constraint in enumerate(read.constraints):
        table = exported[clash(constraint)] = clashes[constraint] = folder / f"clash_{number}.tsv"
        program.append(_export(clash(constraint), table, len(constraint.variables()) or 1))
    _run("".join(program), exported, folder)
    return Results(new, {constraint: table for constraint, table in clashes.items() if table.stat().st_size})


def _run(program: str, exported: Mapping[str, Path], folder: Path) -> None:
    # The library is large and few commands need it: it is loaded when it is.
    nemo = import_module("nmo_python")
    engine = nemo.NemoEngine(nemo.load_string(program))
    engine.reason()
    tables = nemo.NemoOutputManager(str(folder), overwrite=True)
    for name, table in exported.items():
        engine.write_result(name, tables)
        table.touch()


def _import(name: str, table: Path, places: int) -> str:
    return f'@import {name} :- tsv{{resource="{table}", {_format(places)}}} .\n'


def _export(name: str, table: Path, places: int) -> str:
    return f'@export {name} :- tsv{{resource="{table.name}", {_format(places)}}} .\n'


def _format(places: int) -> str:
    return f"format=({', '.join(['string'] * places)}), quoting=false"


def _worth(relation: NamedNode) -> bool:
    return not relation.value.startswith(LANGUAGE)


def _needed(read: Profile) -> frozenset[NamedNode]:
    """Give the classes and properties that something worth having, or a contradiction, may come of."""
    needed = {atom.relation for constraint in read.constraints for atom in constraint.body}
    needed |= {rule.head.relation for rule in read.rules if _worth(rule.head.relation)}
    before = 0
    while before < len(needed):
        before = len(needed)
        needed |= {atom.relation for rule in read.rules if rule.head.relation in needed for atom in rule.body}
    return frozenset(needed)
