"""The JSON-LD context, made of the graph itself.

A predicate that always leads to things, to texts with a language, or to values of one datatype says so once, in the context.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from schakel.namespaces import PREFIXES, XSD, curie
from schakel.publish.survey import LANGUAGE, Survey

__all__ = ["Context", "Json", "context_document", "context_for"]

Json: TypeAlias = "str | float | list[Json] | dict[str, Json]"

# Only names of these shapes are shortened: what they are is then beyond doubt for every reader of JSON-LD.
_LOCAL_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[\w.-]*\w)?", re.ASCII)
_RELATIVE: Final = re.compile(r"[A-Za-z0-9_~-][\w.~-]*(?:/[A-Za-z0-9_~-][\w.~-]*)*(?:#[\w.~-]+)?", re.ASCII)

# What stands in the second place of a statement, or in the third.
_SECOND: Final = re.compile(rb"> (?=<([^>]*)> )")


@dataclass(frozen=True)
class Context:
    """How IRIs are shortened: the base, prefixes, and for each predicate its key and what it always leads to (None where that varies)."""

    base: str
    prefixes: Mapping[str, str]
    keys: Mapping[str, str]
    leads_to: Mapping[str, str | None]

    def only(self, content: bytes) -> "Context":
        """Give the part of the context that some N-Triples need."""
        needed = {iri.decode() for iri in _SECOND.findall(content)}
        prefixes = {prefix: namespace for prefix, namespace in self.prefixes.items() if b"<" + namespace.encode() in content}
        return Context(self.base, prefixes, {iri: key for iri, key in self.keys.items() if iri in needed}, self.leads_to)

    @cached_property
    def json(self) -> Json:
        """The context as JSON-LD writes it."""
        terms: dict[str, Json] = {"@version": 1.1, "@base": self.base}
        terms.update(sorted(self.prefixes.items()))
        terms.update((self.keys[iri], self._definition(iri)) for iri in sorted(self.keys, key=self.keys.__getitem__))
        return terms

    def _definition(self, iri: str) -> Json:
        leads_to = self.leads_to[iri]
        if leads_to is None or leads_to == XSD.string.value:
            return {"@id": iri}
        return {"@id": iri, "@container": "@language"} if leads_to == LANGUAGE else {"@id": iri, "@type": leads_to}

    def reference(self, iri: str) -> str:
        """Shorten the IRI of a thing."""
        rest = iri.removeprefix(self.base)
        return rest if rest != iri and _RELATIVE.fullmatch(rest) else self.compact(iri)

    def compact(self, iri: str) -> str:
        """Shorten an IRI by a prefix, where what follows the prefix is a plain name."""
        short = curie(iri, self.prefixes)
        prefix, _, name = short.partition(":")
        return short if prefix in self.prefixes and short != iri and _LOCAL_NAME.fullmatch(name) else iri


def context_for(survey: Survey, base: str, known: Mapping[str, str] = PREFIXES) -> Context:
    """Make the context that suits a graph, given a survey of it, with prefixes of those known."""
    usable = _keys(survey.leads_to, known)
    # An IRI such as <org:x> would be read as a short form, if a prefix had the name of its scheme.
    prefixes = {prefix: namespace for prefix, namespace in survey.prefixes.items() if prefix not in survey.schemes}
    return Context(base, prefixes, usable, {iri: next(iter(kinds)) if len(kinds) == 1 else None for iri, kinds in survey.leads_to.items()})


def _keys(predicates: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Give each predicate its local name as key, or prefix and local name where others have that local name; none where neither is its own."""
    local = {iri: iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :] for iri in predicates}
    shared = {name for name, count in Counter(local.values()).items() if count > 1} | known.keys()
    keys = {iri: curie(iri, known).replace(":", "_", 1) if name in shared else name for iri, name in local.items()}
    uses = Counter(keys.values())
    return {iri: key for iri, key in keys.items() if uses[key] == 1 and key not in known and _LOCAL_NAME.fullmatch(key)}


def context_document(context: Context) -> bytes:
    """Write the context alone, for others to refer to."""
    return (json.dumps({"@context": context.json}, ensure_ascii=False, indent=1) + "\n").encode()
