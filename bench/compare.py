"""Whether two programs gave the same: sets of lines, whatever their order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat

__all__ = ["Comparison", "compare", "statements", "worth"]

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SAME = b"<http://www.w3.org/2002/07/owl#sameAs>"
_LANGUAGE = (b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#", b"<http://www.w3.org/2000/01/rdf-schema#", b"<http://www.w3.org/2002/07/owl#")
_EXAMPLES = 3


@dataclass(frozen=True)
class Comparison:
    """How much each gave, how much only one of them gave, and examples of that."""

    ours: int
    theirs: int
    only_ours: int
    only_theirs: int
    examples: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether there is no difference."""
        return not self.only_ours and not self.only_theirs


def compare(ours: Iterable[bytes], theirs: Iterable[bytes]) -> Comparison:
    """Compare what two programs gave."""
    mine, other = frozenset(ours), frozenset(theirs)
    missing, more = sorted(mine - other), sorted(other - mine)
    examples = [*(f"- {line.decode()}" for line in missing[:_EXAMPLES]), *(f"+ {line.decode()}" for line in more[:_EXAMPLES])]
    return Comparison(len(mine), len(other), len(missing), len(more), tuple(examples))


def statements(path: Path) -> frozenset[bytes]:
    """Give the statements of a file of any format, as Oxigraph writes them, so that only what they say counts."""
    rdf_format = RdfFormat.from_extension(path.suffix[1:])
    if rdf_format is None:
        raise SystemExit(f"{path} has no format that is known")
    return frozenset(cast("bytes", ox.serialize(ox.parse(path=path, format=rdf_format), format=RdfFormat.N_QUADS)).splitlines())


def worth(concluded: Iterable[bytes], *known: frozenset[bytes], ontology: frozenset[bytes]) -> Iterator[bytes]:
    """Keep of N-Triples lines the conclusions that Schakel keeps: those that are new and tell something, as docs/reference/inference.md says."""
    terms = {line.split(b" ", 1)[0] for line in ontology}
    for line in concluded:
        subject, predicate, value = line[:-2].split(b" ", 2)
        told = not any(line in lines for lines in (*known, ontology)) and subject not in terms
        if told and subject.startswith(b"<") and not value.startswith(b"_:") and _tells_something(subject, predicate, value):
            yield line


def _tells_something(subject: bytes, predicate: bytes, value: bytes) -> bool:
    if predicate == _TYPE:
        return value.startswith(b"<") and not value.startswith(_LANGUAGE)
    return subject != value if predicate == _SAME else not predicate.startswith(_LANGUAGE)
