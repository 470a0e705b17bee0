"""Plans become tables: the relations of the engine, the dictionary of terms, and the executors that run plans."""

from schakel.engine.dictionary import Dictionary, close_dictionary, encode
from schakel.engine.duckdb import DuckDB
from schakel.engine.executor import Executor, Plan

__all__ = ["Dictionary", "DuckDB", "Executor", "Plan", "close_dictionary", "encode"]
