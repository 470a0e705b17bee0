"""The dumps of the real graph: every tool reads the same statements in every file, and the catalogue tells the truth about them."""

import json
import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import NamedNode, RdfFormat
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, Graph, URIRef

from schakel import Settings
from schakel.namespaces import PREFIXES

REPOSITORY = Path(__file__).parent.parent.parent
DCAT_AP = REPOSITORY.parent / "shared" / "testdata" / "dcat-ap"
BASE = "https://kg.example.org/"
FORMATS = {
    "graph.ttl": RdfFormat.TURTLE,
    "graph.nt": RdfFormat.N_TRIPLES,
    "graph.jsonld": RdfFormat.JSON_LD,
    "dataset.trig": RdfFormat.TRIG,
    "dataset.nq": RdfFormat.N_QUADS,
}
OF_RDFLIB = {"graph.ttl": "turtle", "graph.nt": "nt", "dataset.trig": "trig", "dataset.nq": "nquads"}
OF_RAPPER = {"graph.ttl": "turtle", "graph.nt": "ntriples", "dataset.trig": "trig", "dataset.nq": "nquads"}


@cache
def lines(path: Path, rdf_format: RdfFormat) -> frozenset[str]:
    """The statements of a file as Oxigraph reads them, in one way of writing."""
    return frozenset(map(str, ox.parse(path=path, format=rdf_format)))


@pytest.fixture(scope="module")
def downloads(published: Settings) -> Path:
    return published.publication / "download"


@pytest.fixture(scope="module")
def merged(downloads: Path) -> frozenset[str]:
    return lines(downloads / "graph.nt", RdfFormat.N_TRIPLES)


@pytest.fixture(scope="module")
def quads(downloads: Path) -> frozenset[str]:
    return lines(downloads / "dataset.nq", RdfFormat.N_QUADS)


def expected(name: str, merged: frozenset[str], quads: frozenset[str]) -> frozenset[str]:
    return merged if name.startswith("graph.") else quads


def written(triples: Any) -> set[str]:  # noqa: ANN401  # triples or quads of Oxigraph
    return set(map(str, triples))


# ---------------------------------------------------------------------------------------------------------------------- one graph for all


def test_the_graph_is_the_merge_of_the_graphs_of_the_dataset(downloads: Path, merged: frozenset[str]) -> None:
    of_quads = {str(quad.triple) for quad in ox.parse(path=downloads / "dataset.nq", format=RdfFormat.N_QUADS)}
    assert of_quads == {str(quad.triple) for quad in ox.parse(path=downloads / "graph.nt", format=RdfFormat.N_TRIPLES)}
    assert len(of_quads) == len(merged) > 5000


@pytest.mark.parametrize("name", FORMATS)
def test_oxigraph_reads_the_same_statements_in_every_dump(name: str, downloads: Path, merged: frozenset[str], quads: frozenset[str]) -> None:
    assert lines(downloads / name, FORMATS[name]) == expected(name, merged, quads)


@pytest.mark.parametrize("name", OF_RDFLIB)
def test_rdflib_reads_the_same_statements_in_every_dump(name: str, downloads: Path, merged: frozenset[str], quads: frozenset[str]) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(downloads / name, format=OF_RDFLIB[name])
    read = list(ox.parse(dataset.serialize(format="nquads", encoding="utf-8"), format=RdfFormat.N_QUADS))
    if name.startswith("graph."):
        # rdflib puts the triples of a file into a graph named after the file.
        assert written(quad.triple for quad in read) == written(quad.triple for quad in ox.parse(path=downloads / "graph.nt", format=RdfFormat.N_TRIPLES))
        assert len(read) == len(merged)
    else:
        assert written(read) == quads


def test_rdflib_reads_the_same_statements_in_json_ld(downloads: Path, merged: frozenset[str]) -> None:
    graph = Graph().parse(downloads / "graph.jsonld", format="json-ld")
    assert len(graph) == len(merged)
    assert written(ox.parse(graph.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES)) == merged


def no_loader(url: str, options: Any) -> Any:  # noqa: ANN401, ARG001  # as PyLD asks for it
    pytest.fail(f"the document refers to {url}")


def to_rdf(path: Path) -> bytes:
    text = jsonld.to_rdf(json.loads(path.read_text("utf-8")), {"format": "application/n-quads", "documentLoader": no_loader})
    assert isinstance(text, str)
    return text.encode()


