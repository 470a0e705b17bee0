"""The publication: dumps, files an entity, a catalogue, a report, and their appearing all at once or not at all."""

from schakel.export.about import About
from schakel.export.entities import Entities
from schakel.export.files import publication_files
from schakel.export.lines import sorted_lines, turtle
from schakel.export.publication import publish
from schakel.export.report import findings_as_json, report_files

__all__ = ["About", "Entities", "findings_as_json", "publication_files", "publish", "report_files", "sorted_lines", "turtle"]
