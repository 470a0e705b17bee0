"""Things are found by what people type: in any case, without accents, in any order, with a slip of the finger."""

import pytest
from pyoxigraph import Literal, NamedNode

from schakel.answers.backend import Backend
from schakel.lookup import Context, find


def entities(backend: Backend, context: Context, text: str, language: str | None = None, limit: int = 20) -> list[str]:
    rows = find(backend, text, context, language, limit).rows
    return [context.short(row[0]) for row in rows if isinstance(row[0], NamedNode)]


def test_a_row_tells_what_was_found_what_kind_it_is_and_which_name_fitted(content: Backend, context: Context) -> None:
    answer = find(content, "mst", context, "nl", 1)
    assert answer.columns == ("entity", "name", "kind", "matched")
    names = (Literal("Medisch Spectrum Twente", language="nl"), Literal("organisatie", language="nl"), Literal("MST", language="nl"))
    assert answer.rows == ((NamedNode(f"{context.base}org/mst"), *names),)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ARIENSZORGPALET", "org/arienszorgpalet"),
        ("cooperatie medische", "org/twentse-medische-cooperatie"),
        ("zorgnet oost", "org/zorgnetoost"),
        ("santoen", "org/santeon"),
        ("Entschede", "place/enschede"),
        ("zorgketen", "org/roaz"),
        ("chair", "role:chair"),
    ],
)
def test_the_first_is_what_was_meant(content: Backend, context: Context, typed: str, expected: str) -> None:
    assert entities(content, context, typed)[0] == expected


def test_scandinavian_letters_are_found_by_plain_ones(towers: Backend, danish: Context) -> None:
    assert entities(towers, danish, "pa sjaelso") == ["guild/lavet"]
    assert entities(towers, danish, "gra") == ["tower/skagen"]


def test_a_whole_name_comes_before_a_beginning_a_word_and_a_part_of_a_word(content: Backend, context: Context) -> None:
    found = entities(content, context, "hospital", language="en", limit=200)
    kind = "https://w3id.org/schakel/organisation-kind/"
    in_order = [f"{kind}hospital", f"{kind}hospital-department", f"{kind}teaching-hospital", "org/mst"]
    places = [found.index(one) for one in in_order]
    assert places == sorted(places)


def test_of_names_that_fit_equally_well_that_of_the_project_comes_first(content: Backend, context: Context) -> None:
    found = entities(content, context, "member", language="en", limit=200)
    assert found.index("role:member") < found.index("org:memberOf")


def test_descriptions_come_last_and_fill_up(content: Backend, context: Context) -> None:
    found = entities(content, context, "trauma", limit=50)
    assert "org/mst" in found
    assert found.index("place/traumaregio-twente") < found.index("org/mst")
    assert "org/mst" not in entities(content, context, "trauma", limit=3)


def test_each_thing_is_told_once_and_never_more_than_asked_for(content: Backend, context: Context) -> None:
    found = entities(content, context, "e", limit=30)
    assert len(found) == len(set(found)) == 30
    assert entities(content, context, "e", limit=0) == []


@pytest.mark.parametrize("typed", ["", "  ", "?!", "qqqqqqqq", '" } DROP ALL #'])
def test_what_is_nowhere_gives_no_rows(content: Backend, context: Context, typed: str) -> None:
    assert find(content, typed, context).rows == ()


def test_a_short_word_with_another_letter_is_another_word(towers: Backend, danish: Context) -> None:
    assert entities(towers, danish, "FLS") == ["guild/skagen"]
    assert entities(towers, danish, "FLT") == []


def test_the_same_question_has_the_same_answer_in_any_store(content: Backend, merged: Backend, context: Context) -> None:
    for typed in ("twente", "ziekenhuis", "santoen"):
        assert find(content, typed, context, "nl", 40) == find(merged, typed, context, "nl", 40)


def test_what_was_typed_never_enters_a_query(towers: Backend, danish: Context, asked: list[str]) -> None:
    find(towers, "Zaubertrank", danish)
    assert asked
    assert not any("zaubertrank" in query.casefold() for query in asked)


def test_a_class_without_a_label_is_told_by_its_curie_or_in_words(towers: Backend, danish: Context) -> None:
    (row,) = find(towers, "fyrlavet", danish).rows
    assert row[2] == Literal("s:Lav")
    (row,) = find(towers, "fyrlavet", Context("urn:fyr:", {}, ())).rows
    assert row[2] == Literal("lav")
