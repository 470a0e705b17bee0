"""What explanations are made of, and who asks for them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import NamedNode

from schakel.answers import Backend
from schakel.explaining.published import Published
from schakel.graph import GraphNames
from schakel.lookup import Accepts, Context
from schakel.settings import Settings
from schakel.vocabulary import Vocabulary, read_vocabulary

__all__ = ["Asking", "Grounds", "Resolve"]

# Tells which thing a person means; the second argument is as `lookup.resolve` takes it.
Resolve: TypeAlias = Callable[[str, Accepts | None], NamedNode]


@dataclass(frozen=True)
class Asking:
    """The graph as it is asked, how its things are named, and the language in which names are wanted."""

    backend: Backend
    context: Context
    resolve: Resolve
    language: str | None


@dataclass(frozen=True)
class Grounds:
    """The dataset that was published and, where it is known, the project that published it, with its ontology and its tables."""

    dataset: Path
    names: GraphNames
    project: Settings | None

    @property
    def published(self) -> Published:
        """The statements of the dataset."""
        return Published(self.dataset, self.names)

    @property
    def derivations(self) -> Path:
        """The file that says how each conclusion was found."""
        return self.dataset.with_name("derivations.parquet")

    @cached_property
    def vocabulary(self) -> Vocabulary | None:
        """The ontology, with all its axioms; what cannot be read of it is left out, as `schakel check` tells."""
        return None if self.project is None else read_vocabulary(self.project.ontology, self.project.root, self.project.base)[0]
