"""What a publication says of itself, and how it writes IRIs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

__all__ = ["About"]


@dataclass(frozen=True)
class About:
    """What a catalogue needs to know of a publication beyond its files. With `verify_all` every part of every dump is read back, however large it is."""

    base: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    publisher: str
    licence: str
    version: str
    languages: Sequence[str]
    prefixes: Mapping[str, str]
    verify_all: bool = False

    @property
    def dataset(self) -> NamedNode:
        """The dataset as a whole."""
        return NamedNode(f"{self.base}dataset")
