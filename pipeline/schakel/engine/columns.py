"""Columns of tables and their types, and rows as Python has them."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

__all__ = ["BIGINT", "BOOLEAN", "INTEGER", "VARCHAR", "Columns", "Row"]

Row: TypeAlias = tuple[Any, ...]
# Names of columns with their types, in order.
Columns: TypeAlias = Mapping[str, str]

BIGINT: Final = "BIGINT"
BOOLEAN: Final = "BOOLEAN"
INTEGER: Final = "INTEGER"
VARCHAR: Final = "VARCHAR"
