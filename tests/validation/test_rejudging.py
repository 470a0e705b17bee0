"""Judging again after an edit: exactly what judging all anew gives, by the shapes that look at what was edited alone."""

import runpy
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import shacl_rust
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel.errors import ShapesUnusableError
from schakel.graph import to_ntriples
from schakel.namespaces import OWL, RDF, RDFS, SKOS
from schakel.validation import Judgement, changed_names, named_shapes, rejudging, validate, validate_changed
from schakel.validation.slices import Stream

# Examples, and shapes of every kind: those by which the engines are held against each other. Test files are no modules that could be imported.
AGREE: dict[str, Any] = runpy.run_path(str(Path(__file__).with_name("test_engines_agree.py")))
BASE: str = AGREE["BASE"]
CONSTRAINTS: dict[str, tuple[str, bool]] = AGREE["CONSTRAINTS"]
TARGETS: dict[str, str] = AGREE["TARGETS"]
STRANGE: list[Literal | NamedNode] = AGREE["STRANGE"]
own_shapes: Callable[[], tuple[Triple, ...]] = AGREE["own_shapes"]
triples: Callable[[str], list[Triple]] = AGREE["triples"]
with_shape: Callable[[str, str], list[Triple]] = AGREE["with_shape"]

ABOVE = frozenset({RDFS.subClassOf, RDFS.subPropertyOf})

# What an engine said: its results, in their order, and what it left to the reference engine.
Said = tuple[list[tuple[str, ...]], dict[str, str]] | str


@cache
def things() -> tuple[Triple, ...]:
    """Things of every kind that have names of their own, so that they are the same in each graph."""
    return tuple(triples(AGREE["THINGS"].replace('[ a :Small ; :p "in" ]', ":i") + ':i a :Small ; :p "in" .'))


@cache
def project() -> tuple[Triple, ...]:
    """Some of the examples, with a few terms of the ontology."""
    return tuple(sorted({*AGREE["ontology"]()[::5], *AGREE["examples"]()[::2]}, key=str))


def one_edit(statements: list[Triple], random: Random) -> None:
    """Remove or change a statement, or add one: its object, its class or its label."""
    predicate = random.choice(sorted({each.predicate for each in statements} - {OWL.imports, *ABOVE}, key=str))
    one = random.choice([each for each in statements if each.predicate == predicate])
    classes = sorted({each.object for each in statements if each.predicate == RDF.type}, key=str)
    match random.choice(["remove", "object", "other object", "class", "other class", "label", "predicate"]):
        case "remove":
            statements.remove(one)
        case "class":
            statements.append(Triple(one.subject, RDF.type, random.choice(classes)))
        case "other class":
            typed = random.choice([each for each in statements if each.predicate == RDF.type])
            statements.remove(typed)
            statements += [Triple(typed.subject, RDF.type, each) for each in random.sample(classes, random.randint(0, 1))]
        case "label":
            label = Literal(random.choice("xyz"), language=random.choice(["en", "nl", "en-GB"]))
            statements.append(Triple(one.subject, random.choice([SKOS.prefLabel, RDFS.label]), label))
        case "predicate":
            statements.append(Triple(one.subject, random.choice(statements).predicate, one.object))
        case kind if predicate != RDF.type:
            object_ = random.choice(STRANGE if random.random() < 0.5 else [each.object for each in statements if each.predicate != RDF.type])
            if kind == "other object":
                statements.remove(one)
            statements.append(Triple(one.subject, predicate, object_))


def far_edit(statements: list[Triple], random: Random) -> None:
    """Change which class or property is below which."""
    below = [each for each in statements if each.predicate in ABOVE]
    if below and random.random() < 0.5:
        statements.remove(random.choice(below))
    else:
        upper, lower = random.sample([each for each in statements if each.predicate == RDF.type], 2)
        if isinstance(lower.object, NamedNode):
            statements.append(Triple(lower.object, RDFS.subClassOf, upper.object))


def edited(whole: Sequence[Triple], random: Random, *, far: float = 0.08) -> list[Triple]:
    """Give a graph after one, two or three edits, each statement once."""
    statements = sorted(set(whole), key=str)
    for _ in range(random.randint(1, 3)):
        (far_edit if random.random() < far else one_edit)(statements, random)
    return sorted(set(statements), key=str)


def written(statements: Sequence[Triple]) -> bytes:
    return b"".join(to_ntriples(statements))


def said(judging: Callable[[], Judgement]) -> Said:
    try:
        judgement = judging()
    except ShapesUnusableError:
        return "the shapes cannot be used"
    return [result.sort_key() for result in judgement.results], dict(judgement.by_reference)


