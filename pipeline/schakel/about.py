"""What a publication says of itself, and how it writes IRIs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from schakel.catalogue_metadata import CatalogueMetadata

__all__ = ["About"]


@dataclass(frozen=True)
class About:
    """What a catalogue needs to know of a publication beyond its files.

    With `verify_all` every part of every dump is read back, however large it is; `address` is where the files are published, if not at the base;
    `contact` is the mail or web address of who answers for the data, `date` that of the data; both are empty where none is stated.
    """

    base: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    publisher: str
    licence: str
    version: str
    languages: Sequence[str]
    prefixes: Mapping[str, str]
    verify_all: bool = False
    address: str = ""
    contact: str = ""
    catalogue: CatalogueMetadata = field(default_factory=CatalogueMetadata)
    date: str = ""

    @property
    def site(self) -> str:
        """Where the files are published: at the base, unless another address is named."""
        return self.address or self.base

    @property
    def dataset(self) -> NamedNode:
        """The dataset as a whole."""
        return NamedNode(f"{self.base}dataset")
