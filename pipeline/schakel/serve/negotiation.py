"""Which of several formats and languages a reader wants most, by the headers `Accept`, `Accept-Language` and `Accept-Encoding`."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from schakel.languages import preferred

__all__ = ["takes_identity", "wanted_coding", "wanted_format", "wanted_language", "weights"]

_WEIGHT: Final = re.compile(r"q\s*=\s*(1(?:\.0{0,3})?|0(?:\.\d*)?|\.\d+)", re.IGNORECASE)
_LONGEST_HEADER: Final = 2000
# Of those that a reader wants equally, the first makes answers smallest.
_CODINGS: Final = ("br", "gzip")


def weights(header: str) -> dict[str, float]:
    """Read a header of ranges and weights; where a range stands twice, its first weight counts.

    >>> weights("text/html;q=0.8, text/turtle;charset=utf-8")
    {'text/html': 0.8, 'text/turtle': 1.0}
    """
    found: dict[str, float] = {}
    for part in header[:_LONGEST_HEADER].split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((float(match[1]) for each in parameters if (match := _WEIGHT.fullmatch(each))), 1.0)
        if name:
            found.setdefault(name.lower(), weight)
    return found


def _weight_of(media_types: Sequence[str], given: Mapping[str, float]) -> float:
    """Weigh a format by the range that names it most exactly, by whichever of its media types."""
    exact = [given[each] for each in media_types if each in given]
    if exact:
        return max(exact)
    main = media_types[0].partition("/")[0]
    return next((given[each] for each in (f"{main}/*", "*/*") if each in given), 0.0)


def wanted_format(header: str | None, offered: Mapping[str, str]) -> str | None:
    """Give the format wanted most of those offered (by media type); of several the first, and the first of all where no header says anything.

    None where none of them is wanted.

    >>> wanted_format("text/turtle;q=0.5, application/ld+json", {"text/turtle": "ttl", "application/ld+json": "jsonld"})
    'jsonld'
    """
    if header is None or not header.strip():
        return next(iter(offered.values()))
    given = weights(header)
    names = list(dict.fromkeys(offered.values()))
    heaviest = {name: _weight_of([each for each, named in offered.items() if named == name], given) for name in names}
    best = max(names, key=lambda name: heaviest[name])
    return best if heaviest[best] else None


def wanted_language(header: str | None, offered: Sequence[str]) -> str:
    """Give the language wanted most of those offered; the first where none of them is.

    >>> wanted_language("nn-NO, en;q=0.5", ["en", "nl", "nb"]), wanted_language("fr", ["en", "nl"])
    ('nb', 'en')
    """
    given = weights(header or "")
    by_tag = {tag.lower(): tag for tag in offered}
    for tag, weight in sorted(given.items(), key=lambda pair: -pair[1]):
        if weight == 0:
            break
        for each in preferred([tag]):
            if each in by_tag:
                return by_tag[each]
    return offered[0]


def wanted_coding(header: str | None) -> str | None:
    """Give the content coding wanted most: `br`, `gzip`, or `identity`, which nobody need ask for; None where a reader refuses all three.

    >>> wanted_coding("gzip, deflate, br"), wanted_coding("br;q=0.5, gzip"), wanted_coding("br;q=0.9, identity"), wanted_coding(None)
    ('br', 'gzip', 'identity', 'identity')
    >>> wanted_coding("identity;q=0"), wanted_coding("*;q=0"), wanted_coding("identity;q=0, gzip;q=0.1")
    (None, None, 'gzip')
    """
    given = weights(header or "")
    others = given.get("*", 0.0)
    best = max(_CODINGS, key=lambda coding: given.get(coding, others))
    weight = given.get(best, others)
    if weight > 0 and weight >= given.get("identity", 0.0):
        return best
    return "identity" if takes_identity(header) else None


def takes_identity(header: str | None) -> bool:
    """Tell whether a reader takes what is not coded, as everybody does who does not refuse it.

    >>> takes_identity("gzip"), takes_identity("gzip, identity;q=0"), takes_identity("gzip, *;q=0")
    (True, False, False)
    """
    given = weights(header or "")
    return given.get("identity", given.get("*", 1.0)) > 0
