"""A publication served: pages, things by their IRIs, a SPARQL endpoint, canned queries as an API, and names for OpenRefine.

Queries never run in this process: see engine.py and decision 0018. What this package imports is the extra `serve`; only `serve` below is needed of it.
"""

from collections.abc import Callable
from pathlib import Path

from schakel.errors import MissingExtraError
from schakel.serve.options import Options, options_of

__all__ = ["Options", "options_of", "serve"]


def serve(publication: Path, options: Options, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve a publication until a signal ends it; `announce` is told the address.

    Raises MissingExtraError, NothingPublishedError, GraphUnreadableError, EndpointError, AddressUnusableError.
    """
    try:
        from schakel.serve.running import run  # noqa: PLC0415  # the extra's packages need not be there
    except ImportError as error:
        raise MissingExtraError("serve", (error.name or "uvicorn").partition(".")[0]) from error
    run(publication, options, host, port, announce)
