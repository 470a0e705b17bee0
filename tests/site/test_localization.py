"""The words of pages: in each language that has a catalogue, and in English where a message or a whole language is missing."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel import Settings
from schakel.publish.languages import page_languages
from schakel.site.localization import Words, has_words, spoken

SPOKEN = ("en", "nl", "nn", "nb")


@pytest.mark.parametrize("language", SPOKEN)
def test_pages_speak_the_languages_of_the_project(language: str) -> None:
    assert has_words(language)
    assert has_words(f"{language}-XX")


@pytest.mark.parametrize("language", ["de", "tlh", "", "../nl", "nl/..", "e"])
def test_a_language_without_a_catalogue_is_not_spoken(language: str) -> None:
    assert not has_words(language)


@given(st.text(max_size=40).filter(lambda text: "%" not in text))
def test_what_has_no_message_is_said_in_the_words_given(text: str) -> None:
    if text:
        assert Words("tlh")(text) == text
        assert Words("nl")(f"{text} unheard of") == f"{text} unheard of"


def test_messages_are_in_the_language_and_in_that_of_the_country_too() -> None:
    assert Words("en")("Search") == "Search"
    translated = {language: Words(language)("Search") for language in ("nl", "nn")}
    assert "Search" not in translated.values()
    assert Words("nl-BE")("Search") == translated["nl"]


@pytest.mark.parametrize(
    ("language", "number"), [("en", "1,234,567"), ("nl", "1.234.567"), ("nb", "1\xa0234\xa0567"), ("tlh-XX", "1,234,567"), ("", "1,234,567")]
)
def test_numbers_are_written_as_the_language_does(language: str, number: str) -> None:
    assert Words(language).number(1234567) == number


@pytest.mark.parametrize("language", SPOKEN)
def test_one_and_several_are_told_apart(language: str) -> None:
    words = Words(language)
    one, several = (words.many("%(count)s row", "%(count)s rows", count) for count in (1, 1200))
    assert one.startswith("1 ")
    assert several.startswith(words.number(1200))
    assert one.partition(" ")[2] != several.partition(" ")[2]


def test_what_is_filled_in_is_not_read_as_a_placeholder() -> None:
    assert Words("en")("%(count)s results", count="%(evil)s %s {x}") == "%(evil)s %s {x} results"
    assert Words("en").many("%(count)s of %(what)s", "%(count)s of %(what)s", 2, what="%d") == "2 of %d"


@pytest.mark.parametrize(("language", "name"), [("nl", "Nederlands"), ("nn", "norsk nynorsk"), ("de", "Deutsch"), ("tlh-XX", "tlh-XX")])
def test_a_language_is_called_as_its_speakers_call_it(language: str, name: str) -> None:
    assert spoken(language) == name


@pytest.mark.parametrize(
    ("languages", "pages"),
    [
        ('languages = ["de", "fr"]', ("en",)),
        ('languages = ["de", "nl", "en"]', ("nl", "en")),
        ('languages = ["nl", "nl", "en"]', ("nl", "en")),
        ('languages = ["nl"]\n[site]\nlanguages = ["nn", "de", "nb"]', ("nn", "nb")),
        ('languages = ["nl"]\n[site]\nlanguages = ["de"]', ("en",)),
    ],
)
def test_pages_are_in_what_the_settings_name_and_pages_speak(languages: str, pages: tuple[str, ...], make_project: Callable[..., Settings]) -> None:
    text = 'base = "https://example.org/"\npublisher = "x"\ntitle = { en = "x" }\ndescription = { en = "x" }\n'
    # Tables follow what stands at the top of a file.
    head, _, tables = languages.partition("\n")
    assert page_languages(make_project({"schakel.toml": f"{head}\n{text}{tables}\n"})) == pages
