"""Judging by the shapes: not again where nothing changed, in part where little did, and while this process goes on with something else.

Beside the judgement of the last run stand the segments that it was about. Where few of them changed, what changed in them tells which shapes must be
asked again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, Triple

from schakel import validation
from schakel.build.written import read_result, write_result
from schakel.cache import Cache, Kept, NoCache, key_of
from schakel.errors import ShapesUnusableError
from schakel.publish import Merged, Segment
from schakel.graph import NTriples
from schakel.namespaces import SH
from schakel.queries import differs_each_time
from schakel.work import Workers

__all__ = ["begin_validating"]

# Where more than one in so many segments changed, all shapes are asked about all.
_ONE_IN: Final = 4


@dataclass(frozen=True)
class _Changes:
    """How data were judged before, and the segments that were there then, and those that are there now instead."""

    judgement: str
    gone: Sequence[Segment]
    new: Sequence[Segment]


@dataclass(frozen=True)
class _Judging:
    """What is judged, and by what; and what changed since it was judged before, where that is known and little."""

    statements: NTriples
    shapes: Sequence[Triple]
    engine: str
    changes: _Changes | None = None


def begin_validating(data: Merged, shapes: Sequence[Triple], engine: str, workers: Workers) -> Callable[[], validation.Judgement]:
    """Begin to judge as validation.validate() does, in another process where there are several; give what waits for the judgement.

    Waiting raises ShapesUnusableError for shapes that the engine cannot use.
    """
    stated = tuple(shapes)
    if any(map(differs_each_time, (each.object.value for each in stated if each.predicate == SH.select and isinstance(each.object, Literal)))):
        made = workers.start(_judged, _Judging(data.statements, stated, engine))
        return lambda: _judgement(made())
    by = key_of(engine, "\n".join(sorted(map(str, stated))))
    task = _Judging(data.statements, stated, engine, _changes(data, by, workers.cache))
    judged = workers.start_once("validation", _judged, task, key_of(by, data.digest()))

    def waited() -> validation.Judgement:
        content = judged()
        segments = [[segment.digest, segment.kept.name] for segment in data.segments]
        workers.cache.put("judged", by, json.dumps({"segments": segments, "judgement": content.decode()}, ensure_ascii=False).encode())
        return _judgement(content)

    return waited


def _changes(data: Merged, by: str, cache: Cache | NoCache) -> _Changes | None:
    """Tell what changed since data were judged by the same shapes and engine; None where that is not known, or too much."""
    kept = cache.get("judged", by)
    if kept is None:
        return None
    written = json.loads(kept)
    before: dict[str, str] = dict(written["segments"])
    now = {segment.digest for segment in data.segments}
    gone = [Segment(digest, Kept("merge", name, cache, cache.get("merge", name))) for digest, name in before.items() if digest not in now]
    new = [segment for segment in data.segments if segment.digest not in before]
    if any(segment.kept.held is None for segment in gone) or _ONE_IN * max(len(gone), len(new)) > len(data.segments):
        return None
    return _Changes(written["judgement"], gone, new)


def _judged(task: _Judging) -> bytes:
    try:
        judgement = _judged_again(task, task.changes) if task.changes is not None else validation.validate(task.statements, task.shapes, engine=task.engine)
    except ShapesUnusableError as error:
        return json.dumps({"unusable": error.problem}, ensure_ascii=False).encode()
    head = {"results": list(map(write_result, judgement.results)), "by_reference": dict(judgement.by_reference)}
    return json.dumps(head, ensure_ascii=False).encode()


def _judged_again(task: _Judging, changes: _Changes) -> validation.Judgement:
    gone, new = (b"".join(segment.statements for segment in segments) for segments in (changes.gone, changes.new))
    before = _judgement(changes.judgement.encode())
    return validation.validate_changed(task.statements, task.shapes, before, validation.changed_names(gone, new), engine=task.engine)


def _judgement(content: bytes) -> validation.Judgement:
    written = json.loads(content)
    if "unusable" in written:
        raise ShapesUnusableError(written["unusable"])
    return validation.Judgement(tuple(map(read_result, written["results"])), written["by_reference"])
