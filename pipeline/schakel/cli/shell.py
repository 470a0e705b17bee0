"""What every command shares: how it was asked for, and what becomes of errors.

Exit codes: 0 fine, 1 findings that block, 2 could not run, 130 interrupted.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from schakel.answers import visible
from schakel.errors import SchakelError
from schakel.settings import Settings

__all__ = ["Shell", "guarded", "system_language"]

P = ParamSpec("P")


@dataclass(frozen=True)
class Shell:
    """How a run was asked for: the project, the language of messages, and how much to say."""

    project: Path
    language: str | None
    verbosity: int

    def language_of(self, settings: Settings) -> str:
        """Give the language asked for, else that of the system where messages speak it, else the first of the project."""
        return self.language or system_language() or settings.languages[0]


def system_language() -> str | None:
    """Give the language of messages that the locale asks for, as POSIX has it: LC_ALL before LC_MESSAGES before LANG; None for any other language."""
    stated = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = stated.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return {"en": "en", "nl": "nl", "nb": "nb", "nn": "nn", "no": "nb"}.get(language)


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what keeps Schakel from working into one line and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        # Until here an interrupt ended the process at once; a command tidies up first.
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            click.echo("Stopped; what was published before is as it was.", err=True)
            sys.exit(130)
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
