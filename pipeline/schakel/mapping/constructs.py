"""The mappings of a folder, each beside its table."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from schakel.findings import Finding, Place, finding
from schakel.mapping.columns import held_against
from schakel.mapping.construct import Construct
from schakel.mapping.plain import plain_construct
from schakel.tables import Table

__all__ = ["ReadConstruct", "read_construct", "read_constructs"]

# Takes the text of a mapping, its file and its table.
ReadConstruct: TypeAlias = Callable[[str, str, Table], tuple[Construct | None, list[Finding]]]


def read_constructs(folder: Path, root: Path, tables: Sequence[Table], read: "ReadConstruct | None" = None) -> tuple[dict[str, Construct], list[Finding]]:
    """Read `<table>.rq` for every table; a table without a mapping and a mapping without a table are findings. `read` reads one, as read_construct() does."""
    constructs: dict[str, Construct] = {}
    findings: list[Finding] = []
    for table in tables:
        path = folder / f"{table.name}.rq"
        file = path.relative_to(root).as_posix()
        if not path.is_file():
            findings.append(finding("table-without-mapping", Place(table.file), mapping=file))
            continue
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            findings.append(finding("mapping-syntax", Place(file), problem=str(error)))
            continue
        construct, problems = (read or read_construct)(text, file, table)
        findings += problems
        if construct is not None:
            constructs[table.name] = construct
    alone = {path.stem for path in folder.glob("*.rq")} - {path.stem for path in folder.glob("*.csv")}
    findings += [finding("mapping-without-table", Place((folder / f"{name}.rq").relative_to(root).as_posix()), table=f"{name}.csv") for name in sorted(alone)]
    return constructs, findings


def read_construct(text: str, file: str, table: Table) -> tuple[Construct | None, list[Finding]]:
    """Read one mapping and hold it against the table it maps; the mapping is None where it must not be run."""
    construct = plain_construct(text, file, table)
    if construct is not None:
        return construct, list(held_against(construct, table))
    # rdflib's SPARQL takes a quarter of a second to import, which nobody should wait for whose mappings are plain.
    from schakel.mapping import algebra  # noqa: PLC0415  # as above

    return algebra.read_construct(text, file, table)
