"""A file an entity: what is said of it and of its parts, the facts of other entities that lead to it, and the names of what all these refer to."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from pyoxigraph import NamedNode
from sqlglot import exp
from sqlglot.expressions import column

from schakel.cache import Cache, NoCache, key_of
from schakel.document_paths import ABOUT, assign_paths
from schakel.engine import Executor, Plan
from schakel.engine.relations import IRI, QUADS, STATEMENTS, TERMS
from schakel.file_bundle import packed, unpacked
from schakel.findings import finding
from schakel.graph import GraphNames
from schakel.namespaces import SK, SKOS
from schakel.publish.documents import DocumentWriter, Statement, n_triples
from schakel.publish.plans import text as string
from schakel.publish.statements import spelled_statements

__all__ = ["Entities"]

_LONGEST_PATH: Final = 1000
# The parts of other entities that lead to an entity, and the ids of things that the data describe and whose IRIs are elsewhere.
_LEADING: Final = "leading_parts"
_ELSEWHERE: Final = "described_elsewhere"


class Entities:
    """The things that get files, by the path of their files: those below the base, and those elsewhere that the data describe; and why others get none."""

    def __init__(self, executor: Executor, base: str, languages: Sequence[str] = ()) -> None:
        """Take what holds the statements, and the languages of pages, each of which may have a folder of its own."""
        self._executor = executor
        self._base = base
        executor.run(_described_elsewhere(base), _ELSEWHERE)
        # The graph of a whole file: its page would hold all that the file says.
        of_files = GraphNames(base).file("").value
        things = [iri for (iri,) in executor.fetch(_entities(base)) if not iri.startswith(of_files)]
        paths = assign_paths(things, base, {language.casefold() for language in languages})
        self.paths = {iri: path for iri, path in paths.items() if len(path.encode()) <= _LONGEST_PATH}
        self.findings = [finding("entity-without-file", found=iri, reason="its path is too long") for iri in things if iri not in self.paths]

    def files(self, writer: DocumentWriter, cache: Cache | NoCache, formats: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Give path and content of each entity's files in some formats: suffixes without a dot.

        Files that an earlier run made of the same are taken from the cache.
        """
        if not {"ttl", "jsonld", "nt"} & set(formats):
            return
        names: dict[str, list[Statement]] = defaultdict(list)
        for s, p, o in self._executor.fetch(spelled_statements().where(_with_predicate(SKOS.prefLabel))):
            names[s].append((s, p, o))
        context = writer.context()
        self._executor.run(_leading(self._base), _LEADING)
        for iri, rows in groupby(self._executor.fetch(_of_entities(self._base)), key=itemgetter(0)):
            path = self.paths.get(iri)
            if path is not None:
                statements = _with_names([(s, p, o) for _, s, p, o in rows], names)
                content = n_triples(statements)
                name = key_of(context, iri, content, repr(sorted(formats)))
                kept = cache.get("entities", name)
                if kept is None:
                    written = {"ttl": writer.turtle, "jsonld": writer.json_ld}
                    kept = packed((f".{each}", write(statements, iri)) for each, write in written.items() if each in formats)
                    cache.put("entities", name, kept)
                if "nt" in formats:
                    yield f"{path}.nt", content
                yield from ((f"{path}{suffix}", file) for suffix, file in unpacked(kept))


def _entity(base: str) -> exp.Expression:
    """Give the entity that a subject is, or is a part of: its IRI without a fragment; for a part of a thing elsewhere that thing."""
    text, about = column("text", "subject"), base + ABOUT
    whole = exp.SplitPart(this=text, delimiter=string("#"), part_index=exp.Literal.number(1))
    is_part = exp.and_(exp.StartsWith(this=text.copy(), expression=string(about)), exp.NEQ(this=whole, expression=text.copy()))
    name: Any = exp.Substring(this=whole.copy(), start=exp.Literal.number(len(about) + 1))
    for sign, replacement in (("~/", ""), ("~", "%")):
        name = exp.func("replace", name, string(sign), string(replacement))
    below = exp.StartsWith(this=text.copy(), expression=string(base))
    return exp.Case().when(is_part, exp.func("url_decode", name)).when(below, whole.copy()).else_(text.copy())


def _is_below(base: str) -> exp.Condition:
    first, last = (string(f"<{base}{end}") for end in ("", "\U0010ffff"))
    spelling = column("spelling", "subject")
    return exp.and_(exp.GTE(this=spelling, expression=first), exp.LT(this=spelling.copy(), expression=last))


