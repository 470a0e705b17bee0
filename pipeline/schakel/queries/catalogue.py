"""The catalogue of canned queries: every `.rq` of a folder, read with its head and held against what it says of itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import Literal

from schakel.errors import UnknownNameError
from schakel.findings import Finding, Place, finding, quoted
from schakel.queries.constants import in_place
from schakel.queries.header import Header, read_header
from schakel.queries.parameters import LANGUAGE, Parameter, parameter, text_literal
from schakel.queries.pictures import PICTURES, needed_columns, picture_columns
from schakel.queries.text import depth_of, form_of, parameters_in, readable, unsafe, with_values

__all__ = ["CannedQuery", "answered_columns", "canned_query", "in_languages", "named", "read_queries"]

_ANY_BASE: Final = "https://base.invalid/"
_NEEDED: Final = ("title", "category", "description")
# A parser that is not ours goes as deep as a query is nested, and ends the process where that is too deep.
_DEEPEST: Final = 100
_LONGEST_QUERY: Final = 20_000
# What asking a query can be told beside its parameters.
_TAKEN: Final = frozenset({"index"})
_RESERVED: Final = frozenset({"everything", "language", "name"})


@dataclass(frozen=True)
class CannedQuery:
    """A query that anyone can ask: its SPARQL, the question in several languages, what it wants to know and what it answers.

    `category` and `columns` are in English; `category_texts` and `column_texts` say the same by language. `picture` is the name of the picture that its answer
    makes, one of PICTURES; empty where it makes none.
    """

    name: str
    text: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    category: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    picture: str = ""
    category_texts: Mapping[str, str] = field(default_factory=dict)
    column_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def asks(self) -> tuple[Parameter, ...]:
        """The parameters that a person gives; the language of names is asked for otherwise."""
        return tuple(each for each in self.parameters if each.variable != LANGUAGE)

    def in_languages(self, *languages: str) -> str:
        """Give the text with the languages of names bound, most wanted first."""
        return in_languages(self.text, languages)

    def for_any_store(self, *languages: str) -> str:
        """Give the text with the languages of names bound, as stores understand it that do not see them everywhere in a query."""
        return in_languages(in_place(self.text, {LANGUAGE: _wanted(languages)}) if languages else self.text, languages)


def in_languages(text: str, languages: Sequence[str]) -> str:
    """Bind the languages of names, most wanted first, in a query that has names in languages; any other is given back as it is."""
    if LANGUAGE not in parameters_in(text) or not languages:
        return text
    return with_values(text, {LANGUAGE: _wanted(languages)})


def _wanted(languages: Sequence[str]) -> Literal:
    return text_literal(" ".join(languages).lower())


def read_queries(folder: Path, root: Path) -> tuple[dict[str, CannedQuery], list[Finding]]:
    """Read the queries of a folder, those in folders below it left out; a query that is not what its head says is a finding, and left out."""
    queries: dict[str, CannedQuery] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.rq")):
        place = Place(path.relative_to(root).as_posix())
        try:
            text = path.read_text("utf-8-sig")
        except (UnicodeDecodeError, IsADirectoryError) as error:
            findings.append(finding("query-syntax", place, problem=str(error)))
            continue
        query, problems = canned_query(path.stem, text, place)
        findings += problems
        if query is not None:
            queries[query.name] = query
    return queries, findings


def named(queries: Mapping[str, CannedQuery], name: str) -> CannedQuery:
    """Give a canned query by its name.

    Raises UnknownNameError, which names the nearest.
    """
    if name not in queries:
        raise UnknownNameError("query", name, sorted(queries))
    return queries[name]


def canned_query(name: str, text: str, place: Place) -> tuple[CannedQuery | None, list[Finding]]:
    """Read one query; None where it cannot be asked."""
    header = read_header(text, _NEEDED)
    columns, problem = answered_columns(text, place)
    if problem is not None:
        return None, [problem]
    parameters = [parameter(variable) for variable in parameters_in(text)]
    query = CannedQuery(
        name,
        text,
        header.texts.get("title", {}),
        header.texts.get("description", {}),
        header.text("category"),
        header.tags,
        tuple(_described(each, header) for each in parameters),
        {column: header.columns.get(column, "") for column in columns},
        header.text("picture"),
        header.texts.get("category", {}),
        {column: header.column_texts.get(column, {}) for column in columns},
    )
    problems = [*header.problems, *_not_as_said(header, query)]
    return (None if problems else query), [finding("query-header", place, problem=each) for each in problems]


def _described(wanted: Parameter, header: Header) -> Parameter:
    return replace(wanted, description=header.parameters.get(wanted.name, ""), descriptions=header.parameter_texts.get(wanted.name, {}))


def answered_columns(text: str, place: Place) -> tuple[Sequence[str], Finding | None]:
    """Name the columns that a query answers with, or tell why it cannot be asked."""
    word = unsafe(text)
    if word is not None:
        return (), finding("query-unsafe", place, found=word)
    if len(text) > _LONGEST_QUERY:
        return (), finding("query-syntax", place, problem=f"it is longer than {_LONGEST_QUERY:,} characters")
    if depth_of(text) > _DEEPEST:
        return (), finding("query-syntax", place, problem=f"its brackets are nested more than {_DEEPEST} deep")
    try:
        answer = ox.Store().query(text, base_iri=_ANY_BASE)
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        return (), finding("query-syntax", place, problem=readable(str(error)))
    if not isinstance(answer, ox.QuerySolutions):
        return (), finding("query-not-a-select", place, found=form_of(text) or "")
    return [variable.value for variable in cast("Sequence[ox.Variable]", answer.variables)], None


def _not_as_said(header: Header, query: CannedQuery) -> Iterator[str]:
    """Tell where a head and its query do not agree."""
    if list(header.columns) != list(query.columns):
        yield f"it describes the columns {', '.join(header.columns) or '(none)'}, and the query answers with {', '.join(query.columns)}"
    asked = [each.name for each in query.asks]
    if sorted(header.parameters) != sorted(asked):
        yield f"it describes the parameters {', '.join(header.parameters) or '(none)'}, and the query has {', '.join(asked) or '(none)'}"
    yield from _no_picture(header, query)
    reserved = _RESERVED.intersection(asked)
    if reserved:
        yield f"a parameter cannot be called {quoted(reserved)}, which has its own meaning for whoever asks"
    if query.name in _TAKEN:
        yield f"a query cannot be called {query.name}: the publication has a file of that name beside those of queries"
    twice = {name for name in asked if asked.count(name) > 1}
    if twice:
        yield f"more than one parameter is called {quoted(twice)}"


def _no_picture(header: Header, query: CannedQuery) -> Iterator[str]:
    """Tell why the picture that a head names cannot be made."""
    if set(header.texts.get("picture", ())) - {"en"}:
        yield "the name of a picture is the same in every language: write “# picture: …”"
    if not query.picture:
        return
    if query.picture not in PICTURES:
        yield f"there is no picture {quoted({query.picture})}, only {', '.join(sorted(PICTURES))}"
    elif picture_columns(query.picture, list(query.columns)) is None:
        yield f"the picture {query.picture} needs the columns {needed_columns(query.picture)}, and the query answers with {', '.join(query.columns)}"
