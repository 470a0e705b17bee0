"""Every name in the graph: labels, other labels, abbreviations, titles, and names that are nodes of their own."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from schakel.answers.backend import Backend
from schakel.lookup.context import Context, language_rank
from schakel.lookup.sparql import HEADER, blocks, values
from schakel.namespaces import DCT, FOAF, PREFIXES, RDFS, SK, SKOS, Namespace, curie
from schakel.term_labels import term_labels

__all__ = ["NAME_PROPERTIES", "STAND_INS", "Name", "best_names", "every_name", "labels_of", "name_rank", "names_called", "read_names", "usual_names"]

_SCHEMA: Final = Namespace(PREFIXES["schema"])
_HTTPS_SCHEMA: Final = Namespace("https://schema.org/")
# What a name can be, the likest to be shown first. A name that is a node (sk:Name) is known by the property that leads to it.
NAME_PROPERTIES: Final = (
    *(SKOS.prefLabel, RDFS.label, FOAF.name, _SCHEMA.name, _HTTPS_SCHEMA.name, Namespace(PREFIXES["rov"]).legalName, DCT.title),
    *(Namespace("http://purl.org/dc/elements/1.1/").title, Namespace(PREFIXES["vcard"]).fn),
    *(SK.hasName, SKOS.altLabel, SK.abbreviation, Namespace(PREFIXES["org"]).identifier, DCT.identifier),
)

_RANKS: Final = {curie(term.value): rank for rank, term in enumerate(NAME_PROPERTIES)}

# What stands for a name where there is none: a difference has a topic, a name that is a node has its text.
STAND_INS: Final = (SK.topic, SK.nameText)


# A named tuple, as there are hundreds of thousands of them and a dataclass takes four times as long to make.
class Name(NamedTuple):
    """A name of an entity, with its language and the property that gives it (`skos:altLabel`)."""

    entity: NamedNode
    text: str
    language: str | None
    kind: str

    @property
    def literal(self) -> Literal:
        """The name as it stands in the graph."""
        return Literal(self.text, language=self.language)


def name_rank(name: Name) -> int:
    """Tell how fit a kind of name is to be shown; 0 is the fittest."""
    return _RANKS.get(name.kind, len(_RANKS))


def read_names(backend: Backend, about: Iterable[NamedNode] | None = None) -> list[Name]:
    """Read all names, or those of the entities given, sorted."""
    names = every_name(backend) if about is None else _read_about(backend, about, NAME_PROPERTIES)
    return sorted(names, key=lambda name: (name.entity.value, name_rank(name), name.text, name.language or ""))


def every_name(backend: Backend) -> set[Name]:
    """Read all names, in no order: sorting hundreds of thousands takes longer than looking through them."""
    return set(_read(backend, f"{values('property', NAME_PROPERTIES)} ?entity ?property ?text", "", NAME_PROPERTIES))


def names_called(backend: Backend, text: str) -> set[Name]:
    """Read the names that are the text but for capitals: the store compares them, which saves sending all of them."""
    same = f"FILTER(LCASE(STR(?text)) = {Literal(text.lower())})"
    return set(_read(backend, f"{values('property', NAME_PROPERTIES)} ?entity ?property ?text {same}", "", NAME_PROPERTIES, same))


def best_names(names: Iterable[Name], context: Context, language: str | None) -> dict[NamedNode, Literal]:
    """Choose a name for each entity: the fittest kind that it has, in the language most wanted."""
    rank = language_rank(context, language)
    best: dict[NamedNode, Name] = {}
    first = {curie(term.value): place - len(context.naming) for place, term in enumerate(context.naming)}
    for name in sorted(names, key=lambda name: (first.get(name.kind, name_rank(name)), rank(name.language), name.text, name.language or "")):
        best.setdefault(name.entity, name)
    return {entity: name.literal for entity, name in best.items()}


def labels_of(backend: Backend, entities: Iterable[NamedNode], context: Context, language: str | None) -> Mapping[NamedNode, Literal]:
    """Give what to call each of the entities: its best name or what stands for one; those that have neither are left out."""
    about = list(entities)
    names = _read_about(backend, about, (*NAME_PROPERTIES, *STAND_INS))
    return best_names(names | usual_names(names, about), context, language)


def usual_names(names: Collection[Name], about: Iterable[NamedNode]) -> set[Name]:
    """Give what terms of usual vocabularies are called that none of the names calls."""
    named = {name.entity for name in names}
    return {
        Name(term, text, language, curie(RDFS.label.value))
        for term in about
        if term not in named
        for language, text in term_labels().get(term.value, {}).items()
    }


def _read_about(backend: Backend, about: Iterable[NamedNode], properties: Sequence[NamedNode]) -> set[Name]:
    # A filter here and a second VALUES below: stores join two tables of values the wrong way round.
    only = f"FILTER(?property IN ({', '.join(map(str, properties))}))"
    bound = (values("entity", block) for block in blocks(about))
    return {name for entities in bound for name in _read(backend, f"{entities} ?entity ?property ?text {only}", entities, properties)}


def _read(backend: Backend, pattern: str, entities: str, properties: Sequence[NamedNode], same: str = "") -> Iterator[Name]:
    answer = backend.select(f"""{HEADER}
SELECT ?entity ?property ?text WHERE {{
  {{ {pattern} }}
  UNION
  {{ {entities} ?entity sk:hasName|^sk:nameOf ?name . ?name sk:nameText ?text BIND(sk:hasName AS ?property) {same} }}
}}""")
    kinds = {term: curie(term.value) for term in properties}
    for entity, term, text in answer.rows:
        # sk:hasName leads to a node, whose text comes from the second pattern.
        if isinstance(entity, NamedNode) and isinstance(term, NamedNode) and isinstance(text, Literal):
            yield Name(entity, text.value, text.language, kinds[term])
