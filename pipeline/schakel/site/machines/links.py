"""A typed link, as HTML elements, the HTTP header `Link` and linksets have them alike."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Link", "link_header"]


@dataclass(frozen=True)
class Link:
    """What the page that holds it has to do with another address: `rel` is a relation registered with IANA; `type` a media type, `hreflang` a language."""

    rel: str
    href: str
    type: str = ""
    hreflang: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """What stands in a `<link>` element, in its order.

        >>> Link("describedby", "ferries.ttl", type="text/turtle").attributes
        {'rel': 'describedby', 'href': 'ferries.ttl', 'type': 'text/turtle'}
        """
        named = {"rel": self.rel, "href": self.href, "type": self.type, "hreflang": self.hreflang}
        return {name: value for name, value in named.items() if value}


def link_header(links: Iterable[Link]) -> str:
    """Write links as the value of the HTTP header `Link`.

    >>> link_header([Link("cite-as", "https://kg.example.org/org/ferries"), Link("describedby", "/org/ferries.ttl", type="text/turtle")])
    '<https://kg.example.org/org/ferries>; rel="cite-as", </org/ferries.ttl>; rel="describedby"; type="text/turtle"'
    """
    return ", ".join(_written(link) for link in links)


def _written(link: Link) -> str:
    more = "".join(f'; {name}="{value}"' for name, value in link.attributes.items() if name != "href")
    return f"<{link.href}>{more}"