def test_pyld_reads_the_same_statements_in_json_ld(downloads: Path, merged: frozenset[str]) -> None:
    assert written(ox.parse(to_rdf(downloads / "graph.jsonld"), format=RdfFormat.N_QUADS)) == merged


@pytest.mark.parametrize("name", OF_RAPPER)
def test_rapper_reads_the_same_statements_in_every_dump(name: str, downloads: Path, merged: frozenset[str], quads: frozenset[str]) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("rapper is not on this machine (apt install raptor2-utils)")
    output = "ntriples" if name.startswith("graph.") else "nquads"
    done = subprocess.run([rapper, "-q", "-i", OF_RAPPER[name], "-o", output, downloads / name, BASE], capture_output=True, check=True)
    assert done.stderr == b""
    read = ox.parse(done.stdout, format=RdfFormat.N_TRIPLES if output == "ntriples" else RdfFormat.N_QUADS)
    assert written(read) == expected(name, merged, quads)


# --------------------------------------------------------------------------------------------------------------------- readable for people


def test_turtle_has_a_base_only_the_prefixes_it_uses_and_one_subject_after_another(downloads: Path) -> None:
    text = (downloads / "graph.ttl").read_text("utf-8")
    header, *blocks = text.rstrip("\n").split("\n\n")
    first, *prefixes = header.split("\n")
    assert first == f"@base <{BASE}> ."
    assert prefixes == sorted(prefixes)
    for line in prefixes:
        match = re.fullmatch(r"@prefix ([a-z]+): <([^>]+)> \.", line)
        assert match is not None, line
        assert PREFIXES.get(match[1], match[2]) == match[2]
        assert re.search(rf"(^|[\s^(]){match[1]}:", "\n".join(blocks)), f"{match[1]} is not used"
    subjects = [block.split()[0] for block in blocks]
    assert len(subjects) == len(set(subjects))
    assert all(not block.startswith((" ", "\t")) and block.endswith(".") for block in blocks)
    assert all(line.startswith(("\t", " ")) for block in blocks for line in block.split("\n")[1:])


def test_in_turtle_what_a_thing_is_comes_first(downloads: Path) -> None:
    text = (downloads / "graph.ttl").read_text("utf-8")
    blocks = text.rstrip("\n").split("\n\n")[1:]
    typed = [block for block in blocks if re.search(r"(^\S+|\t)\s*a \S", block, re.MULTILINE)]
    assert all(re.match(r"\S+ a ", block) for block in typed)
    assert len(typed) > 1000


def test_trig_has_a_block_a_graph(downloads: Path, quads: frozenset[str]) -> None:
    text = (downloads / "dataset.trig").read_text("utf-8")
    graphs = {str(quad.graph_name) for quad in ox.parse(path=downloads / "dataset.nq", format=RdfFormat.N_QUADS)}
    assert len(re.findall(r"^\S+ \{$", text, re.MULTILINE)) == len(graphs)
    assert len(quads) > len(graphs)


def test_json_ld_is_compact_and_has_its_context_inside(downloads: Path) -> None:
    document = json.loads((downloads / "graph.jsonld").read_text("utf-8"))
    assert set(document) == {"@context", "@graph"}
    context = document["@context"]
    assert context["@base"] == BASE
    (mst,) = [node for node in document["@graph"] if node["@id"] == "org/mst"]
    assert mst["prefLabel"] in ({"nl": "Medisch Spectrum Twente"}, {"nl": ["Medisch Spectrum Twente"]})
    assert "org/mst-interventiecentrum" in mst["hasUnit"]
    assert not any(key.startswith("http") for node in document["@graph"] for key in node)


# ------------------------------------------------------------------------------------------------------------------ what is told of them


def test_the_list_of_downloads_is_right(downloads: Path, merged: frozenset[str], quads: frozenset[str]) -> None:
    listed = json.loads((downloads / "index.json").read_text("utf-8"))
    assert [item["file"] for item in listed] == list(FORMATS)
    for item in listed:
        content = (downloads / item["file"]).read_bytes()
        assert item["bytes"] == len(content)
        assert item["sha256"] == sha256(content).hexdigest()
        assert item["triples"] == len(expected(item["file"], merged, quads))
        assert set(item) == {"file", "mediaType", "bytes", "sha256", "triples"}
    assert {item["file"]: item["mediaType"] for item in listed} == {
        "graph.ttl": "text/turtle",
        "graph.nt": "application/n-triples",
        "graph.jsonld": "application/ld+json",
        "dataset.trig": "application/trig",
        "dataset.nq": "application/n-quads",
    }


def test_every_file_of_the_contract_is_there(published: Settings) -> None:
    for name in (
        "index.html",
        "catalog.ttl",
        "void.ttl",
        ".well-known/void",
        "report.html",
        "report.ttl",
        "report.json",
        "org/mst.ttl",
        "org/mst.jsonld",
        "org/mst.nt",
    ):
        assert (published.publication / name).is_file(), name


def dcat_ap(name: str) -> Graph:
    path = DCAT_AP / name
    if not path.is_file():
        pytest.skip(f"the shapes of DCAT-AP are not at hand: no file {path}")
    return Graph().parse(path)


@pytest.mark.parametrize("name", ["shapes.ttl", "range.ttl"])
def test_the_shapes_of_dcat_ap_do_reject_a_catalogue_that_is_wrong(name: str, published: Settings) -> None:
    shapes = dcat_ap(name)
    catalogue = Graph().parse(published.publication / "catalog.ttl")
    catalogue.remove((None, DCTERMS.title, None))
    catalogue.add((URIRef(f"{BASE}dataset"), DCTERMS.language, URIRef("https://example.org/no-language")))
    assert not pyshacl.validate(catalogue, shacl_graph=shapes, inference="none", do_owl_imports=False)[0]


def test_the_catalogue_tells_of_one_dataset_with_a_distribution_a_dump(published: Settings, downloads: Path) -> None:
    graph = Graph().parse(published.publication / "catalog.ttl")
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    (dataset,) = graph.objects(catalogue, DCAT.dataset)
    assert {str(text.language) for text in graph.objects(dataset, DCTERMS.title) if isinstance(text, rdflib.Literal)} == set(published.title)
    assert str(graph.value(graph.value(dataset, DCTERMS.publisher), FOAF.name)) == published.publisher
    assert str(graph.value(catalogue, DCTERMS.license)) == published.licence
    files = {}
    for distribution in graph.objects(dataset, DCAT.distribution):
        address = str(graph.value(distribution, DCAT.downloadURL))
        digest = graph.value(graph.value(distribution, URIRef("http://spdx.org/rdf/terms#checksum")), URIRef("http://spdx.org/rdf/terms#checksumValue"))
        files[address.removeprefix(f"{BASE}download/")] = (int(str(graph.value(distribution, DCAT.byteSize))), str(digest))
    assert files == {name: ((downloads / name).stat().st_size, sha256((downloads / name).read_bytes()).hexdigest()) for name in FORMATS}


@pytest.mark.parametrize("name", ["catalog.ttl", "void.ttl"])
def test_no_statement_is_written_twice(name: str, published: Settings) -> None:
    statements = [str(quad) for quad in ox.parse(path=published.publication / name, format=RdfFormat.TURTLE)]
    assert len(statements) == len(set(statements))


def test_nothing_that_is_published_tells_the_time_of_the_run(published: Settings) -> None:
    text = (published.publication / "catalog.ttl").read_text() + (published.publication / "void.ttl").read_text()
    assert not re.search(r"\d{4}-\d{2}-\d{2}T|dct:(modified|issued)", text)


def test_void_counts_what_is_there(published: Settings, downloads: Path) -> None:
    void = Graph().parse(published.publication / "void.ttl")
    (dataset,) = void.subjects(RDF.type, VOID.Dataset)
    triples = [quad.triple for quad in ox.parse(path=downloads / "graph.nt", format=RdfFormat.N_TRIPLES)]

    def count(node: rdflib.term.Node, of: URIRef) -> int:
        return int(str(void.value(node, of)))

    assert count(dataset, VOID.triples) == len(triples)
    assert count(dataset, VOID.distinctSubjects) == len({triple.subject for triple in triples})
    assert count(dataset, VOID.distinctObjects) == len({triple.object for triple in triples})
    assert count(dataset, VOID.properties) == len({triple.predicate for triple in triples})
    classes = Counter(triple.object.value for triple in triples if triple.predicate.value == str(RDF.type))
    assert count(dataset, VOID.classes) == len(classes)
    partitions = {str(void.value(part, VOID["class"])): count(part, VOID.entities) for part in void.objects(dataset, VOID.classPartition)}
    assert partitions == classes
    properties = {str(void.value(part, VOID["property"])): count(part, VOID.triples) for part in void.objects(dataset, VOID.propertyPartition)}
    assert properties == Counter(triple.predicate.value for triple in triples)
    assert {str(address) for address in void.objects(dataset, VOID.dataDump)} == {f"{BASE}download/{name}" for name in FORMATS}
    assert (published.publication / ".well-known" / "void").read_bytes() == (published.publication / "void.ttl").read_bytes()


