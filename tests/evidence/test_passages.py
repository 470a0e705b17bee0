"""Finding passages in pages: whatever the white space, word by word, once."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.evidence import Page, Passage, Span, parse_passage

SPACES = st.text(" \t\n\r\u00a0\u2003", min_size=1)


def found(page: str, passage: str) -> list[str]:
    """Give the text of every place that a passage may mean."""
    read = parse_passage(passage)
    assert read is not None
    return [page[span.start : span.end] for span in Page(page).locate(read)]


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("the tower", Passage("the tower")),
        ("  the \n tower\u00a0stands ", Passage("the tower stands")),
        ("the tower … at dusk", Passage("the tower", "at dusk")),
        ("the tower…at dusk", Passage("the tower", "at dusk")),
        ("the  tower\n…\n at\tdusk", Passage("the tower", "at dusk")),
        ("the tower ... at dusk", Passage("the tower", "at dusk")),
        ("the tower...at dusk", Passage("the tower...at dusk")),
    ],
)
def test_a_passage_is_its_words_or_its_first_and_last_words(text: str, passage: Passage) -> None:
    assert parse_passage(text) == passage


@pytest.mark.parametrize("text", ["", " ", "…", "… at dusk", "the tower …", "a … b … c", "a …… b"])
def test_what_is_no_passage_is_not_read_as_one(text: str) -> None:
    assert parse_passage(text) is None


@pytest.mark.parametrize(
    ("page", "passage", "places"),
    [
        ("The tower\nis  lit.", "tower is lit", ["tower\nis  lit"]),
        ("The tower is lit. The tower is dark.", "The tower", ["The tower", "The tower"]),
        ("The towers are lit.", "The tower", []),
        ("Two lights", "wo lights", []),
        ("The Tower", "the tower", []),
        ("a tower, (lit) at dusk.", "(lit) at dusk.", ["(lit) at dusk."]),
        ("a tower, (lit) at dusk.", "tower … dusk", ["tower, (lit) at dusk"]),
        ("lit at dusk, lit at dawn, lit at dusk", "lit at dawn … at dusk", ["lit at dawn, lit at dusk"]),
        ("begin, one end, another end", "begin … end", ["begin, one end"]),
        ("end, begin", "begin … end", []),
        ("a b", "a b … b", []),
        ("a b c", "a b … b c", []),
        (".* [x] \\d", ".* [x] … \\d", [".* [x] \\d"]),
        ("price 5 500", "price 5", ["price 5"]),
        ("été à Måløy", "à Måløy", ["à Måløy"]),
        ("Måløyværing", "Måløy", []),
        ("", "a", []),
    ],
)
def test_a_passage_is_found_by_whole_words_in_their_order(page: str, passage: str, places: list[str]) -> None:
    assert found(page, passage) == places


def test_a_span_is_in_characters_of_the_page_as_captured_with_the_hash_of_its_text() -> None:
    page = "\n\n  Ærfugl \r\n  hekker\u00a0her"
    (span,) = Page(page).locate(Passage("Ærfugl hekker"))
    text = "Ærfugl \r\n  hekker"
    assert span == Span(4, 4 + len(text), sha256(text.encode()).hexdigest())


words = st.lists(st.text("abcdefghijklmnopqrstuvwxyzåøé0123456789", min_size=1, max_size=6), min_size=1, max_size=30, unique=True)


@given(words, st.data())
def test_words_that_stand_once_are_found_whatever_the_white_space_on_the_page_and_in_the_table(of_page: list[str], data: st.DataObject) -> None:
    page, places = data.draw(SPACES), []
    for word in of_page:
        places.append((len(page), len(page) + len(word)))
        page += word + data.draw(SPACES)
    first = data.draw(st.integers(0, len(of_page) - 1))
    last = data.draw(st.integers(first, len(of_page) - 1))
    cut = data.draw(st.integers(first, last))
    shortened = f"{data.draw(SPACES)}…{data.draw(SPACES)}".join(
        data.draw(SPACES).join(part) for part in (of_page[first : cut + 1], of_page[cut + 1 : last + 1]) if part
    )
    whole = data.draw(SPACES).join(of_page[first : last + 1])
    start, end = places[first][0], places[last][1]
    expected = [Span(start, end, sha256(page[start:end].encode()).hexdigest())]
    for written in (whole, shortened):
        passage = parse_passage(written)
        assert passage is not None
        assert Page(page).locate(passage) == expected


@given(st.text(), st.text("ab.*\\[( …\n"))
def test_whatever_a_passage_and_a_page_hold_places_lie_in_the_page_and_read_as_the_passage(page: str, text: str) -> None:
    passage = parse_passage(text)
    if passage is None:
        return
    for span in Page(page).locate(passage):
        read = " ".join(page[span.start : span.end].split())
        assert read.startswith(passage.first)
        assert read.endswith(passage.last or passage.first)
    Page(page).nearest(passage)


@pytest.mark.parametrize(
    ("passage", "near"),
    [
        ("The tour of Brandaris", "The tower of Brandaris"),
        ("The tower of Brandaris … on Terscheling", "on Terschelling"),
        ("The tour of Brandaris … on Terschelling", "The tower of Brandaris"),
        ("kept by the Harbor Trust", "kept by the Harbour Trust"),
    ],
)
def test_the_nearest_text_is_that_of_the_words_that_are_not_there(passage: str, near: str) -> None:
    page = "The tower of Brandaris\nstands on  Terschelling. It is kept by the Harbour Trust. The tower is lit at dusk.\n"
    read = parse_passage(passage)
    assert read is not None
    assert near in Page(page).nearest(read)


def test_an_empty_page_has_no_nearest_text() -> None:
    assert Page("").nearest(Passage("a")) == ""


def test_places_that_overlap_are_told_apart() -> None:
    assert len(Page("tick tock tick tock tick").locate(Passage("tick tock tick"))) == 2


def test_words_that_end_in_a_sign_may_stand_before_a_letter() -> None:
    assert len(Page("See the report.It says more.").locate(Passage("See the report."))) == 1
