"""HTTP with a store: limits of time and size, no redirects, credentials for one address only, and a plain message for every failure."""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from schakel.errors import MissingExtraError, StoreError, StoreFullError, StoreRefusesError, StoreUnreachableError
from schakel.load.credentials import Credentials

if TYPE_CHECKING:
    import httpx

__all__ = ["Body", "Client", "Patience", "Request"]

T = TypeVar("T")
_AGENT: Final = "schakel"
_SHOWN: Final = 200
_ERROR_BODY: Final = 4_000
_ANSWER: Final = 1 << 24
_PIECE: Final = 1 << 16
_CONNECTING: Final = 10.0
# What a server answers that has not begun with a request; and what a proxy answers that may have passed it on.
_NOT_BEGUN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_PASSING: Final = _NOT_BEGUN | {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
_NO_ROOM: Final = re.compile(r"no space|disk (?:is )?full|quota|out of (?:disk|space|storage)|ENOSPC|insufficient storage", re.IGNORECASE)
_LONGEST_WAIT: Final = 60.0


@dataclass(frozen=True)
class Patience:
    """How many seconds to wait for one request, how often to repeat it, and how long to wait between.

    `settle` is how many seconds after its client was lost an update may still be carried out; None: as many as a request may take. `quiet` is how many
    seconds a store is then left alone before it is verified once more.
    """

    seconds: float = 300.0
    tries: int = 5
    first_wait: float = 0.5
    settle: float | None = None
    quiet: float = 2.0
    wait: Callable[[float], None] = field(default=time.sleep, repr=False)


@dataclass(frozen=True)
class Request:
    """A request to a store, whose answer may have `most` bytes.

    With `absent`, what is not there (404) is an empty answer. With `once`, it is repeated only where the store cannot have begun with it.
    """

    method: str
    url: str
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    most: int = _ANSWER
    absent: bool = False
    once: bool = False


class Body:
    """The body of an answer, read piece by piece; and the server as it calls itself."""

    def __init__(self, pieces: Iterator[bytes], server: str, limit: Callable[[int], None]) -> None:
        self.server = server
        self.beginning = b""
        self._pieces = pieces
        self._limit = limit
        self._piece = b""
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        """Give so many bytes, or with -1 everything that is left; fewer only at the end.

        Raises StoreError where it has more bytes, StoreUnreachableError where it takes longer, than an answer may.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        # Some servers send a few hundred bytes at a time.
        gathered, length = [self._piece], len(self._piece)
        while length < size and (piece := next(self._pieces, None)) is not None:
            self._read += len(piece)
            self._limit(self._read)
            self.beginning += piece[: _SHOWN - len(self.beginning)]
            gathered.append(piece)
            length += len(piece)
        whole = b"".join(gathered)
        self._piece = whole[size:]
        return whole[:size]


def _httpx() -> ModuleType:
    try:
        import httpx  # noqa: PLC0415  # an extra, and a fifth of a second to import
    except ImportError:
        raise MissingExtraError("load", "httpx") from None
    return httpx


class Client:
    """Requests to one store, with credentials when they are asked for, or with `always` from the first request on."""

    def __init__(self, address: str, credentials: Credentials | None = None, patience: Patience | None = None, *, always: bool = False) -> None:
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
            headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"},
        )
        self._auth: Any = _Bearer(self._credentials.token) if self._credentials.token else None
        if always and self._credentials.user:
            self._auth = self._library.BasicAuth(self._credentials.user, self._credentials.password)

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def send(self, request: Request, receive: Callable[[Body], T] = Body.read) -> T:  # type: ignore[assignment]  # bytes, unless another is given
        """Send a request and let its answer be received; both once more while the store cannot be reached.

        Raises StoreUnreachableError, StoreRefusesError, StoreFullError, StoreError.
        """
        url = request.url
        if urlsplit(url)[:2] != self._origin:
            raise StoreRefusesError(url, "is another than the one that was named; nothing is sent there")
        for attempt in range(1, self._patience.tries + 1):
            wait = self._patience.first_wait * 2 ** (attempt - 1)
            try:
                with self._opened(request) as response:
                    if response.status_code not in _PASSING:
                        return receive(self._checked(response, request))
                    begun = response.status_code not in _NOT_BEGUN
                    wait = max(wait, _seconds(response.headers.get("Retry-After")))
                    problem = self._told(response, request)
            except self._library.HTTPError as error:
                problem, begun = self._failure(url, error)
            if request.once and begun:
                raise StoreUnreachableError(url, problem)
            if attempt < self._patience.tries:
                self._patience.wait(min(wait, _LONGEST_WAIT))
        raise StoreUnreachableError(url, f"{problem}; tried {attempt} times" if attempt > 1 else problem)

    def _failure(self, url: str, error: Exception) -> tuple[str, bool]:
        """Say in plain words what went wrong, and whether the store may have begun with the request."""
        library = self._library
        if isinstance(error, library.ConnectError):
            if "certificate" in str(error).lower():
                raise StoreRefusesError(url, f"cannot be trusted: {_plain(str(error))}") from None
            return f"cannot be reached: {_plain(str(error)) or 'no connection'}", False
        if isinstance(error, library.TimeoutException):
            return f"says nothing within {self._patience.seconds:g} seconds", not isinstance(error, library.ConnectTimeout)
        if isinstance(error, library.RemoteProtocolError):
            return "cut its answer off", True
        return f"broke the connection off ({type(error).__name__})", True

    @contextmanager
    def _opened(self, request: Request) -> Iterator["httpx.Response"]:
        """Open the answer; send a name and password when they are asked for, in the way that is asked for, and from then on."""
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

    def _checked(self, response: "httpx.Response", request: Request) -> Body:
        status, url = response.status_code, request.url
        if response.is_success:
            # A few bytes that are compressed can be a thousand times as many, so nothing is asked for that way.
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise StoreError(url, "compresses its answer, which was not asked for")
            return Body(response.iter_raw(), _server(response), self._limit(request))
        if status == HTTPStatus.NOT_FOUND and request.absent:
            return Body(iter(()), _server(response), self._limit(request))
        if status < HTTPStatus.BAD_REQUEST:
            raise StoreRefusesError(
                url, f"has moved to {_plain(response.headers.get('Location', 'somewhere else'))}; nothing was sent there. Name that address"
            )
        told = self._told(response, request)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            ways = "credentials come from SCHAKEL_LOAD_USER and SCHAKEL_LOAD_PASSWORD, or SCHAKEL_LOAD_TOKEN"
            always = "with --auth always they are sent before they are asked for" if self._credentials.user and self._auth is None else ""
            raise StoreRefusesError(url, f"does not let you in ({told}); {'; '.join(filter(None, (self._credentials.problem, ways, always)))}")
        if status == HTTPStatus.INSUFFICIENT_STORAGE or _NO_ROOM.search(told):
            raise StoreFullError(url, f"has no room left ({told}); what was published there before is as it was")
        raise (StoreError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else StoreRefusesError)(url, f"refuses: {told}")

    def _told(self, response: "httpx.Response", request: Request) -> str:
        """Give the status of an answer, and the beginning of what it says."""
        body, told = Body(response.iter_raw(), "", self._limit(request)), b""
        while len(told) < _ERROR_BODY and (piece := body.read(_PIECE)):
            told += piece
        return f"{response.status_code} {_plain(told[:_ERROR_BODY].decode('utf-8', 'replace'))}".strip()

    def _limit(self, request: Request) -> Callable[[int], None]:
        """Give what stops an answer that has too many bytes, or comes so slowly that it does not end in time."""
        deadline = time.monotonic() + self._patience.seconds

        def limit(read: int) -> None:
            if read > request.most:
                raise StoreError(request.url, f"answers with more than {request.most:,} bytes, which is more than it can have to say; reading stopped")
            if time.monotonic() > deadline:
                raise StoreUnreachableError(request.url, f"has not ended its answer after {self._patience.seconds:g} seconds")

        return limit


class _Bearer:
    """Puts a token into each request to the store."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: "httpx.Request") -> "httpx.Request":
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _plain(text: str) -> str:
    """Give the beginning of what a server wrote, on one line and without markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:_SHOWN]


def _server(response: "httpx.Response") -> str:
    """Give what a server calls itself; Fuseki does so only in the name of a header."""
    return "Apache Jena Fuseki" if "Fuseki-Request-Id" in response.headers else response.headers.get("Server", "")


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isascii() and header.isdigit() else 0.0
