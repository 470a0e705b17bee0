"""What a page needs to ask the graph itself: the form of a canned query with its suggestions, and the free editor."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer, shown
from schakel.graph import Term
from schakel.queries import CannedQuery, Parameter, around_values
from schakel.site.bundle import FOLDER
from schakel.site.frame import View
from schakel.site.headings import heading_texts, naming_columns
from schakel.site.localization import Words

__all__ = [
    "MOST_SUGGESTIONS",
    "SECONDS",
    "Asked",
    "Suggestion",
    "Suggestions",
    "ask_settings",
    "editor_settings",
    "examples",
    "questions_about",
    "suggestions_for",
]

# More than these are no help to whoever looks through them; what is not among them can still be typed.
MOST_SUGGESTIONS: Final = 200
# So long a question may take in the page.
SECONDS: Final = 30

_DUMP: Final = "download/dataset.nq"
_FIRST_QUERY: Final = "SELECT ?class (COUNT(?thing) AS ?things)\nWHERE {\n  ?thing a ?class\n}\nGROUP BY ?class\nORDER BY DESC(?things)\nLIMIT 20\n"


@dataclass(frozen=True)
class Suggestion:
    """A value of a parameter as the page sends it, and what a person calls it."""

    value: str
    label: str


@dataclass(frozen=True)
class Suggestions:
    """Values for which a query has an answer, by label; `complete` says that these are all."""

    values: tuple[Suggestion, ...]
    complete: bool


@dataclass(frozen=True)
class Asked:
    """A canned query that has an answer about a thing, the parameter that asks about it, and of which section of the thing's page the answer is the table."""

    query: str
    title: Mapping[str, str]
    parameter: str
    section: str

    def address(self, view: View, thing: str) -> str:
        """Lead to the answer about a thing."""
        return f"{view.to(f'queries/{self.query}.html')}?{self.parameter}={quote(thing.removeprefix(view.frame.context.base), safe='')}"


def questions_about(queries: Iterable[CannedQuery], ask: Callable[[CannedQuery], Answer | None]) -> dict[str, list[Asked]]:
    """Give by IRI the queries that have an answer about it: those of which the answer for everything has it in the column that a parameter filters."""
    found: defaultdict[str, list[Asked]] = defaultdict(list)
    for query in queries:
        answer = ask(query) if any(each.kind == "iri" and each.column for each in query.asks) else None
        met: set[str] = set()
        for each in query.asks if answer is not None else ():
            if each.kind == "iri" and answer is not None and each.column in answer.columns:
                at = answer.columns.index(each.column)
                things = {term.value for row in answer.rows if isinstance(term := row[at], NamedNode)} - met
                for thing in things:
                    found[thing].append(Asked(query.name, query.title, each.name, query.section))
                met |= things
    return dict(found)


def suggestions_for(view: View, query: CannedQuery, answer: Answer | None) -> dict[str, Suggestions]:
    """Suggest values of the parameters of a query, by name, from its answer for everything in the language of the page.

    A parameter can have the values of the column that it filters; the column `<name>Name` names them. Where there are more than
    MOST_SUGGESTIONS, those in most rows are suggested. There are none where the query was not answered, or no column says what there is.
    """
    if answer is None:
        return {}
    return {each.name: found for each in query.asks if (found := _suggested(view, each, answer)) is not None}


def _suggested(view: View, parameter: Parameter, answer: Answer) -> Suggestions | None:
    if parameter.column not in answer.columns:
        return None
    values = answer.columns.index(parameter.column)
    naming = naming_columns(answer.columns).get(parameter.column, parameter.column)
    named = answer.columns.index(naming)
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for row in answer.rows:
        value = row[values]
        # Only what the form can send back as the same term: an IRI, or a literal by its text.
        if isinstance(value, NamedNode if parameter.kind == "iri" else Literal):
            counts[value.value] += 1
            labels.setdefault(value.value, _label(view, row[named] or value))
    if not counts:
        return None
    kept = sorted(counts, key=lambda value: (-counts[value], value))[:MOST_SUGGESTIONS]
    return Suggestions(_told_apart(view, {value: labels[value] for value in kept}), complete=len(kept) == len(counts))


def _label(view: View, term: Term) -> str:
    return " ".join(shown(term, view.frame.context.prefixes, view.frame.context.base).split())


