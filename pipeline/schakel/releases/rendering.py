"""Writes what changed for people and programs: as text, Markdown, JSON, CSV or a page of its own."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from pyoxigraph import Literal

from schakel.answers import visible
from schakel.findings import in_language
from schakel.interface_texts import word
from schakel.lookup import Context
from schakel.releases.changes import Change, Changes, Kind
from schakel.releases.comparison import Comparison, FindingText
from schakel.releases.interpretation import term_of

__all__ = ["FORMATS", "Line", "finding_line", "line_of", "render", "value_text"]

_COLUMNS: Final = ("thing", "label", "change", "node", "what", "property", "old", "new", "passages_before", "passages_after")
# So much of what a new fact says is told in a line.
_DETAILS: Final = 6


@dataclass(frozen=True)
class Line:
    """One change in words: what kind of change, what of the thing it is about, its values and passages. Parts that do not apply are empty."""

    change: Change
    kind: str
    what: str
    about: str
    old: str
    new: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """The change as a sentence."""
        values = f"{self.old} → {self.new}" if self.old and self.new else self.old or self.new
        said = ": ".join(filter(None, (self.what, " ".join(filter(None, (self.about, values))))))
        return f"{self.kind}: {said}" if said else self.kind

    @property
    def evidence(self) -> str:
        """The passages, as before and after where they are others now."""
        return f"{self.before} → {self.after}" if self.before and self.after and self.before != self.after else self.after or self.before


def line_of(changes: Changes, told: Change, language: str) -> Line:
    """Put a change into words."""
    what = "" if told.node == told.thing else changes.label(told.node, language)
    details = [(changes.label(term, language), value_text(changes, value, language)) for term, value in told.details]
    said = "; ".join(f"{name} {value}" for name, value in details[:_DETAILS]) + (" …" if len(details) > _DETAILS else "")
    is_new = told.kind in {Kind.NEW_THING, Kind.NEW_FACT}
    # Of a new thing its facts are told one by one.
    old = ", ".join(value_text(changes, value, language) for value in told.old) or ("" if is_new else said)
    new = ", ".join(value_text(changes, value, language) for value in told.new) or (said if is_new else "")
    named = changes.label(told.property, language) if told.property and told.kind != Kind.RENAMED else ""
    passages = (_passages(changes, graphs, language) for graphs in (told.before, told.after))
    return Line(told, word(f"diff_{told.kind}", language), what, named, old, new, *passages)


def value_text(changes: Changes, value: str, language: str) -> str:
    """Write a value for people: a thing by its name, a text as it is with its language where that is another."""
    if value.startswith("<"):
        return changes.label(value[1:-1], language)
    term = term_of(value)
    text = term.value
    tag = term.language if isinstance(term, Literal) else None
    return f"“{text}” ({tag})" if tag and tag.lower() != language else f"“{text}”" if tag else text


def _passages(changes: Changes, graphs: tuple[str, ...], language: str) -> str:
    told = []
    for graph in graphs:
        source = changes.label(changes.sources.get(graph, graph), language)
        told.append(f"“{changes.words[graph]}” ({source})" if graph in changes.words else source)
    return "; ".join(told)


def render(comparison: Comparison, name: str, context: Context, language: str) -> bytes:
    """Write a comparison in a format of FORMATS."""
    return FORMATS[name](comparison, context, language).encode()


def _summary(comparison: Comparison, language: str) -> str:
    if not comparison:
        return word("diff_none", language, old=comparison.old.name, new=comparison.new.name)
    changes = comparison.changes
    counts = {
        "things": len(changes.by_thing()),
        "added": changes.added,
        "removed": changes.removed,
        "concluded": changes.concluded,
        "withdrawn": changes.withdrawn,
    }
    return word("diff_summary", language, old=comparison.old.name, new=comparison.new.name, **counts)


def _things(comparison: Comparison, context: Context, language: str) -> Iterator[tuple[str, str, str, list[Line]]]:
    """Give IRI, label, kind and lines of each thing, own things first, as a register has them."""
    changes = comparison.changes
    named = [(iri, changes.label(iri, language), told) for iri, told in changes.by_thing().items()]
    for iri, label, told in sorted(named, key=lambda each: (not each[0].startswith(context.base), each[1].casefold(), each[0])):
        kind = changes.kinds.get(iri)
        yield iri, label, changes.label(kind, language) if kind else "", [line_of(changes, change, language) for change in told]


def _findings(comparison: Comparison, language: str) -> Iterator[tuple[str, list[str]]]:
    for name, findings in (("diff_found", comparison.found), ("diff_mended", comparison.mended)):
        if findings:
            yield word(name, language), [finding_line(each, language) for each in findings]


def finding_line(finding: FindingText, language: str) -> str:
    """Put a finding into words."""
    node = f" <{finding.node}>" if finding.node else ""
    return f"{word(finding.severity, language)}: {in_language(dict(finding.message), language)}{node}"


def _text(comparison: Comparison, context: Context, language: str) -> str:
    lines = [_summary(comparison, language)]
    for iri, label, kind, told in _things(comparison, context, language):
        lines += ["", f"{label} ({', '.join(filter(None, (kind, iri.removeprefix(context.base))))})"]
        for each in told:
            lines += [f"  {each.text}", *([f"      {each.evidence}"] if each.evidence else [])]
    for heading, findings in _findings(comparison, language):
        lines += ["", heading, *(f"  {text}" for text in findings)]
    return "".join(f"{visible(line)}\n" for line in lines)


def _markdown(comparison: Comparison, context: Context, language: str) -> str:
    lines = [f"# {_escaped(comparison.old.name)} → {_escaped(comparison.new.name)}", "", _escaped(_summary(comparison, language))]
    for iri, label, kind, told in _things(comparison, context, language):
        lines += ["", f"## {_escaped(label)}", "", _escaped(", ".join(filter(None, (kind, iri)))), ""]
        lines += (f"- {_escaped(each.text)}" + (f" – {_escaped(each.evidence)}" if each.evidence else "") for each in told)
    for heading, findings in _findings(comparison, language):
        lines += ["", f"## {_escaped(heading)}", "", *(f"- {_escaped(text)}" for text in findings)]
    return "".join(f"{visible(line)}\n" for line in lines)


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>#|" else sign for sign in text)


def _html(comparison: Comparison, context: Context, language: str) -> str:
    title = escape(f"{comparison.old.name} → {comparison.new.name}")
    parts = [f'<!doctype html>\n<html lang="{escape(language)}">\n<meta charset="utf-8">\n<title>{title}</title>', f"<h1>{title}</h1>"]
    parts.append(f"<p>{escape(_summary(comparison, language))}</p>")
    for iri, label, kind, told in _things(comparison, context, language):
        items = "".join(f"<li>{escape(each.text)}{f'<br><small>{escape(each.evidence)}</small>' if each.evidence else ''}</li>\n" for each in told)
        parts.append(f"<h2>{escape(label)}</h2>\n<p>{escape(', '.join(filter(None, (kind, iri))))}</p>\n<ul>\n{items}</ul>")
    for heading, findings in _findings(comparison, language):
        parts.append(f"<h2>{escape(heading)}</h2>\n<ul>\n{''.join(f'<li>{escape(text)}</li>' for text in findings)}\n</ul>")
    return "\n".join(map(visible_lines, parts)) + "\n</html>\n"


def visible_lines(text: str) -> str:
    """Make a text of several lines safe to print."""
    return "\n".join(map(visible, text.split("\n")))


def _csv(comparison: Comparison, context: Context, language: str) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for iri, label, _, told in _things(comparison, context, language):
        for each in told:
            change = each.change
            writer.writerow((iri, label, str(change.kind), change.node, each.what, change.property, each.old, each.new, each.before, each.after))
    return file.getvalue()


def _json(comparison: Comparison, context: Context, language: str) -> str:
    things = [
        {
            "thing": iri,
            "label": label,
            "kind": kind or None,
            "changes": [_change(each) for each in told],
        }
        for iri, label, kind, told in _things(comparison, context, language)
    ]
    changes = comparison.changes
    counts = {"added": changes.added, "removed": changes.removed, "conclusionsAdded": changes.concluded, "conclusionsRemoved": changes.withdrawn}
    findings = {name: [each.as_json() for each in several] for name, several in (("new", comparison.found), ("mended", comparison.mended))}
    told = {"old": comparison.old.name, "new": comparison.new.name, "statements": counts, "things": things, "findings": findings}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _change(line: Line) -> Mapping[str, object]:
    change = line.change
    return {
        "change": str(change.kind),
        "node": change.node,
        "property": change.property or None,
        "old": list(change.old),
        "new": list(change.new),
        "says": [{"property": term, "value": value} for term, value in change.details],
        "passagesBefore": list(change.before),
        "passagesAfter": list(change.after),
        "text": line.text,
    }


FORMATS: Final[Mapping[str, Callable[[Comparison, Context, str], str]]] = {"text": _text, "md": _markdown, "json": _json, "csv": _csv, "html": _html}
