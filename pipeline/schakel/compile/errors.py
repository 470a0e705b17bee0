"""What compilers refuse."""

from schakel.errors.base import SchakelError

__all__ = ["NotCompilableError"]


class NotCompilableError(SchakelError):
    """A standard construct has no plan that gives exactly what the standard says. `construct` names it; `where` says where it is, in words."""

    def __init__(self, construct: str, where: str = "") -> None:
        super().__init__(construct, where)
        self.construct = construct
        self.where = where

    def __str__(self) -> str:
        return f"{self.construct} cannot be compiled{f' ({self.where})' if self.where else ''}"
