"""What all routes share while the server runs, and what is known of one request."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.types import Scope

from schakel.serve.budgets import Budgets, Work
from schakel.serve.metrics import Metrics
from schakel.serve.scheduling import FairQueue
from schakel.settings import Settings

if TYPE_CHECKING:
    from schakel.serve.editions import Edition, Editions

__all__ = ["LOOKUPS", "RequestState", "Service", "edition_of", "service_of", "state_of"]

# Threads for what is looked up in the index of names: a client has two of them. They take turns at Python's lock, and mostly wait for queries.
LOOKUPS: Final = 6
_LOOKUPS_OF_CLIENT: Final = 2


@dataclass
class Service:
    """The server while it runs."""

    editions: "Editions"
    settings: Settings
    backend: str
    budgets: Budgets
    metrics: Metrics
    lookups: FairQueue = field(init=False)

    def __post_init__(self) -> None:
        self.lookups = FairQueue(LOOKUPS, _LOOKUPS_OF_CLIENT, self.settings.serve_patience)


@dataclass(slots=True)
class RequestState:
    """A request: the publication that it is answered from, its client's work, and what the log tells of it.

    `route` is what kind of thing is asked for: there are few of them, and nothing of the request is in them. `cacheable` says that the response may be kept,
    `completed` that it has the headers of all responses already.
    """

    service: Service
    edition: "Edition"
    work: Work
    route: str = ""
    rows: int = 0
    cacheable: bool = False
    completed: bool = False


def state_of(scope: Scope) -> RequestState:
    """Give what is known of a request."""
    state: RequestState = scope["schakel"]
    return state


def service_of(request: Request) -> Service:
    """Give the server that a request came to."""
    return state_of(request.scope).service


def edition_of(request: Request) -> "Edition":
    """Give the publication that a request is answered from, from its beginning to its end."""
    return state_of(request.scope).edition
