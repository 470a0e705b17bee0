import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from schakel.engine import DuckDB, close_dictionary, encode
from schakel.engine.relations import QUADS, QUADS_COLUMNS, SPELLED, SPELLED_COLUMNS, STATEMENTS_COLUMNS
from schakel.engine.spelling import literal_spelling
from schakel.errors import PublicationIncompleteError
from schakel.publish import DUMPS, Dump, PropertyForms, declared_forms, write_dumps
from schakel.publish.verification import verify
from schakel.stages.dataset import DATASET, make_dataset

BASE = "https://kg.example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PREFIXES = {
    "ex": "https://example.org/ns#",
    "below": f"{BASE}ns/",
    "odd": "https://example.org/odd?",
    "urn": "urn:x/",
    "xsd": XSD,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "unused": "https://example.org/unused#",
}
FORMATS = {
    "graph.ttl": ox.RdfFormat.TURTLE,
    "graph.nt": ox.RdfFormat.N_TRIPLES,
    "graph.jsonld": ox.RdfFormat.JSON_LD,
    "dataset.trig": ox.RdfFormat.TRIG,
    "dataset.nq": ox.RdfFormat.N_QUADS,
}
# Subject, predicate, object and graph, which is empty for the default graph.
Quad = tuple[str, str, str, str]


def fill(executor: DuckDB, quads: Iterable[Quad]) -> None:
    """Load quads as stages leave them: ids in a bag."""
    rows = ((s, p, o, g or None, 1, number, 0) for number, (s, p, o, g) in enumerate(quads))
    executor.load(SPELLED, SPELLED_COLUMNS, rows)
    close_dictionary(executor, [(SPELLED, ("s", "p", "o", "g"))], [TYPE, "<https://example.org/unused#not>"])
    encode(executor, SPELLED, ("s", "p", "o", "g"), ("file", "row", "template"), QUADS)
    names = [exp.func("COALESCE", exp.column(name), exp.Literal.number(0)).as_(name) for name in QUADS_COLUMNS]
    executor.run(exp.select(*names).from_(QUADS), QUADS)


@cache
def shared_executor(threads: int) -> DuckDB:
    return DuckDB(threads=threads)


@pytest.fixture(scope="module", autouse=True)
def closed_afterwards() -> Iterator[None]:
    yield
    for threads in (1, 4):
        shared_executor(threads).close()


def dumped(quads: Sequence[Quad], folder: Path, *, threads: int = 1, base: str = BASE, forms: PropertyForms | None = None) -> list[Dump]:
    executor = shared_executor(threads)
    fill(executor, quads)
    make_dataset(executor, None, 0)
    dumps, _ = write_dumps(executor, folder, base=base, prefixes=PREFIXES, forms=forms)
    verify(folder, dumps)
    return dumps


def read(content: bytes, rdf_format: ox.RdfFormat) -> set[str]:
    return {str(quad) for quad in ox.parse(content, format=rdf_format)}


def lines_of(quads: Iterable[Quad], *, graphs: bool) -> list[bytes]:
    """Write the lines as the dumps are to have them, without any of their code."""
    found = {" ".join([*quad[:3], *([quad[3]] if graphs and quad[3] else []), "."]).encode() for quad in quads}
    return sorted(found)


