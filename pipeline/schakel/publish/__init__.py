"""What is published of a graph: its dumps."""

from schakel.publish.dumps import DUMPS, Dump, published_quads, write_dumps
from schakel.publish.property_forms import PropertyForms, declared_forms
from schakel.publish.verification import verify

__all__ = ["DUMPS", "Dump", "PropertyForms", "declared_forms", "published_quads", "verify", "write_dumps"]
