"""What a page embeds, held against what the graph says: where they differ, thing by thing and property by property."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from schakel.structured_data.schema_org import CONTEXT, Document
from schakel.structured_data.script import Page

__all__ = ["Difference", "differences", "embedded_nodes", "unknown"]

_FEW: Final = 5
# The ways in which pages write the one address.
_CONTEXTS: Final = frozenset({CONTEXT, f"{CONTEXT}/", "http://schema.org", "http://schema.org/"})


@dataclass(frozen=True)
class Difference:
    """One thing in which a page is not as the graph has it. `kind` is one of:

    `missing`         the page embeds nothing
    `invalid`         a script is no JSON
    `context`         the terms are not said to be those of schema.org
    `other-thing`     what is embedded is about something else
    `node-missing`    a thing that belongs to it is not there
    `value`           a property has other values
    `property-missing`, `property-extra`   a property is not there, or is there and should not be

    `found` and `expected` hold only what the other side lacks.
    """  # noqa: D400, D415  # the list is its end

    kind: str
    node: str = ""
    property: str = ""
    found: Sequence[str] = field(default=())
    expected: Sequence[str] = field(default=())


def differences(page: Page, document: Document) -> list[Difference]:
    """Tell in what a page differs from the document that it should embed; its own nodes beside that, such as what it says of the page, are its own affair."""
    found = _invalid(page)
    readable = [script.document for script in page.scripts if script.problem is None]
    if not page.scripts:
        return [Difference("missing")]
    entity: str = document["@graph"][0]["@id"]
    of_page = embedded_nodes(readable)
    if entity not in of_page:
        others = tuple(sorted(of_page))[:_FEW]
        # Where a script cannot be read, nobody knows what it is about.
        return found or [Difference("other-thing", found=others, expected=(entity,))]
    found += [_of_context(each) for each in readable if entity in embedded_nodes([each]) and _context(each) not in _CONTEXTS]
    for node in document["@graph"]:
        if node["@id"] in of_page:
            found += _of_node(of_page[node["@id"]], node)
        else:
            found.append(Difference("node-missing", node["@id"], expected=(str(node.get("name", "")),) if "name" in node else ()))
    return found


def unknown(page: Page) -> list[Difference]:
    """Tell what keeps anybody from knowing which thing of the graph a page is about."""
    if not page.scripts:
        return [Difference("missing")]
    others = tuple(embedded_nodes([script.document for script in page.scripts if script.problem is None]))[:_FEW]
    return _invalid(page) or [Difference("other-thing", found=others)]


def _invalid(page: Page) -> list[Difference]:
    return [Difference("invalid", node=f"line {script.line}", found=(script.problem,)) for script in page.scripts if script.problem is not None]


def embedded_nodes(documents: Sequence[Any]) -> dict[str, dict[str, list[Any]]]:
    """Give each thing of some documents by its IRI, wherever in them it stands, with the values of its properties; in the order in which they stand there."""
    nodes: dict[str, dict[str, list[Any]]] = {}
    # From the front, and without going down into itself: a page may be nested as deeply as it likes.
    waiting: list[Any] = list(reversed(documents))
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            iri = value.get("@id")
            said = {name: each for name, each in value.items() if name not in {"@id", "@context", "@graph"}}
            if isinstance(iri, str) and said:
                node = nodes.setdefault(iri, {})
                for name, each in said.items():
                    node.setdefault(name, []).extend(each if isinstance(each, list) else [each])
            waiting.extend(reversed(list(value.values())))
    return nodes


def _context(document: Any) -> Any:  # noqa: ANN401  # what a page has there
    outer = document[0] if isinstance(document, list) and document else document
    context = outer.get("@context") if isinstance(outer, Mapping) else None
    return context if isinstance(context, str) else _shown(context)


def _of_context(document: Any) -> Difference:  # noqa: ANN401  # as above
    context = _context(document)
    return Difference("context", property="@context", found=(context,) if context else (), expected=(CONTEXT,))


def _of_node(found: Mapping[str, list[Any]], expected: Document) -> Iterator[Difference]:
    iri = expected["@id"]
    for name, value in expected.items():
        if name == "@id":
            continue
        wanted = Counter(map(_shown, value if isinstance(value, list) else [value]))
        there = Counter(map(_shown, found.get(name, [])))
        if not there:
            yield Difference("property-missing", iri, name, expected=_sorted(wanted))
        elif set(there) != set(wanted):
            yield Difference("value", iri, name, _sorted(there.keys() - wanted.keys()), _sorted(wanted.keys() - there.keys()))
    for name in sorted(found.keys() - expected.keys()):
        yield Difference("property-extra", iri, name, found=_sorted(set(map(_shown, found[name]))))


def _sorted(values: Any) -> tuple[str, ...]:  # noqa: ANN401  # any collection of texts
    return tuple(sorted(values))


def _shown(value: Any) -> str:  # noqa: ANN401  # a value of JSON
    """Give a value as one text: a thing by its IRI, a text without its language."""
    match value:
        case None:
            return ""
        case str():
            return value
        case {"@id": str(iri)}:
            return iri
        case {"@value": str(text)}:
            return text
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    except RecursionError:
        return "…"
