"""The shapes, each held against small graphs that it must accept or reject.

The layout of the folder shapes/ is the plan: a folder a file of shapes, in it `valid-<case>.ttl` and `invalid-<case>.ttl`. An invalid example has
one mistake, and names the one shape that rejects it in its second line. All are judged in one graph with the ontology, each in a namespace of its own,
without any reasoning.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

REPOSITORY = Path(__file__).parent.parent
EXAMPLES = Path(__file__).parent / "shapes"
SHAPE = rdflib.Namespace("https://w3id.org/schakel/shapes#")
BASE = "https://example.org/"
ONTOLOGY = "the ontology"
CORE_LANGUAGES = {"en", "nl", "nb", "nn"}

VALID = sorted(EXAMPLES.glob("*/valid-*.ttl"))
INVALID = sorted(EXAMPLES.glob("*/invalid-*.ttl"))

# What a validator found in each example: by the local name of the shape, the names of its severity and of the constraint component.
Verdict: TypeAlias = list[list[str]]
Verdicts: TypeAlias = dict[str, Verdict]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@cache
def prepared(query: str) -> Query:
    return prepareQuery(query)


class Data(Graph):
    """A graph of which the same queries are asked with every node: each is parsed once."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> rdflib.query.Result:  # noqa: ANN401  # whatever rdflib takes
        return super().query(prepared(query_object) if isinstance(query_object, str) else query_object, *args, **kwargs)


def read_folder(folder: str) -> Graph:
    graph = Graph()
    for path in sorted((REPOSITORY / folder).rglob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return read_folder("shapes")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return read_folder("ontology")


@pytest.fixture(scope="module")
def shacl() -> Graph:
    """The vocabulary of SHACL as it comes with pySHACL."""
    graph = Graph()
    with resources.as_file(resources.files("pyshacl").joinpath("assets", "shacl.ttl")) as path:
        graph.parse(path)
    return graph


def results(report: Graph) -> Iterator[Node]:
    return report.subjects(RDF.type, SH.ValidationResult)


def local(term: Node | None) -> str:
    return str(term).rpartition("#")[2]


def example_in(namespace: str, path: Path, owners: dict[Node, str]) -> Iterator[tuple[Node, Node, Node]]:
    """Give the triples of an example with its IRIs moved to a namespace of its own; record to which example each of its nodes belongs."""

    def moved(node: Node) -> Node:
        if isinstance(node, URIRef) and node.startswith(BASE):
            node = URIRef(namespace + node.removeprefix(BASE))
        if isinstance(node, BNode) or str(node).startswith(namespace):
            owners[node] = named(path)
        return node

    return ((moved(s), p, moved(o)) for s, p, o in Graph().parse(path))


def judge(shapes: Graph, ontology: Graph) -> Verdicts:
    """Judge all examples and the ontology, in one run of pySHACL."""
    data, owners = Data(), dict[Node, str]()
    for number, path in enumerate([*VALID, *INVALID]):
        for triple in example_in(f"{BASE}{number}/", path, owners):
            data.add(triple)
    data += ontology
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True, do_owl_imports=False)
    assert isinstance(report, Graph)
    verdicts: Verdicts = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        terms = (report.value(result, name) for name in (SH.sourceShape, SH.resultSeverity, SH.sourceConstraintComponent))
        verdicts.setdefault(owners.get(report.value(result, SH.focusNode), ONTOLOGY), []).append([local(term) for term in terms])  # type: ignore[arg-type]
    return verdicts


