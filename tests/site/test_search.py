"""The index that the browser searches: what is in it, where the script looks for it, and how large its files are."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lookup.normalization import fold
from schakel.site.search import FOLDER, NameKind, NameText, SearchName, bucket, parts_of, search_files

LANGUAGES = ("en", "nl")
# The script in the page is held against the same table, in a browser.
FOLDING = json.loads(Path(__file__).with_name("folding.json").read_text("utf-8"))
MANY = 5000
LARGEST_FILE = 200_000


def thing(path: str, *names: tuple[str, str | None, NameKind] | str, kind: str = "Tower") -> SearchName:
    texts = (name if isinstance(name, tuple) else (name, "en", NameKind.LABEL) for name in names)
    return SearchName(path, tuple(NameText(*text) for text in texts), {"en": kind, "nl": f"{kind} (nl)"})


def files(names: Iterable[SearchName]) -> dict[str, Any]:
    return {path.removeprefix(f"{FOLDER}/"): json.loads(content) for path, content in search_files(names, LANGUAGES, ("nl", "en"))}


@pytest.fixture(scope="module")
def many() -> dict[str, Any]:
    """The index of more things than one file holds; all are towers, three in four also lights."""
    return files(thing(f"tower/{n}", f"Tower {'Light ' if n % 4 else ''}Brandaris{n:05}", (f"T.{n}", None, NameKind.ABBREVIATION)) for n in range(MANY))


@pytest.mark.parametrize(("text", "folded"), FOLDING)
def test_what_scripts_fold_is_what_the_engine_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_small_index_is_one_file_that_says_all() -> None:
    brandaris = thing("tower/brandaris", ("Brandaris", "nl", NameKind.LABEL), ("BRD", None, NameKind.ABBREVIATION))
    index = files([brandaris, thing("port/holm", "Holm", kind="Port")])
    assert set(index) == {"index.json"}
    head = index["index.json"]
    assert (head["pages"], head["preferred"]) == (["en", "nl"], [["en", "nl"], ["nl", "en"]])
    found = {path: (head["kinds"][kind], names) for path, kind, _, names in head["things"]}
    assert found == {
        "tower/brandaris": (["Tower", "Tower (nl)"], [["Brandaris", "nl", NameKind.LABEL], ["BRD", "", NameKind.ABBREVIATION]]),
        "port/holm": (["Port", "Port (nl)"], [["Holm", "en", NameKind.LABEL]]),
    }


def test_an_index_of_nothing_can_be_read() -> None:
    assert files([])["index.json"]["things"] == []


def test_the_order_in_which_things_come_makes_no_difference() -> None:
    names = [thing(f"tower/{n}", f"Tower {n % 7} {'x' * 50}") for n in range(MANY)]
    assert dict(search_files(names, LANGUAGES)) == dict(search_files(reversed(names), LANGUAGES))


def words_of(index: dict[str, Any], part: str) -> dict[str, int]:
    found = index[f"words-{bucket(part, index['index.json']['words'])}.json"].get(part, "").split()
    return dict(zip(found[::2], map(int, found[1::2]), strict=True))


def things_of(index: dict[str, Any], word: str) -> list[str]:
    return [path for path, *_ in index[f"names-{bucket(word, index['index.json']['names'])}.json"].get(word, [])]


@pytest.mark.parametrize("number", [0, 1, 17, MANY - 1])
def test_a_thing_of_a_large_index_is_found_by_each_part_of_its_words(number: int, many: dict[str, Any]) -> None:
    word = f"brandaris{number:05}"
    assert all(words_of(many, part)[word] == 1 for part in parts_of(word))
    assert things_of(many, word) == [f"tower/{number}"]


def test_a_word_with_a_wrong_first_letter_still_leads_to_the_right_one(many: dict[str, Any]) -> None:
    assert "brandaris00017" in words_of(many, parts_of("prandaris00017")[-1])


def test_an_abbreviation_with_full_stops_is_found_without(many: dict[str, Any]) -> None:
    assert things_of(many, "t7") == ["tower/7"]
    assert words_of(many, "^t7")["t7"] == 1


def test_a_word_that_very_many_have_finds_the_first_of_them_and_two_such_words_those_that_have_both(many: dict[str, Any]) -> None:
    head = many["index.json"]
    assert words_of(many, "^to")["tower"] == MANY
    assert len(things_of(many, "tower")) == head["most"] < MANY
    assert all(int(path.removeprefix("tower/")) % 4 for path in things_of(many, "light tower"))
    assert len(things_of(many, "light tower")) == head["most"]


def test_no_file_of_a_large_index_is_large(many: dict[str, Any]) -> None:
    assert max(len(json.dumps(content)) for content in many.values()) < LARGEST_FILE
    assert len(json.dumps(many["index.json"])) < 1000


def test_a_name_of_ten_thousand_letters_is_cut() -> None:
    ((_, content),) = search_files([thing("tower/long", "Brandaris " * 1000)], LANGUAGES)
    assert len(content) < 1000
    assert json.loads(content)["things"][0][3][0][0].endswith("…")


@given(st.lists(st.tuples(st.text(max_size=160), st.sampled_from(NameKind)), min_size=1, max_size=5))
def test_any_name_stands_in_the_index_as_it_is(names: list[tuple[str, NameKind]]) -> None:
    (_, _, _, found) = files([thing("tower/any", *((text, None, kind) for text, kind in names))])["index.json"]["things"][0]
    assert {(text, kind) for text, _, kind in found} == set(names)


@given(st.text(st.characters(categories=("L", "N")), min_size=4, max_size=20), st.data())
def test_a_word_and_what_it_was_mistyped_for_share_letters_by_which_one_finds_the_other(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    mistyped = word[:place] + data.draw(st.characters(categories=("L",))) + word[place + 1 :]
    assert {parts_of(mistyped)[0], *parts_of(mistyped)} & set(parts_of(word))
