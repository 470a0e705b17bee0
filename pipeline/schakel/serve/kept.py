"""What was made lately, so that it need not be made again; the longest unused goes first."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

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
    _making: dict[object, asyncio.Task[T]] = field(default_factory=dict)

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

    async def once(self, key: object, make: Callable[[], Coroutine[Any, Any, T]], size: Callable[[T], int]) -> T:
        """Give what was kept under a key, or make and keep it; whoever asks while it is being made waits for the same."""
        found = self.get(key)
        if found is not None:
            return found
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(make())
            task.add_done_callback(lambda _: self._making.pop(key))
        # Who asked first may leave; the others still want it.
        made = await asyncio.shield(task)
        self.put(key, made, size(made))
        return made
