"""Versions of what is published: releases, how they are kept, and what changed from one to the next."""

from schakel.releases.changes import Change, Changes, Kind
from schakel.releases.comparison import Comparison, Version, compare
from schakel.releases.opening import context_of, version_of, write_rdf
from schakel.releases.record import RECORD, Release, read_record
from schakel.releases.releasing import release, version_iri
from schakel.releases.rendering import FORMATS, render

__all__ = [
    "FORMATS",
    "RECORD",
    "Change",
    "Changes",
    "Comparison",
    "Kind",
    "Release",
    "Version",
    "compare",
    "context_of",
    "read_record",
    "release",
    "render",
    "version_iri",
    "version_of",
    "write_rdf",
]
