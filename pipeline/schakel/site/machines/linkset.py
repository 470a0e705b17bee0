"""The links of the dataset as a document of its own, a linkset as RFC 9264 has it, for programs that look no farther than one file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schakel.site.machines.addresses import address_of
from schakel.site.machines.links import Link
from schakel.site.machines.signposting import Document, Signposts, links_of

__all__ = ["linkset_file"]


def linkset_file(base: str, home: Signposts) -> bytes:
    """Write `linkset.json`: the links of the home page, which stands for the dataset, and from each file of data the link back."""
    address = address_of(base, home.path)
    contexts = [
        _context(address, (link for link in links_of(base, home) if link.rel not in {"canonical", "linkset"})),
        *(_back(base, document, "collection", address) for document in _others(home.items, ())),
        *(_back(base, document, "describes", address) for document in _others(home.data, home.items)),
    ]
    return (json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1) + "\n").encode()


def _others(documents: Sequence[Document], but: Sequence[Document]) -> Iterable[Document]:
    """Give each document once: a linkset has one context for an anchor."""
    told = {document.path for document in but}
    return {document.path: document for document in documents if document.path not in told}.values()


def _back(base: str, document: Document, rel: str, address: str) -> dict[str, Any]:
    return _context(address_of(base, document.path), [Link(rel, address, type="text/html")])


def _context(anchor: str, links: Iterable[Link]) -> dict[str, Any]:
    relations: dict[str, list[Mapping[str, Any]]] = {}
    for link in links:
        relations.setdefault(link.rel, []).append(_target(link))
    return {"anchor": anchor, **relations}


def _target(link: Link) -> dict[str, Any]:
    """Write the target of a link; that there may be several languages is the format's, not ours. It has no language for readers of none."""
    target: dict[str, Any] = {"href": link.href}
    if link.type:
        target["type"] = link.type
    if link.hreflang:
        target["hreflang"] = [link.hreflang]
    return target
