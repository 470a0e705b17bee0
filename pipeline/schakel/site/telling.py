"""How a page tells what a fact leads to and where it was read: the few marks that make up most of a page, made here as templates would make them slowly."""

from collections.abc import Mapping

from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.lookup import Source
from schakel.site.frame import Link, View
from schakel.site.passages import Passage
from schakel.site.rendering import isolated
from schakel.site.words import spoken

__all__ = ["quoted", "term"]


def term(view: View, value: Term, label: Literal | None = None) -> Markup:
    """Tell what stands at the other end of a fact: a link with the thing's name, or a text in its language."""
    if isinstance(value, Literal):
        tag = view.lang(value)
        text = _spoken(isolated(value.value), tag)
        return text if tag is None else text + Markup(' <span class="tag" title="{}">{}</span>').format(spoken(tag), tag)
    if not isinstance(value, NamedNode):
        return escape(str(value))
    link = view.link(value)
    if link is None:
        return _spoken(isolated(value.value if label is None else label.value), view.lang(label))
    return _linked(link, isolated(view.short(value) if label is None else label.value), view.lang(label))


def _linked(link: Link, text: Markup, tag: str | None, kind: str = "") -> Markup:
    outside = ' rel="external noopener"' if link.outside else ""
    language = "" if tag is None else f' lang="{escape(tag)}"'
    return Markup(f'<a{kind} href="{escape(link.href)}"{outside}{language}>{text}</a>')  # noqa: S704  # all that comes from data is escaped


def _spoken(text: Markup, tag: str | None) -> Markup:
    return text if tag is None else Markup(f'<span lang="{escape(tag)}">{text}</span>')  # noqa: S704  # the text is escaped


def quoted(view: View, source: Source, passages: Mapping[str, Passage]) -> Markup:
    """Quote a passage by its first and last words, which lead to its page, and name its document, which leads to the passage on the web if it is there."""
    title = source.page_title
    passage = passages.get(source.passage.value)
    tag = view.lang(None if passage is None else passage.words)
    parts = []
    if source.first_words:
        words = isolated(" … ".join(filter(None, (source.first_words, source.last_words))))
        to = view.link(source.passage)
        parts.append(_spoken(words, tag) if to is None else _linked(to, words, tag, ' class="quote"'))
    tag = view.lang(title)
    name = isolated(view.short(source.page) if title is None else title.value)
    to = None if source.first_words else view.link(source.page)
    if to is not None:
        parts.append(_linked(to, name, tag))
    elif passage is not None and passage.link:
        parts.append(_linked(Link(passage.link, outside=True), name, tag))
    else:
        language = "" if tag is None else f' lang="{escape(tag)}"'
        parts.append(Markup(f"<cite{language}>{name}</cite>"))  # noqa: S704  # both are escaped
    told = "\n".join(parts)
    return Markup(f'<span class="source">{told}</span>')  # noqa: S704  # its parts are escaped
