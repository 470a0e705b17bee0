"""The catalogue of canned queries: every `.rq` of a folder, read with its head and held against what it says of itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, TypeVar, cast

import pyoxigraph as ox
from pyoxigraph import Literal

from schakel.errors import UnknownNameError
from schakel.findings import Finding, Place, finding, quoted
from schakel.languages import preferred
from schakel.queries.constants import in_place
from schakel.queries.header import Header, read_header
from schakel.queries.labels import LABELS, Labels, completed, read_labels
from schakel.queries.parameters import LANGUAGE, Parameter, parameter, text_literal
from schakel.queries.pictures import PICTURES, needed_columns, picture_columns
from schakel.queries.text import depth_of, form_of, parameters_in, readable, unsafe, with_values

__all__ = ["CannedQuery", "answered_columns", "canned_query", "in_languages", "named", "read_queries"]

Given = TypeVar("Given")

_ANY_BASE: Final = "https://base.invalid/"
_NEEDED: Final = ("title", "category", "description")
# A parser that is not ours goes as deep as a query is nested, and ends the process where that is too deep.
_DEEPEST: Final = 100
_LONGEST_QUERY: Final = 20_000
# Files of a publication that are no answer of a query.
_TAKEN: Final = frozenset({"examples", "index", "labels"})
# Sections of the page of a thing whose table an answer can be.
SECTIONS: Final = frozenset({"partners"})
_RESERVED: Final = frozenset({"everything", "language", "name"})


@dataclass(frozen=True)
class CannedQuery:
    """A query that anyone can ask: its SPARQL, the question in several languages, what it wants to know and what it answers.

    `text` has a head that describes all columns and parameters, those of `labels.csv` too. `category` and `columns` are in English; `category_texts` and
    `column_texts` say the same by language. `picture` is the name of the picture that its answer makes, one of PICTURES; empty where it makes none;
    `section` the section of a thing's page, one of SECTIONS, whose table its answer is.
    `former_names` gives the name that a parameter has now, by the one that it had.
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
    section: str = ""
    category_texts: Mapping[str, str] = field(default_factory=dict)
    column_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    former_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def asks(self) -> tuple[Parameter, ...]:
        """The parameters that a person gives; the language of names is asked for otherwise."""
        return tuple(each for each in self.parameters if each.variable != LANGUAGE)

    def renamed(self, given: Mapping[str, Given]) -> tuple[dict[str, Given], dict[str, str]]:
        """Give parameters by the names that they have now, and which of them were given by a former name: old name and new.

        Where both names of one are given, the old one is left as it is, and so is unknown.
        """
        former = {name: new for name in given if (new := self.former_names.get(name)) and new not in given}
        return {former.get(name, name): value for name, value in given.items()}, former

    def in_languages(self, *languages: str) -> str:
        """Give the text with the languages of names, most wanted first, in their place: no engine sees what is bound outside a group within it."""
        return in_languages(in_place(self.text, {LANGUAGE: _wanted(languages)}) if languages else self.text, languages)


def in_languages(text: str, languages: Sequence[str]) -> str:
    """Bind the languages of names, most wanted first, in a query that has names in languages; any other is given back as it is."""
    if LANGUAGE not in parameters_in(text) or not languages:
        return text
    return with_values(text, {LANGUAGE: _wanted(languages)})


def _wanted(languages: Sequence[str]) -> Literal:
    return text_literal(" ".join(preferred(languages)))


def read_queries(folder: Path, root: Path) -> tuple[dict[str, CannedQuery], list[Finding]]:
    """Read the queries of a folder, those in folders below it left out; a query that is not what its head says is a finding, and left out."""
    queries: dict[str, CannedQuery] = {}
    labels, findings = read_labels(folder, root)
    for path in sorted(folder.glob("*.rq")):
        place = Place(path.relative_to(root).as_posix())
        try:
            text = path.read_text("utf-8-sig")
        except (UnicodeDecodeError, IsADirectoryError) as error:
            findings.append(finding("query-syntax", place, problem=str(error)))
            continue
        query, problems = canned_query(path.stem, text, place, labels)
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


