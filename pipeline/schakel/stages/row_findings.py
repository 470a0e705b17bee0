"""What is wrong with rows: a term that cannot be formed, a text where an IRI must be, a cell that reaches no statement, a row that states nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schakel.compile.dependencies import Dependencies, tags_of
from schakel.compile.errors import NotCompilableError
from schakel.compile.losses import SEPARATOR, Losses, compile_losses
from schakel.compile.nodes import union
from schakel.engine.executor import Executor
from schakel.engine.language_tags import is_language_tag
from schakel.findings import Finding, finding, quoted
from schakel.sparql import Bind
from schakel.stages.computing import compute
from schakel.stages.general_mapping import lost_by_oxigraph
from schakel.stages.mapping import Mapped, levels_of
from schakel.stages.places import cells_of
from schakel.tables import is_id

__all__ = ["judge_rows"]


def judge_rows(executor: Executor, mapped: Sequence[Mapped]) -> list[Finding]:
    """Find rows of which something would be lost."""
    by_plan = {each.source.file: losses for each in mapped if (losses := _losses(each)) is not None}
    generally = [problem for each in mapped if each.source.file not in by_plan for problem in _judge_generally(executor, each)]
    judged = [_Judged(each, losses) for each in mapped if (losses := by_plan.get(each.source.file)) is not None and losses.plan is not None]
    compute(executor, levels_of([each.losses.keys for each in judged]))
    plans = [each.losses.plan for each in judged if each.losses.plan is not None]
    if not plans:
        return generally
    by_file = {each.mapped.table.source.file: each for each in judged}
    flagged: dict[int, dict[int, tuple[str, str]]] = {}
    for file, row, flags, texts in executor.fetch(union(plans)):
        flagged.setdefault(file, {})[row] = flags, texts
    return generally + [problem for file in sorted(flagged) for problem in by_file[file].findings(executor, flagged[file])]


def _losses(mapped: Mapped) -> Losses | None:
    try:
        return compile_losses(Dependencies(mapped.mapping.query, mapped.table.columns), mapped.source)
    except NotCompilableError:
        return None


def _judge_generally(executor: Executor, mapped: Mapped) -> Iterator[Finding]:
    """Judge the rows of a table by Oxigraph, where no plan can."""
    dependencies = Dependencies(mapped.mapping.query, mapped.table.columns)
    for row, flags, texts in list(lost_by_oxigraph(executor, mapped.source, dependencies, mapped.mapping.text)):
        judged = _Judged(mapped, Losses(flags, dependencies.resources, None, ()))
        yield from judged.findings(executor, {row: ("1" * len(flags), "".join(f"{SEPARATOR}{text.replace(SEPARATOR, ' ')}" for text in texts))})


@dataclass(frozen=True)
class _Judged:
    mapped: Mapped
    losses: Losses

    def findings(self, executor: Executor, flagged: Mapping[int, tuple[str, str]]) -> Iterator[Finding]:
        """Say what is wrong with rows, in their order."""
        cells = cells_of(executor, self.mapped, flagged)
        for row in sorted(flagged):
            flags, texts = flagged[row]
            yield from self._row(row, cells[row], flags, dict(zip(self.losses.resources, texts.split(SEPARATOR)[1:], strict=True)))

    def _row(self, row: int, cells: Mapping[str, str], flags: str, texts: Mapping[str, str]) -> Iterator[Finding]:
        own = self.mapped.table
        raised = [flag for flag, sign in zip(self.losses.flags, flags, strict=True) if sign == "1"]
        for flag in raised:
            if isinstance(flag, Bind):
                yield from self._failed(row, cells, flag)
            elif flag is not None and flag.startswith("?"):
                yield finding("not-an-iri", own.place(row), found=texts[flag[1:]], target=flag[1:], mapping=self._file)
            elif flag is None and not any(isinstance(each, Bind) or (each or "").startswith("?") for each in raised):
                empty = quoted(name for name in self._read if not cells[name])
                yield finding("row-states-nothing", own.place(row), empty=empty, mapping=self._file)
            elif flag is not None:
                empty = quoted(self._lacking(flag, cells))
                yield finding("cell-reaches-nothing", own.place(row, flag), found=cells[flag], column=flag, empty=empty, mapping=self._file)

    def _failed(self, row: int, cells: Mapping[str, str], bind: Bind) -> Iterator[Finding]:
        dependencies, own = self._dependencies, self.mapped.table
        columns = sorted(dependencies.columns_of(bind.variable.value))
        tags = {name for variable in tags_of(bind) for name in dependencies.columns_of(variable)}
        no_tags = [name for name in columns if name in tags and not is_language_tag(cells[name])]
        for name in no_tags:
            yield finding("bad-language-tag", own.place(row, name), found=cells[name])
        # What is wrong with an id is said when the table is read.
        if not no_tags and ("id" not in columns or is_id(cells["id"])):
            found = ", ".join(f"{name} = “{cells[name]}”" for name in columns)
            yield finding("unformed-term", own.place(row, columns[0] if len(columns) == 1 else ""), found=found, target=bind.variable.value, mapping=self._file)

    def _lacking(self, name: str, cells: Mapping[str, str]) -> set[str]:
        """Give the empty cells that keep a cell from its statements."""
        dependencies = self._dependencies
        triples = [variables for variables in dependencies.template if any(name in dependencies.content_of(variable) for variable in variables)]
        needed = {other for variables in triples for variable in variables for other in dependencies.columns_of(variable)}
        return {other for other in needed if not cells[other]}

    @property
    def _dependencies(self) -> Dependencies:
        return Dependencies(self.mapped.mapping.query, self.mapped.table.columns)

    @property
    def _read(self) -> list[str]:
        """The columns that the mapping reads."""
        dependencies = self._dependencies
        used = {name for variables in dependencies.template for name in variables} | {name for bind in dependencies.binds for name in dependencies.inputs(bind)}
        return [name for name in self.mapped.table.columns if name in used]

    @property
    def _file(self) -> str:
        return self.mapped.mapping.file
