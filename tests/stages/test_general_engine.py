"""Queries asked of Oxigraph: stated terms come back as stated."""

from collections.abc import Iterator

import pytest

from schakel.engine import DuckDB, close_dictionary
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS, STATEMENTS, STATEMENTS_COLUMNS
from schakel.stages.general_engine import GeneralEngine

XSD = "http://www.w3.org/2001/XMLSchema#"
STATED = [
    ("<x:a>", "<x:p>", f'"1.50"^^<{XSD}decimal>'),
    ("<x:a>", "<x:p>", f'"007"^^<{XSD}integer>'),
    ("<x:b>", "<x:p>", f'"7"^^<{XSD}integer>'),
    ("<x:b>", "<x:q>", f'"+8"^^<{XSD}integer>'),
    ("<x:b>", "<x:name>", '"x"@EN-gb'),
    ("_:n", "<x:name>", '"a \\"b\\"\\n"'),
]


@pytest.fixture
def engine() -> Iterator[GeneralEngine]:
    with DuckDB(memory="500MB", threads=1) as executor:
        executor.load(SPELLED, SPELLED_COLUMNS, ((*row, None, 0, 0, 0) for row in STATED))
        dictionary = close_dictionary(executor, [(SPELLED, ("s", "p", "o"))])
        ids = dictionary.ids([term for row in STATED for term in row])
        executor.load(STATEMENTS, STATEMENTS_COLUMNS, (tuple(ids[term] for term in row) for row in STATED))
        yield GeneralEngine(executor)


def values(engine: GeneralEngine, text: str, **bound: str) -> list[str]:
    return sorted(row["v"] for row in engine.select(text, bound))


def test_literals_come_back_as_stated(engine: GeneralEngine) -> None:
    assert values(engine, "SELECT ?v { ?x <x:p> ?v FILTER(?v < 2) }") == [f'"1.50"^^<{XSD}decimal>']
    assert values(engine, "SELECT ?v { ?x <x:q> ?v }") == [f'"+8"^^<{XSD}integer>']
    assert values(engine, "SELECT ?v { ?x <x:name> ?v }") == ['"a \\"b\\"\\n"', '"x"@EN-gb']
    assert values(engine, "SELECT (?x AS ?v) { ?x <x:name> ?n FILTER(ISBLANK(?x)) }") == ["_:n"]


def test_new_terms_come_as_made(engine: GeneralEngine) -> None:
    assert values(engine, "SELECT (GROUP_CONCAT(STR(?x)) AS ?v) { ?x <x:q> ?o }") == ['"x:b"']
    assert values(engine, "SELECT (?o + 0.5 AS ?v) { ?x <x:q> ?o }") == [f'"8.5"^^<{XSD}decimal>']


def test_what_the_store_cannot_tell_apart_is_named(engine: GeneralEngine) -> None:
    assert engine.merged == {f'"7"^^<{XSD}integer>': [f'"007"^^<{XSD}integer>', f'"7"^^<{XSD}integer>']}
    assert values(engine, "SELECT ?v { <x:b> <x:p> ?v }") == [f'"007"^^<{XSD}integer>']


def test_variables_may_be_bound_before(engine: GeneralEngine) -> None:
    assert values(engine, "SELECT ?this ?v { ?this <x:p>|<x:q> ?v FILTER(?v > 7) }", this="<x:b>") == [f'"+8"^^<{XSD}integer>']
    assert engine.ask("ASK { ?x <x:q> ?value }", {"value": f'"+8"^^<{XSD}integer>'})
    assert not engine.ask("ASK { ?x <x:q> ?value }", {"value": f'"9"^^<{XSD}integer>'})


def test_other_forms_are_refused(engine: GeneralEngine) -> None:
    with pytest.raises(ValueError, match="no SELECT"):
        list(engine.select("ASK {}"))
    with pytest.raises(ValueError, match="no ASK"):
        engine.ask("SELECT * {}")
