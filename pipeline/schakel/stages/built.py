"""A graph as the stages have left it, with all that was found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from schakel.compile.shacl import Shapes
from schakel.engine import Dictionary
from schakel.errors import ShapeError
from schakel.evidence import each_told_once
from schakel.findings import Finding, blocking
from schakel.project.content import Content
from schakel.settings import Settings
from schakel.stages.reasoning import Reasoned
from schakel.stages.statement_places import Sources
from schakel.stages.validation import Result

__all__ = ["Built", "Progress"]

# Called with the name of each stage as it begins.
Progress: TypeAlias = Callable[[str], None]


@dataclass
class Built:
    """What a run made of a project: its content, its findings, the results of shapes and checks; the tables are in the engine.

    `shapes` are as they were read, or say what is wrong with them. `sources` says what the numbers of files in quads mean. `dictionary` is None where the
    run ended before there was one. `reasoned` is what came of reasoning, None where nothing was reasoned about or another engine did it, and `conclusions`
    counts what is published of that. `notes` say what no compiler could express, so that a general engine did it. `quads` counts those of the dataset,
    `passages` those that state something.
    """

    settings: Settings
    content: Content
    findings: list[Finding]
    sources: Sources = field(default_factory=Sources)
    shapes: Shapes | ShapeError = field(default_factory=lambda: Shapes({}, ()))
    dictionary: Dictionary | None = None
    reasoned: Reasoned | None = None
    conclusions: int = 0
    results: Sequence[Result] = ()
    notes: list[str] = field(default_factory=list)
    quads: int = 0
    passages: int = 0

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings; all are kept in order, each once."""
        self.findings = sorted(each_told_once([*self.findings, *findings]), key=Finding.sort_key)

    @property
    def is_blocked(self) -> bool:
        """Tell whether a finding keeps the graph from being published."""
        return bool(blocking(self.findings, self.settings.blocks))
