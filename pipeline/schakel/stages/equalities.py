"""What is the same: classes of ids, each with one representative that rules know it by."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = ["Equalities"]


class Equalities:
    """Classes of ids that mean the same. The representative is a term of the language where there is one, else the least id that is no literal."""

    def __init__(self, language: Collection[int], first_thing: int) -> None:
        self._language = frozenset(language)
        self._first_thing = first_thing
        self._above: dict[int, int] = {}

    def representative(self, term: int) -> int:
        """Give the representative of a term: itself where nothing else is the same."""
        root = term
        while root in self._above:
            root = self._above[root]
        while term != root:
            self._above[term], term = root, self._above[term]
        return root

    def merge(self, pairs: Iterable[tuple[int, int]]) -> Mapping[int, int]:
        """Make the members of each pair the same. Give the representatives that were and no longer are, with the new ones.

        Two literals are left apart: whether they are the same, their values say.
        """
        before: list[int] = []
        for one, other in pairs:
            if one < self._first_thing and other < self._first_thing:
                continue
            kept, gone = sorted((self.representative(one), self.representative(other)), key=self._order)
            if kept != gone:
                self._above[gone] = kept
                before.append(gone)
        return {term: self.representative(term) for term in before}

    def _order(self, term: int) -> tuple[bool, bool, int]:
        return term not in self._language, term < self._first_thing, term

    def classes(self) -> Mapping[int, Sequence[int]]:
        """Give the classes of more than one, by representative, in order."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for term in self._above:
            found[self.representative(term)].append(term)
        return {root: sorted((root, *others)) for root, others in sorted(found.items())}

    def __bool__(self) -> bool:
        return bool(self._above)
