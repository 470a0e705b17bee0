"""Rows of a Parquet file, each value as DuckDB writes it as text."""

from schakel.engine.parquet import ParquetError, read_parquet
from schakel.findings import Place, finding
from schakel.table_files.declarations import Declaration
from schakel.table_files.records import Records, RecordsError

__all__ = ["parquet_records"]


def parquet_records(declared: Declaration, file: str) -> list[Records]:
    """Read the rows of a file; the first is row 1. Raises RecordsError."""
    try:
        columns, rows = read_parquet(declared.path)
    except ParquetError as error:
        raise RecordsError(finding("unreadable-file", Place(file), found=str(error))) from None
    return [Records(declared.name, columns, [(number, ["" if cell is None else cell for cell in row]) for number, row in enumerate(rows, start=1)])]