def check(quads: Sequence[Quad], folder: Path, dumps: Sequence[Dump]) -> None:
    expected = {graphs: lines_of(quads, graphs=graphs) for graphs in (False, True)}
    for dump in dumps:
        content = (folder / dump.file).read_bytes()
        graphs = dump.file.startswith("dataset")
        assert read(content, FORMATS[dump.file]) == read(b"\n".join(expected[graphs]), ox.RdfFormat.N_QUADS), dump.file
        assert (dump.bytes, dump.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert (dump.statements, dump.media_type) == (len(expected[graphs]), DUMPS[dump.file])
    # Letter by letter, language tags and lexical forms included, in the order of bytes.
    assert (folder / "graph.nt").read_bytes() == b"".join(line + b"\n" for line in expected[False])
    assert (folder / "dataset.nq").read_bytes() == b"".join(line + b"\n" for line in expected[True])
    assert sorted(path.name for path in folder.iterdir()) == sorted(DUMPS)


def iri(local: str, namespace: str = BASE) -> str:
    return f"<{namespace}{local}>"


local_names = st.one_of(
    st.sampled_from(
        [
            "",
            "a",
            "a/b",
            "a/b#c",
            "a.",
            ".a",
            "..",
            "a..b",
            "a/../b",
            "-a",
            "a-",
            "1",
            "a:b",
            "%41",
            "a%20b",
            "é",
            "日本",
            "a'b",
            "a(b)",
            "a,b;c",
            "?a=b",
            "//a",
            "a//b",
            "#",
            "a#",
            "~a",
            "a~",
            "_",
        ]
    ),
    st.from_regex(r"[a-c]{1,2}", fullmatch=True),
)
namespaces = st.sampled_from(
    [BASE, "https://example.org/ns#", f"{BASE}ns/", "https://example.org/odd?", "urn:x/", "urn:y:", "ex:", XSD, "https://kg.example.org"]
)
iris = st.builds(iri, local_names, namespaces).filter(lambda spelling: not spelling.endswith(("org>", "org..>")) or "example.org/" in spelling)
blanks = st.sampled_from(["_:a", "_:b1", "_:a.b"])
texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "",
            '"',
            "\\",
            "\x00",
            "\r\n",
            "\x1f",
            "\x1e",
            "\x7f",
            "\u2028",
            " . ",
            '" <x:y> .',
            "1.50",
            "007",
            "+1",
            "true",
            "1e400",
            "a\x1fb\tc",
            "\U0001f600",
            "<x>",
            "{",
            "]",
        ]
    ),
)
tags = st.sampled_from(["en", "EN", "en-GB", "nl", "nn-NO", "x-a1"])
datatypes = st.sampled_from(
    [f"{XSD}{name}" for name in ("string", "integer", "decimal", "double", "boolean", "date")]
    + ["https://example.org/ns#type", "urn:y:type", "https://example.org/odd?a b".replace(" ", "")]
)
literals = st.one_of(
    st.builds(literal_spelling, texts, datatypes),
    st.builds(lambda text, tag: literal_spelling(text, language=tag), texts, tags),
    st.builds(
        lambda number, name: literal_spelling(number, XSD + name),
        st.sampled_from(["1", "007", "+1", "-0", "1.50", ".5", "5.", "1e3", "true", "1", "x"]),
        st.sampled_from(["integer", "decimal", "double", "boolean"]),
    ),
)
predicates = st.one_of(st.just(TYPE), iris)
quads_of_all_kinds = st.lists(st.tuples(st.one_of(iris, blanks), predicates, st.one_of(iris, blanks, literals), st.one_of(st.just(""), iris)), max_size=60)


@settings(max_examples=12)
@given(quads_of_all_kinds)
def test_every_dump_says_what_the_quads_say(tmp_path_factory: pytest.TempPathFactory, quads: list[Quad]) -> None:
    folder = tmp_path_factory.mktemp("dumps")
    valid = {line for line in lines_of(quads, graphs=True) if is_read(line)}
    kept = [quad for quad in quads if lines_of([quad], graphs=True)[0] in valid]
    check(kept, folder, dumped(kept, folder))


def is_read(line: bytes) -> bool:
    """Tell whether readers take all IRIs of a line."""
    try:
        return bool(read(line, ox.RdfFormat.N_QUADS))
    except SyntaxError:
        return False


