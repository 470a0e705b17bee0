"""The process that does tasks for another one; see side_processes.py, which starts it as `python side_process.py`.

It is told where modules are found, and then reads one task after another: a function, by its name, and what that is given. It answers each with what
the function gives, or with None where it could not be done: whoever asked then does it, and meets what is wrong.
"""

import contextlib
import gc
import os
import pickle
import signal
import sys
from typing import IO

__all__ = ["main"]


def main(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Do what is asked, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends this process
    # What it is sent comes from the process that started it, and from nowhere else.
    sys.path[:], collecting = pickle.load(asked)  # noqa: S301  # as above
    gc.set_threshold(*collecting)
    while True:
        try:
            function, task = pickle.load(asked)  # noqa: S301  # as above
            result = function(task)
        except EOFError:
            return
        except Exception:  # noqa: BLE001  # whatever it is, whoever asked meets it again
            result = None
        pickle.dump(result, answers)
        answers.flush()


if __name__ == "__main__":
    # Whatever a library prints must not stand among the answers.
    with os.fdopen(os.dup(1), "wb") as answers, contextlib.suppress(BrokenPipeError):
        os.dup2(2, 1)
        main(sys.stdin.buffer, answers)
