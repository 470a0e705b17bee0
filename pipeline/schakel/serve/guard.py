"""The last step before the query engine runs: what keeps it from outliving, outgrowing or calling anybody.

It needs nothing of this package, and is started as `python guard.py MEMORY PARENT PROGRAM ARGUMENT…`: megabytes, the number of the process that starts it,
and what to run. It becomes that program.

- The engine ends when the process that started it ends, however that comes about.
- Memory beyond the limit is refused to it, by which it ends itself.
- It may open no connection, whatever a query asks for: the kernel refuses. Where the kernel has no such filter, the check of the query's text is all there is.
"""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from typing import Final

__all__ = ["main"]

_SET_DEATH_SIGNAL: Final = 1
_SET_NO_NEW_PRIVILEGES: Final = 38
_SET_FILTER: Final = 22
_FILTER_MODE: Final = 2
_MEGABYTE: Final = 1 << 20
# By architecture: how the kernel calls it, and the numbers of connect and io_uring_setup, which could connect in its stead.
_CALLS: Final = {"x86_64": (0xC000003E, 42, 425), "aarch64": (0xC00000B7, 203, 425)}
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 13  # with “permission denied”
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06


def _filter(architecture: int, *refused: int) -> bytes:
    """Write the program that the kernel runs for each call: other architectures and the calls named are refused."""
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in [*steps, (_RETURN, 0, 0, _ALLOW)])


def _keep_from_connecting(library: ctypes.CDLL) -> None:
    calls = _CALLS.get(platform.machine())
    if calls is None or library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return
    program = _filter(*calls)
    held = ctypes.create_string_buffer(program)
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    library.prctl(_SET_FILTER, _FILTER_MODE, ctypes.c_char_p(described), 0, 0)


def main(megabytes: int, command: list[str], parent: int) -> None:
    """Bind this process to its parent and its limits, and become the program."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it, once its answers are given
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * _MEGABYTE, megabytes * _MEGABYTE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
        _keep_from_connecting(library)
    if os.getppid() != parent:
        sys.exit(1)  # it ended before it could be watched
    os.execv(command[0], command)  # noqa: S606  # the engine's own program, and no shell


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[3:], int(sys.argv[2]))
