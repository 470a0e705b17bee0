"""The context of a dump in JSON-LD: a key for each property, and one form of its values, the same for all things.

What a property leads to is what ontology and shapes say, or else what it always leads to; whether its values are a list is what they say alone, unless the
data contradict them, so that no value of another day changes the form of a key.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from schakel.engine.relations import LITERAL
from schakel.engine.spelling import STRING
from schakel.publish.property_forms import LANGUAGE, REFERENCE, PropertyForms
from schakel.publish.term_spelling import Kind, Names

__all__ = ["Json", "Key", "PropertyUse", "context_of", "keys_of"]

Json: TypeAlias = "str | float | list[Json] | dict[str, Json]"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_](?:[\w.-]*\w)?", re.ASCII)
# What an IRI may end with that is a prefix by itself.
_DELIMITERS: Final = (":", "/", "?", "#", "[", "]", "@")


@dataclass(frozen=True)
class PropertyUse:
    """What the data hold of a property: kinds of its values; whether a thing has several of them, and several in one language."""

    iri: str
    kinds: Sequence[Kind]
    several: bool
    several_in_one_language: bool


@dataclass(frozen=True)
class Key:
    """How a property is written: its key, what its values are, whether they are in a list, and whether they are by language."""

    name: str
    iri: str
    leads_to: str | None
    is_list: bool
    by_language: bool

    @property
    def definition(self) -> Json:
        """The key as the context defines it."""
        containers = [*(["@language"] if self.by_language else []), *(["@set"] if self.is_list else [])]
        defined: dict[str, Json] = {"@id": self.iri}
        if self.leads_to not in {None, LANGUAGE, STRING}:
            defined["@type"] = str(self.leads_to)
        if containers:
            defined["@container"] = containers[0] if len(containers) == 1 else [*containers]
        return defined


def keys_of(uses: Sequence[PropertyUse], names: Names, forms: PropertyForms) -> Mapping[str, Key]:
    """Give the key of each property, by its IRI."""
    found = _names_of([use.iri for use in uses], names)
    return {use.iri: _key(use, found[use.iri], forms) for use in uses}


def _key(use: PropertyUse, name: str, forms: PropertyForms) -> Key:
    kinds = {_leads_to(kind) for kind in use.kinds}
    leads_to = forms.leads_to.get(use.iri) or (next(iter(kinds)) if len(kinds) == 1 else None)
    by_language = kinds == {LANGUAGE} and leads_to == LANGUAGE
    if by_language:
        return Key(name, use.iri, leads_to, use.iri not in forms.one_in_each_language or use.several_in_one_language, by_language)
    return Key(name, use.iri, None if leads_to == LANGUAGE else leads_to, use.iri not in forms.single or use.several, by_language)


def _leads_to(kind: Kind) -> str:
    if kind.kind != LITERAL:
        return REFERENCE
    return LANGUAGE if kind.language is not None else kind.datatype or STRING


def _names_of(iris: Iterable[str], names: Names) -> dict[str, str]:
    """Give each property its local name, or prefix and local name where others have that local name; else its IRI."""
    local = {iri: iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :] for iri in iris}
    shared = {name for name, count in Counter(local.values()).items() if count > 1} | names.prefixes.keys()
    chosen = {iri: names.compact(iri).replace(":", "_", 1) if name in shared else name for iri, name in local.items()}
    uses = Counter(chosen.values())
    return {iri: name if uses[name] == 1 and name not in names.prefixes and _PLAIN_NAME.fullmatch(name) else iri for iri, name in chosen.items()}


def context_of(keys: Iterable[Key], names: Names) -> Json:
    """Give the context that defines some keys."""
    prefixes: dict[str, Json] = {
        prefix: namespace if namespace.endswith(_DELIMITERS) else {"@id": namespace, "@prefix": True} for prefix, namespace in sorted(names.in_json.items())
    }
    defined = {key.name: key.definition for key in sorted(keys, key=lambda key: key.name)}
    return {"@version": 1.1, "@base": names.base, **prefixes, **defined}