EXAMPLE: list[Quad] = [
    (iri("org/a"), TYPE, iri("Organisation", PREFIXES["ex"]), iri("passage/1")),
    (iri("org/a"), TYPE, iri("Agent", PREFIXES["ex"]), iri("graph/inferred")),
    (iri("org/a"), iri("age", PREFIXES["ex"]), f'"042"^^<{XSD}integer>', iri("passage/1")),
    (iri("org/a"), iri("amount", PREFIXES["ex"]), f'"1.50"^^<{XSD}decimal>', iri("passage/1")),
    (iri("org/a"), iri("name", PREFIXES["ex"]), '"A"@nl', iri("passage/1")),
    (iri("org/a"), iri("name", PREFIXES["ex"]), '"Z"@en-GB', iri("passage/1")),
    (iri("org/a"), iri("name", PREFIXES["ex"]), '"B"@nl', iri("passage/2")),
    (iri("org/a"), iri("part", PREFIXES["ex"]), iri("org/b"), iri("passage/1")),
    (iri("org/a"), iri("part", PREFIXES["ex"]), iri("org/c"), iri("passage/2")),
    (iri("org/a"), iri("part", PREFIXES["ex"]), iri("org/c"), iri("passage/1")),
    (iri("org/b"), iri("date", PREFIXES["ex"]), f'"2000-01-01"^^<{XSD}date>', iri("passage/2")),
    (iri("org/b"), iri("date", PREFIXES["ex"]), f'"2000"^^<{XSD}gYear>', iri("passage/2")),
]


def test_turtle_reads_as_people_write_it(tmp_path: Path) -> None:
    check(EXAMPLE, tmp_path, dumped(EXAMPLE, tmp_path))
    assert (tmp_path / "graph.ttl").read_text() == (
        "@base <https://kg.example.org/> .\n"
        "@prefix ex: <https://example.org/ns#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "\n"
        "<org/a> a ex:Agent ,\n"
        "\t\tex:Organisation ;\n"
        "\tex:age 042 ;\n"
        "\tex:amount 1.50 ;\n"
        '\tex:name "Z"@en-GB ,\n'
        '\t\t"A"@nl ,\n'
        '\t\t"B"@nl ;\n'
        "\tex:part <org/b> ,\n"
        "\t\t<org/c> .\n"
        "\n"
        '<org/b> ex:date "2000-01-01"^^xsd:date ,\n'
        '\t\t"2000"^^xsd:gYear .\n'
    )


def test_trig_has_a_block_for_each_graph(tmp_path: Path) -> None:
    dumped(EXAMPLE, tmp_path)
    blocks = (tmp_path / "dataset.trig").read_text().split("\n\n")[1:]
    assert [block.partition("\n")[0] for block in blocks] == ["<graph/inferred> {", "<passage/1> {", "<passage/2> {"]
    assert blocks[0] == "<graph/inferred> {\n\t<org/a> a ex:Agent .\n}"


def test_json_has_one_form_for_each_key(tmp_path: Path) -> None:
    dumped(EXAMPLE, tmp_path)
    document = json.loads((tmp_path / "graph.jsonld").read_text())
    assert document["@graph"] == [
        {
            "@id": "org/a",
            "@type": ["ex:Agent", "ex:Organisation"],
            "age": ["042"],
            "amount": ["1.50"],
            "name": {"en-GB": ["Z"], "nl": ["A", "B"]},
            "part": ["org/b", "org/c"],
        },
        {"@id": "org/b", "date": [{"@value": "2000-01-01", "@type": "xsd:date"}, {"@value": "2000", "@type": "xsd:gYear"}]},
    ]
    assert document["@context"]["name"] == {"@id": "https://example.org/ns#name", "@container": ["@language", "@set"]}
    assert document["@context"]["age"] == {"@id": "https://example.org/ns#age", "@type": f"{XSD}integer", "@container": "@set"}


def test_what_ontology_and_shapes_declare_decides_the_form_of_a_key_unless_the_data_contradict_it(tmp_path: Path) -> None:
    ns = PREFIXES["ex"]
    forms = PropertyForms(frozenset({f"{ns}age", f"{ns}part", f"{ns}date"}), frozenset({f"{ns}name"}), {f"{ns}date": f"{XSD}date", f"{ns}age": "@id"})
    check(EXAMPLE, tmp_path, dumped(EXAMPLE, tmp_path, forms=forms))
    first, second = json.loads((tmp_path / "graph.jsonld").read_text())["@graph"]
    assert first["age"] == {"@value": "042", "@type": "xsd:integer"}  # a value of another kind says what it is
    assert first["part"] == ["org/b", "org/c"]  # two values: a list, everywhere
    assert first["name"] == {"en-GB": ["Z"], "nl": ["A", "B"]}  # two in one language
    assert second["date"] == ["2000-01-01", {"@value": "2000", "@type": "xsd:gYear"}]


