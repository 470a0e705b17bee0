"""Statements and results of validation as they are kept: as text."""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode, Triple

from schakel import validation
from schakel.findings import Severity
from schakel.graph import Term, from_ntriples, to_ntriples

__all__ = ["read_result", "read_triples", "write_result", "write_triples"]


def write_triples(triples: Iterable[Triple]) -> str:
    """Write triples as lines of N-Triples."""
    return b"".join(to_ntriples(triples)).decode()


def read_triples(lines: str) -> Iterable[Triple]:
    """Read what write_triples() wrote."""
    return from_ntriples([lines.encode()])


def write_result(result: validation.Result) -> dict[str, Any]:
    """Write a result, as JSON has it."""
    terms = {"focus": result.focus, "path": result.path, "value": result.value, "component": result.component, "shape": result.shape}
    return {
        **{name: None if term is None else write_triples([Triple(_SUBJECT, _SUBJECT, term)]) for name, term in terms.items()},
        "severity": result.severity,
        "messages": dict(result.messages),
    }


def read_result(written: dict[str, Any]) -> validation.Result:
    """Read what write_result() wrote."""
    path, component, shape = (_term(written[name]) for name in ("path", "component", "shape"))
    focus = _term(written["focus"])
    if focus is None or not isinstance(component, NamedNode) or not isinstance(shape, NamedNode):
        raise ValueError("a result names no focus node, component or shape")
    known_path = path if isinstance(path, NamedNode) else None
    return validation.Result(focus, known_path, _term(written["value"]), component, shape, Severity(written["severity"]), written["messages"])


def _term(line: str | None) -> Term | None:
    return None if line is None else next(iter(read_triples(line))).object


_SUBJECT = NamedNode("x:s")
