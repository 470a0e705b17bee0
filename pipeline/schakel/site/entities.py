"""The pages of entities: what is said of each, where that was read, and what follows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from schakel.graph import Term, from_ntriples
from schakel.lookup import Description, Fact, Statement
from schakel.namespaces import PREFIXES
from schakel.packing import packed
from schakel.site import pictures
from schakel.site.describing import Descriptions, Telling, statements_in
from schakel.site.frame import Alternate, Frame, View
from schakel.site.neighbours import Lines, Neighbourhood
from schakel.site.parts import PAGE_IDS, anchors_of, parts_of
from schakel.site.passages import Passage
from schakel.site.rows import further_pages, nameless, sections
from schakel.site.telling import quoted, term
from schakel.structured_data import SchemaOrg, script

__all__ = ["ENTITY_FORMS", "Batch", "Reason", "pages_of_batch"]

# The forms that each entity has beside its page.
ENTITY_FORMS: Final = (("ttl", "text/turtle", "Turtle"), ("jsonld", "application/ld+json", "JSON-LD"), ("nt", "application/n-triples", "N-Triples"))
# The graphs of the passages of a source.
SOURCE_FORM: Final = ("trig", "application/trig", "TriG")
# So many links of an entity are drawn; beside the drawing stand all of them.
_MOST_DRAWN: Final = 16
# Where the drawing stands: with the first of these groups of facts.
_ROLE: Final = NamedNode(PREFIXES["org"] + "role")
_PICTURED: Final = ("takes-part", "members")


@dataclass(frozen=True)
class Reason:
    """Why something follows: what the axiom says, by language, and the lines of the statements that it was applied to."""

    words: Mapping[str, str]
    premises: Sequence[bytes]


@dataclass(frozen=True)
class Batch:
    """All that the pages of some entities are made of.

    `pages` are paths of pages by IRI, `kinds` those of the lists of each class, `read` what was read in each source, by passage in the order of the source;
    `unread` is how many statements more were read in a passage, or how many passages more a source has;
    `reasons` why what follows does so, by line; `schema` is what the entities are in the words of schema.org, None where the project does not say.
    """

    frame: Frame
    around: Neighbourhood
    pages: Mapping[str, str]
    passages: Mapping[str, Passage]
    read: Mapping[str, Mapping[str, Lines]]
    kinds: Mapping[str, str]
    reasons: Mapping[bytes, Reason]
    unread: Mapping[str, int]
    schema: SchemaOrg | None


def pages_of_batch(batch: Batch) -> bytes:
    """Make the pages of a batch, packed as one."""
    descriptions = Descriptions.of(batch.around, batch.passages, batch.frame.terms, batch.frame.context)
    reasons = {_triple(line): reason for line, reason in batch.reasons.items()}
    return packed(
        page
        for language in batch.frame.languages
        for telling in [descriptions.in_language(language)]
        for entity in batch.around.entities
        for page in _EntityPages(batch, telling, reasons, entity).pages()
    )


def _triple(line: bytes) -> Triple:
    return next(from_ntriples([line + b"\n"]))


@dataclass(frozen=True)
class _Why:
    """A reason as a page tells it: in the words of its language, with what leads from the one thing to the other."""

    words: str
    through: Sequence[NamedNode]


@dataclass(frozen=True)
class _EntityPages:
    """The pages of one entity in one language."""

    batch: Batch
    telling: Telling
    reasons: Mapping[Triple, Reason]
    entity: str

    @property
    def _path(self) -> str:
        return self.batch.pages[self.entity]

    def _view(self, path: str) -> View:
        return View(self.batch.frame, self.telling.language, path, self.batch.pages)

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Give path and content of the entity's page and of those with what does not fit on it."""
        view = self._view(f"{self._path}.html")
        node = NamedNode(self.entity)
        description = self.telling.describe(node)
        told, further = sections(description, view, self._path)
        read = list(self._read())
        parts = []
        for part in parts_of(self.telling, self.entity, without=self.batch.passages):
            of_part, left = sections(part.told, view, self._path, len(further))
            further += left
            parts.append((part, of_part))
        shared = {
            "entity": node,
            "name": description.name,
            "kind": description.kind,
            "why": self._why,
            "nameless": nameless,
            "term": term,
            "quoted": quoted,
            "label": self.telling.called,
            "passages": self.batch.passages,
        }
        yield self.batch.frame.render(
            view,
            "source.html.j2" if read else "entity.html.j2",
            **shared,
            kind_page=self._kind_page(node),
            sections=told,
            parts=parts,
            anchors=anchors_of(self.telling.about, self.entity, [part.told.entity.value for part, _ in parts] + [iri for iri, _, _ in read]),
            taken={*PAGE_IDS, *(each.key for each in told), *(f"{each.key}-title" for each in told)},
            picture=pictures.around(description.name.value, list(_links(description, view)), view.page_of, view.words, most=_MOST_DRAWN),
            pictured=next((part.key for part in told if part.key in _PICTURED), None),
            passage=self.batch.passages.get(self.entity),
            read=read,
            cited=sum("#" in iri for iri, _, _ in read),
            unread=self.batch.unread,
            alternates=[Alternate(f"{self._path}.{suffix}", media_type, name) for suffix, media_type, name in self._forms()],
            jsonld=self._jsonld(view, description),
            types=tuple(sorted(term.value for term in self.telling.about.types.get(node, ()))),
        )
        for page in further:
            before, after = further_pages(further, page)
            on_page = self._view(page.path)
            yield self.batch.frame.render(on_page, "more.html.j2", **shared, page=page, before=before, after=after, back=view.path)

    def _jsonld(self, view: View, description: Description) -> Markup | None:
        """Give what the page embeds, ready to be pasted into another page."""
        if self.batch.schema is None:
            return None
        words = view.words
        kind_page = self._kind_page(NamedNode(self.entity))
        above = [(words("Home"), "index.html"), (words("Browse"), "browse.html")]
        above += [(description.kind.value, kind_page)] if description.kind and kind_page else []
        crumbs = [(name, view.absolute(path)) for name, path in (*above, (description.name.value, view.path))]
        document = self.batch.schema.document(self.entity, view.language, view.absolute(view.path), crumbs)
        return None if document is None else Markup(script(document))  # noqa: S704  # every sign that could end the script is escaped there

    def _kind_page(self, node: NamedNode) -> str | None:
        chosen = self.telling.about.terms.hierarchy.most_specific(self.telling.about.types.get(node, frozenset()))
        return None if chosen is None else self.batch.kinds.get(chosen.value)

    def _forms(self) -> Iterator[tuple[str, str, str]]:
        yield from ENTITY_FORMS
        if self.entity in self.batch.read:
            yield SOURCE_FORM

    def _read(self) -> Iterator[tuple[str, Passage, Sequence[tuple[NamedNode, Literal, Sequence[Fact]]]]]:
        """Give what was read in each passage, or in the source as a whole, by what it is about."""
        for iri, lines in self.batch.read.get(self.entity, {}).items():
            by_subject: dict[NamedNode, list[Statement]] = {}
            for statement in statements_in(lines):
                by_subject.setdefault(statement.subject, []).append(statement)
            found = [(node, self._name(node), self.telling.facts(statements, node)) for node, statements in by_subject.items()]
            yield iri, self.batch.passages[iri], [each for each in found if each[2]]

    def _name(self, node: NamedNode) -> Literal:
        return self.telling.called(node) or Literal(self.batch.frame.context.short(node))

    def _why(self, fact: Fact) -> _Why | None:
        """Tell why a fact follows, None where it is stated or nobody asked."""
        node = NamedNode(self.entity)
        ends: tuple[Term, Term] = (fact.value, node) if fact.incoming else (node, fact.value)
        if not isinstance(ends[0], NamedNode):
            return None
        reason = self.reasons.get(Triple(ends[0], fact.property, ends[1]))
        if reason is None:
            return None
        own = self.batch.frame.context.is_own
        met = {term for line in reason.premises for term in _ends(_triple(line)) if isinstance(term, NamedNode) and own(term)} - set(ends)
        return _Why(self._view("").text(reason.words), sorted(met, key=lambda term: term.value))


def _links(description: Description, view: View) -> Iterator[pictures.Link]:
    """Give what an entity is linked with by way of things that have no name of their own: in a body by a membership, in a role."""
    for group in description.groups:
        for fact in group.facts:
            unnamed = None if fact.inferred else nameless(fact, view)
            if unnamed is not None and unnamed.heads and fact.incoming:
                head = unnamed.heads[0]
                # The role, where there is one: by its property, which is the same in every language.
                told = sorted(unnamed.rest, key=lambda inner: (inner.property != _ROLE, inner.property.value))
                role = next((inner.value_label.value for inner in told if inner.value_label is not None and not inner.inner), "")
                if isinstance(head.value, NamedNode) and head.value_label is not None:
                    yield pictures.Link(head.value, head.value_label.value, role_label=role)


def _ends(triple: Triple) -> tuple[Term, Term]:
    return triple.subject, triple.object
