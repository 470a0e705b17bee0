"""The dictionary: each term of a graph once, numbered in the order of its spelling, with what comparisons need to know of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.columns import BIGINT, VARCHAR, Row
from schakel.engine.executor import Executor, Plan
from schakel.engine.relations import LITERAL, TERMS, TERMS_COLUMNS
from schakel.engine.spelling import LANG_STRING, STRING, parts_of
from schakel.engine.spelling_expressions import kind_of, suffix_of, text_of
from schakel.engine.values import Value, value_of

__all__ = ["Dictionary", "close_dictionary", "encode"]

_EXTRA: Final = "extra_terms"
_PLAIN: Final = "plain_terms"
_DESCRIBED: Final = "described_terms"
_OTHERS: Final = ("low", "high", "as_float", "as_double", "identity")
_DESCRIBED_COLUMNS: Final = {name: TERMS_COLUMNS[name] for name in ("id", "text", "valid", "space", "key", *_OTHERS)}
_NO_VALUE: Final = Value(valid=None)


class Dictionary:
    """Looks up ids and spellings, a few at a time."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        # What was looked up; a dictionary that is closed does not change.
        self._known: dict[str, int] = {}

    def ids(self, spellings: Iterable[str]) -> Mapping[str, int]:
        """Give the ids of terms by spelling; a term that is not in the dictionary has id 0, which no row holds."""
        wanted = list(dict.fromkeys(spellings))
        unknown = [each for each in wanted if each not in self._known]
        if unknown:
            self._executor.load("wanted_spellings", {"spelling": VARCHAR}, ((each,) for each in unknown))
            found: dict[str, int] = dict(self._executor.fetch(_joined("wanted_spellings", "spelling", ("spelling", "id"))))
            self._known |= {spelling: found.get(spelling, 0) for spelling in unknown}
        return {spelling: self._known[spelling] for spelling in wanted}

    def spellings(self, ids: Iterable[int]) -> Mapping[int, str]:
        """Give the spellings of terms by id."""
        self._executor.load("wanted_ids", {"id": BIGINT}, ((each,) for each in dict.fromkeys(ids)))
        return dict(self._executor.fetch(_joined("wanted_ids", "id", ("id", "spelling"))))


def close_dictionary(executor: Executor, sources: Sequence[tuple[str, Sequence[str]]], extra: Iterable[str] = ()) -> Dictionary:
    """Make the table of terms from tables with columns of spellings, each named with those columns, and from `extra` spellings.

    Raises ValueError for what is no term.
    """
    executor.load(_EXTRA, {"spelling": VARCHAR}, ((each,) for each in dict.fromkeys(extra)))
    columns = [(table, name) for table, names in [*sources, (_EXTRA, ["spelling"])] for name in names]
    each = [exp.select(exp.alias_(column(name), "spelling")).distinct().from_(table) for table, name in columns]
    spelled: Plan = each[0] if len(each) == 1 else exp.union(*each, distinct=True)
    numbered = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=[exp.Ordered(this=column("spelling"), nulls_first=False)]))
    named = exp.select(exp.alias_(numbered, "id"), "spelling").from_(spelled.subquery("spelled"))
    executor.run(named.where(exp.column("spelling").is_(exp.null()).not_()), _PLAIN)
    executor.load(_DESCRIBED, _DESCRIBED_COLUMNS, _described(executor))
    executor.run(_terms(), TERMS)
    executor.drop(_EXTRA, _PLAIN, _DESCRIBED)
    return Dictionary(executor)


def _described(executor: Executor) -> Iterator[Row]:
    """Describe the terms of which their spelling alone does not tell the text or the value: those with escapes or with a datatype."""
    spelling = column("spelling")
    special = exp.or_(
        exp.RegexpLike(this=spelling, expression=exp.Literal.string(r"\^\^<[^>]*>$")),
        exp.GT(this=exp.StrPosition(this=spelling.copy(), substr=exp.Literal.string("\\")), expression=exp.Literal.number(0)),
    )
    for number, spelled in executor.fetch(exp.select("id", "spelling").from_(_PLAIN).where(special)):
        parts = parts_of(spelled)
        # A text, with a tag or without, is what its spelling tells.
        is_typed = parts.kind == LITERAL and parts.datatype not in {None, STRING, LANG_STRING}
        yield (number, parts.text, *(value_of(parts.text, parts.datatype or "") if is_typed else _NO_VALUE))


