"""What keeps structured data from being made for a page, or from being found in one."""

from schakel.errors.base import SchakelError

__all__ = ["NothingToEmbedError", "PageUnreadableError"]


class NothingToEmbedError(SchakelError):
    """There is nothing that a page could embed: of a thing, or at all."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"there is nothing to embed: {self.problem}"


class PageUnreadableError(SchakelError):
    """A page cannot be read."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where = where
        self.problem = problem

    def __str__(self) -> str:
        return f"the page {self.where} cannot be read: {self.problem}"
