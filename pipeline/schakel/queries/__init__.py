"""Questions and who answers them: the catalogue of canned queries, their parameters, and the two engines, a local graph and an endpoint."""

from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

if TYPE_CHECKING:
    from schakel.queries.catalogue import CannedQuery, answered_columns, canned_query, in_languages, named, read_queries
    from schakel.queries.endpoint import Endpoint
    from schakel.queries.header import Header, read_header
    from schakel.queries.labels import LABELS
    from schakel.queries.limits import Limits, Reply
    from schakel.queries.local import LocalGraph
    from schakel.queries.parameters import LANGUAGE, Parameter, parameter_schema
    from schakel.queries.pictures import PICTURES, picture_columns
    from schakel.queries.text import around_values, differs_each_time, form_of, undeclared, unsafe, with_prefixes, with_values
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "catalogue": "CannedQuery answered_columns canned_query in_languages named read_queries",
            "endpoint": "Endpoint",
            "header": "Header read_header",
            "labels": "LABELS",
            "limits": "Limits Reply",
            "local": "LocalGraph",
            "parameters": "LANGUAGE Parameter parameter_schema",
            "pictures": "PICTURES picture_columns",
            "text": "around_values differs_each_time form_of undeclared unsafe with_prefixes with_values",
        },
    )

__all__ = [
    "LABELS",
    "LANGUAGE",
    "PICTURES",
    "CannedQuery",
    "Endpoint",
    "Header",
    "Limits",
    "LocalGraph",
    "Parameter",
    "Reply",
    "answered_columns",
    "around_values",
    "canned_query",
    "differs_each_time",
    "form_of",
    "in_languages",
    "named",
    "parameter_schema",
    "picture_columns",
    "read_header",
    "read_queries",
    "undeclared",
    "unsafe",
    "with_prefixes",
    "with_values",
]
