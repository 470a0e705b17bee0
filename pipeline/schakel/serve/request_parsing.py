"""What a request says, read with care: its parameters and its body, how long both may be and take, and which formats and languages a reader wants most."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from schakel.languages import preferred
from schakel.serve.responses import Problem
from schakel.serve.service import service_of

__all__ = [
    "body_of",
    "media_type_of",
    "methods_of",
    "negotiated",
    "number",
    "parameters_of",
    "single",
    "wanted_coding",
    "wanted_format",
    "wanted_language",
    "weights",
]

_POSTED: Final = frozenset({"/sparql", "/reconcile"})
_MOST_PARAMETERS: Final = 100
_WEIGHT: Final = re.compile(r"q\s*=\s*(1(?:\.0{0,3})?|0(?:\.\d*)?|\.\d+)", re.IGNORECASE)
_LONGEST_HEADER: Final = 2000
# Of those that a reader wants equally, the first makes answers smallest.
_CODINGS: Final = ("br", "gzip")
# What `format=` may say where a client cannot send `Accept`, besides a media type.
_SHORT: Final[Mapping[str, str]] = {
    "html": "text/html",
    "json": "application/json",
    "xml": "application/xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "ntriples": "application/n-triples",
    "rdf": "application/rdf+xml",
    "n3": "text/n3",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "nq": "application/n-quads",
    "trig": "application/trig",
}
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


def number(pairs: Sequence[tuple[str, str]], name: str, least: int, most: int) -> int | None:
    """Give the whole number that a parameter is.

    Raises Problem.
    """
    text = single(pairs, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise Problem("bad-parameter", f"“{name}” is a whole number from {least} to {most:,}.")
    return int(text)


def media_type_of(request: Request) -> tuple[str, Mapping[str, str]]:
    """Give the media type of a request's body, with its parameters."""
    main, *rest = request.headers.get("content-type", "").split(";")
    pairs = (part.partition("=") for part in rest)
    return main.strip().lower(), {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}


async def body_of(request: Request) -> bytes:
    """Read the body of a request.

    Raises Problem where it is too long, too slow, or compressed: what is small on its way may be large when it is unpacked.
    """
    settings = service_of(request).settings
    most, seconds = settings.serve_body_bytes, settings.serve_patience
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


def weights(header: str) -> dict[str, float]:
    """Read a header of ranges and weights; where a range stands twice, its first weight counts.

    >>> weights("text/html;q=0.8, text/turtle;charset=utf-8")
    {'text/html': 0.8, 'text/turtle': 1.0}
    """
    found: dict[str, float] = {}
    for part in header[:_LONGEST_HEADER].split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((float(match[1]) for each in parameters if (match := _WEIGHT.fullmatch(each))), 1.0)
        if name:
            found.setdefault(name.lower(), weight)
    return found


def _weight_of(media_types: Sequence[str], given: Mapping[str, float]) -> float:
    """Weigh a format by the range that names it most exactly, by whichever of its media types."""
    exact = [given[each] for each in media_types if each in given]
    if exact:
        return max(exact)
    main = media_types[0].partition("/")[0]
    return next((given[each] for each in (f"{main}/*", "*/*") if each in given), 0.0)


def wanted_format(header: str | None, offered: Mapping[str, str]) -> str | None:
    """Give the format wanted most of those offered (by media type); of several the first, and the first of all where no header says anything.

    None where none of them is wanted.

    >>> wanted_format("text/turtle;q=0.5, application/ld+json", {"text/turtle": "ttl", "application/ld+json": "jsonld"})
    'jsonld'
    """
    if header is None or not header.strip():
        return next(iter(offered.values()))
    given = weights(header)
    names = list(dict.fromkeys(offered.values()))
    heaviest = {name: _weight_of([each for each, named in offered.items() if named == name], given) for name in names}
    best = max(names, key=lambda name: heaviest[name])
    return best if heaviest[best] else None


def negotiated(request: Request, pairs: Sequence[tuple[str, str]], offered: Mapping[str, str], vary: str = "Accept") -> str:
    """Give the format, of those offered by media type, that the parameter `format` names, or else the header `Accept`.

    Raises Problem, with a list, where that is none of them.
    """
    asked, formats = single(pairs, "format"), list(dict.fromkeys(offered.values()))
    named = (asked or "").strip().lower()
    found = wanted_format(request.headers.get("accept"), offered) if asked is None else named if named in formats else offered.get(_SHORT.get(named, named))
    if found is None:
        short = [name for name, media_type in _SHORT.items() if media_type in offered]
        raise Problem("not-acceptable", f"There are {', '.join(offered)}; as format= also {', '.join(short)}.", headers={"Vary": vary})
    return found


def wanted_language(header: str | None, offered: Sequence[str]) -> str:
    """Give the language wanted most of those offered; the first where none of them is.

    >>> wanted_language("nn-NO, en;q=0.5", ["en", "nl", "nb"]), wanted_language("fr", ["en", "nl"])
    ('nb', 'en')
    """
    given = weights(header or "")
    by_tag = {tag.lower(): tag for tag in offered}
    for tag, weight in sorted(given.items(), key=lambda pair: -pair[1]):
        if weight == 0:
            break
        for each in preferred([tag]):
            if each in by_tag:
                return by_tag[each]
    return offered[0]


@lru_cache(maxsize=100)
def wanted_coding(header: bytes) -> bytes:
    """Give the content coding wanted most: `br`, `gzip`, or `identity`, which nobody need ask for.

    >>> wanted_coding(b"gzip, deflate, br"), wanted_coding(b"br;q=0.5, gzip"), wanted_coding(b"br;q=0.9, identity"), wanted_coding(b"br;q=0")
    (b'br', b'gzip', b'identity', b'identity')
    """
    given = weights(header.decode("latin-1"))
    others = given.get("*", 0.0)
    best = max(_CODINGS, key=lambda coding: given.get(coding, others))
    weight = given.get(best, others)
    return best.encode() if weight > 0 and weight >= given.get("identity", 0.0) else b"identity"
