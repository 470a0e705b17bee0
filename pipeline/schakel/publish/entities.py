"""A file an entity: what is said of it and of its parts, the facts of other entities that lead to it, and the names of what all these refer to."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from pyoxigraph import NamedNode
from sqlglot import exp
from sqlglot.expressions import column

from schakel.cache import Cache, NoCache, key_of
from schakel.engine import Executor, Plan
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.findings import Finding, finding
from schakel.graph import GraphNames
from schakel.namespaces import SK, SKOS
from schakel.packing import packed, unpacked
from schakel.publish.documents import DocumentWriter, Statement, n_triples
from schakel.publish.statements import spelled_statements

__all__ = ["RELEASE_FOLDERS", "Entities"]

_SEGMENT = re.compile(r"[\w~-][\w.~-]*")
_LONGEST_SEGMENT = 200
_LONGEST_PATH = 1000
# The parts of other entities that lead to an entity.
_LEADING: Final = "leading_parts"
# What the publication itself writes at its top; names that some file systems keep for themselves.
_FOLDERS = frozenset({"download", "kinds", "more", "queries", "static"})
# And where the project has releases.
RELEASE_FOLDERS: Final = ("changes", "releases")
_FILES = frozenset(
    {
        "404",
        "about",
        "browse",
        "catalog",
        "dataset",
        "downloads",
        "index",
        "linkset",
        "ontology",
        "report",
        "robots",
        "search",
        "shapes",
        "sitemap",
        "sources",
        "sparql",
        "void",
    }
)
_SUFFIXES = (".html", ".jsonld", ".nt", ".ttl")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})


class Entities:
    """The entities below the base that get files, by the path of their files; and why others get none."""

    def __init__(self, executor: Executor, base: str, languages: Sequence[str] = (), folders: Sequence[str] = ()) -> None:
        """Take what holds the statements, the languages of pages, each of which may have a folder of its own, and further folders that are taken."""
        self._reserved = _FOLDERS | {name.casefold() for name in (*languages, *folders)}
        self._executor = executor
        self._base = base
        self.paths, self.findings = self._assign_paths()

    def _assign_paths(self) -> tuple[dict[str, str], list[Finding]]:
        paths: dict[str, str] = {}
        taken: dict[str, str] = {}
        findings: list[Finding] = []
        # The graph of a whole file: its page would hold all that the file says.
        of_files = GraphNames(self._base).file("").value
        for (iri,) in self._executor.fetch(_entities(self._base)):
            if iri.startswith(of_files):
                continue
            path = iri.removeprefix(self._base)
            reason = _unfit(path, self._reserved)
            if reason is None and path.casefold() in taken:
                reason = f"its path differs from that of <{taken[path.casefold()]}> in upper and lower case only"
            if reason is None:
                paths[iri] = path
                taken[path.casefold()] = iri
            else:
                findings.append(finding("entity-without-file", found=iri, reason=reason))
        return paths, findings

    def files(self, writer: DocumentWriter, cache: Cache | NoCache) -> Iterator[tuple[str, bytes]]:
        """Give path and content of each entity's files. Files that an earlier run made of the same are taken from the cache."""
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
                name = key_of(context, iri, content)
                kept = cache.get("entities", name)
                if kept is None:
                    kept = packed(((".ttl", writer.turtle(statements, iri)), (".jsonld", writer.json_ld(statements, iri))))
                    cache.put("entities", name, kept)
                yield f"{path}.nt", content
                yield from ((f"{path}{suffix}", file) for suffix, file in unpacked(kept))


def _entity() -> exp.Expression:
    """Give the entity that a subject is, or is a part of: its IRI without a fragment."""
    return exp.SplitPart(this=column("text", "subject"), delimiter=exp.Literal.string("#"), part_index=exp.Literal.number(1))


def _below(plan: exp.Select, base: str) -> exp.Select:
    """Keep what is said of IRIs below the base."""
    first, last = (exp.Literal.string(f"<{base}{end}") for end in ("", "\U0010ffff"))
    spelling = column("spelling", "subject")
    return plan.where(exp.and_(exp.GTE(this=spelling, expression=first), exp.LT(this=spelling.copy(), expression=last)))