def test_void_says_where_to_look_and_what_is_below_the_base(published: Settings, downloads: Path) -> None:
    void = Graph().parse(published.publication / "void.ttl")
    (dataset,) = void.subjects(RDF.type, VOID.Dataset)
    (description,) = void.subjects(RDF.type, VOID.DatasetDescription)
    assert str(description) == f"{BASE}void.ttl"
    assert void.value(description, FOAF.primaryTopic) == dataset
    assert str(void.value(dataset, FOAF.homepage)) == BASE
    assert str(void.value(void.value(dataset, DCTERMS.publisher), FOAF.name)) == published.publisher
    subjects = {str(quad.subject.value) for quad in ox.parse(path=downloads / "graph.nt", format=RdfFormat.N_TRIPLES)}
    own = {iri for iri in subjects if iri.startswith(str(void.value(dataset, VOID.uriSpace)))}
    pattern = re.compile(str(void.value(dataset, VOID.uriRegexPattern)))
    assert own == {iri for iri in subjects if pattern.search(iri)}
    assert int(str(void.value(dataset, VOID.entities))) == len(own)
    assert pattern.search("https://kgXexample.org/org/mst") is None
    examples = {str(iri) for iri in void.objects(dataset, VOID.exampleResource)}
    assert examples
    assert examples <= own
    for iri in examples:
        assert (published.publication / f"{iri.removeprefix(BASE)}.ttl").is_file()


def test_void_names_formats_and_vocabularies_by_the_iris_they_have(published: Settings) -> None:
    void = Graph().parse(published.publication / "void.ttl")
    (dataset,) = void.subjects(RDF.type, VOID.Dataset)
    formats = {str(iri).removeprefix("http://www.w3.org/ns/formats/") for iri in void.objects(dataset, VOID.feature)}
    assert formats == {"Turtle", "N-Triples", "JSON-LD", "TriG", "N-Quads"}
    terms = [str(term) for kind in ("class", "property") for term in void.objects(None, VOID[kind])]
    vocabularies = {str(iri) for iri in void.objects(dataset, VOID.vocabulary)}
    assert "https://w3id.org/schakel/ns#" in vocabularies
    assert all(any(term.startswith(iri) for term in terms) for iri in vocabularies)


def test_the_catalogue_names_the_page_of_the_dataset(published: Settings) -> None:
    graph = Graph().parse(published.publication / "catalog.ttl")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert str(graph.value(dataset, DCAT.landingPage)) == BASE


# -------------------------------------------------------------------------------------------------------------------- a file for each thing


def entity_files(settings: Settings) -> list[Path]:
    known = {"download", ".well-known", "ontology.nt"}
    return [path for path in sorted(settings.publication.rglob("*.nt")) if path.relative_to(settings.publication).parts[0] not in known]


def test_every_thing_with_a_type_below_the_base_has_its_files(published: Settings, downloads: Path) -> None:
    things = set()
    for quad in ox.parse(path=downloads / "graph.nt", format=RdfFormat.N_TRIPLES):
        if quad.subject.value.startswith(BASE):
            things.add(quad.subject.value.partition("#")[0].removeprefix(BASE))
    files = {path.relative_to(published.publication).with_suffix("").as_posix() for path in entity_files(published)}
    assert files == things
    for path in entity_files(published):
        assert path.with_suffix(".ttl").is_file()
        assert path.with_suffix(".jsonld").is_file()