def _described(base: str) -> exp.Condition:
    """Tell what is said of IRIs below the base, and of those elsewhere that the data describe."""
    return exp.or_(_is_below(base), exp.In(this=column("s", STATEMENTS), query=exp.select("id").from_(_ELSEWHERE).subquery()))


def _described_elsewhere(base: str) -> Plan:
    """Give the subjects of the data whose IRIs are not below the base; terms and concepts of the ontology have pages of their own."""
    vocabulary = exp.select("id").from_(TERMS).where(exp.EQ(this=column("spelling"), expression=string(str(GraphNames(base).vocabulary))))
    in_vocabulary = exp.select("s").from_(QUADS).where(exp.In(this=column("g"), query=vocabulary.subquery()))
    plan = exp.select(exp.alias_(column("s", QUADS), "id")).distinct().from_(QUADS)
    plan = plan.join(exp.to_table(TERMS, alias="subject"), on=exp.EQ(this=column("s", QUADS), expression=column("id", "subject")))
    return plan.where(
        exp.EQ(this=column("kind", "subject"), expression=exp.Literal.number(IRI)),
        exp.Not(this=exp.paren(_is_below(base))),
        exp.Not(this=exp.In(this=column("s", QUADS), query=in_vocabulary.subquery())),
    )


def _entities(base: str) -> Plan:
    on = exp.EQ(this=column("s", STATEMENTS), expression=column("id", "subject"))
    plan = exp.select(exp.alias_(_entity(base), "entity")).distinct().from_(STATEMENTS).join(exp.to_table(TERMS, alias="subject"), on=on)
    return plan.where(_described(base)).order_by(column("entity"))


def _of_entities(base: str) -> Plan:
    """Give the statements of each entity's files, by entity; those of a part that leads to its own entity come once only."""
    own = spelled_statements().where(_described(base))
    near = spelled_statements().join(exp.to_table(_LEADING, alias="near"), on=exp.EQ(this=column("node", "near"), expression=column("s", STATEMENTS)))
    near = near.where(exp.Not(this=_with_predicate(SK.statedIn)))
    for plan, entity in ((own, _entity(base)), (near, column("entity", "near"))):
        spellings = (exp.alias_(each, name) for each, name in zip(plan.expressions, "spo", strict=True))
        plan.set("expressions", [exp.alias_(entity, "entity"), *spellings])
    both = exp.alias_(exp.union(own, near, distinct=False).subquery(), "stated")
    return exp.select("entity", "s", "p", "o").from_(both).order_by(*map(column, ("entity", "s", "p", "o")))


def _leading(base: str) -> Plan:
    """Give with each entity the parts of others that lead to it: the memberships of others in a body, for one."""
    plan = exp.select(exp.alias_(column("text", "object"), "entity"), exp.alias_(column("s", STATEMENTS), "node")).distinct().from_(STATEMENTS)
    for name, alias in (("s", "subject"), ("p", "predicate"), ("o", "object")):
        plan = plan.join(exp.to_table(TERMS, alias=alias), on=exp.EQ(this=column(name, STATEMENTS), expression=column("id", alias)))
    entity, part = column("text", "object"), exp.StrPosition(this=column("text", "subject"), substr=string("#"))
    inside = exp.StrPosition(this=entity, substr=string("#"))
    own = exp.and_(exp.StartsWith(this=column("spelling", "object"), expression=string(f"<{base}")), exp.EQ(this=inside, expression=exp.Literal.number(0)))
    elsewhere = exp.In(this=column("o", STATEMENTS), query=exp.select("id").from_(_ELSEWHERE).subquery())
    return plan.where(
        _is_below(base),
        exp.or_(own, elsewhere),
        exp.GT(this=part, expression=exp.Literal.number(0)),
        exp.NEQ(this=_entity(base), expression=entity.copy()),
        exp.Not(this=_with_predicate(SK.statedIn)),
    )


def _with_predicate(property_: NamedNode) -> exp.Expression:
    return exp.EQ(this=column("spelling", "predicate"), expression=string(str(property_)))


def _with_names(about: Sequence[Statement], names: Mapping[str, Sequence[Statement]]) -> list[Statement]:
    """Give what is said of an entity, and after it the names of what it refers to."""
    said = {subject for subject, *_ in about}
    references = dict.fromkeys(value for *_, value in about if value.startswith("<") and value not in said)
    return [*about, *(statement for reference in references for statement in names.get(reference, ()))]
