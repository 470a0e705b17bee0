"""The publication: dumps, files an entity, a catalogue, a report, and their appearing all at once or not at all."""

from schakel.about import About
from schakel.export.dumps import Dump, Quads
from schakel.export.entities import Entities
from schakel.export.files import Content, dump_files, publication_files
from schakel.export.lines import turtle
from schakel.export.publication import publish, published_quads
from schakel.export.queries import MOST_ROWS, Answers
from schakel.export.report import findings_as_json, report_files
from schakel.export.segments import Merged, Segment, merge
from schakel.export.vocabulary_files import vocabulary_files

__all__ = [
    "MOST_ROWS",
    "About",
    "Answers",
    "Content",
    "Dump",
    "Entities",
    "Merged",
    "Quads",
    "Segment",
    "dump_files",
    "findings_as_json",
    "merge",
    "publication_files",
    "publish",
    "published_quads",
    "report_files",
    "turtle",
    "vocabulary_files",
]
