"""Warnings of shapes that do nothing: terms that have no effect, and targets of classes that are nowhere in the data or the ontology."""

from collections.abc import Mapping
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.shacl import Shapes, constants
from schakel.engine import Dictionary, Executor
from schakel.engine.columns import BIGINT, VARCHAR
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.errors import nearest
from schakel.findings import Finding, finding
from schakel.stages.constraint_messages import shown

__all__ = ["idle_findings"]

_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def idle_findings(executor: Executor, dictionary: Dictionary, shapes: Shapes, prefixes: Mapping[str, str]) -> list[Finding]:
    """Give a warning of each, with the nearest term that would have an effect."""
    findings = []
    for idle in shapes.warnings:
        kind = "shape-term" if idle.near is None else "shape-term-near"
        findings.append(finding(kind, term=idle.term, shape=shown(idle.shape, prefixes), near=idle.near or ""))
    missing = _missing_classes(executor, dictionary, shapes)
    known = {_local(each): each for each in _classes(executor, dictionary)} if missing else {}
    for shape, class_ in missing:
        near = nearest(_local(class_), sorted(known))
        kind = "shape-class" if near is None else "shape-class-near"
        findings.append(finding(kind, term=shown(class_, prefixes), shape=shown(shape, prefixes), near=shown(known[near], prefixes) if near else ""))
    return findings


def _missing_classes(executor: Executor, dictionary: Dictionary, shapes: Shapes) -> list[tuple[str, str]]:
    """Give the target classes, each with its shape, that no statement has as subject or object."""
    targets = sorted({(node, target.term) for node, shape in shapes.by_node.items() for target in shape.targets if target.kind == "class"})
    ids = dictionary.ids([*constants(shapes)])
    executor.load("shacl_target_classes", {"id": BIGINT, "spelling": VARCHAR}, sorted({(ids[term], term) for _, term in targets}))
    plan = exp.select(column("spelling", "c")).from_(exp.to_table("shacl_target_classes", alias="c"))
    for name in ("s", "o"):
        same = exp.EQ(this=column(name, "q"), expression=column("id", "c"))
        plan = plan.where(exp.Not(this=exp.Exists(this=exp.select(column(name, "q")).from_(exp.to_table(STATEMENTS, alias="q")).where(same))))
    missing = {spelling for (spelling,) in executor.fetch(plan)}
    return [(node, term) for node, term in targets if term in missing]


def _classes(executor: Executor, dictionary: Dictionary) -> list[str]:
    typed = exp.EQ(this=column("p", "q"), expression=exp.Literal.number(dictionary.ids([_TYPE])[_TYPE]))
    plan = exp.select(column("spelling", "t")).distinct().from_(exp.to_table(STATEMENTS, alias="q"))
    plan = plan.join(exp.to_table(TERMS, alias="t"), on=exp.EQ(this=column("id", "t"), expression=column("o", "q"))).where(typed)
    return sorted(spelling for (spelling,) in executor.fetch(plan) if spelling.startswith("<"))


def _local(iri: str) -> str:
    return iri[1:-1].rpartition("#")[2].rpartition("/")[2]
