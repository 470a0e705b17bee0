"""The pictures that an answer can be drawn as, and the columns that each needs: what the line `# picture: …` of a head may say.

A picture can be made of more than one set of columns; the first that an answer has is taken.
"""

from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["PICTURES", "needed_columns", "picture_columns"]

# Each set says which column stands for what. A name that ends in `…` stands for the first column that is called so or ends so.
_PARTS: Final = {"who": "member", "who_name": "memberName", "what": "body", "what_name": "bodyName", "role": "role"}
_SEATS: Final = {"who": "holder", "who_name": "holderName", "what": "body", "what_name": "bodyName", "role": "role"}
_TIES: Final = {"tied": "organisation", "tied_name": "organisationName", "with": "partner", "with_name": "partnerName", "role": "kind"}
_PAIRS: Final = {"a": "a", "a_name": "aName", "b": "b", "b_name": "bName", "through": "through", "through_name": "throughName"}
_MEETINGS: Final = {**_PAIRS, "through": "body", "through_name": "bodyName"}
_SHARES: Final = {"owner": "owner", "owner_name": "ownerName", "owned": "owned", "owned_name": "ownedName", "share": "share", "role": "statedRole"}
_BRANCHES: Final = {"label": "label", "parent": "parent", "depth": "depth", "position": "position"}
_AMOUNTS: Final = {"label": "label…"}

PICTURES: Final[Mapping[str, Sequence[Mapping[str, str]]]] = {
    "bars": (_AMOUNTS,),
    "map": ({"place": "place", "place_name": "placeName", "label": "thingName"}, {"place_name": "place", "label": "siteName"}),
    "network": (_PARTS, _SEATS, _PAIRS, _MEETINGS, _TIES),
    "ownership": (_SHARES,),
    "timeline": tuple({"time": time, "label": "label…"} for time in ("date", "year", "from")),
    "tree": (_BRANCHES,),
}

_LABELS: Final = ("label", "name", "title")


def picture_columns(picture: str, columns: Sequence[str]) -> Mapping[str, str] | None:
    """Tell which column stands for what in a picture; None where there is no such picture or the columns cannot make it.

    >>> picture_columns("bars", ("class", "className", "instances"))
    {'label': 'className'}
    >>> picture_columns("bars", ("class", "instances")) is None
    True
    """
    for wanted in PICTURES.get(picture, ()):
        found = {slot: column for slot, name in wanted.items() if (column := _column(name, columns))}
        if len(found) == len(wanted):
            return found
    return None


def needed_columns(picture: str) -> str:
    """Say which columns a picture can be made of, for people.

    >>> needed_columns("bars")
    'label…'
    """
    return ", or ".join(" ".join(wanted.values()) for wanted in PICTURES[picture])


def _column(name: str, columns: Sequence[str]) -> str | None:
    if not name.endswith("…"):
        return name if name in columns else None
    return next((column for column in columns if column.lower().endswith(_LABELS)), None)
