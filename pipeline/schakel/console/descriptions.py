"""What the graph says of a thing, on a screen and as JSON."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pyoxigraph import Literal
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from schakel.answers import shown, term_as_json, visible
from schakel.document_paths import path_of
from schakel.interface_texts import word
from schakel.lookup import Context, Description, Fact, Source

__all__ = ["description_as_json", "show_description"]

_FEW = 3


def show_description(console: Console, description: Description, context: Context, language: str) -> None:
    """Print what the graph says of a thing in groups, each fact with the page and the words where it was read."""
    kind = "" if description.kind is None else f" – {_safe(description.kind.value)}"
    identified = context.short(description.entity)
    console.print(f"[bold]{_safe(description.name.value)}[/bold]{kind}")
    if identified != description.name.value:
        console.print(f"[dim]{_safe(identified)}[/dim]")
    if context.base and not context.is_own(description.entity):
        console.print(f"[dim]{_safe(path_of(description.entity.value, context.base))}.html[/dim]")
    for group in description.groups:
        console.print(f"\n[bold]{word(f'{group.title_key}_group', language)}[/bold]")
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(overflow="fold", ratio=2)
        table.add_column(overflow="fold", ratio=4)
        table.add_column(overflow="fold", ratio=4, style="dim")
        for label, facts in groupby(group.facts, key=lambda fact: fact.property_label.value):
            for number, fact in enumerate(facts):
                table.add_row(_safe(label) if number == 0 else "", _fact(fact, context, language), _read_where(fact.sources))
        console.print(Padding(table, (0, 0, 0, 2)))
        if not group.complete:
            console.print(f"  {word('and_more', language)}")


def _fact(fact: Fact, context: Context, language: str) -> str:
    mark = f" [italic]({word('inferred_mark', language)})[/italic]" if fact.inferred else ""
    lines = [f"{_value(fact, context)}{mark}"]
    lines += [f"[dim]{_safe(inner.property_label.value)}:[/dim] {_value(inner, context)}" for inner in fact.inner]
    return "\n".join(lines)


def _value(fact: Fact, context: Context) -> str:
    if fact.value_label is not None:
        return f"{_safe(fact.value_label.value)} [dim]{_safe(shown(fact.value, context.prefixes, context.base))}[/dim]"
    language = f" [dim]@{fact.value.language}[/dim]" if isinstance(fact.value, Literal) and fact.value.language else ""
    return f"{_safe(shown(fact.value, context.prefixes, context.base))}{language}"


def _read_where(sources: tuple[Source, ...]) -> str:
    lines = [f"{'' if source.page_title is None else _safe(source.page_title.value)}{_words(source)}" for source in sources[:_FEW]]
    return "\n".join([*lines, *([f"(+{len(sources) - _FEW})"] if len(sources) > _FEW else [])])


def _words(source: Source) -> str:
    words = " … ".join(_safe(part) for part in (source.first_words, source.last_words) if part is not None)
    return f": “{words}”" if words else ""


def _safe(text: str) -> str:
    return escape(visible(text))


def description_as_json(description: Description, context: Context) -> str:
    """Give a description for machines: IRIs in full, texts with their language, every source."""
    groups = {group.title_key: [_fact_as_json(fact, context) for fact in group.facts] for group in description.groups}
    cut = [group.title_key for group in description.groups if not group.complete]
    head: dict[str, Any] = {"entity": description.entity.value, "name": term_as_json(description.name), "kind": term_as_json(description.kind)}
    return json.dumps({**head, "complete": not cut, "groups": groups}, ensure_ascii=False, indent=1)


def _fact_as_json(fact: Fact, context: Context) -> dict[str, Any]:
    return {
        "property": fact.property.value,
        "propertyLabel": term_as_json(fact.property_label),
        "value": term_as_json(fact.value),
        **({} if fact.value_label is None else {"valueLabel": term_as_json(fact.value_label)}),
        "incoming": fact.incoming,
        "inferred": fact.inferred,
        "sources": list(_sources_as_json(fact.sources)),
        **({"inner": [_fact_as_json(inner, context) for inner in fact.inner]} if fact.inner else {}),
    }


def _sources_as_json(sources: tuple[Source, ...]) -> Iterator[dict[str, Any]]:
    for source in sources:
        words = {"firstWords": source.first_words, "lastWords": source.last_words}
        yield {"passage": source.passage.value, "page": term_as_json(source.page_title), **{name: text for name, text in words.items() if text is not None}}
