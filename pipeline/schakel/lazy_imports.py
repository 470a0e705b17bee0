"""Names of a package whose modules are imported when they are first asked for, so that a short command does not wait for what it does not use."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazy_names"]


def lazy_names(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Give the `__getattr__` of a package: for each module of it the names, with spaces between them, that are found there.

    Those who check types and layers read the same imports below `TYPE_CHECKING`; a test keeps both the same.
    """
    found_in = {name: f"{package}.{module}" for module, names in modules.items() for name in names.split()}

    def get(name: str) -> Any:  # noqa: ANN401  # whatever a module has
        if name not in found_in:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(found_in[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
