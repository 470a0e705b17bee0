"""JSON-LD: a node for each thing, short keys, texts by language. A literal of N-Triples, quotes and escapes included, is a string of JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.columns import BIGINT, INTEGER, VARCHAR
from schakel.engine.executor import Executor
from schakel.engine.relations import LITERAL, TERMS
from schakel.engine.spelling import STRING
from schakel.namespaces import RDF
from schakel.publish.jsonld_context import Key, PropertyUse, context_of, keys_of
from schakel.publish.outline import ORDER, SAME_KIND, SAME_PREDICATE, SAME_SUBJECT
from schakel.publish.plans import ascending, framed, is_stated, joined_text, left_join, number, text, when
from schakel.publish.property_forms import REFERENCE, PropertyForms
from schakel.publish.term_spelling import WRITTEN, Kind, Names

__all__ = ["TYPE_KEY", "around", "json_ld"]

# By predicate and kind of value: what comes before the first value of the predicate, before the first of the kind, and around each; and after the last.
_PIECES: Final = "pieces_of_json"
_PIECES_COLUMNS: Final = {
    "p": BIGINT,
    "c": INTEGER,
    **dict.fromkeys(("opens_key", "opens_kind", "before", "after", "closes_kind", "closes_key"), VARCHAR),
}
_FOOT: Final = "]}"
TYPE_KEY: Final = Key("@type", RDF.type.value, REFERENCE, is_list=True, by_language=False)


def json_ld(executor: Executor, outline: str, names: Names, kinds: Sequence[Kind], forms: PropertyForms) -> tuple[exp.Query, Mapping[str, Key]]:
    """Give the plan of the lines of an outline, after a context and before what closes the document; and the keys of properties by their IRIs."""
    by_code = {kind.code: kind for kind in kinds}
    found = [(p, iri, by_code[c], several, of_kind) for p, iri, c, several, of_kind in executor.fetch(_uses(outline))]
    uses = {p: _use([row for row in found if row[0] == p]) for p in dict.fromkeys(row[0] for row in found)}
    keys = keys_of([use for p, use in uses.items() if p], names, forms)
    pieces = ((p, kind.code, *_pieces(keys[uses[p].iri] if p else TYPE_KEY, kind, names)) for p, _, kind, *_ in found)
    executor.load(_PIECES, _PIECES_COLUMNS, pieces)
    ((last,),) = executor.fetch(exp.select(exp.Max(this=column("s"))).from_(outline))
    head = json.dumps({"@context": context_of(keys.values(), names)}, ensure_ascii=False, indent=1)[:-2] + ',\n "@graph": ['
    return framed(_lines(outline, last or 0), ORDER, head, _FOOT), keys


def _uses(outline: str) -> exp.Select:
    """Find which kinds of values each property has, and whether one follows another."""
    repeats = [exp.Max(this=when((exp.Is(this=column(name), expression=exp.null()), number(1)), otherwise=number(0))) for name in ("new_p", "new_c")]
    uses = exp.select("p", "c", exp.alias_(repeats[0], "several"), exp.alias_(repeats[1], "of_kind")).from_(outline).group_by("p", "c")
    columns = [column("p", "uses"), column("text", TERMS), *(column(name, "uses") for name in ("c", "several", "of_kind"))]
    return left_join(exp.select(*columns).from_(uses.subquery("uses")), TERMS, TERMS, (column("p", "uses"), "id")).order_by(*ascending("p", "c", table="uses"))


def _use(rows: Sequence[tuple[int, str | None, Kind, int, int]]) -> PropertyUse:
    in_one_language = any(of_kind and kind.language is not None for *_, kind, _, of_kind in rows)
    return PropertyUse(rows[0][1] or RDF.type.value, [row[2] for row in rows], any(row[3] for row in rows), in_one_language)


def _pieces(key: Key, kind: Kind, names: Names) -> tuple[str, ...]:
    name, opens, closes = json.dumps(key.name, ensure_ascii=False), "[" if key.is_list else "", "]" if key.is_list else ""
    if key.by_language:
        return f"{name}: {{", f"{json.dumps(kind.language)}: {opens}", "", "", closes, "}"
    before, after = around(key, kind, names)
    return f"{name}: {opens}", "", before, after, "", closes


def around(key: Key, kind: Kind, names: Names) -> tuple[str, str]:
    """Give what comes before a value and after it: nothing, where the context says what it is."""
    if kind.kind != LITERAL:
        return ("", "") if key.leads_to == REFERENCE else ('{"@id": ', "}")
    if kind.language is not None:
        return '{"@value": ', f', "@language": {json.dumps(kind.language)}}}'
    datatype = kind.datatype or STRING
    if datatype == (key.leads_to or STRING):
        return "", ""
    return '{"@value": ', "}" if datatype == STRING else f', "@type": {json.dumps(names.compact(datatype), ensure_ascii=False)}}}'


def _lines(outline: str, last: int) -> exp.Select:
    is_class = exp.EQ(this=column("p", "outline"), expression=number(0))
    value = when((is_class, exp.Coalesce(this=column("compact", "object"), expressions=[column("json", "object")])), otherwise=column("json", "object"))
    line = joined_text(_begin(), column("before", "pieces"), value, column("after", "pieces"), _end(last))
    plan = exp.select(*(column(name, "outline") for name in ORDER), exp.alias_(line, "line")).from_(exp.to_table(outline, alias="outline"))
    plan = left_join(plan, WRITTEN, "subject", (column("new_s", "outline"), "id"))
    plan = left_join(plan, WRITTEN, "object", (column("o", "outline"), "id"))
    return left_join(plan, _PIECES, "pieces", (column("p", "outline"), "p"), (column("c", "outline"), "c"))


def _begin() -> exp.Expression:
    key, kind = column("opens_key", "pieces"), column("opens_kind", "pieces")
    return when(
        (is_stated("new_s", "outline"), joined_text(text(' {"@id": '), column("json", "subject"), text(",\n  "), key, kind)),
        (is_stated("new_p", "outline"), joined_text(text("  "), key.copy(), kind.copy())),
        (is_stated("new_c", "outline"), joined_text(text("   "), kind.copy())),
        otherwise=text("    "),
    )


def _end(last: int) -> exp.Expression:
    follows = column("follows", "outline")
    kind, key = column("closes_kind", "pieces"), column("closes_key", "pieces")
    is_last = exp.EQ(this=column("s", "outline"), expression=number(last))
    return when(
        (exp.EQ(this=follows, expression=number(SAME_KIND)), text(",")),
        (exp.EQ(this=follows.copy(), expression=number(SAME_PREDICATE)), joined_text(kind, text(","))),
        (exp.EQ(this=follows.copy(), expression=number(SAME_SUBJECT)), joined_text(kind.copy(), key, text(","))),
        (is_last, joined_text(kind.copy(), key.copy(), text("}"))),
        otherwise=joined_text(kind.copy(), key.copy(), text("},")),
    )
