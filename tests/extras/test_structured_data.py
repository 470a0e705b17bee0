"""What pages embed, judged by tools that are not ours: an extractor and a validator in JavaScript, jsonld.js, extruct. An extra: it needs Node and packages.

To run it: `make test-extras`; or `npm install --no-package-lock` in tests/extras/structured_data/, and `pip install --requirement requirements-extras.txt`.
The validator knows what search engines require, and schema.org's vocabulary by way of schema-dts, which is made of it. Nothing is fetched while the tests run.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from schakel import Settings
from schakel.about import About
from schakel.namespaces import RDF
from schakel.structured_data import SchemaOrg, dataset_document, read_schema_org, script

FOLDER = Path(__file__).parent / "structured_data"
ID = "https://kg.example.org/"
SITE = "https://www.example.org/"
THINGS = (
    *("org/mst", "org/santeon", "org/roaz", "org/universiteit-twente", "org/umcg", "org/medlon", "org/kristiansund-kommune", "org/mst-interventiecentrum"),
    *("project/dms-kristiansund", "place/enschede", "place/overijssel", "place/nederland"),
    *("report/municipal-services", "document/mst-strategic-agenda"),
)
# A role has the property once more that it stands in, as schema.org describes roles in words; its vocabulary has no domain for that.
WITHIN_ROLES = {f'Property "{name}" for type "OrganizationRole" is not supported by the schema.org specification' for name in ("member", "memberOf")}
# What a certificate may have besides, and no source gives.
OPTIONAL = {'Missing field "certificationIdentification" (optional) or Missing field "certificationRating" (optional)'}


@pytest.fixture(scope="module")
def node() -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not on this machine")
    if not (FOLDER / "node_modules" / "schema-dts").is_dir():
        pytest.skip("the validator is not installed: run `npm install --no-package-lock` in tests/extras/structured_data/")
    return program


@pytest.fixture(scope="module")
def store(published: Settings) -> Store:
    store = Store()
    store.bulk_load(path=published.publication / "download" / "graph.nt", format=RdfFormat.N_TRIPLES)
    return store


@pytest.fixture(scope="module")
def query(published: Settings) -> str:
    text, _ = read_schema_org(published.queries / "exports", published.root)
    assert text is not None
    return text


@pytest.fixture(scope="module")
def pages(published: Settings, store: Store, query: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of each thing in each language, and the home page."""
    schema_org = SchemaOrg.of(store, query, published.base, published.languages)
    folder = tmp_path_factory.mktemp("pages")
    written: dict[str, Path] = {}
    for language in published.languages:
        for thing in THINGS:
            url = f"{SITE}{language}/{thing}.html"
            document = schema_org.document(ID + thing, language, url, [("Home", f"{SITE}{language}/"), (thing, url)])
            written[f"{thing} {language}"] = write(folder / f"{len(written)}.html", language, document)
        s = published
        about = About(s.base, s.title, s.description, s.publisher, s.licence, s.version, s.languages, {})
        index = json.loads((published.publication / "download" / "index.json").read_text())
        dumps = [Dump(each) for each in index]
        written[f"home {language}"] = write(folder / f"{len(written)}.html", language, dataset_document(about, dumps, language, f"{SITE}{language}/"))
    return written


