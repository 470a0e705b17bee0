"""The same work as a build, done with rdflib, owlrl and pySHACL alone: a script as a careful user of these libraries would write it.

    python bench/reference_chain.py PROJECT FOLDER

It reads the project's tables, mappings, lock, ontology and shapes, and writes the five dumps and how many results of each shape there are into FOLDER.
Nothing of Schakel is imported. What makes rdflib, owlrl and pySHACL faster without another library is used: prepared queries, a plain store, axioms without
annotations. What a build does beyond that is left out: it finds rows of which something is lost, names the row of each finding, and reads its dumps back.
"""

import csv
import json
import logging
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyshacl
import rdflib
from owlrl.OWLRL import OWLRL_Semantics
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SH, SKOS, XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

# Lexical forms are kept as they are written: 2009-04 stays a month.
rdflib.NORMALIZE_LITERALS = False
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

OA: Final = Namespace("http://www.w3.org/ns/oa#")
SK: Final = Namespace("https://w3id.org/schakel/ns#")
Triple = tuple[Node, Node, Node]
# Annotations, of which nothing follows.
_ANNOTATIONS: Final = frozenset(
    {RDFS.isDefinedBy, RDFS.seeAlso, SKOS.inScheme, SKOS.topConceptOf, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, DCTERMS.license}
)
_LANGUAGE: Final = (str(RDF), str(RDFS), str(OWL))


class Chain:
    """A project on its way from tables to dumps."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.base = str(tomllib.loads((project / "schakel.toml").read_text("utf-8"))["base"])
        self.dataset = Dataset()
        self.ontology = Graph()
        for path in sorted((project / "ontology").rglob("*.ttl")):
            self.ontology.parse(path, publicID=self.base)

    def graph(self, name: str) -> Graph:
        """Give a named graph, by its name below the base."""
        return self.dataset.graph(URIRef(self.base + name))

    def map(self) -> None:
        """Map every table: each row by the query of its table, into the graph of what it cites."""
        cited: dict[str, set[Node]] = defaultdict(set)
        lock = {(row["source"], row["passage"]): row for row in _rows(self.project / "data" / "evidence.lock.csv")}
        self._name_passages(lock.values())
        for path in sorted((self.project / "data").glob("*.rq")):
            # Parsed once a table, and run once a row with the row's cells as bindings: parsing a block of rows as VALUES takes rdflib longer.
            query = prepareQuery(path.read_text("utf-8"), base=self.base)
            for row in _rows(path.with_suffix(".csv")):
                source, passage = row.get("source", ""), row.get("passage", "")
                place = lock.get((source, passage))
                name = place["name"] if place else f"source/{source}" if path.stem != "sources" else "graph/provenance"
                made = list(Graph().query(query, initBindings={column: Literal(cell) for column, cell in row.items() if cell}))
                target = self.graph(name)
                for triple in made:
                    target.add(triple)  # type: ignore[arg-type]  # what a CONSTRUCT gives are triples
                if place:
                    cited[name].update(triple[0] for triple in made)  # type: ignore[index]
        self._describe(lock, cited)
        vocabulary = self.graph("graph/vocabulary")
        for triple in self.ontology:
            if not any(isinstance(term, BNode) for term in triple):
                vocabulary.add(triple)

    @staticmethod
    def _name_passages(places: Iterable[dict[str, str]]) -> None:
        """Name each passage by its source and its text; the same text again by its number there, too."""
        seen: dict[str, list[str]] = defaultdict(list)
        for place in sorted(places, key=lambda each: (each["source"], int(each["start"]), int(each["end"]))):
            name, span = f"source/{place['source']}#p-{place['sha256'][:12]}", f"{place['start']}-{place['end']}"
            if span not in seen[name]:
                seen[name].append(span)
            number = seen[name].index(span) + 1
            place["name"] = name if number == 1 else f"{name}-{number}"

    def _describe(self, lock: dict[tuple[str, str], dict[str, str]], cited: dict[str, set[Node]]) -> None:
        """Describe each passage in the terms of the Web Annotation vocabulary."""
        provenance = self.graph("graph/provenance")
        for (source, text), place in lock.items():
            name = place["name"]
            node = URIRef(self.base + name)
            if name not in cited or (node, RDF.type, OA.SpecificResource) in provenance:
                continue
            provenance.addN((*triple, provenance) for triple in _passage(node, URIRef(f"{self.base}source/{source}"), text, place))
            for subject in cited[name]:
                provenance.add((subject, SK.statedIn, node))

    def reason(self) -> None:
        """Let owlrl conclude what follows by OWL 2 RL; keep what is worth having, as docs/reference/inference.md says."""
        aside = {URIRef(f"{self.base}graph/{name}") for name in ("provenance", "vocabulary", "inferred")}
        closure = Graph("SimpleMemory")
        for subject, predicate, value, name in self.dataset.quads():
            if name not in aside:
                closure.add((subject, predicate, value))
        for triple in self.ontology:
            if triple[1] not in _ANNOTATIONS and (not isinstance(triple[2], Literal) or str(triple[1]).startswith(str(OWL))):
                closure.add(triple)
        stated = set(closure)
        OWLRL_Semantics(closure, axioms=False, daxioms=False, rdfs=False).closure()
        terms = set(self.ontology.subjects())
        inferred = self.graph("graph/inferred")
        for triple in closure:
            if triple not in stated and triple not in self.ontology and triple[0] not in terms and _tells_something(triple):
                inferred.add(triple)

    def merged(self) -> Graph:
        """Give all statements as one graph."""
        merged = _Prepared()
        for subject, predicate, value, _ in self.dataset.quads():
            merged.add((subject, predicate, value))
        return merged

    def validate(self, merged: Graph) -> Counter[str]:
        """Let pySHACL judge the whole; give how many results each shape has."""
        shapes = Graph()
        for path in sorted((self.project / "shapes").rglob("*.ttl")):
            shapes.parse(path, publicID=self.base)
        _, report, _ = pyshacl.validate(merged, shacl_graph=shapes, inference="none", inplace=True, advanced=False, meta_shacl=False, do_owl_imports=False)
        if not isinstance(report, Graph):
            raise SystemExit(str(report))
        return Counter(map(str, report.objects(None, SH.sourceShape)))

    def dump(self, merged: Graph, folder: Path) -> None:
        """Write the five dumps."""
        folder.mkdir(parents=True, exist_ok=True)
        for file, form in (("graph.ttl", "turtle"), ("graph.nt", "nt"), ("graph.jsonld", "json-ld")):
            merged.serialize(folder / file, format=form, encoding="utf-8")
        self.dataset.serialize(folder / "dataset.trig", format="trig", encoding="utf-8")
        self.dataset.serialize(folder / "dataset.nq", format="nquads", encoding="utf-8")


class _Prepared(Graph):
    """A graph that parses each query once; pySHACL asks the same ones again and again, once a focus node."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> rdflib.query.Result:  # noqa: ANN401  # whatever rdflib takes
        """Run a query."""
        return super().query(_prepare(query_object) if isinstance(query_object, str) else query_object, *args, **kwargs)


