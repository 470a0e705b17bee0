"""HTTP with a store: time limits, no redirects, credentials for one address only, and a plain message for whatever is no success."""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from schakel.errors import MissingExtraError, StoreError, StoreFullError, StoreRefusesError, StoreUnreachableError
from schakel.stores.credentials import Credentials

if TYPE_CHECKING:
    import httpx

__all__ = ["Client", "Patience", "Reply", "Request"]

_AGENT: Final = "schakel"
_SHOWN: Final = 200
_ERROR_BODY: Final = 4_000
_CONNECTING: Final = 10.0
# What a server says when it will be well again, or when another in front of it has lost it.
_PASSING: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_NO_ROOM: Final = re.compile(r"no space|disk (?:is )?full|quota|out of (?:disk|space|storage)|ENOSPC|insufficient storage", re.IGNORECASE)
_LONGEST_WAIT: Final = 60.0


@dataclass(frozen=True)
class Patience:
    """How long to wait for one request, how often to repeat what may be repeated, and how long to wait between."""

    seconds: float = 300.0
    tries: int = 5
    first_wait: float = 0.5
    wait: Callable[[float], None] = field(default=time.sleep, repr=False)


@dataclass(frozen=True)
class Request:
    """What is asked of a store. With `absent`, what is not there (404) is an empty reply."""

    method: str
    url: str
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    absent: bool = False


@dataclass(frozen=True)
class Reply:
    """What a store answered, and the server as it calls itself."""

    content: bytes
    server: str


def _httpx() -> ModuleType:
    try:
        import httpx  # noqa: PLC0415  # an extra, and a fifth of a second to import
    except ImportError:
        raise MissingExtraError("load", "httpx") from None
    return httpx


class Client:
    """Requests to one store. Every step that goes through here may be repeated: it leaves the store as it would the first time."""

    def __init__(self, address: str, credentials: Credentials | None = None, patience: Patience | None = None) -> None:
        self._library = _httpx()
        self._origin = urlsplit(address)[:2]
        self._patience = patience or Patience()
        self._credentials = Credentials() if credentials is None else credentials
        limits = self._library.Timeout(self._patience.seconds, connect=min(_CONNECTING, self._patience.seconds))
        # Settings of the environment could name a proxy or credentials for any host; the certificates of this machine are those it trusts.
        self._http: httpx.Client = self._library.Client(
            timeout=limits,
            follow_redirects=False,
            trust_env=False,
            verify=ssl.create_default_context() if self._origin[0] == "https" else False,
            headers={"User-Agent": _AGENT},
        )
        self._auth: Any = _Bearer(self._credentials.token) if self._credentials.token else None

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def send(self, request: Request, *, tries: int | None = None) -> Reply:
        """Send a request; repeat it while the store cannot be reached.

        Raises StoreUnreachableError, StoreRefusesError, StoreFullError, StoreError.
        """
        url = request.url
        if urlsplit(url)[:2] != self._origin:
            raise StoreRefusesError(url, "is another than the one that was named; nothing is sent there")
        most = tries or self._patience.tries
        for attempt in range(1, most + 1):
            problem, wait = "", self._patience.first_wait * 2 ** (attempt - 1)
            try:
                with self._opened(request) as response:
                    if response.status_code not in _PASSING:
                        return self._checked(response, url, absent=request.absent)
                    wait = max(wait, _seconds(response.headers.get("Retry-After")))
                    problem = _told(response)
            except self._library.TimeoutException:
                problem = f"says nothing within {self._patience.seconds:g} seconds"
            except self._library.RemoteProtocolError:
                problem = "cut its answer off"
            except self._library.ConnectError as error:
                problem = f"cannot be reached: {_plain(str(error)) or 'no connection'}"
                if "certificate" in str(error).lower():
                    raise StoreRefusesError(url, f"cannot be trusted: {_plain(str(error))}") from None
            except self._library.HTTPError as error:
                problem = f"broke the connection off ({type(error).__name__})"
            if attempt < most:
                self._patience.wait(min(wait, _LONGEST_WAIT))
        raise StoreUnreachableError(url, f"{problem}; tried {most} times" if most > 1 else problem)

    @contextmanager
    def _opened(self, request: Request) -> Iterator["httpx.Response"]:
        """Open the answer; a name and password are sent when they are asked for, in the way that is asked for, and from then on."""
        with self._asked(request) as response:
            if response.status_code != HTTPStatus.UNAUTHORIZED or self._auth is not None or not self._credentials.user:
                yield response
                return
            way = response.headers.get("WWW-Authenticate", "").lower()
        given = self._credentials
        self._auth = (self._library.DigestAuth if way.startswith("digest") else self._library.BasicAuth)(given.user, given.password)
        with self._asked(request) as response:
            yield response

    def _asked(self, request: Request) -> AbstractContextManager["httpx.Response"]:
        return self._http.stream(
            request.method, request.url, content=request.content, headers=dict(request.headers), params=dict(request.params) or None, auth=self._auth
        )

    def _checked(self, response: "httpx.Response", url: str, *, absent: bool) -> Reply:
        status = response.status_code
        if response.is_success:
            content = self._read(response, url)
            return Reply(content, _server(response))
        if status == HTTPStatus.NOT_FOUND and absent:
            return Reply(b"", _server(response))
        if status < HTTPStatus.BAD_REQUEST:
            raise StoreRefusesError(
                url, f"has moved to {_plain(response.headers.get('Location', 'somewhere else'))}; nothing was sent there. Name that address"
            )
        told = _told(response)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            ways = "credentials come from SCHAKEL_LOAD_USER and SCHAKEL_LOAD_PASSWORD, or SCHAKEL_LOAD_TOKEN"
            raise StoreRefusesError(url, f"does not let you in ({told}); {'; '.join(filter(None, (self._credentials.problem, ways)))}")
        if status == HTTPStatus.INSUFFICIENT_STORAGE or _NO_ROOM.search(told):
            raise StoreFullError(url, f"has no room left ({told}); what was published there before is as it was")
        raise (StoreError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else StoreRefusesError)(url, f"refuses: {told}")

    def _read(self, response: "httpx.Response", url: str) -> bytes:
        """Read what comes; a store that sends a byte now and then does not keep us for ever."""
        deadline = time.monotonic() + self._patience.seconds
        parts = []
        for part in response.iter_bytes():
            parts.append(part)
            if time.monotonic() > deadline:
                raise StoreUnreachableError(url, f"has not ended its answer after {self._patience.seconds:g} seconds")
        return b"".join(parts)


class _Bearer:
    """Puts a token into each request to the store."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: "httpx.Request") -> "httpx.Request":
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _told(response: "httpx.Response") -> str:
    """Give the status of an answer, and the beginning of what it says."""
    told = b""
    for part in response.iter_bytes():
        told += part
        if len(told) > _ERROR_BODY:
            break
    return f"{response.status_code} {_plain(told.decode('utf-8', 'replace'))}".strip()


def _plain(text: str) -> str:
    """Give the beginning of what a server wrote, on one line and without markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:_SHOWN]


def _server(response: "httpx.Response") -> str:
    """Give what a server calls itself; Fuseki does so only in the name of a header."""
    return "Apache Jena Fuseki" if "Fuseki-Request-Id" in response.headers else response.headers.get("Server", "")


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isascii() and header.isdigit() else 0.0
