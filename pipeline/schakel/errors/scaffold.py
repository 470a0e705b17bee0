"""A project cannot be made."""

from pathlib import Path

from schakel.errors.base import SchakelError

__all__ = ["FolderNotEmptyError", "TableUnusableError"]


class FolderNotEmptyError(SchakelError):
    """A new project would overwrite what is there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        """Say how to go on."""
        return f"{self.folder} holds something already; name a folder that does not exist yet."


class TableUnusableError(SchakelError):
    """No tables can be drafted from a file."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        """Name the file and the reason."""
        return f"{self.path} cannot be used: {self.why}"
