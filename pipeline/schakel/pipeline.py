"""Tables and their mappings become quads, the ontology adds what follows, the shapes judge, and all is published, whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schakel import evidence
from schakel.cache import Cache, NoCache
from schakel.engine import DuckDB, Executor
from schakel.errors import NoCapturesError, UnknownNameError
from schakel.findings import Finding, blocking
from schakel.project.content import Content, read_content
from schakel.project.tables import read_tables as read_engine_tables
from schakel.publish.files import publication_files
from schakel.publish.publication import publish
from schakel.publish.report import write_report
from schakel.settings import Settings
from schakel.stages.built import Built, Progress
from schakel.stages.citations import Evidence, cite
from schakel.stages.project_mapping import map_project
from schakel.stages.project_reasoning import infer_project
from schakel.stages.project_validation import Judge, judge_by_plans, validate_project
from schakel.tables import read_tables

__all__ = ["STAGES", "Outcome", "Progress", "build", "check", "clean", "record_evidence"]

_LITTLE_DATA: Final = 2_000_000
STAGES: Final = ("reading", "mapping", "reasoning", "validating", "publishing")


@dataclass(frozen=True)
class Outcome:
    """What a run found and did. `published` counts files; 0 where nothing was published. `statements` counts quads.

    `notes` say what no compiler could express, so that a general engine did it.
    """

    findings: tuple[Finding, ...]
    blocked: bool
    statements: int = 0
    passages: int = 0
    published: int = 0
    verified: bool = False
    notes: tuple[str, ...] = ()


def build(settings: Settings, progress: Progress = lambda _: None, *, caching: bool = True, dumps_only: bool = False) -> Outcome:
    """Build the graph and publish it, unless a finding blocks that. The report is written in either case.

    Without `caching` no page of an earlier run is used, and none is kept for later ones. With `dumps_only` neither entities nor queries get files.
    Raises SchakelError where the work cannot be done.
    """
    with _engine(settings) as executor:
        built = _built(settings, executor, progress)
        published = 0 if built.is_blocked else _publish(built, executor, progress, caching=caching, dumps_only=dumps_only)
    if not published:
        write_report(built)
    return Outcome(tuple(built.findings), not published, built.quads, built.passages, published, notes=tuple(built.notes))


def check(settings: Settings, progress: Progress = lambda _: None, *, second_opinion: bool = False) -> Outcome:
    """Do all that a build does except publish; verify the passages too, where there are captured pages.

    With `second_opinion` each conclusion and each result that owlrl or pySHACL sees differently is a finding; that takes minutes.
    """
    with _engine(settings) as executor:
        built = _built(settings, executor, progress)
        if second_opinion and not built.is_blocked:
            # rdflib, owlrl and pySHACL take a second to import, which nobody should wait for who asks for no second opinion.
            from schakel.second_opinion.project import second_opinions  # noqa: PLC0415  # as above

            built.add(second_opinions(executor, built))
    if settings.captures is not None:
        built.add(_verify(settings, built.content))
    write_report(built)
    return Outcome(tuple(built.findings), built.is_blocked, built.quads, built.passages, verified=settings.captures is not None, notes=tuple(built.notes))


def _built(settings: Settings, executor: Executor, progress: Progress) -> Built:
    """Read, map, infer, validate. Where what was read and mapped blocks a publication, half a graph would give misleading findings, and the rest is left.

    Raises UnknownNameError where the settings name an engine that there is not.
    """
    reason, judge = _reasoner(settings.reasoner), _judge(settings.validator)
    progress("reading")
    built = Built(settings, *read_content(executor, settings))
    progress("mapping")
    map_project(executor, built)
    if not built.is_blocked:
        progress("reasoning")
        reason(executor, built)
        progress("validating")
        validate_project(executor, built, judge)
    built.add(())
    return built


def _reasoner(name: str) -> Callable[[Executor, Built], None]:
    match name:
        case "schakel":
            return infer_project
        case "owlrl":
            # rdflib and owlrl take half a second to import, which only this choice should cost.
            from schakel.second_opinion.project import infer_by_owlrl  # noqa: PLC0415

            return infer_by_owlrl
    raise UnknownNameError("reasoner", name, ("schakel", "owlrl"))


def _judge(name: str) -> Judge:
    match name:
        case "schakel":
            return judge_by_plans
        case "pyshacl":
            # So does pySHACL.
            from schakel.second_opinion.project import judge_by_pyshacl  # noqa: PLC0415

            return judge_by_pyshacl
    raise UnknownNameError("validator", name, ("schakel", "pyshacl"))


def _publish(built: Built, executor: DuckDB, progress: Progress, *, caching: bool, dumps_only: bool) -> int:
    progress("publishing")
    settings = built.settings
    cache = Cache(settings.cache) if caching else NoCache()
    # Whatever keeps this from being published, the report says that it is not.
    write_report(built)
    folder = executor.folder / "dumps"
    folder.mkdir()
    published = publish(settings.publication, publication_files(built, executor, folder, cache, dumps_only=dumps_only))
    cache.tidy()
    write_report(built, published=True)
    return published


def record_evidence(settings: Settings) -> Outcome:
    """Find every passage in its captured page, and write the lock, unless a finding blocks that.

    Raises NoCapturesError where there are no captured pages.
    """
    tables, findings = read_tables(settings.data, settings.root)
    sources, problems = evidence.read_sources(tables, settings.in_data(f"{evidence.SOURCES}.csv"))
    pages, missing = evidence.read_captures(sources, _captures(settings))
    lock, unfound = evidence.locate_passages(tables, sources, pages)
    with _engine(settings) as executor:
        # What is wrong with the tables themselves was found above.
        in_engine, *_ = read_engine_tables(executor, settings.data, settings.root)
        uncited = cite(executor, in_engine, Evidence(sources, lock, settings.require_passages), settings.names)
    # A passage that is not in the lock now was reported as not found, or its page as missing.
    findings += [*problems, *missing, *unfound, *(item for item in uncited if item.kind != "passage-not-in-lock")]
    findings.sort(key=Finding.sort_key)
    blocked = bool(blocking(findings, settings.blocks))
    if not blocked:
        _write_if_changed(settings.data / evidence.LOCK, evidence.lock_text(lock).encode())
    return Outcome(tuple(findings), blocked, passages=len({(source, span) for (source, _), span in lock.items()}), verified=True)


def clean(settings: Settings) -> None:
    """Remove what earlier runs kept for later ones."""
    Cache(settings.cache).clear()


def _engine(settings: Settings) -> DuckDB:
    """Open the executor; for little data on one thread, as several cost more than they save."""
    size = sum(path.stat().st_size for path in settings.data.glob("*") if path.is_file())
    threads = 1 if settings.threads is None and size < _LITTLE_DATA else settings.threads
    return DuckDB(memory=settings.memory, threads=threads, folder=settings.cache / "engine")


def _verify(settings: Settings, content: Content) -> list[Finding]:
    """Find every passage in its page again, and hold the lock against that."""
    tables, _ = read_tables(settings.data, settings.root)
    pages, missing = evidence.read_captures(content.sources, _captures(settings))
    located, unfound = evidence.locate_passages(tables, content.sources, pages)
    return [*missing, *unfound, *evidence.verify_lock(content.lock, located, pages, tables)]


def _captures(settings: Settings) -> Path:
    if settings.captures is None:
        raise NoCapturesError(None)
    if not settings.captures.is_dir():
        raise NoCapturesError(settings.captures)
    return settings.captures


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)
