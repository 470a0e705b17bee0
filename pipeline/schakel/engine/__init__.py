"""Plans become tables: the relations of the engine, the dictionary of terms, and the executors that run plans."""

from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

if TYPE_CHECKING:
    from schakel.engine.dictionary import Dictionary, close_dictionary, encode
    from schakel.engine.duckdb import DuckDB
    from schakel.engine.executor import Executor, Plan
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "dictionary": "Dictionary close_dictionary encode",
            "duckdb": "DuckDB",
            "executor": "Executor Plan",
        },
    )

__all__ = ["Dictionary", "DuckDB", "Executor", "Plan", "close_dictionary", "encode"]
