"""How each term of a graph is written in Turtle and in JSON-LD, found out once for each term.

An IRI is a prefixed name where what follows the prefix is a plain name, or else is relative to the base where what follows the base is a plain path, so that
every reader reads the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.executor import INTEGER, VARCHAR, Executor
from schakel.engine.relations import BLANK, IRI, LITERAL, TERMS
from schakel.engine.spelling import STRING
from schakel.engine.texts import NAME_CHAR, NAME_START
from schakel.publish.plans import joined_text, left_join, number, text, when

__all__ = ["WRITTEN", "Kind", "Names", "write_terms"]

# Columns: `id`, the `code` of its kind, `turtle`, `json`, and `compact`, how JSON-LD writes a class, where that is not as `json` has it.
WRITTEN: Final = "written_terms"
_USED: Final = "used_terms"
_KINDS: Final = "kinds_of_terms"
_PREFIXES: Final = "prefixes"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_LOCAL: Final = f"^[0-9{NAME_START[1:]}](?:[{NAME_CHAR[1:]}]*[{NAME_CHAR[1:].replace('.', '', 1)}])?$"
_SEGMENT: Final = "[A-Za-z0-9_~-][A-Za-z0-9_.~-]*"
_RELATIVE: Final = f"^{_SEGMENT}(?:/{_SEGMENT})*(?:#[A-Za-z0-9_.~-]+)?$"
# Where a namespace ends, in nearly all vocabularies.
_NAMESPACE: Final = "^(.*[/#])[^/#]*$"
# Literals that Turtle writes without quotes and datatype.
_BARE: Final = {f"{_XSD}integer": "^[+-]?[0-9]+$", f"{_XSD}decimal": r"^[+-]?[0-9]*\.[0-9]+$", f"{_XSD}boolean": "^(?:true|false)$"}


@dataclass(frozen=True)
class Kind:
    """A kind of terms: IRIs, blank nodes, literals of one datatype, or texts of one language. Codes are in the order of languages, then datatypes."""

    code: int
    kind: int
    datatype: str | None
    language: str | None


@dataclass(frozen=True)
class Names:
    """The base of IRIs, the prefixes that are used, and those that JSON-LD can use: no IRI has their name as its scheme."""

    base: str
    prefixes: Mapping[str, str]
    in_json: Mapping[str, str]

    def turtle(self, iri: str) -> str:
        """Write the IRI of a datatype in Turtle."""
        return self._short(iri, self.prefixes) or f"<{iri}>"

    def compact(self, iri: str) -> str:
        """Write the IRI of a class, property or datatype in JSON-LD."""
        return self._short(iri, self.in_json) or iri

    def _short(self, iri: str, prefixes: Mapping[str, str]) -> str | None:
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        name = iri[end:]
        # Datatypes and keys are few and plain; a name of other signs stays long.
        plain = name.isascii() and name.replace("_", "a").replace("-", "a").isalnum() and not name.startswith("-")
        return next((f"{prefix}:{name}" for prefix, namespace in prefixes.items() if namespace == iri[:end] and plain), None)


def write_terms(executor: Executor, tables: Sequence[tuple[str, Sequence[str]]], base: str, prefixes: Mapping[str, str]) -> tuple[Names, Sequence[Kind]]:
    """Make the table of written terms, of those that columns of ids in tables hold; give the names that were used, and the kinds of terms that there are."""
    _use(executor, tables)
    kinds = [Kind(code, *row) for code, row in enumerate(sorted(executor.fetch(_distinct_kinds()), key=_kind_order), start=1)]
    by_namespace = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
    used = {namespace for (namespace,) in executor.fetch(_distinct(_namespace()))}
    datatypes = {kind.datatype for kind in kinds if kind.datatype and kind.language is None}
    used |= {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in datatypes if iri != STRING}
    chosen = dict(sorted((prefix, namespace) for namespace, prefix in by_namespace.items() if namespace in used))
    schemes = {scheme for (scheme,) in executor.fetch(_distinct(exp.SplitPart(this=column("text"), delimiter=text(":"), part_index=number(1))))}
    names = Names(base, chosen, {prefix: namespace for prefix, namespace in chosen.items() if prefix not in schemes})
    executor.load(_KINDS, {"code": INTEGER, "name": VARCHAR, "length": INTEGER, "tail": VARCHAR, "bare": VARCHAR}, (_kind_row(kind, names) for kind in kinds))
    rows = ((namespace, prefix, prefix if prefix in names.in_json else None) for prefix, namespace in chosen.items())
    executor.load(_PREFIXES, {"namespace": VARCHAR, "prefix": VARCHAR, "in_json": VARCHAR}, rows)
    executor.run(_written(base), WRITTEN)
    executor.drop(_USED, _KINDS, _PREFIXES)
    return names, kinds


def _use(executor: Executor, tables: Sequence[tuple[str, Sequence[str]]]) -> None:
    each = [exp.select(exp.alias_(column(name), "id")).distinct().from_(table) for table, names in tables for name in names]
    ids = each[0] if len(each) == 1 else exp.union(*each, distinct=True)
    columns = [column(name, TERMS) for name in ("id", "spelling", "kind", "text", "datatype", "language")]
    plan = exp.select(*columns).from_(TERMS).join(ids.subquery("ids"), on=exp.EQ(this=column("id", TERMS), expression=column("id", "ids")))
    executor.run(plan, _USED)


def _kind_order(row: tuple[int, str | None, str | None]) -> tuple[int, str, str]:
    return row[0], row[2] or "", row[1] or ""


def _distinct_kinds() -> exp.Select:
    return exp.select("kind", "datatype", "language").distinct().from_(_USED)


def _distinct(expression: exp.Expression) -> exp.Select:
    return exp.select(exp.alias_(expression, "found")).distinct().from_(_USED).where(exp.EQ(this=column("kind"), expression=number(IRI)))


def _namespace(table: str | None = None) -> exp.Expression:
    return exp.RegexpExtract(this=column("text", table), expression=text(_NAMESPACE), group=number(1))


def _kind_name(table: str) -> exp.Expression:
    """Name the kind of a term by one text."""
    language = exp.Is(this=column("language", table), expression=exp.null())
    blank = exp.EQ(this=column("kind", table), expression=number(BLANK))
    return when(
        (exp.Not(this=language), joined_text(text("@"), column("language", table))),
        (blank, text("_")),
        otherwise=exp.Coalesce(this=column("datatype", table), expressions=[text("")]),
    )


def _kind_row(kind: Kind, names: Names) -> Iterable[object]:
    """Give the name of a kind, how long the suffix is in N-Triples, how Turtle writes it, and its datatype if Turtle may write it bare."""
    if kind.kind != LITERAL:
        return kind.code, "_" if kind.kind == BLANK else "", 0, "", None
    if kind.language is not None:
        return kind.code, f"@{kind.language}", len(kind.language) + 1, f"@{kind.language}", None
    datatype = kind.datatype or STRING
    if datatype == STRING:
        return kind.code, STRING, 0, "", None
    return kind.code, datatype, len(datatype) + 4, f"^^{names.turtle(datatype)}", datatype if datatype in _BARE else None


def _written(base: str) -> exp.Select:
    used, iri = "used", exp.EQ(this=column("kind", "used"), expression=number(IRI))
    local = exp.Substring(this=column("text", used), start=exp.Add(this=exp.Length(this=column("namespace", "prefixes")), expression=number(1)))
    is_name = exp.RegexpLike(this=local, expression=text(_LOCAL))
    rest = exp.Substring(this=column("text", used), start=number(len(base) + 1))
    below = exp.StartsWith(this=column("text", used), expression=text(base))
    is_path = exp.RegexpLike(this=rest, expression=text(_RELATIVE))
    inner = (
        exp.select(
            column("id", used),
            column("spelling", used),
            column("kind", used),
            column("text", used),
            column("code", "kinds"),
            column("length", "kinds"),
            column("tail", "kinds"),
            column("bare", "kinds"),
            exp.alias_(when((exp.and_(iri, is_name), joined_text(column("prefix", "prefixes"), text(":"), local.copy()))), "short"),
            exp.alias_(when((exp.and_(iri.copy(), is_name.copy()), joined_text(column("in_json", "prefixes"), text(":"), local.copy()))), "json_short"),
            exp.alias_(when((exp.and_(iri.copy(), below, is_path), rest.copy())), "path")
            if base.endswith("/")
            else exp.alias_(exp.cast(exp.null(), VARCHAR), "path"),
        )
        .from_(exp.to_table(_USED, alias=used))
        .join(exp.to_table(_KINDS, alias="kinds"), on=exp.EQ(this=_kind_name(used), expression=column("name", "kinds")))
    )
    inner = left_join(inner, _PREFIXES, "prefixes", (when((iri.copy(), _namespace(used))), "namespace"))
    is_iri = exp.EQ(this=column("kind"), expression=number(IRI))
    is_literal = exp.EQ(this=column("kind"), expression=number(LITERAL))
    quoted = exp.Substring(this=column("spelling"), start=number(1), length=exp.Sub(this=exp.Length(this=column("spelling")), expression=column("length")))
    bare = exp.or_(
        *(exp.and_(exp.EQ(this=column("bare"), expression=text(each)), exp.RegexpLike(this=column("text"), expression=text(_BARE[each]))) for each in _BARE)
    )
    relative = joined_text(text("<"), column("path"), text(">"))
    turtle = when(
        (is_iri, exp.Coalesce(this=column("short"), expressions=[relative, column("spelling")])),
        (bare, column("text")),
        (is_literal, joined_text(quoted, column("tail"))),
        otherwise=column("spelling"),
    )
    reference = exp.Coalesce(this=column("json_short"), expressions=[column("path"), column("text")])
    json = when(
        (is_iri.copy(), joined_text(text('"'), reference, text('"'))),
        (is_literal.copy(), quoted.copy()),
        otherwise=joined_text(text('"'), column("spelling"), text('"')),
    )
    differs = exp.and_(exp.Is(this=column("json_short"), expression=exp.null()), exp.Not(this=exp.Is(this=column("path"), expression=exp.null())))
    compact = when((differs, joined_text(text('"'), column("text"), text('"'))))
    outer = exp.select("id", "code", exp.alias_(turtle, "turtle"), exp.alias_(json, "json"), exp.alias_(compact, "compact"))
    return outer.from_(inner.subquery("named"))
