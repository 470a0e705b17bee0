"""Elements of HTML and SVG, in which whatever comes from data is escaped."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from markupsafe import Markup, escape

from schakel.site.pictures.text import Label

__all__ = ["Picture", "bdi", "element", "figure", "joined", "linked", "safe_address", "svg", "texts"]

_SCHEME: Final = re.compile(r"[^/?#]*:")
_FOLLOWED: Final = re.compile(r"(?:https?:|mailto:)", re.IGNORECASE)
# A browser leaves out or turns what these are, so what it follows would not be what was looked at.
_MISREAD: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufffe\uffff]|^//")


def safe_address(address: str | None) -> str | None:
    """Give an address back if it is relative, or of a web page or mailbox; None for any other.

    >>> safe_address("../org/brandaris.html"), safe_address("javascript:alert(1)"), safe_address("//elsewhere.example")
    ('../org/brandaris.html', None, None)
    """
    if not address or _MISREAD.search(address):
        return None
    return address if _FOLLOWED.match(address) or not _SCHEME.match(address) else None


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """Make an element: `class_` is the attribute `class`, `data_node` is `data-node`; an attribute that is None is left out, True stands by its name.

    >>> element("text", "a < b", x=1, class_="label")
    Markup('<text x="1" class="label">a &lt; b</text>')
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items() if value is not None and value is not False)
    content = joined(child for child in children if child is not None)
    return Markup(f"<{tag}{written}>{content}</{tag}>")  # noqa: S704  # every part is escaped, and tags and names of attributes are ours


def _attribute(name: str, value: object) -> str:
    written = name.rstrip("_").replace("_", "-")
    return f' {written}="{escape("" if value is True else value)}"'


def joined(parts: Iterable[object]) -> Markup:
    """Put parts after each other; what is not markup is escaped."""
    return Markup("").join(parts)  # type: ignore[arg-type]  # it escapes what is no markup


def bdi(label: Label) -> Markup:
    """Write a label in HTML so that its direction stays its own."""
    return element("bdi", label.text, lang=label.language)


def linked(address: str | None, content: Markup, **attributes: object) -> Markup:
    """Make content a link where there is an address, else leave it as it is."""
    return content if address is None else element("a", content, href=address, **attributes)


def texts(lines: Iterable[str], x: int, y: int, step: int, **attributes: object) -> Markup:
    """Write lines of text below each other in SVG; the first stands on `y`."""
    spans = (element("tspan", line, x=x, y=y + number * step) for number, line in enumerate(lines))
    return element("text", *spans, **attributes)


@dataclass(frozen=True)
class Picture:
    """What goes into a figure: its kind, its title and what it shows in words, what is drawn, and what scripts are told (`data-…`)."""

    kind: str
    title: str
    says: str
    drawn: Markup
    told: Mapping[str, object] = field(default_factory=dict)
    wide: bool = False


def figure(picture: Picture) -> Markup:
    """Make the figure; what is wide scrolls in a frame of its own, by keyboard too."""
    scrolls = {"class_": "picture-scroll", "tabindex": "0", "role": "group", "aria_label": picture.title}
    frame = element("div", picture.drawn, **scrolls) if picture.wide else picture.drawn
    return element(
        "figure",
        frame,
        element("figcaption", picture.says),
        class_=f"picture picture-{picture.kind}",
        data_picture=picture.kind,
        **{f"data_{name}": value for name, value in picture.told.items()},
    )


def svg(size: tuple[int, int], title: str, says: str, *children: object) -> Markup:
    """Make a drawing that says what it is; names that must be unique in a page are made of what it holds."""
    content = joined(children)
    name = "picture-" + sha256(f"{title}\n{says}\n{content}".encode()).hexdigest()[:12]
    wide, high = size
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", says, id=f"{name}-desc"),
        content,
        xmlns="http://www.w3.org/2000/svg",
        role="group",
        viewBox=f"0 0 {wide} {high}",
        width=wide,
        height=high,
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )
