"""Why a publication, or a query of a client, cannot be served."""

import errno
from typing import Final

from schakel.errors.base import SchakelError

__all__ = ["AddressUnusableError", "BadQueryError", "BusyError", "EngineFailedError", "QueryRefusedError"]

_REASONS: Final = {
    errno.EADDRINUSE: "another program listens there; choose another port with --port",
    errno.EACCES: "ports below 1024 are not for everybody; choose another with --port",
    errno.EADDRNOTAVAIL: "it is no address of this machine; choose another with --host",
}


class AddressUnusableError(SchakelError):
    """The address that was asked for cannot be listened at."""

    def __init__(self, host: str, port: int, cause: OSError) -> None:
        super().__init__(host, port, cause)
        self.host = host
        self.port = port
        self.cause = cause

    def __str__(self) -> str:
        reason = _REASONS.get(self.cause.errno or 0, "it is not the name of an address; choose another with --host")
        return f"cannot listen at {f'[{self.host}]' if ':' in self.host else self.host}, port {self.port}: {reason}"


class BadQueryError(SchakelError):
    """A reconciliation query is not as the service API has it, or asks for too much at once."""

    def __init__(self, detail: str, *, too_large: bool = False) -> None:
        super().__init__(detail)
        self.too_large = too_large


class BusyError(SchakelError):
    """Too many wait for their turn already; whoever comes again after so many seconds may get one."""

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(detail, seconds)
        self.seconds = seconds


class EngineFailedError(SchakelError):
    """The process that answers queries gives no answer to one."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class QueryRefusedError(SchakelError):
    """A query is not let through, for its `length`, its `depth`, its `form`, or its `reach`: what it would ask or change."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return self.detail