@pytest.fixture(scope="module")
def verdicts(shapes: Graph, ontology: Graph, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Verdicts:
    """What was found in each example, and in the ontology; kept for the other processes of a run."""
    base = tmp_path_factory.getbasetemp()
    record = (base if worker_id == "master" else base.parent) / "judged-examples.json"
    if not record.exists():
        written = record.with_suffix(f".{worker_id}")
        written.write_text(json.dumps(judge(shapes, ontology)))
        written.rename(record)
    return json.loads(record.read_text())  # type: ignore[no-any-return]


def rejecting_shape(path: Path) -> str:
    match = re.search(r"^# rejected by: shape:(\S+)$", path.read_text(), re.MULTILINE)
    assert match is not None, f"{named(path)} does not say which shape rejects it"
    return match[1]


def judging_shapes(shapes: Graph) -> set[Node]:
    """Every shape that reports something in its own name: not those that merely gather others, or that others ask for a verdict."""
    asked = {*shapes.objects(None, SH.qualifiedValueShape), *shapes.objects(None, SH.node), *shapes.objects(None, SH["not"])}
    asked |= {item for option in (SH["or"], SH["and"], SH.xone) for items in shapes.objects(None, option) for item in Collection(shapes, items)}
    gathering = {RDF.type, SH.property, SH.targetClass, SH.name, SH.message, SH.severity}
    nodes = {node for node in shapes.subjects(RDF.type, SH.NodeShape) if set(shapes.predicates(node)) - gathering}
    return (set(shapes.subjects(RDF.type, SH.PropertyShape)) | nodes) - asked


# ------------------------------------------------------------------------------------------------------------------------ the examples


@pytest.mark.parametrize("path", VALID, ids=named)
def test_a_valid_example_has_no_violation_and_no_warning(path: Path, verdicts: Verdicts) -> None:
    assert [result for result in verdicts.get(named(path), []) if result[1] != "Info"] == []


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_an_invalid_example_is_rejected_by_the_one_shape_that_it_names(path: Path, verdicts: Verdicts) -> None:
    assert {shape for shape, _, _ in verdicts.get(named(path), [])} == {rejecting_shape(path)}


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_an_invalid_example_says_in_its_first_line_why_it_is_invalid(path: Path) -> None:
    assert re.match(r"# invalid because .{10,}\n# rejected by: ", path.read_text())


def test_every_file_of_shapes_has_a_folder_with_a_valid_and_an_invalid_example() -> None:
    files = {path.stem for path in (REPOSITORY / "shapes").glob("*.ttl")}
    assert {path.parent.name for path in VALID} == files
    assert {path.parent.name for path in INVALID} == files


def test_every_example_is_a_valid_or_an_invalid_one() -> None:
    assert sorted(EXAMPLES.rglob("*.*")) == sorted([*VALID, *INVALID])


def test_every_shape_has_an_example_that_it_rejects(shapes: Graph) -> None:
    assert {local(shape) for shape in judging_shapes(shapes)} == {rejecting_shape(path) for path in INVALID}


def test_an_invalid_example_lies_in_the_folder_of_the_file_that_holds_its_shape() -> None:
    elsewhere = [
        named(path)
        for path in INVALID
        if not re.search(rf"^shape:{re.escape(rejecting_shape(path))}$", (REPOSITORY / "shapes" / f"{path.parent.name}.ttl").read_text(), re.MULTILINE)
    ]
    assert elsewhere == []


def test_every_constraint_of_every_shape_rejects_something(shapes: Graph, shacl: Graph, verdicts: Verdicts) -> None:
    # Parameters that a component can do without (sh:flags …) do not stand for it.
    component_of = {
        shacl.value(parameter, SH.path): local(component)
        for component, parameter in shacl.subject_objects(SH.parameter)
        if shacl.value(parameter, SH.optional) != Literal(True)  # noqa: FBT003  # rdflib's way to write a boolean
    }
    # A qualified count is two components that share a parameter.
    component_of |= {SH.qualifiedMinCount: "QualifiedMinCountConstraintComponent", SH.qualifiedMaxCount: "QualifiedMaxCountConstraintComponent"}
    component_of.pop(SH.qualifiedValueShape, None)
    component_of.pop(SH.property, None)
    component_of.pop(SH.sparql, None)
    stated = {(local(shape), component_of[p]) for shape in judging_shapes(shapes) for p in shapes.predicates(shape) if p in component_of}
    stated |= {(local(shape), "SPARQLConstraintComponent") for shape in shapes.subjects(SH.sparql)}
    tried = {(shape, component) for path in INVALID for shape, _, component in verdicts[named(path)]}
    assert sorted(stated - tried) == []


def test_the_ontology_conforms(verdicts: Verdicts) -> None:
    assert [result for result in verdicts.get(ONTOLOGY, []) if result[1] != "Info"] == []


# -------------------------------------------------------------------------------------------------------------- how the shapes are written


def test_every_term_of_shacl_that_is_used_exists(shapes: Graph, shacl: Graph) -> None:
    used = {term for triple in shapes for term in triple if isinstance(term, URIRef) and term.startswith(str(SH))}
    known = {term for term in shacl.subjects() if isinstance(term, URIRef)}
    assert {local(term) for term in used - known} == set()
    assert len(used) > 20


def test_every_property_that_is_used_on_a_shape_belongs_to_shacl_or_rdf(shapes: Graph) -> None:
    other = {p for shape in shapes.subjects(RDF.type, SH.PropertyShape) for p in shapes.predicates(shape) if not str(p).startswith((str(SH), str(RDF)))}
    assert other == set()


def test_no_shape_is_a_blank_node(shapes: Graph) -> None:
    links = [SH.property, SH.node, SH.sparql, SH.qualifiedValueShape, SH["not"]]
    blank = [node for link in links for node in shapes.objects(None, link) if isinstance(node, BNode)]
    blank += [node for kind in (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint) for node in shapes.subjects(RDF.type, kind) if isinstance(node, BNode)]
    assert blank == []


def test_every_shape_is_defined_once(shapes: Graph) -> None:
    lines = [line for path in (REPOSITORY / "shapes").glob("*.ttl") for line in path.read_text().splitlines() if line.startswith("shape:")]
    assert [line for line, count in Counter(lines).items() if count > 1] == []
    assert {line.removeprefix("shape:") for line in lines} == {local(s) for s in shapes.subjects() if str(s).startswith(str(SHAPE))}


def test_every_shape_has_one_message_a_language_in_plain_words(shapes: Graph) -> None:
    for shape in judging_shapes(shapes):
        messages = list(shapes.objects(shape, SH.message))
        languages = [message.language for message in messages if isinstance(message, Literal)]
        assert sorted(languages) == sorted(CORE_LANGUAGES), f"the messages of {local(shape)} are in {languages}"
        assert all(len(str(message)) > 20 and str(message).endswith((".", "?")) for message in messages), f"a message of {local(shape)} is no sentence"
        assert len({str(message) for message in messages}) == len(messages), f"a message of {local(shape)} is not translated"
        assert not any(re.search(r"\b(IRI|URI|SHACL|sh:|xsd:|literal|blank node)\b", str(message)) for message in messages), local(shape)


def test_every_property_shape_has_a_name_in_every_language_and_one_severity(shapes: Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        assert {name.language for name in shapes.objects(shape, SH.name) if isinstance(name, Literal)} == CORE_LANGUAGES, local(shape)
        assert len(list(shapes.objects(shape, SH.severity))) == 1, local(shape)


def test_every_property_shape_is_used_by_a_shape_that_has_targets(shapes: Graph) -> None:
    reached = {shape for target in shapes.subjects(SH.targetClass) for shape in shapes.objects(target, SH.property)}
    assert {local(shape) for shape in set(shapes.subjects(RDF.type, SH.PropertyShape)) - reached} == set()
    constraints = set(shapes.objects(None, SH.sparql))
    assert {local(constraint) for constraint in set(shapes.subjects(RDF.type, SH.SPARQLConstraint)) - constraints} == set()


def test_every_class_and_property_that_a_shape_names_is_known_to_the_ontology(shapes: Graph, ontology: Graph) -> None:
    named_terms = {*shapes.objects(None, SH.targetClass), *shapes.objects(None, SH["class"]), *shapes.objects(None, SH.disjoint)}
    for path in shapes.objects(None, SH.path):
        named_terms |= set(properties_of(path, shapes))
    unknown = {str(term) for term in named_terms if (term, RDF.type, None) not in ontology}
    assert unknown == set()


def properties_of(path: Node, graph: Graph) -> Iterator[Node]:
    """The properties that a path of SHACL walks along."""
    if isinstance(path, URIRef):
        yield path
        return
    for step in graph.objects(path, SH.alternativePath):
        for item in Collection(graph, step):
            yield from properties_of(item, graph)
    for wrapping in (SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath):
        for inner in graph.objects(path, wrapping):
            yield from properties_of(inner, graph)
    if (path, RDF.first, None) in graph:
        for item in Collection(graph, path):
            yield from properties_of(item, graph)


def test_the_severities_in_use_are_those_of_the_settings(shapes: Graph) -> None:
    assert set(shapes.objects(None, SH.severity)) == {SH.Violation, SH.Warning, SH.Info}


def test_the_shapes_are_all_described_by_one_ontology(shapes: Graph) -> None:
    assert list(shapes.subjects(RDF.type, OWL.Ontology)) == [URIRef("https://w3id.org/schakel/shapes")]
