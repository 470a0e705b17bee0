"""What a person typed leads to one thing, or to an error that says what to type instead."""

from collections.abc import Sequence

import pytest
from pyoxigraph import NamedNode

from schakel.answers.backend import Backend
from schakel.errors import AmbiguousNameError, NotAnIriError, NotInGraphError
from schakel.lookup import Context, resolve


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("https://kg.example.org/org/mst", "org/mst"),
        ("<https://kg.example.org/org/mst>", "org/mst"),
        (" org/mst ", "org/mst"),
        ("org/mst#site-main-address", "org/mst#site-main-address"),
        ("mst", "org/mst"),
        ("MST", "org/mst"),
        ("medisch spectrum twente", "org/mst"),
        ("regionaal overleg acute zorg", "org/roaz"),
        ("Arienszorgpalet", "org/arienszorgpalet"),
        ("petct-scanner", "equipment/petct-scanner"),
        ("role:chair", "role:chair"),
    ],
)
def test_an_iri_a_curie_an_id_and_a_name_lead_to_the_thing(content: Backend, context: Context, typed: str, expected: str) -> None:
    assert context.short(resolve(content, typed, context)) == expected


def test_an_id_of_several_things_is_told_with_all_of_them(towers: Backend, danish: Context) -> None:
    with pytest.raises(AmbiguousNameError) as raised:
        resolve(towers, "skagen", danish)
    assert raised.value.typed == "skagen"
    assert raised.value.candidates == (("guild/skagen", "Skagen", "s:Lav"), ("tower/skagen", "Det Grå Fyr", "fyr"))
    assert str(raised.value).splitlines()[1:] == ["  guild/skagen  Skagen (s:Lav)", "  tower/skagen  Det Grå Fyr (fyr)"]


def test_of_several_things_the_one_that_the_question_can_be_about_is_meant(towers: Backend, danish: Context) -> None:
    offered = []

    def towers_only(iris: Sequence[str]) -> list[str]:
        offered.append(list(iris))
        return [iri for iri in iris if "/tower" in iri or ":tower" in iri]

    assert resolve(towers, "skagen", danish, towers_only) == NamedNode("urn:fyr:tower/skagen")
    assert offered == [["urn:fyr:guild/skagen", "urn:fyr:tower/skagen"]]


def test_where_the_question_is_about_none_of_several_all_are_told(towers: Backend, danish: Context) -> None:
    with pytest.raises(AmbiguousNameError):
        resolve(towers, "skagen", danish, lambda _: [])


def test_the_only_thing_of_that_name_is_meant_even_where_the_question_has_no_answer_for_it(towers: Backend, danish: Context) -> None:
    assert resolve(towers, "vippefyret", danish, lambda _: []) == NamedNode("urn:fyr:tower/skagen")


def test_what_the_question_can_be_about_is_looked_for_among_names_too(content: Backend, context: Context) -> None:
    accepted = resolve(content, "PET/CT-scanner", context, lambda iris: [iri for iri in iris if "/org/" in iri])
    assert context.short(accepted) == "org/petct-samenwerking"


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("org/mts", "org/mst"),
        ("https://kg.example.org/org/mts", "org/mst"),
        ("role:chiar", "role:chair"),
        ("santeonn", "org/santeon"),
        ("Medisch Spektrum Twente", "org/mst"),
        ("org/mst#shareholder-of-medlonn", "org/mst#shareholder-of-medlon"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest_that_is(content: Backend, context: Context, typed: str, nearest: str) -> None:
    with pytest.raises(NotInGraphError) as raised:
        resolve(content, typed, context)
    assert raised.value.candidates[0].short == nearest
    assert f"\n  {nearest}  " in str(raised.value)
    assert len(raised.value.candidates) <= 5


@pytest.mark.parametrize("typed", ["", "???", "xxxxxxxxxxxxxxxxxxxx"])
def test_where_nothing_is_near_nothing_is_suggested(towers: Backend, danish: Context, typed: str) -> None:
    with pytest.raises(NotInGraphError) as raised:
        resolve(towers, typed, danish)
    assert raised.value.candidates == ()


@pytest.mark.parametrize("typed", ["<https://a b>", "https://kg.example.org/x> } INSERT { <urn:a", "<no-scheme>"])
def test_what_cannot_be_an_iri_is_told_and_never_asked(towers: Backend, danish: Context, asked: list[str], typed: str) -> None:
    with pytest.raises(NotAnIriError, match="is not an IRI"):
        resolve(towers, typed, danish)
    assert asked == []


@pytest.mark.parametrize("typed", ['x") || true || STRENDS("a', "x\\", 'a" } UNION { ?entity ?p ?o } #', "x\nFILTER(true)"])
def test_signs_of_the_query_language_are_only_text(towers: Backend, danish: Context, typed: str) -> None:
    with pytest.raises(NotInGraphError):
        resolve(towers, typed, danish)


def test_it_is_the_same_in_a_store_without_named_graphs(merged: Backend, context: Context) -> None:
    assert context.short(resolve(merged, "MST", context)) == "org/mst"
