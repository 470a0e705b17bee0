"""How a page tells a fact and where it was read: the marks that make up most of a page, made here as templates would make them slowly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.lookup import Source
from schakel.site.descriptions import Telling
from schakel.site.frame import Link, View
from schakel.site.items import Item
from schakel.site.partners import Partner, Way
from schakel.site.passages import Passage
from schakel.site.rendering import isolated

__all__ = ["Marks", "Why", "quoted", "term"]

# The ids that every page uses itself, besides those that begin with "ui-".
_TAKEN = frozenset({"main", "search"})
# So long may a text of a correction be: longer addresses are cut off by some mail programs.
_LONGEST_PLACE = 300


def term(view: View, value: Term, label: Literal | None = None) -> Markup:
    """Show the value of a fact: a link with the thing's name, or a text in its language, a number or a date as the reader writes it."""
    if isinstance(value, Literal):
        tag = view.lang(value)
        text = value.value if value.language else view.words.literal(value.value, value.datatype.value)
        return _spoken(isolated(text), tag) if tag is None else _spoken(isolated(text), tag) + _tag(tag)
    if not isinstance(value, NamedNode):
        return escape(str(value))
    link = view.link(value)
    if link is None:
        return _spoken(isolated(value.value if label is None else label.value), view.lang(label))
    return _linked(link, isolated(view.short(value) if label is None else label.value), view.lang(label))


def _tag(tag: str) -> Markup:
    return Markup(' <span class="tag">{}</span>').format(tag)


def _linked(link: Link, text: Markup, tag: str | None, kind: str = "") -> Markup:
    outside = ' rel="external noopener"' if link.outside else ""
    language = "" if tag is None else f' lang="{escape(tag)}"'
    return Markup(f'<a{kind} href="{escape(link.href)}"{outside}{language}>{text}</a>')  # noqa: S704  # all that comes from data is escaped


def _spoken(text: Markup, tag: str | None) -> Markup:
    return text if tag is None else Markup(f'<span lang="{escape(tag)}">{text}</span>')  # noqa: S704  # the text is escaped


def quoted(view: View, sources: Sequence[Source], passages: Mapping[str, Passage]) -> Markup:
    """Quote passages of one document by their first and last words, which lead to its page, and name the document.

    A passage that is on the web comes alone: the name of the document leads there.
    """
    source = sources[-1]
    title, passage = source.page_title, passages.get(source.passage.value)
    tags = {view.lang(title), *(view.lang(at.words) for each in sources if each.first_words and (at := passages.get(each.passage.value)) is not None)}
    # A language that all is in is said once.
    common = tags.pop() if len(tags) == 1 else None
    parts = []
    for each in sources:
        if each.first_words:
            at = passages.get(each.passage.value)
            tag = view.lang(None if at is None else at.words) if common is None else None
            words = isolated(" … ".join(filter(None, (each.first_words, each.last_words))))
            to = view.link(each.passage)
            parts.append(_spoken(words, tag) if to is None else _linked(to, words, tag, ' class="quote"'))
    tag = view.lang(title) if common is None else None
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
    language = "" if common is None else f' lang="{escape(common)}"'
    return Markup(f'<span class="source"{language}>{told}</span>')  # noqa: S704  # its parts are escaped


@dataclass(frozen=True)
class Why:
    """Why something follows: the rule in words, by way of what, and the passages that state its premises."""

    words: str
    through: Sequence[Markup]
    sources: Sequence[Source]