def _told_apart(view: View, labels: Mapping[str, str]) -> tuple[Suggestion, ...]:
    """Add its short IRI to the label of a thing that another one has too."""
    times = Counter(label.casefold() for label in labels.values())

    def told(value: str, label: str) -> Suggestion:
        return Suggestion(value, label if times[label.casefold()] == 1 else f"{label} ({_label(view, NamedNode(value))})")

    return tuple(sorted((told(*each) for each in labels.items()), key=lambda each: (each.label.casefold(), each.value)))


def ask_settings(view: View, query: CannedQuery, answer: str | None = None) -> dict[str, Any]:
    """Give what the form of a query needs in the page: the query cut where values are bound, its parameters, its columns' headings and names, and the words.

    A parameter says which column of the answer it filters. `answer` is the path of the published answer, with names in the language of the page.
    """
    before, after = around_values(query.in_languages(view.language, *view.frame.about.languages))
    parameters = [
        {
            "name": each.name,
            "variable": each.variable,
            "kind": each.kind,
            "label": each.name,
            "wanted": each.kind_in_words(view.language),
            "column": each.column,
        }
        for each in query.asks
    ]
    headings = {column: text for column in query.columns if (text := view.text(heading_texts(query, column)))}
    columns = {"headings": headings, "names": naming_columns(list(query.columns)), "part": view.words("Show")}
    published = {"answer": answer, "table": view.frame.address + f"queries/{query.name}.csv"}
    return {**_settings(view), **published, "name": query.name, "before": before, "after": after, "parameters": parameters, **columns}


def editor_settings(view: View) -> dict[str, Any]:
    """Give what the free editor needs in the page."""
    words = view.words
    return {
        **_settings(view),
        "name": "answer",
        "query": _FIRST_QUERY,
        "words": {**_words(words), "response": words("As it was sent"), "sparql": words("SPARQL query")},
    }


def examples(view: View, queries: Iterable[CannedQuery]) -> Sequence[tuple[str, str]]:
    """Give name and question of the canned queries that the editor can begin with."""
    return sorted(((query.name, view.text(query.title)) for query in queries), key=lambda each: (each[1].casefold(), each[0]))


def _settings(view: View) -> dict[str, Any]:
    context = view.frame.context
    return {
        "root": view.root,
        "home": view.to(""),
        "base": context.base,
        "prefixes": dict(sorted(context.prefixes.items())),
        "dump": _DUMP,
        "worker": f"{FOLDER}/sparql-worker.js",
        "seconds": SECONDS,
        "words": _words(view.words),
    }


def _words(words: Words) -> dict[str, str]:
    """Give what the page says while it asks; the scripts fill in the placeholders."""
    return {
        "loading": words("Fetching the query engine and the data …"),
        "reading": words("Reading the data (%(megabytes)s MB) …"),
        "asking": words("Looking for the answer, for %(seconds)s seconds at most …"),
        "row": words("%(count)s row, in %(seconds)s s."),
        "rows": words("%(count)s rows, in %(seconds)s s."),
        "filteredRow": words("%(count)s row found."),
        "filteredRows": words("%(count)s rows found."),
        "judged": words("Answered in %(seconds)s s."),
        "graph": words("A graph, in %(seconds)s s."),
        "yes": words("Yes."),
        "no": words("No."),
        "answer": words("Answer"),
        "more": words("Show %(count)s more of %(left)s"),
        "stopped": words("Stopped."),
        "limit": words("Stopped: there was no answer after %(seconds)s seconds. Ask for less, or ask with the command line."),
        "broken": words("The query engine came to its end: the query is nested too deeply, or needs more memory than the browser gives."),
        "long": words("The answer is too long for a page. Ask for less, as with LIMIT 1000."),
        "fetch": words("This file could not be fetched: %(file)s"),
        "value": words("The value of %(name)s cannot be used. Wanted is: %(wanted)s."),
        "prefix": words("The prefix %(prefix)s is neither declared nor known."),
        "unreadable": words("The query cannot be read at line %(line)s, column %(column)s."),
        "expected": words("The query cannot be read at line %(line)s, column %(column)s. There could be one of: %(signs)s"),
        "query": words("The query cannot be answered: %(problem)s"),
    }
