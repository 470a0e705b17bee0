"""The pages of entities: what is said of each, where that was read, and what follows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from schakel.file_bundle import packed
from schakel.graph import Term, from_ntriples
from schakel.lookup import Description, Fact, Statement
from schakel.namespaces import DCT, SK
from schakel.releases.history import Entry
from schakel.site.descriptions import Descriptions, Telling, statements_in
from schakel.site.frame import Alternate, Frame, View
from schakel.site.goals import Goal, all_goals, goals_of
from schakel.site.items import Item, Teller
from schakel.site.markup import Marks, Why, term
from schakel.site.neighbours import Lines, Neighbourhood
from schakel.site.partners import Partner, is_told, pages_of, partners_of
from schakel.site.passages import Passage
from schakel.site.query_form import Asked
from schakel.site.reading import Capture, Mark, marked_page
from schakel.site.rows import Page, Section, further_pages, sections
from schakel.site.summary import Difference, Question, differences_of, key_facts, lead_of, questions_of, sentence
from schakel.site.when_and_where import dates_of, drawn_dates, map_of
from schakel.structured_data import SchemaOrg, script

__all__ = ["ENTITY_FORMS", "Batch", "Reason", "pages_of_batch"]

# The formats of each entity besides its page.
ENTITY_FORMS: Final = (("ttl", "text/turtle", "Turtle"), ("jsonld", "application/ld+json", "JSON-LD"), ("nt", "application/n-triples", "N-Triples"))
# The graphs of the passages of a source.
SOURCE_FORM: Final = ("trig", "application/trig", "TriG")


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
    `reasons` why what follows does so, by line; `schema` is what the entities are in the words of schema.org, None where the project does not say;
    `captures` are the pages of those that are sources whose text is shown, `asked` the canned queries that have an answer about each;
    `premises` has the graphs of the statements that reasons rest on, `history` what changed of each from release to release, newest first.
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
    captures: Mapping[str, Capture] = field(default_factory=dict)
    asked: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    premises: Lines = field(default_factory=dict)
    history: Mapping[str, Sequence[Entry]] = field(default_factory=dict)


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
class _Facts:
    """What the page of a thing tells, each fact once."""

    partners: Sequence[Partner]
    goals: Sequence[Goal]
    differences: Sequence[Difference]
    questions: Sequence[Question]
    sections: Sequence[Section]
    further: Sequence[Page]
    names: Section | None
    inferred: Section | None
    left: Sequence[Item]

    @property
    def ways(self) -> Mapping[str, int]:
        """Count the partners by kind of way."""
        return Counter(kind for partner in self.partners for kind in partner.kinds)

    @property
    def partner_kinds(self) -> Mapping[str, int]:
        """Count the partners by what they are, the most frequent first."""
        found = Counter(partner.kind.value for partner in self.partners if partner.kind is not None)
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    def number_of(self, kind: Literal) -> int:
        """Give the place of a kind of partners among all."""
        return list(self.partner_kinds).index(kind.value)


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
        view, node = self._view(f"{self._path}.html"), NamedNode(self.entity)
        description = self.telling.describe(node)
        read = list(self._read())
        direct = frozenset(fact.value for group in description.groups for fact in group.facts if not fact.inferred)
        parts = self.telling.about.parts.get(self.entity, ())
        # A passage is shown with what was read in it; its selectors are shown as its words.
        teller = Teller(self.telling, node, view.words, {part for part in parts if part.value in self.batch.passages}, direct)
        shown = {NamedNode(iri) for iri, _, _ in read}
        facts = self._facts(description, teller, view)
        on_page = self._shown(view, description)
        of_partners = pages_of(facts.partners, self._path)
        yield self.batch.frame.render(
            view,
            "entity.html.j2",
            **on_page,
            facts=facts,
            partners=of_partners[0].partners,
            more=of_partners[1].path if len(of_partners) > 1 else None,
            also=self._abbreviations(node, description.name),
            lead=(lead := lead_of(self.telling, node)),
            lead_sources=self.telling.stated(
                one for one in self.telling.about.outgoing.get(node, ()) if one.predicate == DCT.description and one.value == lead
            ),
            sentence=sentence(facts.partners, view.words),
            key=key_facts(self.telling, description, view),
            kind_page=self._kind_page(node),
            anchors=[part.value.partition("#")[2] for part in parts if part not in teller.placed or (part.value in self.batch.passages and part not in shown)],
            passage=self.batch.passages.get(self.entity),
            term=term,
            history=self.batch.history.get(self.entity, ()),
            read=read,
            page=self._page(read),
            dates=(dates := dates_of(self.telling, node, facts.partners)),
            line=drawn_dates(dates),
            map=map_of(self.telling, node, view),
            asked=self.batch.asked.get(self.entity, ()),
            unread=self.batch.unread,
            alternates=[Alternate(f"{self._path}.{suffix}", media_type, name) for suffix, media_type, name in self._forms()],
            jsonld=self._jsonld(view, description),
            types=tuple(sorted(term.value for term in self.telling.about.types.get(node, ()))),
        )
        for page in of_partners[1:]:
            at, around = self._view(page.path), [(each.number + 1, each.path) for each in of_partners]
            yield self.batch.frame.render(at, "more-partners.html.j2", **self._shown(at, description), facts=facts, page=page, around=around, back=view.path)
        for rest in facts.further:
            before, after = further_pages(facts.further, rest)
            at = self._view(rest.path)
            yield self.batch.frame.render(at, "more.html.j2", **self._shown(at, description), page=rest, before=before, after=after, back=view.path)

    def _shown(self, view: View, description: Description) -> dict[str, object]:
        """Give what every page of the entity needs."""
        marks = Marks(view, self.telling, NamedNode(self.entity), description.name.value, lambda item: self._why(item, view))
        return {"entity": NamedNode(self.entity), "name": description.name, "kind": description.kind, "marks": marks}

    def _facts(self, description: Description, teller: Teller, view: View) -> _Facts:
        """Tell each fact where a reader looks for it: partners, goals, what is different and open first, then the rest under its heading."""
        node = NamedNode(self.entity)
        lead = lead_of(self.telling, node)
        partners, told = partners_of(self.telling, node, view.words)
        teller.place(way.fact for partner in partners for way in partner.ways if way.fact is not None and teller.is_part(way.fact))
        goals = goals_of(self.telling, node)
        teller.place(goal.node for goal in all_goals(goals))
        differences, questions = differences_of(self.telling, node), questions_of(self.telling, node)
        apart = {*(each.node for each in differences), *(each.node for each in questions)}
        teller.place((*apart, *(side.node for each in differences for side in each.sides)))
        elsewhere = apart | {goal.node for goal in all_goals(goals)}
        groups = [
            replace(
                group, facts=tuple(fact for fact in group.facts if fact.value not in elsewhere and not is_told(fact, told) and not _is_summarised(fact, lead))
            )
            for group in description.groups
        ]
        made, further = sections(replace(description, groups=tuple(groups)), teller, view, self._path)
        by_key = {section.key: section for section in made}
        named, inferred = by_key.pop("names", None), by_key.pop("inferred", None)
        ordered = sorted(by_key.values(), key=lambda section: section.key == "kind")
        return _Facts(partners, goals, differences, questions, ordered, further, named, inferred, self._left(teller))

    def _left(self, teller: Teller) -> list[Item]:
        """Tell the parts that nothing leads to; of those with nothing stated of them there is but the place that their IRIs lead to."""
        about = self.telling.about
        left = [part for part in about.parts.get(self.entity, ()) if any(not one.is_inferred for one in about.outgoing.get(part, ()))]
        # A part that links to another comes first, so that the other is shown below it.
        left.sort(key=lambda part: (any(teller.is_part(one.subject) for one in about.incoming.get(part, ()) if not one.is_inferred), part.value))
        return [teller.part(part) for part in left if part not in teller.placed]

    def _abbreviations(self, node: NamedNode, name: Literal) -> list[str]:
        said = self.telling.about.outgoing.get(node, ())
        found = {one.value.value for one in said if one.predicate == SK.abbreviation and isinstance(one.value, Literal) and not one.is_inferred}
        return sorted(found - {name.value})

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
        forms = (*ENTITY_FORMS, SOURCE_FORM) if self.entity in self.batch.read else ENTITY_FORMS
        return (form for form in forms if form[0] in self.batch.frame.formats)

    def _read(self) -> Iterator[tuple[str, Passage, Sequence[tuple[NamedNode, Literal, Sequence[Fact]]]]]:
        """Give what was read in each passage, or in the source as a whole, by what it is about."""
        for iri, lines in self.batch.read.get(self.entity, {}).items():
            by_subject: dict[NamedNode, list[Statement]] = {}
            for statement in statements_in(lines):
                by_subject.setdefault(statement.subject, []).append(statement)
            found = [(node, self._name(node), self.telling.facts(statements, node)) for node, statements in by_subject.items()]
            passage, capture = self.batch.passages[iri], self.batch.captures.get(self.entity)
            if capture is not None and passage.start is not None:
                passage = replace(passage, whole=capture.text[passage.start : passage.end])
            yield iri, passage, [each for each in found if each[2]]

    def _page(self, read: Iterable[tuple[str, Passage, object]]) -> Markup | None:
        """Give the captured page of a source with its passages marked, None where only these are shown."""
        capture = self.batch.captures.get(self.entity)
        if capture is None or capture.view != "page":
            return None
        found = ((passage.start, passage.end, iri.partition("#")[2]) for iri, passage, _ in read)
        return marked_page(capture.text, [Mark(start, end, fragment) for start, end, fragment in found if start is not None and end is not None])

    def _name(self, node: NamedNode) -> Literal:
        return self.telling.called(node) or Literal(self.batch.frame.context.short(node))

    def _why(self, item: Item, view: View) -> Why | None:
        """Tell why a fact follows; None where it is stated or nobody asked."""
        node, fact = NamedNode(self.entity), item.fact
        ends: tuple[Term, Term] = (fact.value, node) if fact.incoming else (node, fact.value)
        if not isinstance(ends[0], NamedNode):
            return None
        reason = self.reasons.get(Triple(ends[0], fact.property, ends[1]))
        if reason is None:
            return None
        own = self.batch.frame.context.is_own
        premises = [_triple(line) for line in reason.premises]
        met = {term for premise in premises for term in _ends(premise) if isinstance(term, NamedNode) and own(term)} - set(ends)
        stating = self.telling.sources_of(NamedNode(graph) for line in reason.premises for graph in self.batch.premises.get(line, ()))
        return Why(view.text(reason.words), [term(view, each, self.telling.called(each)) for each in sorted(met, key=lambda each: each.value)], stating)


def _is_summarised(fact: Fact, lead: Literal | None) -> bool:
    """Tell whether the head of the page says the same: it has the description in the language of the reader."""
    if fact.property != DCT.description or fact.incoming or lead is None or not isinstance(fact.value, Literal):
        return False
    return fact.value == lead or fact.value.language != lead.language


def _ends(triple: Triple) -> tuple[Term, Term]:
    return triple.subject, triple.object
