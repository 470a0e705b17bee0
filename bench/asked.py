"""What is asked of servers: canned queries, pages, Turtle and things of a publication, as addresses."""

import gzip
import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

__all__ = ["JSON", "Canned", "answer_of", "canned_queries", "entities", "quick"]

JSON: Final = "application/sparql-results+json"
_LONGEST: Final = 20.0


@dataclass(frozen=True)
class Canned:
    """A canned query: its name, its text, and how it is asked for everything by the API."""

    name: str
    text: str

    def by_protocol(self, endpoint: str) -> str:
        """Give the address that asks it of an endpoint, as the SPARQL protocol has it."""
        return f"{endpoint}?{urlencode({'query': self.text})}"

    @property
    def by_api(self) -> str:
        """Give the address that asks it of the API."""
        return f"/api/{self.name}?everything=true&format=json"


def canned_queries(public: Path) -> list[Canned]:
    """Read the canned queries of a publication."""
    index = json.loads((public / "queries" / "index.json").read_text("utf-8"))
    base = f"BASE <{index['base']}>\n"
    return [Canned(query["name"], base + (public / "queries" / f"{query['name']}.rq").read_text("utf-8")) for query in index["queries"]]


def quick(endpoint: str, queries: Sequence[Canned], seconds: float) -> list[Canned]:
    """Leave out the queries that an endpoint needs longer for, asked a second time so that nothing is read for the first."""
    found = []
    for query in queries:
        address = query.by_protocol(endpoint)
        answer_of(address, {"Accept": JSON})
        began = time.monotonic()
        status, _ = answer_of(address, {"Accept": JSON})
        if status == 200 and time.monotonic() - began <= seconds:
            found.append(query)
    return found


def entities(public: Path, most: int) -> list[str]:
    """Give the paths of things that have a page and Turtle, evenly taken from all of them."""
    found = sorted(path.with_suffix("").relative_to(public).as_posix() for path in public.rglob("*.ttl") if path.with_suffix(".html").is_file())
    step = max(1, len(found) // most)
    return ["/" + quote(path) for path in found[::step][:most]]


def answer_of(address: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Ask once; give status and body, unpacked, or of a redirection where it leads, which is not followed; 0 and nothing where there was no answer."""
    try:
        with _OPENER.open(urllib.request.Request(address, headers=headers), timeout=_LONGEST) as response:  # noqa: S310  # an address of our own
            body = response.read()
            return response.status, gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", "").encode() or error.read()
    except OSError:
        return 0, b""


class _Unmoved(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Unmoved())
