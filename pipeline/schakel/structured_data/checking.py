"""Whether what a page embeds is still what the graph says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schakel.structured_data.drift import Difference, differences, embedded_nodes, unknown
from schakel.structured_data.schema_org import SchemaOrg
from schakel.structured_data.script import Page, read_page

__all__ = ["CheckedPage", "check_page"]


@dataclass(frozen=True)
class CheckedPage:
    """What was found of a page: the thing that it is about (None where that is nothing of the graph), the language it was read in, and what differs."""

    entity: str | None
    language: str
    differences: Sequence[Difference]


def check_page(schema_org: SchemaOrg, html: str, language: str | None, otherwise: str, entity: str | None = None) -> CheckedPage:
    """Hold a page against the graph. What it is about is what the caller says, else the first thing of the graph that it embeds, else its canonical address.

    The language is the one asked for, else the page's own, else another.
    """
    page = read_page(html)
    wanted = language or page.language or otherwise
    about = entity or next((iri for iri in _candidates(page) if iri in schema_org), None)
    document = None if about is None else schema_org.document(about, wanted)
    if about is None or document is None:
        return CheckedPage(None, wanted, unknown(page))
    return CheckedPage(about, wanted, differences(page, document))


def _candidates(page: Page) -> Iterator[str]:
    yield from embedded_nodes(_documents(page))
    if page.canonical is not None:
        address = page.canonical.partition("#")[0]
        yield address
        yield address.removesuffix(".html")


def _documents(page: Page) -> list[object]:
    return [script.document for script in page.scripts if script.problem is None]
