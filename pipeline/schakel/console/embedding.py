"""What differs between pages and the graph: a table for people, JSON for machines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schakel.answers import visible
from schakel.interface_texts import word
from schakel.structured_data import CheckedPage, Difference

__all__ = ["checked_as_json", "show_checked"]

# A value longer than this tells no more, and a page may hold any.
_LONGEST = 200
_MOST = 5


def show_checked(console: Console, pages: Mapping[str, CheckedPage], passed_over: int, language: str, base: str) -> None:
    """Print of each page whether it is up to date, and what differs; then how many pages there were."""
    for name, page in pages.items():
        about = "" if page.entity is None else f"  [dim]{_safe(page.entity.removeprefix(base))} @{_safe(page.language)}[/dim]"
        console.print(f"[bold]{_safe(name)}[/bold]{about}")
        if page.differences:
            console.print(_table(page.differences, language, base))
        else:
            console.print(f"  {word('embed_current', language)}")
    outdated = sum(1 for page in pages.values() if page.differences)
    if len(pages) + passed_over > 1:
        console.print(word("embed_summary", language, current=len(pages) - outdated, outdated=outdated, passed_over=passed_over))


def _table(differences: Sequence[Difference], language: str, base: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("embed_what", "embed_where", "embed_found", "embed_expected"):
        table.add_column(word(name, language), overflow="fold")
    for each in differences:
        where = " ".join(_safe(part) for part in (each.node.removeprefix(base), each.property) if part)
        what = word(f"embed_{each.kind.replace('-', '_')}", language)
        table.add_row(what, where, _values(each.found, base), _values(each.expected, base))
    return table


def _values(values: Sequence[str], base: str) -> str:
    shown = [_safe(value.removeprefix(base)[:_LONGEST]) for value in values[:_MOST]]
    return "\n".join([*shown, *([f"(+{len(values) - _MOST})"] if len(values) > _MOST else [])])


def _safe(text: str) -> str:
    return escape(visible(text))


def checked_as_json(pages: Mapping[str, CheckedPage], passed_over: int) -> str:
    """Give what was found of each page, with every value in full."""
    return json.dumps({"pages": [_as_json(name, page) for name, page in pages.items()], "passedOver": passed_over}, ensure_ascii=False, indent=1)


def _as_json(name: str, page: CheckedPage) -> dict[str, Any]:
    differences = [
        {"kind": each.kind, "node": each.node, "property": each.property, "found": list(each.found), "expected": list(each.expected)}
        for each in page.differences
    ]
    return {"page": name, "entity": page.entity, "language": page.language, "upToDate": not differences, "differences": differences}
