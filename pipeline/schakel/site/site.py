"""What a site is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from pyoxigraph import NamedNode, Triple

from schakel import structured_data
from schakel.answers import Answer
from schakel.cache import Cache, NoCache
from schakel.findings import Finding
from schakel.graph import Dataset, GraphNames
from schakel.ntriples import merged
from schakel.queries import CannedQuery
from schakel.releases.history import Step
from schakel.site.entities import Reason
from schakel.site.frame import Alternate, Frame
from schakel.site.reading import Capture
from schakel.structured_data import SchemaOrg

__all__ = ["Ask", "Download", "Site", "download_forms", "statements_in_graph"]

# Answers a canned query with names in a language; None where the answer is too large to be published.
Ask: TypeAlias = Callable[[CannedQuery, str], Answer | None]


class Download(structured_data.Download, Protocol):
    """A dump, with how many statements it holds."""

    @property
    def statements(self) -> int:
        """How many triples or quads."""


def download_forms(site: "Site") -> list[Alternate]:
    """Give the dumps as forms of the dataset."""
    return [Alternate(f"download/{each.file}", each.media_type, each.file) for each in site.downloads]


def statements_in_graph(site: "Site", name: NamedNode) -> int:
    """Count the statements of one graph."""
    pieces = site.dataset.pieces(name)
    return merged(pieces).count(b"\n") if pieces else 0


@dataclass(frozen=True)
class Site:
    """All that pages are made of.

    `paths` are those of entities' files without suffix, by IRI; `reasons` say why what follows does so, by line; `graph` is a name for the dataset: other
    quads, other name. `schema` is the graph in the words of schema.org, None where the project does not say what it is in them. `ask` is None where the
    graph is too large to be asked everything. `captures` are the pages whose text is shown, by the IRI of their source,
    `unions` the classes of the unions that terms lead to, by term and property, `steps` the releases with what changed in each, oldest first.
    """

    frame: Frame
    names: GraphNames
    dataset: Dataset
    paths: Mapping[str, str]
    shapes: Sequence[Triple]
    vocabulary: Sequence[Triple]
    queries: Sequence[CannedQuery]
    ask: Ask | None
    graph: str
    findings: Sequence[Finding]
    downloads: Sequence[Download]
    reasons: Mapping[bytes, Reason]
    schema: SchemaOrg | None
    own_files: Mapping[str, bytes]
    cache: Cache | NoCache
    captures: Mapping[str, Capture] = field(default_factory=dict)
    unions: Mapping[NamedNode, Mapping[NamedNode, Sequence[NamedNode]]] = field(default_factory=dict)
    steps: Sequence[Step] = ()
