"""Pictures of answers: networks, ownership, trees, bars, times and places, drawn when the site is made and readable without JavaScript.

Nothing here depends on the machine or on chance: the same answer gives the same bytes.
"""

from collections.abc import Callable, Mapping
from typing import Final

from markupsafe import Markup

from schakel.answers import Answer
from schakel.queries import picture_columns
from schakel.site.pictures.bars import draw_bars
from schakel.site.pictures.network import draw_network
from schakel.site.pictures.ownership import draw_ownership
from schakel.site.pictures.places import draw_places
from schakel.site.pictures.table import Drawing, PageOf, Table, Words
from schakel.site.pictures.timeline import draw_line, draw_timeline
from schakel.site.pictures.tree import draw_tree

__all__ = ["PageOf", "Words", "draw", "draw_line"]

_DRAWN: Final[Mapping[str, Callable[[Table, Drawing], Markup | None]]] = {
    "bars": draw_bars,
    "map": draw_places,
    "network": draw_network,
    "ownership": draw_ownership,
    "timeline": draw_timeline,
    "tree": draw_tree,
}


def draw(picture: str, answer: Answer, page_of: PageOf, words: Words, *, most: int = 150) -> Markup | None:
    """Draw an answer as a `<figure>`; None where there is no such picture, its columns are not there, or nothing is to be seen.

    `page_of` gives the address of a thing's page. At most `most` things are drawn, and the caption says how many are left to the table.
    """
    slots = picture_columns(picture, answer.columns)
    if slots is None or not answer.rows or picture not in _DRAWN:
        return None
    return _DRAWN[picture](Table(answer, slots), Drawing(page_of, words, most))
