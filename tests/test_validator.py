"""Validation outside a project: in Python and in the shell; second opinions; the repository's own shapes with their examples."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from schakel import validate
from schakel.cli import main
from schakel.errors import ShapeError
from schakel.rdf_input import read_rdf_input
from schakel.second_opinion.shapes import compare_results, pyshacl_results

REPOSITORY = Path(__file__).parent.parent
EXAMPLES = REPOSITORY / "tests" / "shapes"
DCAT_AP = REPOSITORY.parent / "shared" / "testdata" / "dcat-ap"
DATA = "@prefix : <https://example.org/> . :a a :C ; :p 1, 2 . :b a :C ."
SHAPES = """
@prefix : <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
:S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(DATA)
    shapes.write_text(SHAPES)
    return str(data), str(shapes)


def test_files_and_graphs_give_the_same_report(files: tuple[str, str]) -> None:
    data, shapes = files
    of_graphs = validate(Graph().parse(data), Graph().parse(shapes))
    assert [(each.focus, each.component) for each in of_graphs.results] == [(each.focus, each.component) for each in validate(data, [shapes]).results]
    assert not of_graphs.conforms


def test_the_same_files_give_the_same_bytes(files: tuple[str, str]) -> None:
    assert validate(*files).to_turtle() == validate(*files).to_turtle()


def test_an_ontology_counts_as_data(files: tuple[str, str], tmp_path: Path) -> None:
    ontology = tmp_path / "ontology.ttl"
    ontology.write_text("@prefix : <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :D rdfs:subClassOf :C . :x a :D .")
    assert {each.focus for each in validate(*files, ontology=ontology).results} == {"<https://example.org/b>", "<https://example.org/x>"}


