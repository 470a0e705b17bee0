"""A load into a store on a screen: what is being done, and a summary of what is where."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from schakel.interface_texts import word
from schakel.load import Announce, Loaded

__all__ = ["loading_progress", "told_of"]


@contextmanager
def loading_progress(console: Console, language: str) -> Iterator[Announce]:
    """Show what is being done, on a terminal only."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda what: bar.update(task, description=word(f"loading_{what}", language))


def told_of(loaded: Loaded, language: str) -> list[str]:
    """Say what was loaded where, and what to know about it, a line each."""
    facts = {
        "where": _where(loaded, language),
        "address": loaded.address,
        "profile": loaded.profile,
        "version": loaded.version,
        "statements": f"{loaded.statements:,}",
        "added": f"{loaded.added:,}",
        "removed": f"{loaded.removed:,}",
        "seconds": f"{loaded.seconds:,.1f}",
        "rate": f"{loaded.statements / max(loaded.seconds, 0.001):,.0f}",
        "digest": loaded.digest,
    }
    lines = [word(f"load_{event}", language) for event in loaded.events]
    first = word(f"load_{loaded.done}", language, **facts)
    lines.append(first[:1].upper() + first[1:])
    if loaded.by_value:
        lines.append(word("load_by_value", language))
    if loaded.kept:
        lines.append(word("load_kept", language, versions=", ".join(loaded.kept)))
    if loaded.sees_all is False and "" not in loaded.graphs:
        lines.append(word("load_unseen", language))
    if not loaded.atomic and loaded.done in {"loaded", "changed"}:
        lines.append(word("load_not_atomic", language))
    if not loaded.tested:
        lines.append(word("load_untested", language, profile=loaded.profile))
    return lines


def _where(loaded: Loaded, language: str) -> str:
    if loaded.graphs == ("",):
        return word("load_default_graph", language)
    return f"<{loaded.graphs[0]}>" if len(loaded.graphs) == 1 else word("load_graphs", language, count=f"{len(loaded.graphs):,}")