def _terms() -> Plan:
    """Make the columns of terms: of plain ones from their spelling, of others from what was found out."""
    spelling, suffix = column("spelling", "plain"), column("suffix", "plain")
    tag = exp.EQ(this=_head(suffix, 1), expression=exp.Literal.string("@"))
    typed = exp.EQ(this=_head(suffix, 1), expression=exp.Literal.string("^"))
    iri = exp.Substring(this=suffix.copy(), start=exp.Literal.number(4), length=exp.Sub(this=exp.Length(this=suffix.copy()), expression=exp.Literal.number(4)))
    literal = exp.EQ(this=column("kind", "plain"), expression=exp.Literal.number(LITERAL))
    datatype = exp.Case().when(tag, exp.Literal.string(LANG_STRING)).when(typed, iri).when(literal, exp.Literal.string(STRING))
    language = exp.Case().when(tag.copy(), exp.Substring(this=suffix.copy(), start=exp.Literal.number(2)))
    # A text or a text in a language is what its datatype says, and is ordered by its code points.
    text = exp.Coalesce(this=column("text", "described"), expressions=[text_of(spelling, suffix)])
    is_plain = exp.and_(literal.copy(), exp.Not(this=typed.copy()))
    valid = exp.Case().when(is_plain, exp.true()).else_(column("valid", "described"))
    is_text = exp.and_(is_plain.copy(), exp.Not(this=tag.copy()))
    space = exp.Case().when(is_text, exp.Literal.string("string")).else_(column("space", "described"))
    key = exp.Case().when(is_text.copy(), text.copy()).else_(column("key", "described"))
    kinds = exp.select("id", "spelling", exp.alias_(kind_of(column("spelling")), "kind"), exp.alias_(_suffix(), "suffix")).from_(_PLAIN)
    return (
        exp.select(
            column("id", "plain"),
            spelling,
            exp.alias_(exp.cast(column("kind", "plain"), "TINYINT"), "kind"),
            exp.alias_(text, "text"),
            exp.alias_(datatype, "datatype"),
            exp.alias_(language, "language"),
            exp.alias_(valid, "valid"),
            exp.alias_(space, "space"),
            exp.alias_(key, "key"),
            *(column(name, "described") for name in _OTHERS),
        )
        .from_(kinds.subquery("plain"))
        .join(exp.to_table(_DESCRIBED, alias="described"), on=exp.EQ(this=column("id", "plain"), expression=column("id", "described")), join_type="left")
        .order_by(column("id", "plain"))
    )


def _suffix() -> exp.Expression:
    literal = exp.EQ(this=_head(column("spelling"), 1), expression=exp.Literal.string('"'))
    return exp.Case().when(literal, suffix_of(column("spelling"))).else_(exp.Literal.string(""))


def _head(text: exp.Expression, length: int) -> exp.Expression:
    return exp.Substring(this=text.copy(), start=exp.Literal.number(1), length=exp.Literal.number(length))


def _joined(table: str, key: str, columns: Sequence[str]) -> Plan:
    on = exp.EQ(this=column(key, "wanted"), expression=column(key, TERMS))
    return exp.select(*(column(name, TERMS) for name in columns)).from_(exp.to_table(table, alias="wanted")).join(TERMS, on=on)


def encode(executor: Executor, table: str, columns: Sequence[str], others: Sequence[str], into: str) -> None:
    """Put ids in the place of the spellings of some columns of a table, and keep its other columns."""
    plan = exp.select(*(exp.alias_(column("id", f"{name}_term"), name) for name in columns), *(column(name, "spelled") for name in others))
    plan = plan.from_(exp.to_table(table, alias="spelled"))
    for name in columns:
        on = exp.EQ(this=column(name, "spelled"), expression=column("spelling", f"{name}_term"))
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=on, join_type="left")
    executor.run(plan, into)
