"""What is said of a thing, short enough for an assistant to read, with the passages to quote."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from schakel.answers import shown
from schakel.lookup import Context, Description, Fact, Source
from schakel.mcp_server.passages import quotation

__all__ = ["described"]

_PER_FACT: Final = 3


def described(description: Description, context: Context, group: str | None, first: int, count: int) -> Mapping[str, Any]:
    """Give `count` facts of each group, or of one group alone, from the fact numbered `first` on; say of each group how many facts it has."""
    writer = _Writer(context)
    groups = [each for each in description.groups if group is None or each.title_key == group]
    kind = {} if description.kind is None else {"kind": description.kind.value}
    return {
        "thing": context.short(description.entity),
        "iri": description.entity.value,
        "name": description.name.value,
        **kind,
        "groups": [{"group": each.title_key, "total": len(each.facts), "facts": writer.facts(each.facts[first : first + count])} for each in groups],
        "passages": writer.passages,
    }


class _Writer:
    """Writes facts, and gathers the passages that they cite: each once, by a number."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._numbers: dict[Source, int] = {}

    @property
    def passages(self) -> list[Mapping[str, Any]]:
        return [{"number": number, **quotation(source)} for source, number in self._numbers.items()]

    def facts(self, facts: Iterable[Fact]) -> list[Mapping[str, Any]]:
        return [self._fact(fact) for fact in facts]

    def _fact(self, fact: Fact) -> Mapping[str, Any]:
        identified = shown(fact.value, self._context.prefixes, self._context.base)
        value = {"value": identified} if fact.value_label is None else {"value": fact.value_label.value, "id": identified}
        # A property that leads from the other thing to this one is marked: "owns" is then "is owned by".
        marks = {name: True for name, holds in (("incoming", fact.incoming), ("inferred", fact.inferred)) if holds}
        passages = [self._numbers.setdefault(source, len(self._numbers) + 1) for source in fact.sources[:_PER_FACT]]
        details = self.facts(fact.inner)
        return {
            "property": fact.property_label.value,
            **value,
            **marks,
            **({"saidIn": passages} if passages else {}),
            **({"details": details} if details else {}),
        }