def agreed(before: Sequence[Triple], after: Sequence[Triple], shapes: Sequence[Triple]) -> int:
    """Judge a graph, and what became of it in both ways; give how many results there are."""
    former, data = written(before), written(after)
    try:
        judgement = validate([former], shapes)
    except ShapesUnusableError:
        return 0
    changed = changed_names(former, data)
    expected = said(lambda: validate([data], shapes))
    assert said(lambda: validate_changed([data], shapes, judgement, changed)) == expected
    return len(expected[0])


# ------------------------------------------------------------------------------------------------------------------- the same as anew


@of_hypothesis(max_examples=4)
@given(st.randoms(use_true_random=False))
def test_the_projects_own_shapes_say_of_an_edited_graph_what_they_say_anew(random: Random) -> None:
    assert agreed(project(), edited(project(), random), own_shapes()) > 10


@of_hypothesis(max_examples=3)
@given(st.randoms(use_true_random=False))
def test_edits_upon_edits_are_judged_by_what_was_judged_in_part_before(random: Random) -> None:
    shapes, statements = own_shapes(), list(project()[:: random.choice([2, 3])])
    judgement = validate([written(statements)], shapes)
    for _ in range(3):
        later = edited(statements, random, far=0)
        data, changed = written(later), changed_names(written(statements), written(later))
        judgement, statements = validate_changed([data], shapes, judgement, changed), later
    assert said(lambda: judgement) == said(lambda: validate([data], shapes))


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_kind_of_constraint_is_judged_again_as_anew(name: str) -> None:
    random = Random(name)  # noqa: S311  # nobody has to be kept from guessing
    for target in random.sample(sorted(TARGETS), 2):
        # Beside it a shape that looks at other statements, which is left alone where those stay as they are.
        other = triples(":Other a sh:NodeShape ; sh:targetClass :Lone ; sh:property :Far . :Far a sh:PropertyShape ; sh:path :t ; sh:minCount 2 .")
        shapes = named_shapes({"own.ttl": with_shape(CONSTRAINTS[name][0], TARGETS[target]), "other.ttl": other}, BASE)
        for _ in range(3):
            agreed(things(), edited(things(), random), shapes)


@of_hypothesis(max_examples=25)
@given(
    st.lists(st.sampled_from(sorted(CONSTRAINTS)), min_size=2, max_size=5, unique=True),
    st.lists(st.sampled_from(sorted(TARGETS)), min_size=5, max_size=5),
    st.randoms(use_true_random=False),
)
def test_random_shapes_judge_again_as_anew(names: list[str], targets: list[str], random: Random) -> None:
    files = {}
    for number, (name, target) in enumerate(zip(names, targets, strict=False)):
        shape, aim = CONSTRAINTS[name][0], TARGETS[target]
        for letter in "PNQT":
            shape, aim = (text.replace(f":{letter} ", f":{letter}{number} ") for text in (shape, aim))
        path = "" if f":P{number} sh:path" in shape else f":P{number} sh:path :p . "
        files[f"{number}.ttl"] = triples(f":T{number} a sh:NodeShape ; sh:property :P{number} . :P{number} a sh:PropertyShape . {path}{aim}{shape}")
    agreed(things(), edited(things(), random), named_shapes(files, BASE))


@pytest.mark.parametrize(
    ("gone", "new"),
    {
        "a membership in the class of the focus nodes": (":f a :Lone .", ""),
        "a new focus node": ("", ":n a :Thing ."),
        "a focus node of a class below": ("", ":n a :Small ."),
        "the class of a value": (":b a :Small .", ""),
        "a class below another": (":Small rdfs:subClassOf :Thing .", ""),
        "a new class below another": ("", ":Lone rdfs:subClassOf :Thing ."),
        "a property below another": (":sub rdfs:subPropertyOf :p .", ""),
        "a value": (":e :p :a .", ":e :p :nowhere ."),
        "the last of its predicate": (":g :sub :h .", ""),
        "all that is said of a node": (':f a :Lone . :f :t :f . :e :p :a . :e :q "-1"^^xsd:nonNegativeInteger .', ""),
        "a value in doubt": ("", ":a :p '07'^^xsd:integer ."),
    }.values(),
)
def test_what_an_edit_of_one_kind_makes_of_what_shapes_say(gone: str, new: str) -> None:
    shapes = triples("""
        :T a sh:NodeShape ; sh:targetClass :Thing ; sh:property :P, :R . :P a sh:PropertyShape ; sh:path :p ; sh:class :Thing ; sh:minCount 2 .
        :R a sh:PropertyShape ; sh:path :q ; sh:datatype xsd:integer .
        :U a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :P . :V a sh:NodeShape ; sh:targetClass :Lone ; sh:property :W .
        :W a sh:PropertyShape ; sh:path :t ; sh:class :Small ; sh:maxCount 1 .
    """)
    removed = triples(gone)
    assert set(removed) <= set(things())
    after = [*(each for each in things() if each not in removed), *triples(new)]
    assert agreed(things(), after, named_shapes({"own.ttl": shapes}, BASE)) > 0


