"""What every route shares: the publication in service, the limits, and what was counted."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from starlette.requests import Request

from schakel.serve.editions import Desk, Edition
from schakel.serve.options import Options

__all__ = ["Service", "edition_of", "service_of", "tell_route", "tell_rows"]


@dataclass
class Service:
    """The front while it runs."""

    desk: Desk
    options: Options
    requests: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    active: int = 0


def service_of(request: Request) -> Service:
    """Give the front that a request came to."""
    service: Service = request.app.state.service
    return service


def edition_of(request: Request) -> Edition:
    """Give the publication that a request is answered from, from its beginning to its end."""
    edition: Edition = request.scope["state"]["edition"]
    return edition


def tell_route(request: Request, route: str) -> None:
    """Tell the log and the counters what kind of thing was asked for; there must be few of them, and nothing of the request in them."""
    request.scope["state"]["route"] = route


def tell_rows(request: Request, rows: int) -> None:
    """Tell the log how many rows an answer has."""
    request.scope["state"]["rows"] = rows
