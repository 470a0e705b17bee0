"""A page of the web, fetched because somebody named its address: over HTTP alone, within limits of time and size."""

import time
import urllib.error
from email.message import Message
from http.client import HTTPException, HTTPMessage
from typing import IO, Final
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from schakel.errors import PageUnreadableError

__all__ = ["decoded", "fetch"]

_SECONDS: Final = 30.0
_MOST_BYTES: Final = 10_000_000
_CHUNK: Final = 1 << 16
_SCHEMES: Final = frozenset({"http", "https"})


def fetch(url: str, seconds: float = _SECONDS, most_bytes: int = _MOST_BYTES) -> str:
    """Give the text of a page.

    Raises PageUnreadableError for an address that is not http(s), or that leads to one; for a page that takes too long or is too large; and for none at all.
    """
    if not _is_of_the_web(url):
        raise PageUnreadableError(url, "its address should begin with http:// or https://")
    deadline = time.monotonic() + seconds
    try:
        # Its scheme is one of two, and a redirect to another is refused below.
        request = Request(url, headers={"Accept": "text/html, application/xhtml+xml", "User-Agent": "schakel"})  # noqa: S310
        with _opener().open(request, timeout=seconds) as response:
            content = bytearray()
            while part := response.read1(_CHUNK):
                content += part
                if len(content) > most_bytes:
                    raise PageUnreadableError(url, f"it is larger than {most_bytes:,} bytes")
                if time.monotonic() > deadline:
                    raise TimeoutError  # noqa: TRY301  # told below as the other ones are
            headers: Message = response.headers
    except urllib.error.HTTPError as error:
        error.close()
        raise PageUnreadableError(url, f"{error.code} {error.reason}") from None
    except TimeoutError:
        raise PageUnreadableError(url, f"it takes longer than {seconds:g} seconds") from None
    except (OSError, ValueError, HTTPException) as error:
        raise PageUnreadableError(url, str(getattr(error, "reason", "") or error) or type(error).__name__) from None
    return decoded(bytes(content), headers.get_content_charset())


def decoded(content: bytes, charset: str | None = None) -> str:
    """Give the text of a page: in the encoding that was announced, else UTF-8; what is no text of it becomes a sign for that."""
    try:
        return content.decode(charset or "utf-8-sig", "replace")
    except LookupError:
        return content.decode("utf-8-sig", "replace")


class _ToTheWeb(HTTPRedirectHandler):
    """Follows redirects to pages of the web only; those of the standard library go to FTP too."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str) -> Request | None:  # noqa: PLR0913, PLR0917  # as it is called
        if not _is_of_the_web(newurl):
            fp.close()
            raise PageUnreadableError(req.full_url, f"it leads to {newurl}, which is no page of the web")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_of_the_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in _SCHEMES
    except ValueError:
        return False


def _opener() -> OpenerDirector:
    """Give what opens addresses of HTTP, and no files, FTP or data."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler(), HTTPDefaultErrorHandler(), _ToTheWeb(), HTTPErrorProcessor()):
        opener.add_handler(handler)
    return opener
