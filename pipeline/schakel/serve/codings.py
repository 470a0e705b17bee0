"""Answers as they are sent: smaller for who takes Brotli or gzip, and not at all to who has them already."""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Final

import brotli
from starlette.requests import Request
from starlette.responses import Response

from schakel.serve.kept import Kept
from schakel.serve.negotiation import takes_identity, wanted_coding
from schakel.serve.problems import Problem

__all__ = ["coded", "coding_for", "is_known", "kept_coded", "packed", "tag_of", "tagged"]

# What is smaller fits into one packet as it is; what is larger would take memory and seconds.
_WORTH: Final = range(1000, 16 << 20)
# What is packed once and kept, and what is packed for one reader alone: how well, of Brotli's 11 and gzip's 9. Brotli's best takes a thousand times as long.
_KEPT_LEVELS: Final[Mapping[str, int]] = {"br": 6, "gzip": 6}
_LEVELS: Final[Mapping[str, int]] = {"br": 4, "gzip": 4}
# What is packed sooner than another thread takes it up.
_AT_ONCE: Final = 16 << 10


def coding_for(request: Request, length: int, *, packable: bool = True) -> str:
    """Give the content coding that a reader gets: `br`, `gzip` or `identity`, which is also for what hardly becomes smaller.

    Raises Problem where a reader takes none of them.
    """
    header = request.headers.get("accept-encoding")
    if header is None:
        return "identity"
    coding = wanted_coding(header)
    if coding == "identity" or (takes_identity(header) and not (packable and length in _WORTH)):
        return "identity"
    if coding is None or length >= _WORTH.stop:
        raise Problem("not-acceptable", "There are the content codings br and gzip, not of everything, and identity.", headers={"Vary": "Accept-Encoding"})
    return coding


def packed(content: bytes, coding: str, levels: Mapping[str, int] = _LEVELS) -> bytes:
    """Pack with a coding.

    >>> gzip.decompress(packed(b"text", "gzip")), brotli.decompress(packed(b"text", "br")), packed(b"text", "identity")
    (b'text', b'text', b'text')
    """
    if coding == "br":
        return bytes(brotli.compress(content, quality=levels["br"]))
    return gzip.compress(content, levels["gzip"], mtime=0) if coding == "gzip" else content


async def kept_coded(kept: Kept[object], key: object, coding: str, read: Callable[[], bytes]) -> bytes:
    """Give content packed with a coding, from what is kept or made now and kept."""

    async def make() -> bytes:
        return await asyncio.to_thread(lambda: packed(read(), coding, _KEPT_LEVELS))

    made = await kept.once((key, coding), make, lambda each: len(each) if isinstance(each, bytes) else 0)
    return made if isinstance(made, bytes) else b""


async def coded(request: Request, content: bytes, headers: Mapping[str, str]) -> Response:
    """Send what was made for one reader, in the coding that is wanted."""
    coding = coding_for(request, len(content))
    if coding != "identity":
        content = packed(content, coding) if len(content) < _AT_ONCE else await asyncio.to_thread(packed, content, coding)
    return Response(content, headers=tagged(headers, coding))


def tagged(headers: Mapping[str, str], coding: str) -> dict[str, str]:
    """Give the headers of an answer in a coding: each coding has a tag of its own, and any answer depends on what the reader takes.

    >>> tagged({"ETag": '"1"', "Vary": "Accept"}, "br")
    {'ETag': '"1-br"', 'Vary': 'Accept, Accept-Encoding', 'Content-Encoding': 'br'}
    """
    told = {**headers, "Vary": ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))}
    if coding == "identity":
        return told
    tag = {"ETag": f'{headers["ETag"][:-1]}-{coding}"'} if "ETag" in headers else {}
    return told | tag | {"Content-Encoding": coding}


def tag_of(content: bytes) -> str:
    """Give the tag of content by what it holds."""
    return f'"{blake2b(content, digest_size=12).hexdigest()}"'


def is_known(request: Request, tag: str, changed: int | None = None) -> bool:
    """Tell whether a reader has the answer as it would be sent; of both conditions the one by the tag counts."""
    given = request.headers.get("if-none-match")
    if given is not None:
        return any(each.strip().removeprefix("W/") in {tag, "*"} for each in given.split(","))
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and changed is not None and changed <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False
