"""JSON-LD of schema.org, for web pages: made from the graph by one query of the project, written as a script, and held against what a page has."""

from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

# Functions that bear the names of their modules, whose import would take their place.
from schakel.structured_data.fetch import fetch
from schakel.structured_data.script import Page, Script, read_page, script

if TYPE_CHECKING:
    from schakel.structured_data.checking import CheckedPage, check_page
    from schakel.structured_data.dataset import Download, dataset_document
    from schakel.structured_data.drift import Difference, differences
    from schakel.structured_data.query import SCHEMA_ORG_FILE, Judge, judge_schema_org, read_schema_org
    from schakel.structured_data.schema_org import CONTEXT, Document, SchemaOrg
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "checking": "CheckedPage check_page",
            "dataset": "Download dataset_document",
            "drift": "Difference differences",
            "query": "SCHEMA_ORG_FILE Judge judge_schema_org read_schema_org",
            "schema_org": "CONTEXT Document SchemaOrg",
        },
    )

__all__ = [
    "CONTEXT",
    "SCHEMA_ORG_FILE",
    "CheckedPage",
    "Difference",
    "Document",
    "Download",
    "Judge",
    "Page",
    "SchemaOrg",
    "Script",
    "check_page",
    "dataset_document",
    "differences",
    "fetch",
    "judge_schema_org",
    "read_page",
    "read_schema_org",
    "script",
]
