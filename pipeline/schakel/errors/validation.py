"""What keeps shapes from judging anything."""

from pathlib import Path

from schakel.errors.base import SchakelError

__all__ = ["RdfUnreadableError", "ShapeError"]


class ShapeError(SchakelError):
    """A shape is not well-formed SHACL, or is recursive, which SHACL leaves undefined."""

    def __init__(self, shape: str, problem: str) -> None:
        super().__init__(shape, problem)
        self.shape = shape
        self.problem = problem

    def __str__(self) -> str:
        return f"the shape {self.shape} cannot be used: {self.problem}"


class RdfUnreadableError(SchakelError):
    """A file is not RDF that can be read."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"
