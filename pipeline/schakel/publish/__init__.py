"""What is published of a graph: its dumps."""

from schakel.publish.dumps import DUMPS, Dump, write_dumps
from schakel.publish.property_forms import PropertyForms, declared_forms

__all__ = ["DUMPS", "Dump", "PropertyForms", "declared_forms", "write_dumps"]