def test_single_values_stand_alone(tmp_path: Path) -> None:
    ns = PREFIXES["ex"]
    quads = [quad for quad in EXAMPLE if quad[3] == iri("passage/1") and "org/c" not in quad[2]]
    check(quads, tmp_path, dumped(quads, tmp_path, forms=PropertyForms(frozenset({f"{ns}age", f"{ns}part"}), frozenset({f"{ns}name"}))))
    (node,) = json.loads((tmp_path / "graph.jsonld").read_text())["@graph"]
    assert (node["age"], node["part"], node["name"]) == ("042", "org/b", {"en-GB": "Z", "nl": "A"})


@settings(max_examples=12)
@given(quads_of_all_kinds)
def test_a_key_of_json_is_always_a_list_or_never(tmp_path_factory: pytest.TempPathFactory, quads: list[Quad]) -> None:
    folder = tmp_path_factory.mktemp("dumps")
    kept = [quad for quad in quads if is_read(lines_of([quad], graphs=True)[0])]
    dumped(kept, folder, forms=PropertyForms(frozenset(quad[1][1:-1] for quad in kept[::2])))
    shapes: dict[str, set[type]] = {}
    for node in json.loads((folder / "graph.jsonld").read_text(), object_pairs_hook=unique)["@graph"]:
        for key, value in node.items():
            is_map = isinstance(value, dict) and not any(name.startswith("@") for name in value)
            shapes.setdefault(key, set()).add(dict if is_map else list if isinstance(value, list) else str)
    assert all(len(found) == 1 for found in shapes.values())


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    assert len(found) == len(pairs)
    return found


def test_the_bytes_do_not_depend_on_threads_or_on_the_order_of_rows(tmp_path: Path) -> None:
    quads = [
        (iri(f"org/{number % 997}"), iri(f"p{number % 7}", PREFIXES["ex"]), f'"{number * 31 % 4001}"@{"nl" if number % 3 else "en"}', iri(f"g/{number % 11}"))
        for number in range(30_000)
    ]
    found = []
    for threads, rows in ((1, quads), (4, quads[::-1] + quads[:100])):
        folder = tmp_path / str(threads)
        folder.mkdir()
        dumps = dumped(rows, folder, threads=threads)
        found.append([(dump.file, dump.sha256, dump.statements) for dump in dumps])
    assert found[0] == found[1]
    check(quads, tmp_path / "1", dumps)


def test_an_empty_graph_has_dumps(tmp_path: Path) -> None:
    check([], tmp_path, dumped([], tmp_path))
    assert json.loads((tmp_path / "graph.jsonld").read_text())["@graph"] == []


def test_what_was_derived_goes_into_its_graph(tmp_path: Path) -> None:
    with DuckDB(threads=1) as executor:
        fill(executor, EXAMPLE)
        (stated,) = executor.fetch(exp.select("s", "p", "o", "g").from_(QUADS).order_by("s", "p", "o", "g").limit(1))
        executor.load("followed", STATEMENTS_COLUMNS, [(stated[0], stated[1], stated[2])])
        make_dataset(executor, "followed", stated[0])
        assert executor.count(DATASET) == len(EXAMPLE) + 1
        write_dumps(executor, tmp_path, base=BASE, prefixes=PREFIXES)
    assert len((tmp_path / "dataset.nq").read_bytes().splitlines()) == len(EXAMPLE) + 1


@pytest.mark.parametrize("base", ["https://kg.example.org/x", "https://kg.example.org/?q=", "https://kg.example.org/x#", "urn:x:"])
def test_a_base_that_ends_no_folder_shortens_nothing(base: str, tmp_path: Path) -> None:
    quads = [(f"<{base}a>", f"<{base}p>", f"<{base}{end}>", "") for end in ("a/b", "c", "")]
    check(quads, tmp_path, dumped(quads, tmp_path, base=base))


