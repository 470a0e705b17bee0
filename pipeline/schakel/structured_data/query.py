"""The query that says what a graph is in the words of schema.org: `queries/exports/schema-org.rq`, one CONSTRUCT over the whole graph."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from schakel.findings import Finding, Place, finding, quoted
from schakel.namespaces import RDF
from schakel.queries import differs_each_time, form_of, unsafe
from schakel.queries.text import depth_of, readable
from schakel.sparql import BlankNode, Construct, Literal, QuerySyntaxError, parse

__all__ = ["SCHEMA", "SCHEMA_ORG_FILE", "Judge", "judge_schema_org", "read_schema_org"]

# Tells all that is wrong with the text of the query in a file.
Judge: TypeAlias = Callable[[str, Place], Sequence[Finding]]

# As the context that schema.org publishes has it, whatever the address of that context: with “http”.
SCHEMA: Final = "http://schema.org/"
SCHEMA_ORG_FILE: Final = "schema-org.rq"
_ANY_BASE: Final = "https://base.invalid/"
# As of canned queries: a parser that is not ours goes as deep as a query is nested.
_DEEPEST: Final = 100
_LONGEST: Final = 50_000


def judge_schema_org(text: str, place: Place) -> list[Finding]:
    """Tell all that is wrong with the query: from its text alone, so that the same text is always judged alike."""
    return list(_problems(text, place))


def read_schema_org(folder: Path, root: Path, judge: Judge = judge_schema_org) -> tuple[str | None, list[Finding]]:
    """Read the query of the folder, with all that is wrong with it; None where there is none, or where it cannot be used.

    A project without it embeds nothing in its pages. Any other query in the folder is one that nothing reads.
    """
    findings = [
        finding("unread-file", Place(path.relative_to(root).as_posix()), expected=SCHEMA_ORG_FILE)
        for path in sorted(folder.glob("*.rq"))
        if path.name != SCHEMA_ORG_FILE
    ]
    path = folder / SCHEMA_ORG_FILE
    if not path.exists():
        return None, findings
    place = Place(path.relative_to(root).as_posix())
    try:
        text = path.read_text("utf-8-sig")
    except (UnicodeDecodeError, IsADirectoryError) as error:
        return None, [*findings, finding("query-syntax", place, problem=str(error))]
    problems = judge(text, place)
    return (None if problems else text), [*findings, *problems]


def _problems(text: str, place: Place) -> Iterator[Finding]:
    word = unsafe(text)
    if word is not None:
        yield finding("query-unsafe", place, found=word)
        return
    if len(text) > _LONGEST or depth_of(text) > _DEEPEST:
        yield finding("query-syntax", place, problem=f"it is longer than {_LONGEST:,} characters, or its brackets are nested more than {_DEEPEST} deep")
        return
    try:
        answer = ox.Store().query(text, base_iri=_ANY_BASE)
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        yield finding("query-syntax", place, problem=readable(str(error)))
        return
    if not isinstance(answer, ox.QueryTriples) or form_of(text) != "CONSTRUCT":
        yield finding("query-not-a-construct", place, found=form_of(text) or "")
        return
    if differs_each_time(text):
        yield finding("query-not-repeatable", place)
    yield from _of_template(text, place)


def _of_template(text: str, place: Place) -> Iterator[Finding]:
    """Tell which terms of the triples that a query makes are none that a page can have."""
    try:
        query = parse(text, base=_ANY_BASE)
    except QuerySyntaxError as error:
        yield finding("query-syntax", place, problem=str(error))
        return
    template = query.template if isinstance(query, Construct) else ()
    if any(isinstance(term, BlankNode) for each in template for term in (each.subject, each.object)):
        yield finding("query-makes-blank-nodes", place)
    named = {each.predicate.value for each in template if isinstance(each.predicate, ox.NamedNode)}
    named |= {each.object.value for each in template if each.predicate == RDF.type and isinstance(each.object, ox.NamedNode | Literal)}
    wrong = {term for term in named if not term.startswith(SCHEMA) and term != RDF.type.value}
    if wrong:
        yield finding("query-not-schema-org", place, found=quoted(wrong))
