"""The order in which texts serve a reader: in the language asked for, in a related one, then in those that names fall back to."""

from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["RELATED", "preferred", "serves"]

# The written forms of Norwegian, which readers of one read with little effort. A text tagged “no” is in either form, so it is as good as the one asked for.
RELATED: Final[Mapping[str, tuple[str, ...]]] = {"nn": ("no", "nb"), "nb": ("no", "nn"), "no": ("nb", "nn")}


def preferred(tags: Iterable[str]) -> list[str]:
    """Give language tags in the order in which they serve a reader who wants `tags`, most wanted first, each once and in lower case.

    >>> preferred(["nl-BE", "en"]), preferred(["nn", "en", "nb"])
    (['nl-be', 'nl', 'en'], ['nn', 'no', 'nb', 'en'])
    """
    found: dict[str, None] = {}
    for tag in tags:
        parts = tag.lower().split("-")
        found |= dict.fromkeys("-".join(parts[:length]) for length in range(len(parts), 0, -1))
        found |= dict.fromkeys(RELATED.get(parts[0], ()))
    return list(found)


def serves(tag: str | None, wanted: str) -> bool:
    """Tell whether a text is in the language wanted: it has the tag or a narrower one, no tag at all, or “no” where a form of Norwegian is wanted.

    >>> serves("nl-BE", "nl"), serves("no", "nn"), serves("nb", "nn"), serves(None, "en")
    (True, True, False, True)
    """
    if tag is None:
        return True
    tag, wanted = tag.lower(), wanted.lower()
    return tag == wanted or tag.startswith(f"{wanted}-") or (tag.partition("-")[0] == "no" and wanted.partition("-")[0] in RELATED)