def canned_query(name: str, text: str, place: Place, labels: Labels | None = None) -> tuple[CannedQuery | None, list[Finding]]:
    """Read one query, with the labels of its folder; None where it cannot be asked."""
    columns, problem = answered_columns(text, place)
    if problem is not None:
        return None, [problem]
    parameters = [parameter(variable) for variable in parameters_in(text)]
    text = completed(text, labels or Labels(), columns, [each.name for each in parameters if each.variable != LANGUAGE])
    header = read_header(text, _NEEDED)
    query = CannedQuery(
        name,
        text,
        header.texts.get("title", {}),
        header.texts.get("description", {}),
        header.text("category"),
        header.tags,
        tuple(_described(each, header, columns) for each in parameters),
        {column: header.columns.get(column, "") for column in columns},
        header.text("picture"),
        header.text("section"),
        header.texts.get("category", {}),
        {column: header.column_texts.get(column, {}) for column in columns},
        header.former_names,
    )
    problems = [*header.problems, *_not_as_said(header, query)]
    return (None if problems else query), [finding("query-header", place, problem=each) for each in problems]


def _described(wanted: Parameter, header: Header, columns: Sequence[str]) -> Parameter:
    column = header.filters.get(wanted.name, "" if wanted.name in header.unfiltered or wanted.name not in columns else wanted.name)
    return replace(
        wanted,
        description=header.parameters.get(wanted.name, ""),
        descriptions=header.parameter_texts.get(wanted.name, {}),
        column=column,
        example=header.examples.get(wanted.name, ""),
    )


@lru_cache(maxsize=1000)
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
        answer = _nothing().query(text, base_iri=_ANY_BASE)
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        return (), finding("query-syntax", place, problem=readable(str(error)))
    if not isinstance(answer, ox.QuerySolutions):
        return (), finding("query-not-a-select", place, found=form_of(text) or "")
    return [variable.value for variable in cast("Sequence[ox.Variable]", answer.variables)], None


@cache
def _nothing() -> ox.Store:
    return ox.Store()


def _not_as_said(header: Header, query: CannedQuery) -> Iterator[str]:
    """Tell where a head and its query do not agree."""
    asked = [each.name for each in query.asks]
    for kind, described, there in (("column", header.columns, list(query.columns)), ("parameter", header.parameters, asked)):
        if set(described) != set(there):
            yield (
                f"it describes the {kind}s {', '.join(described) or '(none)'}, and the query has {', '.join(there) or '(none)'}; "
                f"what {LABELS} describes may be left out"
            )
    yield from _misfitting_filters(header, query)
    yield from _no_picture(header, query)
    if query.section and query.section not in SECTIONS:
        yield f"there is no section {quoted({query.section})} of a page that a query can be the table of, only {', '.join(sorted(SECTIONS))}"
    reserved = _RESERVED.intersection(asked)
    if reserved:
        yield f"a parameter cannot be called {quoted(reserved)}, which has its own meaning for whoever asks"
    if query.name in _TAKEN:
        yield f"a query cannot be called {query.name}: the publication has a file of that name beside those of queries"
    twice = {name for name in asked if asked.count(name) > 1}
    if twice:
        yield f"more than one parameter is called {quoted(twice)}"


def _misfitting_filters(header: Header, query: CannedQuery) -> Iterator[str]:
    """Tell where the head does not say which column a parameter filters, or renames one in vain."""
    asked = {each.name: each for each in query.asks}
    for key, names in (("filter", header.filters), ("unfiltered", header.unfiltered), ("example", header.examples)):
        for name in names.keys() - asked.keys():
            yield f"“# {key}: {name} = …” names no parameter of the query, which has {', '.join(asked) or '(none)'}"
    for name in header.filters.keys() & header.unfiltered.keys():
        yield f"“# filter: {name} = …” and “# unfiltered: {name} = …” contradict each other"
    for name, column in header.filters.items():
        if column not in query.columns:
            yield f"“# filter: {name} = {column}” names no column of the query, which has {', '.join(query.columns)}"
    for each in query.asks:
        if each.kind == "iri" and not each.column and each.name not in header.unfiltered:
            yield (
                f"no column is called {each.name}; write “# filter: {each.name} = …” with the column that it filters, "
                f"or “# unfiltered: {each.name} = …” with a reason"
            )
    for old, new in header.former_names.items():
        if new not in asked or old in asked:
            yield f"“# formerly: {old} = {new}” should give a former name of a parameter, and then its name; the query has {', '.join(asked) or '(none)'}"


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
