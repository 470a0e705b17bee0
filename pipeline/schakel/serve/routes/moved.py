"""Where things are that had other IRIs in an earlier version, by the patterns of the settings."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from schakel.settings import Moved

__all__ = ["moved_to"]

_SUFFIX: Final = re.compile(r"\.(?:html|ttl|jsonld|nt)\Z")


def moved_to(path: str, rules: Sequence[Moved], languages: Sequence[str], is_there: Callable[[str], bool]) -> str | None:
    """Give the path, with its fragment, of what was at a path; None where no rule leads to a thing.

    `is_there` tells of a path without suffix whether there is such a thing. Of a page or file the new one is given, in its language (a folder).
    """
    first, _, rest = path.lstrip("/").partition("/")
    folder, old = (f"{first}/", rest) if rest and first in {language.lower() for language in languages} else ("", path.lstrip("/"))
    suffix = match[0] if (match := _SUFFIX.search(old)) else ""
    for new in _candidates(old.removesuffix(suffix), rules):
        thing, _, fragment = new.partition("#")
        if is_there(thing):
            return f"/{folder if suffix else ''}{thing}{suffix}{'#' * bool(fragment)}{fragment}"
    return None


def _candidates(old: str, rules: Sequence[Moved]) -> Iterator[str]:
    """Give what the rules make of a path, in their order. What the first group holds is tried whole, and then with one word less after another."""
    for rule in rules:
        match = rule.pattern.fullmatch(old)
        if match is None:
            continue
        groups = match.groups("")
        for target in rule.targets:
            if not groups:
                yield target
                continue
            words = groups[0].split("-")
            for count in range(len(words), 0, -1):
                yield target.format("-".join(words[:count]), *groups[1:])
