"""What keeps a publication from being made."""

from pathlib import Path

from schakel.errors.base import SchakelError

__all__ = [
    "NoCapturesError",
    "NotAPublicationError",
    "PublicationIncompleteError",
    "PublishingInProgressError",
    "SettingsError",
    "TemplateUnusableError",
]


class SettingsError(SchakelError):
    """The settings file is missing, unreadable, or holds something that no setting means."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


class TemplateUnusableError(SchakelError):
    """A template of a page cannot be read, or asks for what no page has."""

    def __init__(self, template: str, problem: str, line: int | None) -> None:
        super().__init__(template, problem, line)
        self.template = template
        self.problem = problem
        self.line = line

    def __str__(self) -> str:
        where = self.template if self.line is None else f"{self.template}, line {self.line}"
        return f"the template {where} cannot be used: {self.problem}"


class NoCapturesError(SchakelError):
    """No folder of captured pages was named, or the one that was does not exist."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        if self.folder is None:
            return "no captured pages are named; name their folder with --captures, in SCHAKEL_CAPTURES, or as 'captures' under [evidence] in schakel.toml"
        return f"the folder of captured pages, {self.folder}, does not exist"


class NotAPublicationError(SchakelError):
    """The folder to publish into holds something that is not a publication, and would be lost."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"{self.folder} holds files that Schakel did not write; publish into an empty folder or remove them first"


class PublishingInProgressError(SchakelError):
    """Another process is publishing into the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"another process is publishing into {self.folder}; wait until it is done"


class PublicationIncompleteError(SchakelError):
    """A file of the publication, read back, does not hold what was written; nothing was published."""

    def __init__(self, file: str, expected: int, found: int) -> None:
        super().__init__(file, expected, found)
        self.file = file
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return f"{self.file} does not say what was to be published ({self.found} statements instead of {self.expected}, or others); nothing was published"