def test_the_reference_engine_judges_all_anew() -> None:
    shapes = named_shapes({"own.ttl": with_shape(CONSTRAINTS["class"][0], TARGETS["class"])}, BASE)
    data = [written(things())]
    expected = said(lambda: validate(data, shapes, engine="pyshacl"))
    assert expected[0]
    assert said(lambda: validate_changed(data, shapes, Judgement(()), set(), engine="pyshacl")) == expected


# ------------------------------------------------------------------------------------------------------------------- and no more than needed


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The statements that shacl-rust was handed, each time."""
    noted: list[bytes] = []
    validate_file = shacl_rust.validate_file

    def noting(data: Stream, *shapes: object, **more: object) -> object:
        content = b"".join(iter(data.read, b""))
        noted.append(content)
        return validate_file(Stream([content]), *shapes, **more)

    monkeypatch.setattr(shacl_rust, "validate_file", noting)
    return noted


TWO = """
    :T a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :P . :P a sh:PropertyShape ; sh:path :p ; sh:nodeKind sh:IRI .
    :U a sh:NodeShape ; sh:targetSubjectsOf :t ; sh:property :V . :V a sh:PropertyShape ; sh:path :t ; sh:minCount 2 .
"""


def two() -> list[Triple]:
    return named_shapes({"own.ttl": triples(TWO)}, BASE)


@pytest.mark.parametrize("edit", ["", ":z :note 'nobody looks at this' .", ":z a :Unheard ."], ids=["nothing", "a predicate that none names", "a class"])
def test_where_no_shape_looks_at_what_was_edited_none_is_asked(edit: str, handed: list[bytes]) -> None:
    before = validate([written(things())], two())
    assert (len(handed), len(before.results) > 3) == (1, True)
    after = [*things(), *triples(edit)]
    judgement = validate_changed([written(after)], two(), before, changed_names(written(things()), written(after)))
    assert said(lambda: judgement) == said(lambda: before)
    assert len(handed) == 1
    assert said(lambda: judgement) == said(lambda: validate([written(after)], two()))


def predicates(content: bytes) -> set[bytes]:
    return {line.split(b" ")[1] for line in content.splitlines()}


def test_an_edit_of_one_predicate_hands_on_no_statements_of_others(handed: list[bytes]) -> None:
    before = validate([written(things())], two())
    after = [*things(), *triples(":z :t :a .")]
    handed.clear()
    judgement = validate_changed([written(after)], two(), before, changed_names(written(things()), written(after)))
    [content] = handed
    below = {str(each).encode() for each in (RDFS.subClassOf, RDFS.subPropertyOf)}
    assert predicates(content) - below == {f"<{BASE}t>".encode()}
    assert {str(result.shape) for result in judgement.results} > {f"<{BASE}P>"}
    assert said(lambda: judgement) == said(lambda: validate([written(after)], two()))


def test_an_edit_of_one_class_hands_on_no_members_of_others(handed: list[bytes]) -> None:
    shapes = named_shapes(
        {"own.ttl": triples(TWO.replace("sh:targetSubjectsOf :p", "sh:targetClass :Lone").replace("sh:targetSubjectsOf :t", "sh:targetClass :Small"))}, BASE
    )
    before = validate([written(things())], shapes)
    after = [*things(), *triples(":z a :Lone ; :t :z .")]
    handed.clear()
    validate_changed([written(after)], shapes, before, changed_names(written(things()), written([*things(), *triples(":z a :Lone .")])))
    [content] = handed
    assert predicates(content) >= {str(RDF.type).encode(), f"<{BASE}p>".encode()}
    assert f"<{BASE}Lone> .".encode() in content
    assert f"{RDF.type} <{BASE}Small> .".encode() not in content


def test_where_a_class_came_below_another_all_is_judged_anew(handed: list[bytes]) -> None:
    before = validate([written(things())], two())
    after = [*things(), *triples(":Lone rdfs:subClassOf :Thing .")]
    handed.clear()
    changed = changed_names(written(things()), written(after))
    assert rejudging.judge_changed([written(after)], two(), before, changed) is None
    assert handed == []
    validate_changed([written(after)], two(), before, changed)
    assert handed == [written(after)]


def test_names_of_what_changed_are_those_of_statements_in_one_piece_alone() -> None:
    same = triples(":a :p 1 ; a :Thing .")
    before, after = (written([*same, *triples(each)]) for each in (":a :q 1 ; a :Small .", ":a :r ' a text . ' ."))
    expected = {f"<{BASE}{each}>".encode() for each in ("q", "r", "Small")} | {str(RDF.type).encode()}
    assert changed_names(before, after) == changed_names(after, before) == expected
    assert changed_names(before, before) == set()
    assert changed_names(b"", b"") == set()
    assert changed_names(b"", written(triples(":a :p 1 ."))) == {f"<{BASE}p>".encode()}
