"""What a request says, read with care: its parameters, its body, and how long both may be and take."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from schakel.serve.problems import Problem

__all__ = ["body_of", "form_of_body", "media_type_of", "methods_of", "parameters_of", "single"]

_POSTED: Final = frozenset({"/sparql", "/reconcile"})
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_PARAMETERS: Final = 100
_BROKEN: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def methods_of(path: str) -> str:
    """Name the methods that an address takes.

    >>> methods_of("/sparql"), methods_of("/void.ttl")
    ('GET, HEAD, OPTIONS, POST', 'GET, HEAD, OPTIONS')
    """
    return "GET, HEAD, OPTIONS, POST" if path in _POSTED else "GET, HEAD, OPTIONS"


def parameters_of(encoded: str | bytes) -> list[tuple[str, str]]:
    """Read `name=value&…`.

    Raises Problem where it is not UTF-8, or holds too many of them.
    """
    try:
        text = encoded.decode("ascii") if isinstance(encoded, bytes) else encoded
        if _BROKEN.search(text):
            raise Problem("bad-request", "A percent sign is not followed by two hexadecimal digits.")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeError:
        raise Problem("bad-request", "The parameters are not UTF-8.") from None
    except ValueError:
        raise Problem("bad-request", f"There may be {_MOST_PARAMETERS} parameters.") from None
    return pairs


def single(pairs: Sequence[tuple[str, str]], name: str) -> str | None:
    """Give the value of a parameter that may stand once.

    Raises Problem.
    """
    values = [value for key, value in pairs if key == name]
    if len(values) > 1:
        raise Problem("bad-request", f"“{name}” is given {len(values)} times.")
    return values[0] if values else None


def media_type_of(request: Request) -> tuple[str, Mapping[str, str]]:
    """Give the media type of a request's body, with its parameters."""
    main, *rest = request.headers.get("content-type", "").split(";")
    pairs = (part.partition("=") for part in rest)
    return main.strip().lower(), {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}


async def body_of(request: Request, most: int, seconds: float) -> bytes:
    """Read the body of a request.

    Raises Problem where it is too long, too slow, or compressed: what is small on its way may be large when it is unpacked.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem("unsupported-media-type", "Compressed bodies are not taken.")
    _, parameters = media_type_of(request)
    if parameters.get("charset", "utf-8") not in {"utf-8", "utf8", "us-ascii"}:
        raise Problem("unsupported-media-type", "Bodies are to be UTF-8.")
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > most:
        raise Problem("too-large", f"A body may have {most:,} bytes.", headers={"Connection": "close"})
    received = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                received += part
                if len(received) > most:
                    raise Problem("too-large", f"A body may have {most:,} bytes.", headers={"Connection": "close"})
    except TimeoutError:
        raise Problem("body-too-slow", f"A body may take {seconds:g} seconds.", headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Problem("bad-request", "The request was cut off.") from None
    return bytes(received)


async def form_of_body(request: Request, most: int, seconds: float) -> list[tuple[str, str]]:
    """Read the parameters in the body of a form.

    Raises Problem.
    """
    media_type, _ = media_type_of(request)
    if media_type != _FORM:
        raise Problem("unsupported-media-type", f"A body should be {_FORM}.", headers={"Accept-Post": _FORM})
    return parameters_of(await body_of(request, most, seconds))
