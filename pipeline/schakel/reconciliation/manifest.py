"""What the service says of itself."""

from typing import Any, Final

from schakel import __version__
from schakel.reconciliation.candidates import MOST_QUERIES
from schakel.reconciliation.extension import SETTINGS
from schakel.reconciliation.suggestions import SUGGESTED
from schakel.reconciliation.terms import IndexedGraph, named

__all__ = ["manifest"]

_DEFAULT_TYPES: Final = 5
_WIDTH, _HEIGHT = 430, 200


def manifest(indexed: IndexedGraph, service: str) -> dict[str, Any]:
    """Describe the service to a client that sees it at an address."""
    base = indexed.graph.context.base
    suggests = {
        kind: {
            "service_url": service,
            "service_path": f"/suggest/{kind}",
            "flyout_service_url": service,
            "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
        }
        for kind in SUGGESTED
    }
    return {
        "versions": ["0.2"],
        "name": f"Things of {base}",
        "identifierSpace": base,
        "schemaSpace": base,
        "serviceVersion": __version__,
        "documentation": base,
        "defaultTypes": [named(indexed, term) for term in indexed.names.usual_classes[:_DEFAULT_TYPES]],
        # Clients put %2F for the slash of an id: appended to the base it would be another IRI.
        "view": {"url": f"{service}/view?id={{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": suggests,
        "extend": {"propose_properties": {"service_url": service, "service_path": "/properties"}, "property_settings": list(SETTINGS)},
        "batchSize": MOST_QUERIES,
    }
