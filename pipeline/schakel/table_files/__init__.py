"""Files that hold tables, read as records of text: CSV, workbooks, JSON and Parquet, as `data/tables.toml` says how."""

from schakel.table_files.declarations import DECLARATIONS, TABLE_SUFFIXES, Declaration, decimal_point, read_declarations
from schakel.table_files.reading import Records, column_letter, read_records, with_header
from schakel.table_files.records import RecordsError
from schakel.table_files.workbooks import all_sheets

__all__ = [
    "DECLARATIONS",
    "TABLE_SUFFIXES",
    "Declaration",
    "Records",
    "RecordsError",
    "all_sheets",
    "column_letter",
    "decimal_point",
    "read_declarations",
    "read_records",
    "with_header",
]
