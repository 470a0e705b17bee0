"""Where the service is, as a client sees it: every address that a response holds is made here.

A project whose base has a path is served below that path. A proxy may put the service below another, and strip that from what it passes on or not.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from starlette.types import Scope

__all__ = ["Site", "locate", "prefix_of"]

_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
_PREFIX: Final = re.compile(r"(?:/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)*")
_TELLING: Final = frozenset({b"host", b"x-forwarded-host", b"x-forwarded-prefix"})
_SAFE: Final = "/:@!$&'()*+,;=~%?#"


@dataclass(frozen=True, slots=True)
class Site:
    """The scheme and host of the service, without a path, and the path below which all of it is, without a slash at its end.

    >>> site = Site("https://data.example", "/lod")
    >>> site.path("/org/café"), site.url("/sparql")
    ('/lod/org/caf%C3%A9', 'https://data.example/lod/sparql')
    """

    origin: str
    prefix: str

    def path(self, local: str) -> str:
        """Give the address of something on this host, by its path below the site; what is percent-encoded stays so."""
        return self.prefix + quote(local, safe=_SAFE)

    def url(self, local: str) -> str:
        """Give the whole address."""
        return self.origin + self.path(local)


@lru_cache(maxsize=100)
def prefix_of(address: str) -> str:
    """Give the path of an address or of a header, as a prefix; none where there is nothing sound in it.

    >>> prefix_of("https://data.example/lod/"), prefix_of("/a, /b/"), prefix_of("//evil.example/"), prefix_of("urn:example:")
    ('/lod', '/a/b', '', '')
    """
    path = urlsplit(address).path if "://" in address else "".join(part.strip().rstrip("/") for part in address.split(","))
    prefix = quote(path.rstrip("/"), safe=_SAFE)
    return prefix if _PREFIX.fullmatch(prefix) and not {".", ".."}.intersection(prefix.split("/")) else ""


def locate(scope: Scope, base: str, root_path: str) -> Site:
    """Find out where a client sees the service, and take the prefix from the path of its request, if it is there.

    What a proxy says (`X-Forwarded-Prefix`, `X-Forwarded-Host`) is taken as it is: connections drop these headers where no trusted proxy sends them.
    """
    told = {name: value.decode("latin-1") for name, value in scope["headers"] if name in _TELLING}
    scope["asked"] = scope["raw_path"]
    prefix = prefix_of(told.get(b"x-forwarded-prefix", "")) or root_path
    path = _below(prefix or prefix_of(base), scope["raw_path"].decode("latin-1"))
    if path is not None:
        prefix = prefix or prefix_of(base)
        scope.update(path=unquote(path), raw_path=path.encode("latin-1"))
    host = told.get(b"x-forwarded-host", told.get(b"host", "")).partition(",")[0].strip()
    return Site(f"{scope['scheme']}://{host}" if _HOST.fullmatch(host) else "/".join(base.split("/", 3)[:3]), prefix)


def _below(prefix: str, path: str) -> str | None:
    """Give a path without the prefix, the empty path for the prefix itself; None where it does not begin with that."""
    count = prefix.count("/")
    segments = path.split("/")
    if not prefix or [unquote(each) for each in segments[: count + 1]] != [unquote(each) for each in prefix.split("/")]:
        return None
    return "".join(f"/{segment}" for segment in segments[count + 1 :])
