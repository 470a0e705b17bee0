"""RDF files in the engine: each statement as the file states it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlglot import exp

from schakel.engine import DuckDB
from schakel.engine.relations import SPELLED
from schakel.project.rdf_files import add_rdf_files
from schakel.settings import Settings

DECIMAL = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
TURTLE = f"""@prefix : <https://example.org/ns#> . # a comment with an "@nl"
@base <https://example.org/> .
:a :p "1.50"{DECIMAL} , "A"@en-GB , 'b @fr'@NL , [ :q ("c"@en-gb "x@y"@En) ] ; :r '''"d"'''@de-CH .
"""


@pytest.fixture(scope="module")
def executor() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as executor:
        yield executor


def read(
    executor: DuckDB, folder: Path, files: dict[str, str], contexts: dict[str, str] | None = None
) -> tuple[list[tuple[str, str, str, str, int, int]], list[str]]:
    for name, text in files.items():
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / name).write_text(text, encoding="utf-8")
    executor.drop(SPELLED)
    settings = Settings(root=folder, base="https://example.org/", title={"en": "T"}, description={"en": "D"}, publisher="P", contexts=contexts or {})
    _, findings = add_rdf_files(executor, settings, 7)
    columns = [exp.column(name) for name in ("s", "p", "o", "g", "file", "row")]
    return sorted(executor.fetch(exp.select(*columns).from_(SPELLED))), [str(item.places[0]).removeprefix("data/") for item in findings]


def test_literals_and_tags_are_as_the_file_states_them(executor: DuckDB, tmp_path: Path) -> None:
    quads, findings = read(executor, tmp_path, {"a.ttl": TURTLE})
    assert not findings
    assert {o for _, _, o, *_ in quads if o.startswith('"')} == {f'"1.50"{DECIMAL}', '"A"@en-GB', '"b @fr"@NL', '"c"@en-gb', '"x@y"@En', '"\\"d\\""@de-CH'}
    assert {(g, file, row) for *_, g, file, row in quads} == {("<https://example.org/graph/file/a.ttl>", 7, 0)}
    assert not any(term.startswith("_:") for quad in quads for term in quad[:3])


def test_statements_of_n_triples_have_their_lines(executor: DuckDB, tmp_path: Path) -> None:
    quads, _ = read(executor, tmp_path, {"a.nt": '# one\n<x:a> <x:p> "1"@EN .\n\n<x:a> <x:p> "2" . # two\n'})
    assert [(o, row) for _, _, o, _, _, row in quads] == [('"1"@EN', 2), ('"2"', 4)]


def test_tags_of_json_ld_are_as_stated(executor: DuckDB, tmp_path: Path) -> None:
    quads, _ = read(executor, tmp_path, {"a.jsonld": '{"@id": "x:a", "x:p": [{"@value": "A", "@language": "nl-BE"}, {"@value": "1.0", "@type": "x:t"}]}'})
    assert [o for _, _, o, *_ in quads] == ['"1.0"^^<x:t>', '"A"@nl-BE']


def test_a_code_that_looks_like_a_tag_is_none(executor: DuckDB, tmp_path: Path) -> None:
    quads, _ = read(executor, tmp_path, {"a.jsonld": '{"@context": {"@language": "en"}, "@id": "x:a", "x:code": {"@value": "EN", "@type": "x:t"}, "x:p": "A"}'})
    assert [o for _, _, o, *_ in quads] == ['"EN"^^<x:t>', '"A"@en']


def test_a_file_that_cannot_be_read_is_a_finding_and_others_are_read(executor: DuckDB, tmp_path: Path) -> None:
    quads, findings = read(executor, tmp_path, {"a.nt": '<x:a> <x:p> "1"@EN .\n', "b.ttl": "<x:a> <x:p>\n"})
    assert len(quads) == 1
    assert [place.partition(",")[0] for place in findings] == ["b.ttl"]


def test_contexts_are_those_that_are_known_or_that_the_project_brings(executor: DuckDB, tmp_path: Path) -> None:
    own = '{"@context": ["https://schema.org/", "https://data.example/context"], "@id": "x:a", "name": "A", "sameAs": "x:b", "since": "1"}'
    quads, findings = read(executor, tmp_path, {"a.jsonld": own})
    assert (quads, findings) == ([], ["a.jsonld"])
    (tmp_path / "own.jsonld").write_text('{"@context": {"since": "x:since"}}')
    quads, findings = read(executor, tmp_path, {"a.jsonld": own}, {"https://data.example/context": "own.jsonld"})
    assert not findings
    assert {(p, o) for _, p, o, *_ in quads} == {("<http://schema.org/name>", '"A"'), ("<http://schema.org/sameAs>", "<x:b>"), ("<x:since>", '"1"')}
