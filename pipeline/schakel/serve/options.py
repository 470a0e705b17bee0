"""How the front serves: the limits, from the settings of a project, and where the answers come from."""

from dataclasses import dataclass

from schakel.settings import Settings

__all__ = ["Options", "options_of"]


@dataclass(frozen=True)
class Options:
    """The limits of serving. Beyond one of them is an error, never a part of an answer.

    `seconds`, `rows` and `bytes` are those of an answer, `query_length` (characters) and `query_depth` (brackets) of a query, `body_bytes` and
    `patience` (seconds) of a request; `at_once` queries run together, and a client asks `per_minute` of them. `engines` processes answer, each with
    `memory` megabytes. `proxies` are addresses whose word is taken for whom they speak for.
    """

    seconds: int
    rows: int
    bytes: int
    query_length: int
    query_depth: int
    body_bytes: int
    patience: int
    at_once: int
    per_minute: int
    engines: int
    memory: int
    proxies: tuple[str, ...] = ()
    backend: str = ""


def options_of(settings: Settings, backend: str = "") -> Options:
    """Take the limits from the settings of a project."""
    return Options(
        settings.serve_seconds,
        settings.serve_rows,
        settings.serve_bytes,
        settings.serve_query_length,
        settings.serve_query_depth,
        settings.serve_body_bytes,
        settings.serve_patience,
        settings.serve_at_once,
        settings.serve_per_minute,
        settings.serve_engines,
        settings.serve_memory,
        settings.serve_proxies,
        backend,
    )
