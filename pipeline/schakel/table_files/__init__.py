"""Files that hold tables, read as records of text: CSV, workbooks, JSON and Parquet, as `data/tables.toml` says how."""

from schakel.table_files.declarations import DECLARATIONS, TABLE_SUFFIXES, Declaration, decimal_point, read_declarations
from schakel.table_files.reading import Records, column_letter, read_records
from schakel.table_files.workbooks import sheet_names

__all__ = ["DECLARATIONS", "TABLE_SUFFIXES", "Declaration", "Records", "column_letter", "decimal_point", "read_declarations", "read_records", "sheet_names"]
