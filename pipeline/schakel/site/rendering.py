"""Templates: those of the engine, or a project's own of the same name."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from unicodedata import bidirectional

from jinja2 import ChoiceLoader, DictLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined, TemplateError
from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from schakel.errors import TemplateUnusableError
from schakel.site.localization import spoken

__all__ = ["Renderer", "isolated", "shortened"]

# Signs that no page may hold, and that a file of data can.
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
# Bytes that only unfit signs have, and those that signs beyond U+FFFF begin with.
_SUSPECT: Final = bytes({*range(0x20), 0x7F, *range(0xF0, 0xF5)} - set(b"\t\n\r"))
_SECOND_CONTROLS: Final = re.compile(rb"\xc2[\x80-\x9f]")
# Signs that leave the direction of what is around them alone, in a page that is read from left to right.
_PLAIN: Final = frozenset({"L", "EN", "ES", "ET", "CS", "NSM", "BN", "B", "S", "WS", "ON"})


@dataclass(frozen=True)
class Renderer:
    """Makes pages of templates; `own` are a project's: name and text of each."""

    own: tuple[tuple[str, str], ...]

    def render(self, template: str, values: Mapping[str, Any]) -> bytes:
        """Fill in a template.

        Raises TemplateUnusableError for one that cannot be read, or asks for what is not there.
        """
        try:
            text = _environment(self.own).get_template(template).render(values)
        except TemplateError as error:
            raise TemplateUnusableError(template, str(error), getattr(error, "lineno", None)) from None
        content = text.encode()
        return _UNFIT.sub("", text).encode() if _is_suspect(content) else content


def _is_suspect(content: bytes) -> bool:
    """Tell whether a page may hold an unfit sign: that takes a hundredth of the time of looking for them."""
    return (
        len(content.translate(None, _SUSPECT)) != len(content)
        or any(begin in content for begin in (b"\xef\xb7", b"\xef\xbf"))
        or _SECOND_CONTROLS.search(content) is not None
    )


@cache
def _environment(own: tuple[tuple[str, str], ...]) -> Environment:
    engine = PackageLoader("schakel.site")
    environment = Environment(
        # Under the name `engine/…` a template of a project reaches the one in whose place it comes.
        loader=ChoiceLoader([DictLoader(dict(own)), engine, PrefixLoader({"engine": engine})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["spoken"] = spoken
    environment.filters["shortened"] = shortened
    environment.filters["isolated"] = isolated
    environment.filters["because"] = _because
    environment.filters["reasons"] = _reasons
    environment.tests["iri"] = _is_iri
    environment.tests["text"] = _is_text
    return environment


def shortened(text: str, most: int = 80) -> str:
    """Cut a text at a word's end where it is longer than a title should be.

    >>> shortened("the keepers of the lighthouse", 15)
    'the keepers of…'
    """
    if len(text) <= most:
        return text
    cut = text[:most].rpartition(" ")[0]
    return f"{cut if len(cut) > most // 2 else text[: most - 1]}…"


def isolated(text: str) -> Markup:
    """Write a text from data so that its direction reaches no further than itself; most texts need nothing for that.

    >>> isolated("Brandaris & co"), isolated("מגדלור")
    (Markup('Brandaris &amp; co'), Markup('<bdi>מגדלור</bdi>'))
    """
    if text.isascii() or all(bidirectional(sign) in _PLAIN for sign in text):
        return escape(text)
    return Markup("<bdi>{}</bdi>").format(text)


def _because(fact: object, why: Callable[[object], Any]) -> str | None:
    """Give the words of the reason that a fact follows by."""
    reason = why(fact)
    return None if reason is None else reason.words


def _reasons(facts: Iterable[object], why: Callable[[object], Any]) -> list[str]:
    """Give the words of the reasons that facts follow by, each once."""
    found: dict[str, str] = {}
    for fact in facts:
        words = _because(fact, why)
        if words:
            found.setdefault(words.lower(), words)
    return list(found.values())


def _is_iri(term: object) -> bool:
    return isinstance(term, NamedNode)


def _is_text(term: object) -> bool:
    return isinstance(term, Literal)
