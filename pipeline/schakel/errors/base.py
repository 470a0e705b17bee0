"""What every error is, and the one about a name that is not known."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

__all__ = ["SchakelError", "UnknownNameError", "nearest"]


def nearest(name: str, known: Sequence[str]) -> str | None:
    """Give the known name that `name` was most likely meant to be, or None where none is near.

    >>> nearest("chairr", ["member", "chair"])
    'chair'
    >>> nearest("qqqq", ["member", "chair"]) is None
    True
    """
    match = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=60, processor=str.casefold)
    return None if match is None else match[0]


class SchakelError(Exception):
    """Something that keeps Schakel from doing its work."""


class UnknownNameError(SchakelError):
    """A name that was asked for is not among those there are."""

    def __init__(self, what: str, name: str, known: Sequence[str]) -> None:
        super().__init__(what, name, known)
        self.what = what
        self.name = name
        self.known = tuple(known)

    def __str__(self) -> str:
        near = nearest(self.name, self.known)
        hint = f"Did you mean '{near}'?" if near else f"There are: {', '.join(sorted(self.known))}." if self.known else "There is none."
        return f"No {self.what} '{self.name}'. {hint}"
