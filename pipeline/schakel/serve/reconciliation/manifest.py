"""What the service says of itself."""

from collections import Counter
from typing import Any, Final, cast

from schakel import __version__
from schakel.serve.editions import Edition
from schakel.serve.reconciliation.candidates import MOST_QUERIES
from schakel.serve.reconciliation.extension import SETTINGS
from schakel.serve.reconciliation.suggestions import SUGGESTED
from schakel.serve.reconciliation.terms import named

__all__ = ["manifest"]

_DEFAULT_TYPES: Final = 5
_WIDTH, _HEIGHT = 430, 200


def manifest(edition: Edition, origin: str) -> dict[str, Any]:
    """Describe the service to a client that sees the front at `origin`."""
    base = edition.graph.context.base
    service = f"{origin}/reconcile"
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
        "defaultTypes": _usual_types(edition),
        # Clients put %2F for the slash of an id: appended to the base it would be another IRI.
        "view": {"url": f"{service}/view?id={{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": suggests,
        "extend": {"propose_properties": {"service_url": service, "service_path": "/properties"}, "property_settings": list(SETTINGS)},
        "batchSize": MOST_QUERIES,
    }


def _usual_types(edition: Edition) -> list[dict[str, str]]:
    """Give the types that most things with names are of; kept, as all things are looked at."""
    kept = cast("list[dict[str, str]] | None", edition.answers.get("usual types"))
    if kept is not None:
        return kept
    counted = Counter(edition.names.kinds_of(entity)[0] for entity, classes in edition.names.types.items() if classes and entity in edition.names.best)
    usual = [named(edition, term) for term, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].value))[:_DEFAULT_TYPES]]
    edition.answers.put("usual types", usual, 1000)
    return usual