def test_a_prefix_that_is_the_scheme_of_an_iri_is_not_used_in_json(tmp_path: Path) -> None:
    quads = [("<ex:a>", iri("p", PREFIXES["ex"]), iri("b", PREFIXES["ex"]), "")]
    check(quads, tmp_path, dumped(quads, tmp_path))
    assert "ex" not in json.loads((tmp_path / "graph.jsonld").read_text())["@context"]
    assert "ex:b" in (tmp_path / "graph.ttl").read_text()


def test_large_texts_and_control_characters_are_written_whole(tmp_path: Path) -> None:
    every = "".join(map(chr, range(0x20))) + '"\\\x7f\x85\u2028\ufffe' + "é" * 1_000_000
    quads = [(iri("a"), iri("p", PREFIXES["ex"]), literal_spelling(every, language=tag), "") for tag in ("en", "nl")]
    check(quads, tmp_path, dumped(quads, tmp_path))


def test_forms_come_from_ontology_and_shapes() -> None:
    turtle = """
    @prefix : <x:> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    :functional a owl:FunctionalProperty, owl:ObjectProperty .
    :dated rdfs:range xsd:date .
    :A sh:property [ sh:path :one ; sh:maxCount 1 ; sh:datatype xsd:date ], [ sh:path :either ; sh:maxCount 1 ],
        [ sh:path :label ; sh:uniqueLang true ; sh:datatype rdf:langString ] .
    :B sh:property [ sh:path :either ], [ sh:path :two ; sh:maxCount 2 ; sh:class :A ], [ sh:path [ sh:inversePath :one ] ; sh:maxCount 3 ] .
    """
    statements = [(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    assert declared_forms(statements) == PropertyForms(
        frozenset({"x:functional", "x:one"}),
        frozenset({"x:label"}),
        {"x:functional": "@id", "x:dated": f"{XSD}date", "x:one": f"{XSD}date", "x:label": "@language", "x:two": "@id"},
    )


def test_only_prefixes_in_use_are_declared(tmp_path: Path) -> None:
    dumped(EXAMPLE, tmp_path)
    for file in ("graph.ttl", "dataset.trig", "graph.jsonld"):
        assert not re.search(r"\bunused\b", (tmp_path / file).read_text())


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"org/b", b"org/z"),  # another thing
        (b'"A"@nl', b'"A"@nb'),  # another language
        (b"1.50", b"1.5"),  # another lexical form
        (b"042", b"42 "),
        (b"2000-01-01", b"2000-01-02"),
        (b"}\n", b"\n"),
        (b".\n", b"\n"),
    ],
)
def test_a_dump_that_says_something_else_is_found_out(file: str, before: bytes, after: bytes, tmp_path: Path) -> None:
    dumps = dumped(EXAMPLE, tmp_path)
    content = (tmp_path / file).read_bytes()
    if file == "graph.jsonld" and before == b'"A"@nl':
        before, after = b'"nl": ["A"', b'"nb": ["A"'
    changed = content[::-1].replace(before[::-1], after[::-1], 1)[::-1]
    if changed != content:
        (tmp_path / file).write_bytes(changed)
        with pytest.raises(PublicationIncompleteError):
            verify(tmp_path, dumps)


@pytest.mark.parametrize("file", FORMATS)
def test_a_dump_that_leaves_out_a_subject_is_found_out(file: str, tmp_path: Path) -> None:
    quads = [(iri(f"a/{number}"), iri("p", PREFIXES["ex"]), f'"{number}"@EN', iri("g")) for number in range(9)]
    dumps = dumped(quads, tmp_path)
    lines = (tmp_path / file).read_bytes().splitlines(keepends=True)
    begin = next(number for number, line in enumerate(lines) if b"a/4" in line)
    size = 2 if file in {"graph.jsonld", "graph.ttl"} else 1
    (tmp_path / file).write_bytes(b"".join(lines[:begin] + lines[begin + size :]))
    with pytest.raises(PublicationIncompleteError):
        verify(tmp_path, dumps)
