"""What every command shares: how it was asked for, and what becomes of errors.

Exit codes: 0 fine, 1 findings that block, 2 could not run.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from schakel.answers import visible
from schakel.errors import SchakelError
from schakel.settings import Settings

__all__ = ["Shell", "guarded"]

P = ParamSpec("P")


@dataclass(frozen=True)
class Shell:
    """How a run was asked for: the project, the language of messages, and how much to say."""

    project: Path
    language: str | None
    verbosity: int

    def language_of(self, settings: Settings) -> str:
        """Give the language asked for, or the first of the project."""
        return self.language or settings.languages[0]


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what keeps Schakel from working into one line and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            click.echo("Stopped; what was published before is as it was.", err=True)
            sys.exit(2)
        except BrokenPipeError:
            raise  # whoever reads the output has seen enough; click ends quietly
        except (SchakelError, OSError) as error:
            # What a message quotes may come from anywhere; lines stay lines.
            click.echo("\n".join(visible(line) for line in f"Error: {error}".split("\n")), err=True)
            sys.exit(2)
        except click.ClickException:
            raise  # a wrong option or argument, which click tells of
        except Exception as error:
            shell = click.get_current_context().find_object(Shell)
            if shell is not None and shell.verbosity > 0:
                raise
            click.echo(f"Error: Schakel itself failed ({type(error).__name__}: {error}). Please report it, with what “schakel -v …” prints.", err=True)
            sys.exit(2)

    return run