class Dump:
    """A file as the list of downloads tells of it."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.file = str(told["file"])
        self.media_type = str(told["mediaType"])
        self.bytes = int(told["bytes"])
        self.sha256 = str(told["sha256"])


def write(path: Path, language: str, document: object) -> Path:
    path.write_text(f"<!doctype html>\n<html lang={language}><head><title>x</title>{script(document)}</head><body><p>x</p></body></html>\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def judged(node: str, pages: Mapping[str, Path]) -> dict[str, Any]:
    """What the tools say of each page."""
    done = subprocess.run([node, FOLDER / "judge.mjs", *pages.values()], cwd=FOLDER, capture_output=True, check=True)
    told = json.loads(done.stdout)
    # Not a vocabulary of three words, which would object to everything or to nothing.
    assert told["classes"] > 900
    assert told["properties"] > 1_400
    return dict(zip(pages, told["pages"], strict=True))


def test_the_extractor_finds_what_is_embedded(judged: Mapping[str, Any]) -> None:
    for name, page in judged.items():
        assert not page["errors"], name
        assert page["types"]["WebPage"] == 1
    assert judged["org/mst nl"]["types"]["MedicalOrganization"] >= 1
    assert judged["org/mst nl"]["types"]["OrganizationRole"] == 19
    assert judged["org/mst nl"]["types"]["BreadcrumbList"] == 1
    assert judged["home en"]["types"]["Dataset"] == 1


def test_the_validator_has_no_objection(judged: Mapping[str, Any]) -> None:
    for name, page in judged.items():
        for issue in page["issues"]:
            assert issue["severity"] == "WARNING", (name, issue)
            known = issue["message"] in WITHIN_ROLES or any(words in issue["message"] for words in OPTIONAL)
            assert known, (name, issue)


def test_the_validator_does_object_where_it_should(node: str, tmp_path: Path) -> None:
    wrong = {"@context": "https://schema.org", "@graph": [{"@id": "https://e.org/a", "@type": "Organization", "roleName": "x"}, {"@type": "Hospitall"}]}
    done = subprocess.run([node, FOLDER / "judge.mjs", write(tmp_path / "a.html", "en", wrong)], cwd=FOLDER, capture_output=True, check=True)
    messages = " ".join(issue["message"] for issue in json.loads(done.stdout)["pages"][0]["issues"])
    assert '"name" is missing' in messages
    assert 'Property "roleName" for type "Organization" is not supported' in messages
    assert '"Hospitall" is not a valid schema.org type' in messages


def test_every_statement_of_a_page_is_one_of_the_graph(judged: Mapping[str, Any], store: Store, query: str) -> None:
    """jsonld.js makes statements of the page; but for the languages of texts each is what the query made, or says what the page is."""
    made = {plain(triple) for triple in store.query(query)}  # type: ignore[union-attr]
    # A name in another language is another name there.
    made |= {(s, "http://schema.org/alternateName", o) for s, p, o in made if p == "http://schema.org/name"}
    for name, page in judged.items():
        statements = list(ox.parse(page["statements"].encode(), format=RdfFormat.N_QUADS))
        assert len(statements) > 3
        of_things = [quad for quad in statements if str(getattr(quad.subject, "value", "")).startswith(ID) and not name.startswith("home")]
        assert of_things or name.startswith("home")
        strange = {plain(quad.triple) for quad in of_things} - made
        assert not strange, name


def plain(triple: ox.Triple) -> tuple[str, str, str]:
    value = triple.object
    text = (
        str(float(value.value))
        if isinstance(value, Literal) and value.datatype.value.endswith(("double", "decimal", "integer"))
        else getattr(value, "value", "")
    )
    return str(getattr(triple.subject, "value", "")), triple.predicate.value, text


def test_extruct_reads_what_is_embedded(pages: Mapping[str, Path]) -> None:
    extruct = pytest.importorskip("extruct")
    for name, path in pages.items():
        html = path.read_text("utf-8")
        (found,) = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
        assert script(found) in html, name


# Classes of others that say what one of schema.org's does.
SAME_CLASS = {"http://www.w3.org/ns/org#Organization": "Organization"}


def test_every_use_of_schema_org_in_the_graph_is_within_its_domains(node: str, store: Store) -> None:
    said = json.loads(subprocess.run([node, FOLDER / "domains.mjs"], capture_output=True, text=True, check=True).stdout)

    def above(name: str) -> set[str]:
        return {name}.union(*(above(parent) for parent in said["parents"].get(name, ())))

    schema = "http://schema.org/"
    uses = {(quad.subject, quad.predicate.value.removeprefix(schema)) for quad in store if quad.predicate.value.startswith(schema)}
    outside = []
    for subject, name in uses:
        types = {quad.object.value for quad in store.quads_for_pattern(subject, RDF.type, None) if isinstance(quad.object, NamedNode)}
        names = {SAME_CLASS.get(each, each.removeprefix(schema)) for each in types if each in SAME_CLASS or each.startswith(schema)}
        if not set(said["domains"][name]) & set().union(*map(above, names)):
            outside.append((subject, name, names))
    assert outside == []
    assert len({name for _, name in uses}) >= 7
