"""Staging: parts are sent into graphs that no query meets, and read back, before anything that is in use changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from schakel.errors import NotVerifiedError
from schakel.load.difference import Difference, difference_between
from schakel.load.dump import Part
from schakel.load.graph_names import GraphNames, unveiled, veiled
from schakel.load.store import Store
from schakel.load.verification import Digest, digests_of

__all__ = ["Parts", "Staged", "difference_from", "digests_in", "not_verified", "same", "stage"]

# Gives the parts, as often as it is called.
Parts: TypeAlias = Callable[[], Iterable[Part]]


@dataclass
class Staged:
    """What is staged: each graph that a part waits in, with the graph that it is for; the digest of each; how many statements were there already."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    digests: dict[str, Digest] = field(default_factory=dict)
    there: int = 0

    @property
    def sent(self) -> dict[str, Digest]:
        """Give the digest of each graph that is to be filled."""
        sums: dict[str, Digest] = {}
        for source, target in self.pairs:
            sums[target] = sums.get(target, Digest()) + self.digests[source]
        return sums


def stage(store: Store, names: GraphNames, run: str, parts: Parts, sent: Callable[[int], None], *, kind: str = "", resumed: bool = False) -> Staged:  # noqa: PLR0913
    """Send parts, and read them back; `sent` is given how many statements were. With `resumed`, those that are staged already are not sent again.

    Raises NotVerifiedError.
    """

    def graphs_of(part: Part) -> dict[str, list[bytes]]:
        return {names.staged(run, f"{kind}{part.number}", graph): lines for graph, lines in part.graphs.items()}

    staged, done, all_there = Staged(), 0, True
    found = digests_in(store, store.graphs_below(f"{names.run(run)}/"), names.veil) if resumed else {}
    for part in parts():
        graphs = graphs_of(part)
        digests = digests_of((source, line) for source, lines in graphs.items() for line in lines)
        staged.pairs += zip(graphs, part.graphs, strict=True)
        staged.digests |= digests
        if same(digests, found):
            staged.there += part.statements
        else:
            store.put({source: veiled(lines, names.veil) for source, lines in graphs.items()})
            all_there = False
        done += part.statements
        sent(done)
    if not all_there and not same(staged.digests, digests_in(store, staged.digests, names.veil)):
        lines = ((source, line) for part in parts() for source, lines in graphs_of(part).items() for line in lines)
        if wrong := difference_from(store, lines, staged.digests, names.veil):
            raise not_verified("What was staged", wrong, "Nothing was brought into use; what was there before is as it was.")
    return staged


def digests_in(store: Store, graphs: Iterable[str], veil: str = "") -> dict[str, Digest]:
    """Give the digests of graphs as a store holds them, without a veil."""
    names = list(graphs)
    digests = {graph: Digest() for graph in names}
    for graph, digest in store.each(names, lambda lines: digests_of(_unveiled(lines, veil)).items()):
        digests[graph] += digest
    return digests


def same(wanted: Mapping[str, Digest], found: Mapping[str, Digest]) -> bool:
    """Tell whether each graph that is wanted has the statements by value that were found."""
    return all(digest.same(found.get(graph, Digest())) for graph, digest in wanted.items())


def difference_from(store: Store, lines: Iterable[tuple[str, bytes]], graphs: Iterable[str], veil: str = "") -> Difference:
    """Give the difference between what graphs of a store hold and what they should. Both are held in memory."""
    wanted = set(lines)
    return difference_between(store.each({*graphs, *(graph for graph, _ in wanted)}, lambda rows: list(_unveiled(rows, veil))), wanted)


def _unveiled(lines: Iterable[tuple[str, bytes]], veil: str) -> Iterator[tuple[str, bytes]]:
    cover = veil.encode()
    return ((graph, unveiled(line, cover)) for graph, line in lines) if veil else iter(lines)


def not_verified(what: str, wrong: Difference, after: str) -> NotVerifiedError:
    """Make the error of statements that a store does not give back as they were sent."""
    _, example = min([*wrong.added, *wrong.removed], key=lambda each: (each[1], each[0]))
    return NotVerifiedError(what, len(wrong.added), len(wrong.removed), example.decode("utf-8", "replace"), after)
