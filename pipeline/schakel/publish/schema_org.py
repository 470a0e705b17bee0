"""The graph in the words of schema.org, for the pages of things."""

from schakel.cache import Cache, NoCache, key_of
from schakel.graph import Dataset
from schakel.stages.built import Built
from schakel.structured_data import SchemaOrg

__all__ = ["schema_of"]


def schema_of(built: Built, dataset: Dataset, cache: Cache | NoCache) -> SchemaOrg | None:
    """Give the graph in the words of schema.org; None where the project does not say what it is in them."""
    query, languages = built.content.schema_org, built.settings.languages
    if query is None:
        return None
    name = key_of(query, dataset.digest(), built.settings.base)
    kept = cache.get("schema-org", name)
    if kept is not None:
        return SchemaOrg(kept, languages)
    made = SchemaOrg.of(dataset.union(), query, built.settings.base, languages)
    cache.put("schema-org", name, made.statements)
    return made
