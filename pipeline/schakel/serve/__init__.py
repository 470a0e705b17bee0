"""A publication served: pages, things by their IRIs, a SPARQL endpoint, canned queries as an API, and names for OpenRefine.

Queries never run in this process: see engine.py and decision 0018. What this package imports is the extra `serve`; only `serve` below is needed of it.
"""

from collections.abc import Callable

from schakel.errors import MissingExtraError
from schakel.settings import Settings

__all__ = ["serve"]


def serve(settings: Settings, backend: str, host: str, port: int, root_path: str, announce: Callable[[str], None]) -> None:  # noqa: PLR0913, PLR0917  # as the command has them
    """Serve what a project published until a signal ends it; `announce` gets the address. An endpoint `backend` answers queries, where one is given.

    `root_path` is the path below which clients see the service, where that is not the path of the base.

    Raises MissingExtraError, NothingPublishedError, GraphUnreadableError, EndpointError, AddressUnusableError.
    """
    try:
        from schakel.serve.server import run  # noqa: PLC0415  # the extra's packages need not be there
    except ImportError as error:
        raise MissingExtraError("serve", (error.name or "uvicorn").partition(".")[0]) from error
    run(settings, backend, host, port, root_path, announce)
