"""What results say: the messages of the shape, filled in, or sentences of `constraints.toml` where it has none."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from schakel.compile.shacl import Layout, Messages, Rule
from schakel.compile.shacl.paths import Alternative, Path, Repeat, Step, predicates_of
from schakel.compile.shacl.paths import Sequence as Steps
from schakel.engine.columns import Row
from schakel.engine.relations import LITERAL
from schakel.engine.spelling import LANG_STRING, STRING, parts_of
from schakel.findings import in_language
from schakel.namespaces import curie
from schakel.stages.shape_queries import Solution

__all__ = ["LANGUAGES", "Composer", "shown"]

LANGUAGES: Final = ("en", "nl", "nb", "nn")
_LONGEST: Final = 100
_MOST: Final = 8
_PLACE: Final = re.compile(r"\{[?$](\w+)\}")


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.files("schakel").joinpath("constraints.toml").read_text("utf-8"))


def shown(term: str, prefixes: Mapping[str, str]) -> str:
    """Write a term for reading: IRIs with their prefixes, long texts cut.

    >>> shown('"2020"^^<http://www.w3.org/2001/XMLSchema#gYear>', {"xsd": "http://www.w3.org/2001/XMLSchema#"})
    '"2020"^^xsd:gYear'
    """
    parts = parts_of(term)
    if parts.kind != LITERAL:
        short = curie(parts.text, prefixes) if term.startswith("<") else term
        return term if short == parts.text else short
    text = parts.text if len(parts.text) <= _LONGEST else f"{parts.text[:_LONGEST]}…"
    tag = f"@{parts.language}" if parts.datatype == LANG_STRING else "" if parts.datatype == STRING else f"^^{curie(parts.datatype or '', prefixes)}"
    return f'"{text}"{tag}'


class Composer:
    """Composes messages; `labels` looks up what people call terms, many at once."""

    def __init__(self, layout: Layout, prefixes: Mapping[str, str], labels: Callable[[Sequence[str]], Mapping[str, Mapping[str, str]]]) -> None:
        self._layout = layout
        self._rules = {rule.number: rule for rule in layout.rules}
        self._prefixes = prefixes
        self._look_up = labels
        self._labels: Mapping[str, Mapping[str, str]] = {}

    def prepare(self, rows: Iterable[Row]) -> None:
        """Look up the names that the messages of some results need."""
        wanted: set[str] = set()
        for row in rows:
            rule = self._rules[row[0]]
            if not _stated(rule):
                wanted.update(predicates_of(rule.shape.path) if rule.shape.path is not None else ())
                wanted.update(
                    each for name in ("class", "equals", "disjoint", "lessThan", "lessThanOrEquals") for each in rule.constraint.parameters.get(name, ())
                )
                wanted.update({row[3]} - {None})
        self._labels = self._look_up(sorted(wanted)) if wanted else {}

    def messages(self, rule: Rule, row: Row, solution: Solution | None) -> Messages:
        """Give the messages of a result, a row of report_plan()."""
        stated = _stated(rule)
        if solution is not None and not rule.constraint.messages and "message" in solution.values:
            parts = parts_of(solution.values["message"])
            return ((parts.language or "", parts.text),)
        if stated:
            return tuple((tag, self._filled_in(text, rule, row, solution)) for tag, text in stated)
        return tuple((language, self._composed(rule, row, language)) for language in LANGUAGES)

    def _filled_in(self, text: str, rule: Rule, row: Row, solution: Solution | None) -> str:
        """Fill in what a message names in braces: variables of a query, parameters of a component."""
        if "{" not in text:
            return text
        _, focus, value, *_ = row
        parameters = {name: values[0] for name, values in rule.constraint.parameters.items() if len(values) == 1}
        values = {"this": focus, "value": value, **parameters, **({} if solution is None else solution.values)}
        return _PLACE.sub(lambda place: place[0] if (term := values.get(place[1])) is None else parts_of(term).text, text)

    # --------------------------------------------------------------------------------------------------------------------- sentences

    def _composed(self, rule: Rule, row: Row, language: str) -> str:
        _, focus, value, path, other, number, doubt = row
        constraint = rule.constraint
        name, limit = next(((name, values) for name, values in constraint.parameters.items() if name != "allowed"), ("", ()))
        called = constraint.source or constraint.component
        place = self._path(rule, language)
        values = {
            "path": place or shown(focus, self._prefixes),
            "what": shown(value or focus, self._prefixes) if not place else f"{place} {shown(value or focus, self._prefixes)}",
            "value": shown(value or focus, self._prefixes),
            "limit": self._limit(name, limit, language)
            if constraint.kind != "sparql"
            else shown(called if called[0] in "<_" else f"<{called}>", self._prefixes),
            "other": self._other(rule, path or other, language),
            "found": number,
            "shapes": self._list(self._shape(each, language) for each in constraint.shapes),
        }
        return _sentences()[_sentence(rule, row, doubt=doubt)][language].format_map(values)

    def _path(self, rule: Rule, language: str) -> str:
        path = rule.shape.path
        if path is None:
            return ""
        names = {tag.lower(): text for tag, text in rule.shape.names}
        if names:
            return f"{in_language(names, language)} ({self._written(path)})"
        return self._term(path.predicate, language) if isinstance(path, Step) and not path.inverse else self._written(path)

    def _written(self, path: Path) -> str:
        match path:
            case Step():
                return ("^" if path.inverse else "") + shown(path.predicate, self._prefixes)
            case Repeat():
                sign = {(True, True): "*", (False, True): "+", (True, False): "?"}[path.optional, path.many]
                return f"({self._written(path.path)}){sign}" if not isinstance(path.path, Step) else f"{self._written(path.path)}{sign}"
            case Steps():
                return "/".join(f"({self._written(each)})" if isinstance(each, Alternative) else self._written(each) for each in path.paths)
            case Alternative():
                return "|".join(self._written(each) for each in path.paths)

    def _term(self, term: str, language: str) -> str:
        """Name a term by its label, with its IRI."""
        short = shown(term, self._prefixes)
        labels = self._labels.get(term)
        return f"{in_language(labels, language)} ({short})" if labels else short

    def _limit(self, name: str, values: Sequence[str], language: str) -> str:
        if name in {"class", "equals", "disjoint", "lessThan", "lessThanOrEquals"}:
            return self._term(values[0], language)
        if name.endswith(("Count", "Length")):
            return parts_of(values[0]).text
        if name == "pattern":
            return f"“{parts_of(values[0]).text}”"
        if name == "languageIn":
            return self._list(parts_of(each).text for each in values)
        return self._list(shown(each, self._prefixes) for each in values)

    def _other(self, rule: Rule, term: str | None, language: str) -> str:
        if term is None:
            return ""
        if rule.constraint.kind == "uniqueLang":
            return (parts_of(term).language or "").lower()
        return self._term(term, language)

    def _shape(self, node: str, language: str) -> str:
        """Name a shape: by its name, its IRI, or, where it has neither, what it asks for."""
        shape = self._layout.shapes[node]
        names = {tag.lower(): text for tag, text in shape.names}
        if names:
            return f"“{in_language(names, language)}”"
        if node.startswith("<"):
            return shown(node, self._prefixes)
        return "[" + "; ".join(self._asks(shape.constraints)) + "]"

    def _asks(self, constraints: Iterable[Any]) -> Iterator[str]:
        for each in constraints:
            for name, values in each.parameters.items():
                if name != "allowed":
                    yield f"sh:{name} {self._list(shown(value, self._prefixes) for value in values)}"

    def _list(self, texts: Iterable[str]) -> str:
        every = list(texts)
        more = f" (+{len(every) - _MOST})" if len(every) > _MOST else ""
        return ", ".join(every[:_MOST]) + more


def _stated(rule: Rule) -> Messages:
    return rule.constraint.messages or rule.shape.messages


def _sentence(rule: Rule, row: Row, *, doubt: bool) -> str:
    """Choose the sentence of a result."""
    constraint, value, number = rule.constraint, row[2], row[5]
    if doubt:
        return "undetermined" if number else "incomparable"
    if constraint.kind == "sparql":
        return "sparql" if value is None or value == row[1] else "sparql-value"
    name = constraint.component.rpartition("#")[2].removesuffix("ConstraintComponent")
    name = name[0].lower() + name[1:]
    if name == "minCount" and constraint.number("minCount") == 1:
        return "minCount-one"
    if name == "maxCount" and constraint.number("maxCount") == 0:
        return "maxCount-none"
    if name == "datatype" and value is not None and parts_of(value).datatype == constraint.parameter("datatype")[1:-1]:
        return "datatype-invalid"
    return name
