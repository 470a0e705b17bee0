"""Tables and their mappings become quads, the ontology adds what follows, the shapes judge, and all is published, whole or not at all."""

from dataclasses import dataclass
from typing import Final

from schakel import evidence, publish
from schakel.cache import Cache, NoCache
from schakel.engine import DuckDB, Executor
from schakel.errors import NoCapturesError
from schakel.findings import Finding, blocking
from schakel.project import Content, read_content, read_tables
from schakel.publish import Built, Progress
from schakel.settings import Settings
from schakel.stages import infer, map_content, validate

__all__ = ["STAGES", "Outcome", "Progress", "build", "check", "clean", "record_evidence"]

STAGES: Final = ("reading", "mapping", "reasoning", "validating", "publishing")


@dataclass(frozen=True)
class Outcome:
    """What a run found and did. `published` counts files; 0 where nothing was published. `statements` counts quads."""

    findings: tuple[Finding, ...]
    blocked: bool
    statements: int = 0
    passages: int = 0
    published: int = 0
    verified: bool = False


def build(settings: Settings, progress: Progress = lambda _: None, *, caching: bool = True, dumps_only: bool = False) -> Outcome:
    """Build the graph and publish it, unless a finding blocks that. The report is written in either case.

    Without `caching` no page of an earlier run is used, and none kept for later ones. With `dumps_only` neither entities nor queries get files.
    Raises SchakelError where the work cannot be done.
    """
    with _engine(settings) as executor:
        built = _built(settings, executor, progress)
        published = 0
        if not built.is_blocked:
            progress("publishing")
            published = publish.publish(built, executor, Cache(settings.cache) if caching else NoCache(), dumps_only=dumps_only)
        publish.write_report(built, published=bool(published))
        return Outcome(tuple(built.findings), not published, built.quads, built.passages, published)