# ---------------------------------------------------------------------------------------------------------------- the shell


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["validate", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_shell_tells_each_result_and_leaves_with_1(files: tuple[str, str]) -> None:
    code, out, _ = run(files[0], "--shapes", files[1])
    assert code == 1
    assert "needs at least one" in out
    assert out.endswith("The data do not conform: 1 results.\n")


def test_the_shell_leaves_with_0_where_data_conform(files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "right.ttl").write_text("@prefix : <https://example.org/> . :a a :C ; :p 1 .")
    assert run(str(tmp_path / "right.ttl"), "--shapes", files[1]) == (0, "The data conform.\n", "")


@pytest.mark.parametrize("broken", ["no turtle", f"{SHAPES} :S sh:property [ sh:path :p ; sh:minCount 1, 2 ] ."])
def test_the_shell_leaves_with_2_and_one_line_where_it_cannot_tell(files: tuple[str, str], tmp_path: Path, broken: str) -> None:
    (tmp_path / "broken.ttl").write_text(broken)
    code, out, err = run(files[0], "--shapes", str(tmp_path / "broken.ttl"))
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1


def test_the_shell_writes_turtle_and_json(files: tuple[str, str]) -> None:
    _, turtle, _ = run(files[0], "--shapes", files[1], "--format", "turtle")
    assert len(list(Graph().parse(data=turtle, format="turtle").subjects(RDF.type, SH.ValidationResult))) == 1
    _, text, _ = run(files[0], "--shapes", files[1], "--format", "json")
    assert json.loads(text)["results"][0]["focus"] == "<https://example.org/b>"


# ---------------------------------------------------------------------------------------------------------------- the repository's shapes


PATHS = sorted(EXAMPLES.glob("*/*.ttl"))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[int, set[tuple[str, str]]]:
    """Judge all examples in one run: each speaks of things below https://example.org/, and here below an address of its own.

    Give by number of the example which shapes have results about it, with their severities.
    """
    own = "<https://example.org/"
    lines: list[str] = []
    for number, path in enumerate(PATHS):
        for triple in read_rdf_input(path).triples:
            terms = (term.replace(own, f"{own}{number}/", 1) if term.startswith(own) else term.replace("_:f0", f"_:e{number}", 1) for term in triple)
            lines.append(f"{' '.join(terms)} .\n")
    data = tmp_path_factory.mktemp("examples") / "examples.nt"
    data.write_text("".join(lines))
    found: dict[int, set[tuple[str, str]]] = {}
    for result in validate(data, REPOSITORY / "shapes", REPOSITORY / "ontology").results:
        about = re.search(rf"{own}(\d+)/", f"{result.focus} {result.value}")
        assert about is not None, result
        found.setdefault(int(about[1]), set()).add((result.shape.rpartition("#")[2].removesuffix(">"), result.severity.rpartition("#")[2]))
    return found


@pytest.mark.parametrize("number", range(len(PATHS)), ids=lambda number: f"{PATHS[number].parent.name}/{PATHS[number].stem}")
def test_an_example_of_a_shape_is_judged_as_it_says(number: int, judged: dict[int, set[tuple[str, str]]]) -> None:
    path, found = PATHS[number], judged.get(number, set())
    rejected = re.search(r"^# rejected by: shape:(\S+)$", path.read_text(), re.MULTILINE)
    if path.stem.startswith("valid"):
        assert {shape for shape, severity in found if severity != "Info"} == set()
    else:
        assert rejected is not None
        assert {shape for shape, _ in found} == {rejected[1]}


@pytest.mark.skipif(not DCAT_AP.exists(), reason=f"the shapes of DCAT-AP are not at {DCAT_AP}")
def test_a_catalogue_that_is_right_by_dcat_ap_conforms_and_one_without_a_title_does_not(tmp_path: Path) -> None:
    catalogue = """
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        <https://example.org/c> a dcat:Catalog ; dct:description "A catalogue."@en ;
             dct:publisher <https://example.org/p> ; dcat:dataset <https://example.org/d> .
        <https://example.org/d> a dcat:Dataset ; dct:title "A dataset"@en ; dct:description "Data."@en .
        <https://example.org/p> a foaf:Agent ; foaf:name "A publisher"@en .
    """
    (tmp_path / "without.ttl").write_text(catalogue)
    (tmp_path / "with.ttl").write_text(f'{catalogue} <https://example.org/c> dct:title "A catalogue"@en .')
    assert validate(tmp_path / "with.ttl", DCAT_AP / "shapes.ttl").conforms
    [result] = validate(tmp_path / "without.ttl", DCAT_AP / "shapes.ttl").results
    assert (result.focus, result.path) == ("<https://example.org/c>", "<http://purl.org/dc/terms/title>")
    assert "needs at least one" in result.message("en")


# ---------------------------------------------------------------------------------------------------------------- second opinions


def test_a_second_opinion_tells_what_differs(files: tuple[str, str]) -> None:
    ours = list(validate(*files).results)
    theirs = pyshacl_results(read_rdf_input(files[0]).triples, read_rdf_input(files[1]).triples)
    assert compare_results(ours, theirs) == []
    [difference] = compare_results([*ours, *ours], theirs)
    assert (difference.ours, difference.theirs) == (2, 1)
    assert "MinCountConstraintComponent" in str(difference)


class Invented:
    """A small graph and shapes for it, by chance."""

    NODES = tuple(URIRef(f"https://example.org/{name}") for name in "abcd")
    PROPERTIES = tuple(URIRef(f"https://example.org/{name}") for name in "pqr")
    CLASSES = tuple(URIRef(f"https://example.org/{name}") for name in "CD")
    VALUES = (
        *(Literal(text, lang=language) for text, language in (("a", None), ("ab", None), ("b", "en"), ("c", "en-GB"), ("d", "nl"))),
        *(
            Literal(text, datatype=kind, normalize=False)
            for text, kind in (("1", XSD.integer), ("2", XSD.integer), ("1.50", XSD.decimal), ("true", XSD.boolean))
        ),
    )

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # no secret
        self.data, self.shapes = Graph(), Graph()
        self.made = 0
        for node in self.NODES:
            for _ in range(self.chance.randint(0, 4)):
                value = self.chance.choice(self.NODES if self.chance.random() < 0.5 else self.VALUES)
                self.data.add((node, self.chance.choice(self.PROPERTIES), value))
            for _ in range(self.chance.randint(0, 2)):
                self.data.add((node, RDF.type, self.chance.choice(self.CLASSES)))
        if self.chance.random() < 0.3:
            self.data.add((self.CLASSES[1], RDFS.subClassOf, self.CLASSES[0]))
        for _ in range(self.chance.randint(1, 3)):
            shape = self.shape(0, is_property=self.chance.random() < 0.5)
            self.shapes.add((shape, SH.targetClass, self.chance.choice(self.CLASSES)))

    def listed(self, members: list[Node]) -> Node:
        head = BNode()
        Collection(self.shapes, head, members)
        return head

    def path(self, depth: int = 0) -> Node:
        way = self.chance.choice(["property"] * 4 + ["inverse", "sequence", "alternative", "repeat"])
        if depth > 1 or way == "property":
            return self.chance.choice(self.PROPERTIES)
        if way == "sequence":
            return self.listed([self.path(depth + 1), self.path(depth + 1)])
        node = BNode()
        if way == "alternative":
            self.shapes.add((node, SH.alternativePath, self.listed([self.path(depth + 1), self.path(depth + 1)])))
        else:
            operators = [SH.inversePath] if way == "inverse" else [SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath]
            self.shapes.add((node, self.chance.choice(operators), self.path(depth + 1)))
        return node

    def shape(self, depth: int, *, is_property: bool) -> Node:
        self.made += 1
        shape = URIRef(f"https://example.org/shape{self.made}")
        self.shapes.add((shape, RDF.type, SH.PropertyShape if is_property else SH.NodeShape))
        if is_property:
            self.shapes.add((shape, SH.path, self.path()))
        kinds = ["class", "datatype", "nodeKind", "minInclusive", "maxLength", "pattern", "languageIn", "equals", "disjoint", "in", "hasValue", "closed"]
        kinds += ["minCount", "maxCount", "uniqueLang"] if is_property else []
        kinds += ["not", "and", "or", "xone", "node", "property"] * 2 if depth < 2 else []
        for kind in {self.chance.choice(kinds) for _ in range(2)}:
            self.shapes.add((shape, SH[kind], self.value(kind, depth)))
        return shape

    def value(self, kind: str, depth: int) -> Node:
        choose = self.chance.choice
        values: dict[str, Callable[[], Node]] = {
            "class": lambda: choose(self.CLASSES),
            "datatype": lambda: choose([XSD.string, XSD.integer, XSD.decimal, RDF.langString]),
            "nodeKind": lambda: choose([SH.IRI, SH.Literal, SH.BlankNodeOrIRI]),
            **dict.fromkeys(["minInclusive", "maxLength", "minCount", "maxCount"], lambda: Literal(self.chance.randint(1, 2))),
            "pattern": lambda: Literal(choose(["^a", "b$", "x"])),
            "languageIn": lambda: self.listed([Literal("en")]),
            **dict.fromkeys(["equals", "disjoint"], lambda: choose(self.PROPERTIES)),
            "in": lambda: self.listed([choose(self.NODES), choose(self.VALUES)]),
            "hasValue": lambda: choose([*self.NODES, *self.VALUES]),
            **dict.fromkeys(["closed", "uniqueLang"], lambda: Literal(lexical_or_value=True)),
            **dict.fromkeys(["not", "node"], lambda: self.shape(depth + 1, is_property=False)),
            "property": lambda: self.shape(depth + 1, is_property=True),
            **dict.fromkeys(["and", "or", "xone"], lambda: self.listed([self.shape(depth + 1, is_property=choose([True, False])) for _ in range(2)])),
        }
        return values[kind]()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000_000))
def test_random_shapes_are_judged_as_by_pyshacl(seed: int) -> None:
    invented = Invented(seed)
    ours = validate(invented.data, invented.shapes).results
    try:
        theirs = pyshacl_results(read_rdf_input(invented.data).triples, read_rdf_input(invented.shapes).triples)
    except ShapeError as error:
        pytest.fail(f"{error}\n{invented.shapes.serialize(format='turtle')}")
    assert compare_results(ours, theirs) == []


def test_rdflib_does_not_change_literals_on_the_way() -> None:
    graph = rdflib.Graph()
    graph.add((URIRef("https://example.org/a"), URIRef("https://example.org/p"), Literal("1.50", datatype=XSD.decimal, normalize=False)))
    assert read_rdf_input(graph).triples[0][2] == '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'
