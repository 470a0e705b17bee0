"""What keeps a version from being released."""

from pathlib import Path

from schakel.errors.base import SchakelError

__all__ = ["NotReleasableError", "RecordUnusableError"]


class NotReleasableError(SchakelError):
    """What is published cannot become a release."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"nothing was released: {self.problem}"


class RecordUnusableError(SchakelError):
    """The record of releases, or a file that it names, is not as it was written."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"
