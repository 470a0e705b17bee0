"""Parquet files, read by DuckDB."""

from pathlib import Path

import duckdb

__all__ = ["ParquetError", "read_parquet"]


class ParquetError(Exception):
    """A file that is no Parquet, or cannot be read."""


def read_parquet(path: Path) -> tuple[tuple[str, ...], list[tuple[str | None, ...]]]:
    """Give the columns and the rows of a file, each value as text. Raises ParquetError."""
    try:
        with duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}) as connection:
            relation = connection.read_parquet(str(path))
            columns = tuple(relation.columns)
            texts = [duckdb.ColumnExpression(name).cast("VARCHAR") for name in columns]
            return columns, relation.select(*texts).fetchall()
    except duckdb.Error as error:
        raise ParquetError(str(error)) from None
