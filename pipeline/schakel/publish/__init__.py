"""What is published: dumps, documents about things, a catalogue, a report, and their appearing all at once or not at all."""

from schakel.publish.built import Built, Progress
from schakel.publish.dumps import DATASET, DUMPS, Dump, published_quads, write_dumps
from schakel.publish.files import publication_files
from schakel.publish.property_forms import PropertyForms, declared_forms
from schakel.publish.publication import Content, publish, quads_published
from schakel.publish.report import findings_as_json, report_files

__all__ = [
    "DATASET",
    "DUMPS",
    "Built",
    "Content",
    "Dump",
    "Progress",
    "PropertyForms",
    "declared_forms",
    "findings_as_json",
    "publication_files",
    "publish",
    "published_quads",
    "quads_published",
    "report_files",
    "write_dumps",
]