def test_the_file_of_a_thing_holds_all_that_is_said_of_it_and_of_its_parts(published: Settings, downloads: Path) -> None:
    said: dict[str, set[str]] = {}
    of_node: dict[str, set[str]] = {}
    leading: dict[str, set[str]] = {}
    labels: dict[str, set[str]] = {}
    for quad in ox.parse(path=downloads / "graph.nt", format=RdfFormat.N_TRIPLES):
        owner, _, fragment = quad.subject.value.partition("#")
        said.setdefault(owner, set()).add(str(quad))
        if not quad.predicate.value.endswith("#statedIn"):
            of_node.setdefault(quad.subject.value, set()).add(str(quad))
            if fragment and isinstance(quad.object, NamedNode) and quad.object.value != owner:
                leading.setdefault(quad.object.value, set()).add(quad.subject.value)
        if quad.predicate.value.endswith("core#prefLabel"):
            labels.setdefault(quad.subject.value, set()).add(str(quad))
    for path in entity_files(published):
        iri = BASE + path.relative_to(published.publication).with_suffix("").as_posix()
        content = list(ox.parse(path=path, format=RdfFormat.N_TRIPLES))
        statements = set(map(str, content))
        # Memberships of others in a body, for one, are facts about the body.
        near = {line for node in leading.get(iri, ()) for line in of_node[node]}
        assert said[iri] | near <= statements
        referred = {quad.object.value for quad in content if isinstance(quad.object, NamedNode)}
        assert statements - said[iri] - near == {line for other in referred for line in labels.get(other, ())} - said[iri] - near


def test_the_file_of_a_body_has_who_is_a_member_of_it_as_what(published: Settings) -> None:
    graph = rdflib.Graph().parse(published.publication / "org" / "santeon.ttl")
    membership = rdflib.URIRef(f"{BASE}org/mst#member-of-santeon")
    assert (membership, rdflib.URIRef("http://www.w3.org/ns/org#member"), rdflib.URIRef(f"{BASE}org/mst")) in graph
    assert list(graph.objects(membership, rdflib.URIRef("http://www.w3.org/ns/org#role")))


def test_the_file_of_a_source_has_the_graphs_of_its_passages(published: Settings, downloads: Path) -> None:
    dataset = set(ox.parse(path=downloads / "dataset.nq", format=RdfFormat.N_QUADS))
    for source in sorted((published.publication / "source").glob("*.trig")):
        iri = f"{BASE}source/{source.stem}"
        graphs = {quad for quad in dataset if quad.graph_name.value.partition("#")[0] == iri}
        assert graphs
        assert set(ox.parse(path=source, format=RdfFormat.TRIG)) == graphs


def test_the_three_files_of_a_thing_say_the_same(published: Settings) -> None:
    for path in entity_files(published):
        statements = written(ox.parse(path=path, format=RdfFormat.N_TRIPLES))
        assert written(ox.parse(path=path.with_suffix(".ttl"), format=RdfFormat.TURTLE)) == statements
        assert written(ox.parse(path=path.with_suffix(".jsonld"), format=RdfFormat.JSON_LD)) == statements


@pytest.mark.parametrize("name", ["org/mst", "org/santeon", "project/dms-kristiansund", "source/mst-about", "group/zorgverzekeraars", "place/twente"])
def test_pyld_reads_the_same_in_the_file_of_a_thing(name: str, published: Settings) -> None:
    path = published.publication / f"{name}.nt"
    assert written(ox.parse(to_rdf(path.with_suffix(".jsonld")), format=RdfFormat.N_QUADS)) == written(ox.parse(path=path, format=RdfFormat.N_TRIPLES))


def test_a_document_about_a_thing_begins_with_it(published: Settings) -> None:
    document = json.loads((published.publication / "org" / "mst.jsonld").read_text("utf-8"))
    assert document["@id"] == "org/mst"
    dump = json.loads((published.publication / "download" / "graph.jsonld").read_text("utf-8"))
    (node,) = (node for node in dump["@graph"] if node["@id"] == "org/mst")
    assert node["prefLabel"] == document["prefLabel"] == {"nl": ["Medisch Spectrum Twente"]}
    assert [site["prefLabel"]["nl"] for site in document["hasSite"] if isinstance(site, dict)]
    text = (published.publication / "org" / "mst.ttl").read_text("utf-8")
    assert text.split("\n\n")[1].startswith("<org/mst> a ")
