"""Names in a store that only loading uses, and the veil: statements that wait, or are kept, are written with names that no question asks for.

In many stores a query that names no graph sees all graphs. What lies in a graph beside those in use would be in its answers. So each IRI of such a
statement has `<base>load/of/` put before it, which an update takes off again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["Names", "unveiled", "veiled"]

_HEAD: Final = re.compile(rb"^<([^>]*)> <([^>]*)> (<?)")


@dataclass(frozen=True)
class Names:
    """The names below the base that loading uses."""

    base: str

    @property
    def record(self) -> str:
        """The graph that says what is there and what is under way; also what it is about."""
        return f"{self.base}load"

    @property
    def veil(self) -> str:
        """What is put before each IRI of a statement that is not in use."""
        return f"{self.base}load/of/"

    def version(self, version: str) -> str:
        """Name a version."""
        return f"{self.base}load/{version}"

    def waiting(self, version: str, part: int, graph: str) -> str:
        """Name the graph in which one part of a version waits for its turn."""
        return f"{self.waiting_all(version)}{part}/of/{graph}"

    def waiting_all(self, version: str) -> str:
        """Give what the names of all graphs begin with in which a version waits."""
        return f"{self.version(version)}/new/"

    def kept(self, version: str, graph: str) -> str:
        """Name the graph in which an older version keeps one of its graphs."""
        return f"{self.version(version)}/kept/of/{graph}"

    def about(self, name: str) -> str:
        """Name a property of the record."""
        return f"{self.record}#{name}"


def veiled(lines: Iterable[bytes], veil: str) -> list[bytes]:
    """Put the veil before each IRI.

    >>> veiled([b"<https://a.example/s> <https://a.example/p> <https://a.example/o> ."], "https://v.example/")
    [b'<https://v.example/https://a.example/s> <https://v.example/https://a.example/p> <https://v.example/https://a.example/o> .']
    """
    put = veil.encode()

    def cover(match: re.Match[bytes]) -> bytes:
        return b"<%b%b> <%b%b> %b" % (put, match[1], put, match[2], b"<" + put if match[3] else b"")

    return [_HEAD.sub(cover, line) for line in lines]


def unveiled(lines: Iterable[bytes], veil: str) -> list[bytes]:
    """Take the veil off; a line that has none stays, and so is seen to be another.

    >>> unveiled([b'<https://v.example/urn:s> <https://v.example/urn:p> "<urn:o>" .'], "https://v.example/")
    [b'<urn:s> <urn:p> "<urn:o>" .']
    """
    head = b"<" + veil.encode()

    def uncover(line: bytes) -> bytes:
        terms = line.split(b" ", 2)
        return b" ".join(b"<" + term[len(head) :] if term.startswith(head) else term for term in terms)

    return [uncover(line) for line in lines]
