"""What a picture is drawn from: the rows of an answer by what their columns stand for, and how to link and to speak."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pyoxigraph import NamedNode

from schakel.answers import Answer
from schakel.graph import Term
from schakel.site.pictures.markup import safe_address

__all__ = ["Drawing", "PageOf", "Table", "Words"]

PageOf: TypeAlias = Callable[[NamedNode], str | None]
Row: TypeAlias = tuple[Term | None, ...]


class Words(Protocol):
    """Gives a message in the language of the reader, with its placeholders filled in."""

    def __call__(self, text: str, /, **values: object) -> str:
        """Give the message whose English text this is."""
        ...


@dataclass(frozen=True)
class Drawing:
    """How to draw: where things have their pages, the words of the reader, and how many things are drawn at most."""

    page_of: PageOf
    words: Words
    most: int

    def address(self, thing: Term | None) -> str | None:
        """Give the address of the page of a thing, if it has one that is safe to follow."""
        return safe_address(self.page_of(thing)) if isinstance(thing, NamedNode) else None


@dataclass(frozen=True)
class Table:
    """An answer, and which of its columns stands for what in the picture."""

    answer: Answer
    slots: Mapping[str, str]

    def records(self) -> Iterator[dict[str, Term]]:
        """Give each row by what its columns stand for; what is unbound is left out."""
        indexes = {slot: self.answer.columns.index(column) for slot, column in self.slots.items()}
        for row in self.answer.rows:
            yield {slot: term for slot, index in indexes.items() if (term := row[index]) is not None}

    def column(self, name: str) -> int | None:
        """Tell where a column stands, if there is one of that name."""
        return self.answer.columns.index(name) if name in self.answer.columns else None
