"""A SPARQL endpoint somewhere else, asked by SPARQLWrapper."""

import json
import time
import urllib.error
from collections.abc import Sequence
from http.client import HTTPException, HTTPResponse
from typing import Any, Final, cast
from urllib.parse import urljoin, urlsplit

import pyoxigraph as ox
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
    URITooLong,
)

from schakel.answers import Answer, answer_from_json, boolean_from_json
from schakel.errors import AnswerTooLongError, EndpointError, QueryFailedError, QueryTimeoutError
from schakel.queries.limits import Limits, Reply
from schakel.queries.text import form_of, unsafe

__all__ = ["Endpoint"]

_AGENT: Final = "schakel"
_CHUNK: Final = 1 << 16
# What a server says when the question is not to its liking; other numbers speak of the server.
_REFUSED: Final = frozenset({400, 413, 414, 422})
# A POST is sent on to neither of these; after 301, 302 and 303 it comes there as a GET, without the query.
_MOVED: Final = frozenset({300, 301, 302, 303, 307, 308})
_LONGEST_PROBLEM: Final = 300
_TRUTH: Final = "__ASK_RETVAL"
# The status that SPARQLWrapper has made an exception of.
_STATUS: Final = {EndPointInternalError: "500", EndPointNotFound: "404", Unauthorized: "401", URITooLong: "414"}


class Endpoint:
    """A SPARQL 1.1 endpoint over HTTP; queries are sent as its protocol says, in the body of a POST, and asked of the graphs given, if any."""

    def __init__(
        self, url: str, base: str | None = None, limits: Limits | None = None, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise EndpointError(url, "its address should begin with http:// or https://")
        self.url = url
        self._base = base
        self._limits = limits or Limits()
        self._default_graphs, self._named_graphs = default_graphs, named_graphs

    def select(self, query: str) -> Answer:
        """Give what a SELECT answers.

        Raises QueryFailedError, QueryTimeoutError, AnswerTooLongError, EndpointError.
        """
        reply = self.ask(query)
        try:
            answer = answer_from_json(reply.content)
        except ValueError:
            raise EndpointError(self.url, f"what it answers is no SPARQL result: {_start(reply.content)}") from None
        return self._limits.rows_checked(answer)

    def ask(self, query: str) -> Reply:
        """Give what a query of any form answers, as bytes: JSON results of SPARQL, or N-Triples.

        Raises as select() does.
        """
        word = unsafe(query)
        if word is not None:
            raise QueryFailedError(f"{word} is not allowed: queries read one graph, and ask nobody else")
        form = form_of(query)
        if form is None:
            raise QueryFailedError("it is none of SELECT, ASK, CONSTRUCT and DESCRIBE")
        triples = form in {"CONSTRUCT", "DESCRIBE"}
        content = self._content(self._wrapper(f"BASE {ox.NamedNode(self._base)}\n{query}" if self._base else query, triples=triples))
        if form == "ASK":
            content = self._boolean(content)
        return Reply(self._as_ntriples(content) if triples else content, triples=triples)

    def _wrapper(self, query: str, *, triples: bool) -> Any:  # noqa: ANN401  # SPARQLWrapper has no types
        wrapper = SPARQLWrapper(self.url, agent=_AGENT)
        wrapper.setMethod(POST)
        # Only in the header: some servers refuse parameters that the protocol does not know.
        wrapper.setOnlyConneg(True)  # its own way to be called
        wrapper.setReturnFormat(TURTLE if triples else JSON)
        wrapper.setTimeout(max(int(self._limits.seconds), 1))
        for graph in self._default_graphs:
            wrapper.addDefaultGraph(graph)
        for graph in self._named_graphs:
            wrapper.addNamedGraph(graph)
        wrapper.setQuery(query)
        # It would look for the form in comments too.
        wrapper.queryType = form_of(query)
        return wrapper

    def _content(self, wrapper: Any) -> bytes:  # noqa: ANN401  # as above
        try:
            return self._read(wrapper.query().response)
        except QueryBadFormed as error:
            self._refuse_moved(error.__context__)
            raise self._refused(str(error)) from None
        except SPARQLWrapperException as error:
            self._refuse_moved(error.__context__)
            raise EndpointError(self.url, f"{_STATUS.get(type(error), '')} {' '.join(str(error).split())}".strip()[:_LONGEST_PROBLEM]) from None
        except urllib.error.HTTPError as error:
            self._refuse_moved(error)
            told = _start(error.read(_LONGEST_PROBLEM))
            raise (self._refused(told) if error.code in _REFUSED else EndpointError(self.url, f"{error.code} {error.reason} {told}".strip())) from None
        except (OSError, ValueError, HTTPException) as error:
            if isinstance(getattr(error, "reason", error), TimeoutError):
                raise QueryTimeoutError(self._limits.seconds) from None
            raise EndpointError(self.url, str(getattr(error, "reason", "") or error) or type(error).__name__) from None

    def _read(self, response: HTTPResponse) -> bytes:
        """Read what comes, within the limits; what was cut off is no answer."""
        if response.geturl() != self.url:
            # The question was lost on the way there.
            raise EndpointError(self.url, f"it has moved to {response.geturl()}")
        deadline = time.monotonic() + self._limits.seconds
        parts: list[bytes] = []
        length = 0
        while part := response.read1(_CHUNK):
            parts.append(part)
            length += len(part)
            if length > self._limits.bytes:
                raise AnswerTooLongError(bytes=self._limits.bytes)
            if time.monotonic() > deadline:
                raise TimeoutError
        announced = response.headers.get("Content-Length")
        if announced is not None and length != int(announced):
            raise EndpointError(self.url, f"the answer was cut off after {length:,} of {int(announced):,} bytes")
        return b"".join(parts)

    def _refuse_moved(self, error: BaseException | None) -> None:
        """Say where a redirect leads, whichever status it has, and whatever the target says of a query that was lost on the way there."""
        if isinstance(error, urllib.error.HTTPError):
            target = urljoin(self.url, error.headers.get("Location", "") if error.code in _MOVED else error.geturl() or "")
            if target != self.url:
                raise EndpointError(self.url, f"it has moved to {target}") from None

    def _refused(self, told: str) -> QueryFailedError:
        return QueryFailedError(f"{self.url} refuses it: {' '.join(told.split())[:_LONGEST_PROBLEM]}")

    def _boolean(self, content: bytes) -> bytes:
        """Give yes or no as the standard writes it; Virtuoso 7.2.5 gives a table of one column instead, which holds 1 or nothing."""
        try:
            boolean_from_json(content)
        except ValueError:
            if _columns(content) == (_TRUTH,):
                return json.dumps({"head": {}, "boolean": bool(answer_from_json(content).rows)}).encode()
            raise EndpointError(self.url, f"what it answers is neither yes nor no: {_start(content)}") from None
        return content

    def _as_ntriples(self, content: bytes) -> bytes:
        try:
            return cast("bytes", ox.serialize(ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=self._base), format=ox.RdfFormat.N_TRIPLES))
        except (SyntaxError, ValueError):
            raise EndpointError(self.url, f"what it answers is no Turtle: {_start(content)}") from None


def _columns(content: bytes) -> tuple[str, ...]:
    try:
        return tuple(answer_from_json(content).columns)
    except ValueError:
        return ()


def _start(content: bytes) -> str:
    return " ".join(content[:_LONGEST_PROBLEM].decode("utf-8", "replace").split())
