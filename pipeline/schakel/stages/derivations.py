"""Derivations as they are published: one Parquet file that says of each conclusion its rule and witness, and of each statement of a table its row.

Rows of five kinds, in the order of `s`, `p`, `o`:

- a rule: `definition` is JSON, `rule` its number;
- a conclusion: `s`, `p`, `o` as N-Triples spells them, `rule`, `round`, and `witness`, what the rule's body has and its head does not tell;
- an equality that no rule gave: `rule` is 0 where it is stated, -1 for two literals of the same value;
- a statement that a table gave: `rule` is -2, with its `graph`, and the `file` and `row` where it was read;
- a table: `rule` is -2, `file` its name, and `definition` the SHA-256 of its bytes.

Auxiliary properties and classes of longer bodies are spelled as numbers below 0.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sqlglot import exp

from schakel.compile.nodes import Join, coalesce, column, equal, number, select, table, union
from schakel.compile.owl_rl import Atom, Fact, Rule, Variable
from schakel.engine.columns import BIGINT, INTEGER, VARCHAR
from schakel.engine.dictionary import Dictionary
from schakel.engine.executor import Executor
from schakel.engine.relations import DERIVED, QUADS, TERMS
from schakel.stages.reasoning import Reasoned

__all__ = ["READ", "SAME_VALUE", "STATED", "rule_from_json", "write_derivations"]

# Numbers in the place of a rule's: of equalities that no rule gave, and of what was read in a table.
STATED: Final = 0
SAME_VALUE: Final = -1
READ: Final = -2

_PLACES: Final = ("s", "p", "o")
_TERMS: Final = (*_PLACES, "witness", "graph")
_DERIVED: Final = ("s", "p", "o", "rule", "round", "witness")
_GIVEN: Final = {"s": BIGINT, "p": BIGINT, "o": BIGINT, "rule": INTEGER, "round": INTEGER, "witness": BIGINT}
_TEXTS: Final = ("witness", "definition", "graph", "file")
_WRITTEN: Final = {**dict.fromkeys(_PLACES, VARCHAR), "rule": INTEGER, "round": INTEGER, **dict.fromkeys(_TEXTS, VARCHAR), "row": INTEGER}


def write_derivations(executor: Executor, dictionary: Dictionary, reasoned: Reasoned, path: Path, tables: Mapping[int, tuple[str, str]] | None = None) -> None:
    """Write the derivations of a run to a Parquet file. `tables` are files by number, each with the SHA-256 of its bytes."""
    executor.load("given_equalities", _GIVEN, _equalities(executor, reasoned))
    digests = sorted(set((tables or {}).values()))
    notes = [("", "", "", at, 0, None, text, None, None, None) for at, text in _definitions(dictionary, reasoned)]
    executor.load("derivation_notes", _WRITTEN, [*notes, *(("", "", "", READ, 0, None, digest, None, file, None) for file, digest in digests)])
    nowhere = {"graph": _null(BIGINT), "file": _null(VARCHAR), "row": _null(INTEGER)}
    found = [select({name: column(name) for name in _DERIVED} | nowhere, table(each)) for each in (DERIVED, "given_equalities")]
    found += [_read(executor, tables)] if tables else []
    # Ids are in the order of spellings, and sort faster.
    order = {f"{name}_id": column(name, "d") for name in (*_PLACES, "graph")}
    columns = {name: _spelling(name) if name in _TERMS else column(name, "d") for name in _WRITTEN if name != "definition"}
    joins = (Join(table(TERMS, f"of_{name}"), equal(column("id", f"of_{name}"), column(name, "d")), "left") for name in _TERMS)
    # Step by step, so that memory need not hold what is distinct, what is joined and what is sorted at once.
    executor.run(union(found), "told_derivations")
    executor.run(select(columns | {"definition": _null(VARCHAR)} | order, table("told_derivations", "d"), *joins), "spelled_derivations")
    executor.append(
        select({name: column(name) for name in (*columns, "definition")} | {name: number(0) for name in order}, table("derivation_notes")),
        "spelled_derivations",
    )
    ordered = select(list(_WRITTEN), table("spelled_derivations"))
    ordered.set("order", exp.Order(expressions=[exp.Ordered(this=column(name)) for name in (*order, "rule", "file", "row")]))
    executor.write_parquet(ordered, path)
    executor.drop("given_equalities", "derivation_notes", "read_tables", "told_derivations", "spelled_derivations")


def _read(executor: Executor, tables: Mapping[int, tuple[str, str]]) -> exp.Select:
    """Give the statements that were read in tables, with their rows."""
    executor.load("read_tables", {"number": INTEGER, "file": VARCHAR}, ((at, file) for at, (file, _) in tables.items()))
    quad = {name: column(name, "q") for name in _PLACES} | {"rule": number(READ), "round": number(0), "witness": _null(BIGINT), "graph": column("g", "q")}
    of_table = Join(table("read_tables", "t"), equal(column("file", "q"), column("number", "t")))
    places = {"file": column("file", "t"), "row": column("row", "q")}
    has_row = exp.GT(this=column("row", "q"), expression=number(0))
    return select(quad | places, table(QUADS, "q"), of_table, where=[has_row], distinct=True)


def _null(kind: str) -> exp.Expr:
    return exp.Cast(this=exp.Null(), to=exp.DataType.build(kind))


def _spelling(name: str) -> exp.Expr:
    """Spell a term; an auxiliary one by its number, and no term at all as NULL."""
    spelled = column("spelling", f"of_{name}")
    if name not in _PLACES:
        return spelled
    return coalesce(spelled, exp.Cast(this=column(name, "d"), to=exp.DataType.build(VARCHAR)))


def _equalities(executor: Executor, reasoned: Reasoned) -> Iterator[tuple[int, ...]]:
    same = reasoned.terms.sameAs
    yield from ((one, same, other, STATED, 0, 0) for one, other in reasoned.stated_same)
    if reasoned.values is not None:
        for term, value in sorted(executor.fetch(select(("id", "value"), table(reasoned.values)))):
            yield value, same, term, SAME_VALUE, 0, 0


def _definitions(dictionary: Dictionary, reasoned: Reasoned) -> Iterator[tuple[int, str]]:
    """Give each rule as JSON: its name in the specification, head and body as patterns whose variables begin with a question mark, and its axiom."""
    ids = {term for rule in reasoned.rules.values() for term in _terms_of(rule) if term > 0}
    spellings = dictionary.spellings(ids)

    def spelled(places: Collection[object]) -> list[str]:
        return [f"?{place.value}" if isinstance(place, Variable) else spellings.get(place, str(place)) if isinstance(place, int) else "" for place in places]

    for at, rule in reasoned.rules.items():
        definition: dict[str, Any] = {
            "owl": rule.owl,
            "head": spelled(rule.head or ()),
            "body": list(map(spelled, rule.body)),
            "axiom": list(map(spelled, rule.axiom)),
            # Places of the axioms that follow themselves.
            "unstated": [place for place, fact in enumerate(rule.axiom) if fact in reasoned.unstated_axioms.get(at, ())],
        }
        yield at, json.dumps(definition, ensure_ascii=False)


def _terms_of(rule: Rule) -> Iterator[int]:
    for places in (*rule.axiom, *rule.body, rule.head or ()):
        yield from (place for place in places if isinstance(place, int))


def rule_from_json(definition: str, id_of: Callable[[str], int]) -> tuple[Rule, tuple[Fact, ...]]:
    """Read a rule, with ids for spellings; and those of its axioms that follow themselves."""
    read = json.loads(definition)
    variables = {f"?{variable.value}": variable for variable in Variable}

    def places(spelled: list[str]) -> list[Any]:
        return [variables[each] if each in variables else id_of(each) for each in spelled]

    axiom = tuple((s, p, o) for s, p, o in map(places, read["axiom"]))
    head = Atom(*places(read["head"])) if read["head"] else None
    rule = Rule(read["owl"], axiom, tuple(Atom(*places(atom)) for atom in read["body"]), head)
    return rule, tuple(axiom[at] for at in read["unstated"])