@dataclass(frozen=True)
class Marks:
    """What writes the facts of one page about an entity, which is called `thing`; `why` gives for what follows why it does."""

    view: View
    telling: Telling
    entity: NamedNode
    thing: str
    why: Callable[[Item], Why | None]

    def text(self, text: Literal | None) -> Markup:
        """Write a text, marked with its language where that is not the reader's."""
        return Markup() if text is None else term(self.view, text)

    def name(self, label: Literal) -> Markup:
        """Write a name with its language, for a screen reader to speak it by."""
        return _spoken(isolated(label.value), self.view.lang(label))

    def to(self, node: NamedNode, label: Literal) -> Markup:
        """Lead to a thing by its name."""
        return term(self.view, node, label)

    def id(self, fragment: str) -> Markup:
        """Write the id of a place that an IRI leads to; nothing where the page itself has that id."""
        return Markup(' id="{}"').format(fragment) if fragment and fragment not in _TAKEN and not fragment.startswith("ui-") else Markup()

    def anchor(self, node: NamedNode | None) -> Markup:
        """Write the id of the place of a part of the entity; nothing for what has its place elsewhere."""
        owner, fragment = ("", "") if node is None else self.telling.whole_of(node)
        return self.id(fragment) if owner == self.entity.value else Markup()

    def key(self, node: NamedNode | None, text: Literal) -> Markup:
        """Write a value in short, and lead to its place where it has one."""
        return self.name(text) if node is None else term(self.view, node, text)

    def called(self, node: NamedNode) -> Literal:
        """Give what to call something."""
        return self.telling.name(node)

    def quotes(self, sources: Iterable[Source]) -> Markup:
        """Quote passages."""
        passages = self.telling.about.passages

        def together(source: Source) -> tuple[NamedNode, NamedNode | None]:
            passage = passages.get(source.passage.value)
            return source.page, source.passage if passage is None or passage.link or not source.first_words else None

        return Markup("\n").join(quoted(self.view, list(several), passages) for _, several in groupby(sources, together))

    def way(self, way: Way) -> Markup:
        """Say how a partner is met, and lead to the fact where its place is on another page."""
        elsewhere = None if way.fact is None or self.telling.is_part(way.fact, self.entity) else self.view.link(way.fact)
        return escape(way.words) if elsewhere is None else _linked(elsewhere, escape(way.words), None)

    def partner(self, partner: Partner) -> Markup:
        """Write what is folded below a partner: what else is said of each way, and the passages."""
        rest = Markup().join(self._inner([Item(fact) for fact in way.rest]) for way in partner.ways if way.rest)
        fact = f"{partner.name.value}: {', '.join(way.words for way in partner.ways)}"
        return self.words(partner.sources, fact, rest)

    def item(self, item: Item) -> Markup:
        """Write a fact: its value, what is said of the value, and its passages, folded."""
        name = self._name(item)
        parts = [name] if name else []
        if item.text is not None and not item.is_value:
            parts.append(Markup('<p class="said">{}</p>').format(self.text(item.text)))
        if item.inner:
            parts.append(self._inner(item.inner))
        if item.left:
            more = self.view.words("%(count)s more statements are in the files below.", count=self.view.words.number(item.left))
            parts.append(Markup('<p class="note">{}</p>').format(more))
        parts.append(self.words(item.sources, name.striptags() if item.text is None else item.text.value))
        parts += self._reason(item)
        return Markup("\n").join(part for part in parts if part)

    def _name(self, item: Item) -> Markup:
        fact = item.fact
        if item.is_value and item.text is not None:
            return self.text(item.text) + Markup().join(Markup("<span{}></span>").format(self.id(each)) for each in item.also)
        kind = Markup(' <span class="tag">{}</span>').format(self.name(item.kind)) if item.kind is not None else Markup()
        if item.anchor:
            label = fact.value_label
            return Markup() if label is None or (not fact.is_named and item.inner) else Markup("<strong>{}</strong>{}").format(self.name(label), kind)
        return term(self.view, fact.value, fact.value_label) + kind

    def _inner(self, items: Iterable[Item]) -> Markup:
        told = Markup("\n").join(
            Markup("<div{}><dt>{}</dt><dd>{}{}{}</dd></div>").format(
                self.id(each.anchor),
                self.name(each.fact.property_label),
                self._name(each),
                Markup() if each.text is None or each.is_value else Markup(" {}").format(self.text(each.text)),
                self._inner(each.inner) if each.inner else Markup(),
            )
            for each in items
        )
        return Markup('<dl class="inner">\n{}\n</dl>').format(told)

    def words(self, sources: Sequence[Source], fact: str, before: str = "") -> Markup:
        """Write the passages that say so, folded, and how to say that it is wrong; `before` is what else is folded."""
        if not sources:
            return Markup(before)  # noqa: S704  # its parts are escaped
        many = self.view.words.many("%(count)s passage", "%(count)s passages", len(sources))
        correction = self.correction(fact, sources[0].passage.value)
        told = (Markup("<details><summary>{}</summary>\n").format(many), before, self.quotes(sources), correction, "</details>")
        return Markup("".join(told))  # noqa: S704  # its parts are escaped

    def correction(self, fact: str, passage: str) -> Markup:
        """Lead to a letter that says that something is wrong, with what the letter is about; nothing where the project takes none."""
        template = self.view.frame.corrections
        if not template:
            return Markup()
        texts = {"thing": self.thing, "fact": " ".join(fact.split()), "page": self._address, "passage": passage}
        href = template.format(**{place: quote(text[:_LONGEST_PLACE], safe="") for place, text in texts.items()})
        return Markup('\n<a class="small no-print" href="{}">{}</a>').format(href, self.view.words("Is this wrong?"))

    @cached_property
    def _address(self) -> str:
        return self.view.absolute(self.view.path)

    def _reason(self, item: Item) -> list[Markup]:
        found = self.why(item) if item.fact.inferred else None
        if found is None:
            return []
        through = Markup('<span class="through">{} {}</span>').format(self.view.words("by way of"), Markup(", ").join(found.through))
        many = self.view.words.many("rests on %(count)s passage", "rests on %(count)s passages", len(found.sources))
        words = Markup("<details><summary>{}</summary>\n{}</details>").format(many, self.quotes(found.sources))
        return [each for each, is_there in ((through, found.through), (words, found.sources)) if is_there]

    def reasons(self, items: Iterable[Item]) -> list[str]:
        """Give the reasons that facts follow by, each once."""
        found = (self.why(item) for item in items if item.fact.inferred)
        return list({each.words.lower(): each.words for each in found if each is not None and each.words}.values())
