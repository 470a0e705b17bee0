"""What was made lately, so that it need not be made again; the longest unused goes first."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Kept"]

T = TypeVar("T")


@dataclass
class Kept(Generic[T]):
    """Values by key, as many as have room in so many bytes.

    >>> kept = Kept[str](10)
    >>> kept.put("a", "first", 6)
    >>> kept.put("b", "second", 6)
    >>> kept.get("a"), kept.get("b")
    (None, 'second')
    """

    room: int
    _values: OrderedDict[object, tuple[T, int]] = field(default_factory=OrderedDict)
    _used: int = 0

    def get(self, key: object) -> T | None:
        """Give what was kept under a key."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: object, value: T, size: int) -> None:
        """Keep a value; one that has no room is not kept."""
        if size > self.room or key in self._values:
            return
        self._values[key] = value, size
        self._used += size
        while self._used > self.room:
            _, (_, freed) = self._values.popitem(last=False)
            self._used -= freed
