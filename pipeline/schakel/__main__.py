"""`python -m schakel` and `schakel`: the command line, which an interrupt ends with one line at any moment, also while modules are imported."""

import signal
import sys
from types import FrameType

__all__ = ["run"]


def run() -> None:
    """Run the command that the arguments of the process name."""
    # A process that was started to ignore interrupts goes on ignoring them.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    from schakel.cli import main  # noqa: PLC0415  # an interrupt meanwhile is caught

    main()


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.stderr.write("Stopped.\n")
    raise SystemExit(130)


if __name__ == "__main__":
    run()
