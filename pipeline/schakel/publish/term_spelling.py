"""How each term of a graph is written in Turtle and in JSON-LD, found out once for each term.

An IRI is a prefixed name where what follows the prefix is a plain name, or else is relative to the base where what follows the base is a plain path, so that
every reader reads the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.columns import INTEGER, VARCHAR, Row
from schakel.engine.executor import Executor
from schakel.engine.relations import BLANK, IRI, LITERAL, TERMS
from schakel.engine.spelling import STRING
from schakel.engine.texts import NAME_CHAR, NAME_START
from schakel.publish.plans import is_stated, joined_text, left_join, number, text, when

__all__ = ["BARE", "LOCAL", "RELATIVE", "WRITTEN", "Kind", "Names", "choose_prefixes", "namespace_of", "write_terms"]

# Columns: `id`, the `code` of its kind, `turtle`, `json`, and `compact`, how JSON-LD writes a class, where that is not as `json` has it; `packed` is the
# spelling, with a control character in the place of a namespace that many share: spellings escape those, and what is to be sorted is half as long.
WRITTEN: Final = "written_terms"
_USED: Final = "used_terms"
_KINDS: Final = "kinds_of_terms"
_PREFIXES: Final = "prefixes"
_KINDS_COLUMNS: Final = {"code": INTEGER, "name": VARCHAR, "length": INTEGER, "tail": VARCHAR, "packed_tail": VARCHAR, "bare": VARCHAR}
# Each costs a look at every byte that is written, so these are few.
_SIGNS: Final = "\x01\x02\x03\x04\x05\x06\x07\x08"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"

# What a prefixed name may end with, and what may follow the base in a relative IRI: so plain that every reader reads the same.
LOCAL: Final = f"^[0-9{NAME_START[1:]}](?:[{NAME_CHAR[1:]}]*[{NAME_CHAR[1:].replace('.', '', 1)}])?$"
_SEGMENT: Final = "[A-Za-z0-9_~-][A-Za-z0-9_.~-]*"
RELATIVE: Final = f"^{_SEGMENT}(?:/{_SEGMENT})*(?:#[A-Za-z0-9_.~-]+)?$"
# Where a namespace ends, in nearly all vocabularies.
_NAMESPACE: Final = "^(.*[/#])"
# Literals that Turtle writes without quotes and datatype.
BARE: Final = {f"{_XSD}integer": "^[+-]?[0-9]+$", f"{_XSD}decimal": r"^[+-]?[0-9]*\.[0-9]+$", f"{_XSD}boolean": "^(?:true|false)$"}


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
    # The control characters that namespaces are packed into, by namespace; the base is the first.
    packed: Mapping[str, str]

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


def write_terms(executor: Executor, quads: str, base: str, prefixes: Mapping[str, str]) -> tuple[Names, Sequence[Kind]]:
    """Make the table of written terms, of those in a table of quads; give the names that were used, and the kinds of terms that there are."""
    _use(executor, quads)
    kinds = [Kind(code, *row) for code, row in enumerate(sorted(executor.fetch(_distinct_kinds()), key=_kind_order), start=1)]
    names = _names(executor, quads, kinds, base, prefixes)
    executor.load(_KINDS, _KINDS_COLUMNS, (_kind_row(kind, names) for kind in kinds))
    rows = ((namespace, prefix, prefix if prefix in names.in_json else None, names.packed.get(namespace)) for prefix, namespace in names.prefixes.items())
    executor.load(_PREFIXES, {"namespace": VARCHAR, "prefix": VARCHAR, "in_json": VARCHAR, "sign": VARCHAR}, rows)
    executor.run(_written(base), WRITTEN)
    executor.drop(_USED, _KINDS, _PREFIXES)
    return names, kinds


def choose_prefixes(used: Collection[str], known: Mapping[str, str]) -> dict[str, str]:
    """Choose one of the known prefixes for each namespace that is used."""
    by_namespace = {namespace: prefix for prefix, namespace in sorted(known.items(), reverse=True) if namespace in used}
    return dict(sorted((prefix, namespace) for namespace, prefix in by_namespace.items()))


def _names(executor: Executor, quads: str, kinds: Sequence[Kind], base: str, prefixes: Mapping[str, str]) -> Names:
    """Choose the prefixes whose namespaces are used, one for each."""
    used = {namespace for (namespace,) in executor.fetch(_distinct("namespace"))}
    used |= {namespace_of(kind.datatype) for kind in kinds if kind.datatype not in {None, STRING} and kind.language is None}
    chosen = choose_prefixes(used, prefixes)
    schemes = {scheme for (scheme,) in executor.fetch(_distinct("scheme"))} | {kind.datatype.partition(":")[0] for kind in kinds if kind.datatype}
    frequent = [namespace for _, namespace in sorted((-count, namespace or "") for namespace, count in executor.fetch(_frequency(quads)))]
    packed = dict(zip(dict.fromkeys([base, *(each for each in frequent if each in chosen.values())]), _SIGNS, strict=False))
    return Names(base, chosen, {prefix: namespace for prefix, namespace in chosen.items() if prefix not in schemes}, packed)


def _frequency(quads: str) -> exp.Select:
    """Count the quads by the namespace of their predicate."""
    plan = exp.select(column("namespace", "used"), exp.alias_(exp.Count(this=exp.Star()), "count")).from_(exp.to_table(quads, alias="quads"))
    plan = plan.join(exp.to_table(_USED, alias="used"), on=exp.EQ(this=column("p", "quads"), expression=column("id", "used")))
    return plan.group_by(column("namespace", "used"))


def namespace_of(iri: str | None) -> str:
    """Give the namespace of an IRI: all up to its last `/` or `#`."""
    return "" if iri is None else iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _use(executor: Executor, quads: str) -> None:
    """Make a table of the terms in use, with the namespace and the scheme of each IRI."""
    ids = exp.union(*(exp.select(exp.alias_(column(name), "id")).distinct().from_(quads) for name in ("s", "p", "o", "g")), distinct=True)
    is_iri = exp.EQ(this=column("kind", TERMS), expression=number(IRI))
    namespace = exp.RegexpExtract(this=column("text", TERMS), expression=text(_NAMESPACE), group=number(1))
    scheme = exp.SplitPart(this=column("text", TERMS), delimiter=text(":"), part_index=number(1))
    plan = exp.select(
        *(column(name, TERMS) for name in ("id", "kind", "datatype", "language")),
        exp.alias_(when((is_iri, namespace)), "namespace"),
        exp.alias_(when((is_iri.copy(), scheme)), "scheme"),
    ).from_(TERMS)
    executor.run(plan.join(ids.subquery("ids"), on=exp.EQ(this=column("id", TERMS), expression=column("id", "ids"))), _USED)


def _kind_order(row: tuple[int, str | None, str | None]) -> tuple[int, str, str]:
    return row[0], row[2] or "", row[1] or ""


def _distinct_kinds() -> exp.Select:
    return exp.select("kind", "datatype", "language").distinct().from_(_USED)


def _distinct(name: str) -> exp.Select:
    return exp.select(name).distinct().from_(_USED).where(exp.EQ(this=column("kind"), expression=number(IRI)))


def _kind_name(table: str) -> exp.Expression:
    """Name the kind of a term by one text."""
    language = exp.Is(this=column("language", table), expression=exp.null())
    blank = exp.EQ(this=column("kind", table), expression=number(BLANK))
    return when(
        (exp.Not(this=language), joined_text(text("@"), column("language", table))),
        (blank, text("_")),
        otherwise=exp.Coalesce(this=column("datatype", table), expressions=[text("")]),
    )


def _kind_row(kind: Kind, names: Names) -> Row:
    """Give the name of a kind, how long its suffix is in N-Triples, how Turtle writes that, how it is packed, and its datatype if Turtle may write it bare."""
    if kind.kind != LITERAL:
        return kind.code, "_" if kind.kind == BLANK else "", 0, "", "", None
    if kind.language is not None:
        tag = f"@{kind.language}"
        return kind.code, tag, len(tag), tag, tag, None
    datatype = kind.datatype or STRING
    if datatype == STRING:
        return kind.code, STRING, 0, "", "", None
    namespace = namespace_of(datatype)
    packed = f"^^<{names.packed.get(namespace, namespace)}{datatype[len(namespace) :]}>"
    return kind.code, datatype, len(datatype) + 4, f"^^{names.turtle(datatype)}", packed, datatype if datatype in BARE else None


def _written(base: str) -> exp.Select:
    is_iri = exp.EQ(this=column("kind"), expression=number(IRI))
    is_literal = exp.EQ(this=column("kind"), expression=number(LITERAL))
    quoted = exp.Substring(this=column("spelling"), start=number(1), length=exp.Sub(this=exp.Length(this=column("spelling")), expression=column("length")))
    turtle = when(
        (is_iri, exp.Coalesce(this=column("short"), expressions=[joined_text(text("<"), column("path"), text(">")), column("spelling")])),
        *(
            (
                exp.And(this=exp.EQ(this=column("bare"), expression=text(each)), expression=exp.RegexpLike(this=column("text"), expression=text(BARE[each]))),
                column("text"),
            )
            for each in BARE
        ),
        (is_literal, joined_text(quoted, column("tail"))),
        otherwise=column("spelling"),
    )
    reference = exp.Coalesce(this=column("json_short"), expressions=[column("path"), column("text")])
    json = when(
        (is_iri.copy(), joined_text(text('"'), reference, text('"'))),
        (is_literal.copy(), quoted.copy()),
        otherwise=joined_text(text('"'), column("spelling"), text('"')),
    )
    differs = exp.And(this=exp.Is(this=column("json_short"), expression=exp.Null()), expression=is_stated("path", "named"))
    compact = when((differs, joined_text(text('"'), column("text"), text('"'))))
    packed = when(
        (is_iri.copy(), exp.Coalesce(this=column("packed"), expressions=[column("spelling")])),
        (is_literal.copy(), joined_text(quoted.copy(), column("packed_tail"))),
    )
    packed = packed.else_(column("spelling"), copy=False)
    named = {"turtle": turtle, "json": json, "compact": compact, "packed": packed}
    outer = exp.select("id", "code", *(exp.alias_(expression, name) for name, expression in named.items()))
    return outer.from_(_named(base).subquery("named"))


def _named(base: str) -> exp.Select:
    """Give the terms in use with what they can be shortened to."""
    iri, whole = exp.EQ(this=column("kind", "used"), expression=number(IRI)), column("text", TERMS)
    local = exp.Substring(this=whole, start=exp.Add(this=exp.Length(this=column("namespace", "prefixes")), expression=number(1)))
    has_name = exp.And(this=is_stated("prefix", "prefixes"), expression=exp.RegexpLike(this=local, expression=text(LOCAL)))
    rest = exp.Substring(this=whole.copy(), start=number(len(base) + 1))
    below = exp.And(this=iri, expression=exp.StartsWith(this=whole.copy(), expression=text(base)))
    # A base that does not end a folder is replaced where a path is resolved, not continued.
    path = when((exp.And(this=below, expression=exp.RegexpLike(this=rest, expression=text(RELATIVE))), rest.copy())) if base.endswith("/") else exp.Null()
    packed = when(
        (below.copy(), joined_text(text(f"<{_SIGNS[0]}"), rest.copy(), text(">"))),
        (is_stated("sign", "prefixes"), joined_text(text("<"), column("sign", "prefixes"), local.copy(), text(">"))),
    )
    plan = exp.select(
        exp.alias_(packed, "packed"),
        *(column(name, "used") for name in ("id", "kind")),
        *(column(name, TERMS) for name in ("spelling", "text")),
        *(column(name, "kinds") for name in ("code", "length", "tail", "packed_tail", "bare")),
        exp.alias_(when((has_name, joined_text(column("prefix", "prefixes"), text(":"), local.copy()))), "short"),
        exp.alias_(when((has_name.copy(), joined_text(column("in_json", "prefixes"), text(":"), local.copy()))), "json_short"),
        exp.alias_(exp.cast(path, VARCHAR), "path"),
    ).from_(exp.to_table(_USED, alias="used"))
    plan = plan.join(TERMS, on=exp.EQ(this=column("id", "used"), expression=column("id", TERMS)))
    plan = plan.join(exp.to_table(_KINDS, alias="kinds"), on=exp.EQ(this=_kind_name("used"), expression=column("name", "kinds")))
    return left_join(plan, _PREFIXES, "prefixes", (column("namespace", "used"), "namespace"))
