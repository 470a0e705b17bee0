"""The provenance graph: each passage that states something, and from each subject of its graph a `sk:statedIn` to the passage."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode
from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor, Plan
from schakel.engine.columns import VARCHAR, Columns, Row
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS
from schakel.engine.spelling import iri_spelling, literal_spelling
from schakel.evidence import ADDRESSES, Lock, name_passages, parse_passage, text_directive
from schakel.graph import GraphNames
from schakel.namespaces import DCT, OA, PROV, RDF, SK, XSD

__all__ = ["describe_passages"]

_PASSAGES: Final = "passages"
_DESCRIPTION: Final = "passage_descriptions"
_SELECTORS: Final = ("position", "quote", "fragment")
_COLUMNS: Final[Columns] = dict.fromkeys(("node", "source", "sha256", "begins", "ends", "first", "last", "directive", *_SELECTORS), VARCHAR)
# What says how a text directive is read.
_TEXT_FRAGMENTS: Final = NamedNode("https://wicg.github.io/scroll-to-text-fragment/")
# The triples that describe a passage: subject, predicate and object, each a column of the passages or an IRI.
_ALWAYS: Final = (
    ("node", RDF.type, OA.SpecificResource),
    ("node", OA.hasSource, "source"),
    ("node", PROV.hadPrimarySource, "source"),
    ("node", SK.sha256, "sha256"),
    ("node", SK.firstWords, "first"),
    ("node", OA.hasSelector, "position"),
    ("position", RDF.type, OA.TextPositionSelector),
    ("position", OA.start, "begins"),
    ("position", OA.end, "ends"),
)
_WRITTEN_WHOLE: Final = (
    ("node", OA.hasSelector, "quote"),
    ("quote", RDF.type, OA.TextQuoteSelector),
    ("quote", OA.exact, "first"),
)
_BY_ITS_ENDS: Final = (("node", SK.lastWords, "last"),)
_ON_THE_WEB: Final = (
    ("node", OA.hasSelector, "fragment"),
    ("fragment", RDF.type, OA.FragmentSelector),
    ("fragment", DCT.conformsTo, _TEXT_FRAGMENTS),
    ("fragment", RDF.value, "directive"),
)


def describe_passages(executor: Executor, lock: Lock, names: GraphNames) -> int:
    """Add the descriptions of the passages whose graphs hold quads to the spelled quads, in the provenance graph; give the number of such passages."""
    if not lock:
        return 0
    executor.load(_PASSAGES, _COLUMNS, _rows(lock, names))
    executor.run(_used(), _PASSAGES)
    executor.run(_described(iri_spelling(names.provenance.value)), _DESCRIPTION)
    executor.append(exp.select(*SPELLED_COLUMNS).from_(_DESCRIPTION), SPELLED)
    passages = executor.count(_PASSAGES)
    executor.drop(_PASSAGES, _DESCRIPTION)
    return passages


def _rows(lock: Lock, names: GraphNames) -> Iterator[Row]:
    """Give each passage of the lock once. Of two ways of writing one passage the first in order describes it."""
    known: set[NamedNode] = set()
    named = name_passages(lock, names)
    for (source, text), span in sorted(lock.items()):
        node = named[source, text]
        passage = parse_passage(text)
        if node in known or passage is None:
            continue
        known.add(node)
        bounds = (literal_spelling(str(bound), XSD.integer.value) for bound in (span.start, span.end))
        last = None if passage.last is None else literal_spelling(passage.last)
        directive = literal_spelling(text_directive(passage.first, passage.last))
        selectors = (iri_spelling(f"{node.value}-{selector}") for selector in _SELECTORS)
        cited = iri_spelling(names.source(source).value)
        yield (str(node), cited, literal_spelling(span.sha256), *bounds, literal_spelling(passage.first), last, directive, *selectors)


def _used() -> Plan:
    """Choose the passages whose graphs hold something."""
    graphs = exp.select(column("g")).distinct().from_(SPELLED)
    return exp.select(*_COLUMNS).from_(_PASSAGES).where(column("node").isin(query=graphs))


def _described(provenance: str) -> Plan:
    whole, by_ends = column("last").is_(exp.null()), exp.Not(this=column("last").is_(exp.null()))
    plans = [_triple(triple, provenance, None) for triple in _ALWAYS]
    plans += [_triple(triple, provenance, whole) for triple in _WRITTEN_WHOLE]
    plans += [_triple(triple, provenance, by_ends) for triple in _BY_ITS_ENDS]
    plans += [_triple(triple, provenance, column("source").isin(query=_on_the_web())) for triple in _ON_THE_WEB]
    stated = exp.select(*_quad(column("s", "stated"), SK.statedIn, column("node", "passage"), provenance)).distinct()
    on = exp.EQ(this=column("g", "stated"), expression=column("node", "passage"))
    plans.append(stated.from_(exp.to_table(SPELLED, alias="stated")).join(exp.to_table(_PASSAGES, alias="passage"), on=on))
    return exp.union(*plans, distinct=False)


def _on_the_web() -> exp.Select:
    """Choose the sources that have an address."""
    properties = column("p").isin(*(exp.Literal.string(str(each)) for each in ADDRESSES))
    begins = (exp.StartsWith(this=column("o"), expression=exp.Literal.string(f"{sign}{scheme}://")) for sign in '<"' for scheme in ("http", "https"))
    cited = exp.select(column("source")).from_(_PASSAGES)
    return exp.select(column("s")).distinct().from_(SPELLED).where(properties, column("s").isin(query=cited), exp.or_(*begins))


def _triple(triple: tuple[str, NamedNode, str | NamedNode], provenance: str, condition: exp.Expression | None) -> exp.Select:
    subject, predicate, value = triple
    leads_to = exp.Literal.string(str(value)) if isinstance(value, NamedNode) else column(value)
    plan = exp.select(*_quad(column(subject), predicate, leads_to, provenance)).from_(_PASSAGES)
    return plan if condition is None else plan.where(condition.copy())


def _quad(subject: exp.Expression, predicate: NamedNode, value: exp.Expression, graph: str) -> list[exp.Expr]:
    known: dict[str, exp.Expression] = {"s": subject, "p": exp.Literal.string(str(predicate)), "o": value, "g": exp.Literal.string(graph)}
    return [exp.alias_(known.get(name, exp.Literal.number(0)), name) for name in SPELLED_COLUMNS]
