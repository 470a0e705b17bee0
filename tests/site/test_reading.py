"""A captured page with its passages marked: the text as it was, an anchor for each passage, however they overlap, and a link from every word of one."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schakel.site.reading import NOTE, Mark, marked_page

TEXTS = st.text("ab <&\"'\n é", min_size=1, max_size=60)


@given(text=TEXTS, data=st.data())
def test_a_marked_page_has_every_word_of_the_text_and_every_passage(text: str, data: "st.DataObject", parse_fragment: Callable[[str], Any]) -> None:
    places = [at for at, sign in enumerate(text) if not sign.isspace()]
    bounds = data.draw(st.lists(st.tuples(st.sampled_from(places), st.sampled_from(places)), max_size=6)) if places else []
    marks = [Mark(min(pair), max(pair) + 1, f"p-{number}") for number, pair in enumerate(bounds)]
    tree = parse_fragment(marked_page(text, marks))
    assert "".join("".join(tree.itertext()).split()) == "".join(text.split())
    groups = [group for group in tree if group.tag.endswith("div")]
    for mark in marks:
        [(group, anchor)] = [(group, each) for group in groups for each in group.iter() if each.get("id") == mark.fragment]
        number = anchor.get("class").split()[1][1:]
        pieces = [each for each in group.iter() if f"i{number}" in each.get("class", "").split()]
        assert "".join("".join("".join(each.itertext()) for each in pieces).split()) == "".join(text[mark.start : mark.end].split())
    notes = {each.get("href") for group in groups for each in group.iter() if each.get("href")}
    assert notes <= {f"#{NOTE}{mark.fragment}" for mark in marks}


def test_words_of_two_passages_lead_to_the_note_on_the_shorter_one() -> None:
    page = marked_page("The old pier of Holm", [Mark(0, 12, "long"), Mark(4, 7, "short")])
    assert '<a class="i0 i1" href="#ui-read-short">old</a>' in page
    assert page.count('href="#ui-read-long"') == 2