def _entities(base: str) -> Plan:
    on = exp.EQ(this=column("s", STATEMENTS), expression=column("id", "subject"))
    plan = exp.select(exp.alias_(_entity(), "entity")).distinct().from_(STATEMENTS).join(exp.to_table(TERMS, alias="subject"), on=on)
    return _below(plan, base).order_by(column("entity"))


def _of_entities(base: str) -> Plan:
    """Give the statements of each entity's files, by entity; those of a part that leads to its own entity come once only."""
    own = spelled_statements()
    near = spelled_statements().join(exp.to_table(_LEADING, alias="near"), on=exp.EQ(this=column("node", "near"), expression=column("s", STATEMENTS)))
    near = near.where(exp.Not(this=_with_predicate(SK.statedIn)))
    for plan, entity in ((own, _entity()), (near, column("entity", "near"))):
        spellings = (exp.alias_(each, name) for each, name in zip(plan.expressions, "spo", strict=True))
        plan.set("expressions", [exp.alias_(entity, "entity"), *spellings])
    both = exp.alias_(exp.union(_below(own, base), near, distinct=False).subquery(), "stated")
    return exp.select("entity", "s", "p", "o").from_(both).order_by(*map(column, ("entity", "s", "p", "o")))


def _leading(base: str) -> Plan:
    """Give with each entity the parts of others that lead to it: the memberships of others in a body, for one."""
    plan = exp.select(exp.alias_(column("text", "object"), "entity"), exp.alias_(column("s", STATEMENTS), "node")).distinct().from_(STATEMENTS)
    for name, alias in (("s", "subject"), ("p", "predicate"), ("o", "object")):
        plan = plan.join(exp.to_table(TERMS, alias=alias), on=exp.EQ(this=column(name, STATEMENTS), expression=column("id", alias)))
    entity, part = column("text", "object"), exp.StrPosition(this=column("text", "subject"), substr=exp.Literal.string("#"))
    inside = exp.StrPosition(this=entity, substr=exp.Literal.string("#"))
    return _below(plan, base).where(
        exp.StartsWith(this=column("spelling", "object"), expression=exp.Literal.string(f"<{base}")),
        exp.GT(this=part, expression=exp.Literal.number(0)),
        exp.EQ(this=inside, expression=exp.Literal.number(0)),
        exp.NEQ(this=_entity(), expression=entity.copy()),
        exp.Not(this=_with_predicate(SK.statedIn)),
    )


def _with_predicate(property_: NamedNode) -> exp.Expression:
    return exp.EQ(this=column("spelling", "predicate"), expression=exp.Literal.string(str(property_)))


def _with_names(about: Sequence[Statement], names: Mapping[str, Sequence[Statement]]) -> list[Statement]:
    """Give what is said of an entity, and after it the names of what it refers to."""
    said = {subject for subject, *_ in about}
    references = dict.fromkeys(value for *_, value in about if value.startswith("<") and value not in said)
    return [*about, *(statement for reference in references for statement in names.get(reference, ()))]


def _unfit(path: str, folders: Collection[str]) -> str | None:
    """Say why a path cannot be a file's, or None where it can."""
    segments = path.split("/")
    if not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return "its path has characters or segments that cannot safely be a file name"
    if len(path.encode()) > _LONGEST_PATH or any(len(segment.encode()) > _LONGEST_SEGMENT for segment in segments):
        return "its path is too long"
    if any(segment.casefold().partition(".")[0] in _RESERVED for segment in segments):
        return "its path holds a name that some file systems keep for themselves"
    if any(segment.casefold().endswith(_SUFFIXES) for segment in segments[:-1]):
        return "its path goes through the name of another thing's file"
    # A server would take a page named so for that of its folder.
    if segments[0].casefold() in folders or (len(segments) == 1 and path.casefold() in _FILES) or segments[-1].casefold() == "index":
        return "its path is that of a file of the publication itself"
    return None
