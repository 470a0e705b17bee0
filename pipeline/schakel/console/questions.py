"""The canned queries on a screen: all of them by category, and one with what it must know and what it answers."""

import shlex
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from schakel.answers import visible
from schakel.findings import in_language
from schakel.interface_texts import word
from schakel.queries import CannedQuery

__all__ = ["show_question", "show_questions"]


def show_questions(console: Console, queries: Sequence[CannedQuery], language: str) -> None:
    """Print the name and the question of each query, those of a category together."""
    if not queries:
        console.print(word("no_queries", language))
        return
    by_category: dict[str, list[CannedQuery]] = defaultdict(list)
    for query in queries:
        by_category[query.category].append(query)
    width = max(len(query.name) for query in queries)
    for category, members in by_category.items():
        texts = {tag: text for query in reversed(members) for tag, text in query.category_texts.items()} or {"en": category}
        console.print(f"\n[bold]{_safe(in_language(texts, language))}[/bold]")
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(min_width=width, no_wrap=True)
        table.add_column(overflow="fold")
        for query in members:
            table.add_row(query.name, _safe(in_language(query.title, language)))
        console.print(Padding(table, (0, 0, 0, 2)))
    console.print(f"\n{_safe(word('ask_help', language))}")


def show_question(console: Console, query: CannedQuery, examples: Mapping[str, str], language: str) -> None:
    """Print one query: its question, what it must know with an example of each, its columns, and how to ask it."""
    console.print(f"[bold]{_safe(in_language(query.title, language))}[/bold]\n\n{_safe(in_language(query.description, language))}\n")
    if query.asks:
        console.print(f"[bold]{word('parameters', language)}[/bold]")
        rows = []
        for each in query.asks:
            example = f" {word('for_example', language, value=examples[each.name])}" if each.name in examples else ""
            needed = "" if each.required else f" ({word('may_be_left_out', language)})"
            rows.append((each.name, f"{in_language(each.descriptions, language)}: {each.kind_in_words(language)}.{example}{needed}"))
        _print_pairs(console, rows)
    console.print(f"[bold]{word('columns', language)}[/bold]")
    _print_pairs(console, [(name, in_language(texts, language)) for name, texts in query.column_texts.items()])
    given = "".join(f" {each.name}={shlex.quote(examples.get(each.name, '…'))}" for each in query.asks if each.required)
    console.print(f"[bold]{word('example', language)}[/bold]\n  schakel query {query.name}{_safe(given)}", soft_wrap=True)


def _print_pairs(console: Console, pairs: Sequence[tuple[str, str]]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(_safe(name), _safe(text))
    console.print(Padding(table, (0, 0, 1, 2)))


def _safe(text: str) -> str:
    return escape(visible(text))