@cache
def _prepare(query: str) -> Query:
    return prepareQuery(query)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _passage(node: URIRef, source: URIRef, text: str, place: dict[str, str]) -> Iterator[Triple]:
    yield from ((node, RDF.type, OA.SpecificResource), (node, OA.hasSource, source), (node, PROV.hadPrimarySource, source))
    first, *last = (re.sub(r"\s+", " ", part).strip() for part in text.split("…"))
    yield from ((node, SK.sha256, Literal(place["sha256"])), (node, SK.firstWords, Literal(first)))
    position = URIRef(f"{node}-position")
    yield from ((node, OA.hasSelector, position), (position, RDF.type, OA.TextPositionSelector))
    yield from ((position, OA[end], Literal(place[end], datatype=XSD.integer)) for end in ("start", "end"))
    if last:
        yield node, SK.lastWords, Literal(last[0])
        return
    quote = URIRef(f"{node}-quote")
    yield from ((node, OA.hasSelector, quote), (quote, RDF.type, OA.TextQuoteSelector), (quote, OA.exact, Literal(first)))


def _tells_something(triple: Triple) -> bool:
    subject, predicate, value = triple
    if not isinstance(subject, URIRef) or not isinstance(predicate, URIRef) or isinstance(value, BNode):
        return False
    if predicate == RDF.type:
        return isinstance(value, URIRef) and not str(value).startswith(_LANGUAGE)
    return subject != value if predicate == OWL.sameAs else not str(predicate).startswith(_LANGUAGE)


def main(project: Path, folder: Path) -> None:
    """Do the work of a build."""
    chain = Chain(project)
    chain.map()
    chain.reason()
    merged = chain.merged()
    results = chain.validate(merged)
    chain.dump(merged, folder)
    (folder / "results.json").write_text(json.dumps(results, sort_keys=True), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
