"""What is published: dumps, documents about things, a catalogue, a report, and their appearing all at once or not at all."""

from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

if TYPE_CHECKING:
    from schakel.publish.dumps import DUMPS, Dump, write_dumps
    from schakel.publish.property_forms import PropertyForms, declared_forms
    from schakel.publish.publication import Content, publish
    from schakel.publish.report import findings_as_json
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "dumps": "DUMPS Dump write_dumps",
            "property_forms": "PropertyForms declared_forms",
            "publication": "Content publish",
            "report": "findings_as_json",
        },
    )

__all__ = ["DUMPS", "Content", "Dump", "PropertyForms", "declared_forms", "findings_as_json", "publish", "write_dumps"]
