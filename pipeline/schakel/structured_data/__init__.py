"""JSON-LD of schema.org, for web pages: made from the graph by one query of the project, written as a script, and held against what a page has."""

from schakel.structured_data.checking import CheckedPage, check_page
from schakel.structured_data.dataset import Download, dataset_document
from schakel.structured_data.drift import Difference, differences
from schakel.structured_data.fetch import fetch
from schakel.structured_data.query import SCHEMA_ORG_FILE, read_schema_org
from schakel.structured_data.schema_org import CONTEXT, Document, SchemaOrg
from schakel.structured_data.script import Page, Script, read_page, script

__all__ = [
    "CONTEXT",
    "SCHEMA_ORG_FILE",
    "CheckedPage",
    "Difference",
    "Document",
    "Download",
    "Page",
    "SchemaOrg",
    "Script",
    "check_page",
    "dataset_document",
    "differences",
    "fetch",
    "read_page",
    "read_schema_org",
    "script",
]
