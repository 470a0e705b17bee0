"""The mappings of a folder, each beside its table."""

from collections.abc import Sequence
from pathlib import Path

from schakel.findings import Finding, Place, finding
from schakel.mapping.construct import Construct, read_construct
from schakel.tables import Table

__all__ = ["read_constructs"]


def read_constructs(folder: Path, root: Path, tables: Sequence[Table]) -> tuple[dict[str, Construct], list[Finding]]:
    """Read `<table>.rq` for every table; a table without a mapping and a mapping without a table are findings."""
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
        construct, problems = read_construct(text, file, table)
        findings += problems
        if construct is not None:
            constructs[table.name] = construct
    alone = {path.stem for path in folder.glob("*.rq")} - {path.stem for path in folder.glob("*.csv")}
    findings += [finding("mapping-without-table", Place((folder / f"{name}.rq").relative_to(root).as_posix()), table=f"{name}.csv") for name in sorted(alone)]
    return constructs, findings
