"""The head of a query says what it asks, for grlc and for us; whatever is wrong with it is told, all at once."""

import pytest

from schakel.queries import read_header

HEAD = """#+ summary: Who keeps which light?
#+ description: Every keeper with the light.
#+ method: GET
#+ tags:
#+   - lights
#+   - keepers

# title: Who keeps which light?
# title@nl: Wie houdt welk licht?
# title@zh-Hans: 谁管灯?
# category: lights
# category@nl: lichten
# description: Every keeper with the light.
# parameter light: the light
# parameter@nl light: het licht
# column light: the light
# column@nl light: het licht
# column keeper: who keeps it: a person, or a trust
# column@nl keeper: wie het houdt: iemand, of een stichting
# column@nn-NO keeper: kven som held det

SELECT ?light ?keeper { ?keeper ?keeps ?light }
# this comment comes after the head
"""
NEEDED = ("title", "category", "description")


def problems(head: str) -> tuple[str, ...]:
    return read_header(head, NEEDED).problems


def test_a_head_says_what_the_query_asks() -> None:
    header = read_header(HEAD, NEEDED)
    assert header.problems == ()
    assert header.grlc["summary"] == "Who keeps which light?"
    assert header.tags == ("lights", "keepers")
    assert header.texts["title"] == {"en": "Who keeps which light?", "nl": "Wie houdt welk licht?", "zh-Hans": "谁管灯?"}
    assert header.text("category") == "lights"
    assert header.text("no such key") == ""
    assert header.parameters == {"light": "the light"}
    assert header.columns == {"light": "the light", "keeper": "who keeps it: a person, or a trust"}


def test_what_a_head_says_it_may_say_in_several_languages() -> None:
    header = read_header(HEAD, NEEDED)
    assert header.texts["category"] == {"en": "lights", "nl": "lichten"}
    assert header.parameter_texts == {"light": {"en": "the light", "nl": "het licht"}}
    assert header.column_texts == {
        "light": {"en": "the light", "nl": "het licht"},
        "keeper": {"en": "who keeps it: a person, or a trust", "nl": "wie het houdt: iemand, of een stichting", "nn-NO": "kven som held det"},
    }


def test_columns_keep_their_order() -> None:
    header = read_header("# column b: x\n# column a: y\n# column c: z\n", ())
    assert list(header.columns) == ["b", "a", "c"]


@pytest.mark.parametrize("ending", ["\r\n", "\n\n", " \n"], ids=["CRLF", "empty lines", "blanks at the end"])
def test_a_head_may_be_written_with_other_line_ends(ending: str) -> None:
    expected = read_header(HEAD, NEEDED)
    assert read_header(HEAD.replace("\n", ending), NEEDED) == expected


@pytest.mark.parametrize(
    ("written", "instead", "words"),
    [
        ("#+ summary: Who keeps which light?\n", "", "#+ summary: …"),
        ("#+ description: Every keeper with the light.\n", "", "#+ description: …"),
        ("#+ method: GET\n", "", "#+ method: …"),
        ("#+ summary: Who keeps", "#+ summary: Lights: who keeps", "“: ” in “#+ summary: …”"),
        ("# title: Who keeps which light?\n", "", "# title: …"),
        ("# title: ", "# title@nb: ", "# title: …"),
        ("# category: lights\n", "", "# category: …"),
        ("# category: lights\n", "# category:\n", "# category:"),
        ("# description: Every keeper with the light.\n", "", "# description: …"),
        ("# title: ", "# Title: ", "# Title: Who keeps which light?"),
        ("# category: lights", "# just a remark", "# just a remark"),
        ("# column keeper: ", "# colum keeper: ", "# colum keeper: "),
        ("# column keeper: ", "# column the keeper: ", "# column the keeper: "),
        ("#+ method: GET", "#+method: GET", "#+method: GET"),
        ("# column light: the light\n", "", "there is no line “# column light: …”"),
        ("# parameter light: the light\n", "", "there is no line “# parameter light: …”"),
        ("# column@nl light: ", "# column@nl: ", "# column@nl: het licht"),
        ("# category@nl: ", "# category@nl light: ", "# category@nl light: lichten"),
        ("# column@nl keeper: ", "# column@nl lamp: ", "there is no line “# column lamp: …”"),
    ],
)
def test_what_is_wrong_with_a_head_is_told_in_words_that_name_it(written: str, instead: str, words: str) -> None:
    assert written in HEAD
    told = problems(HEAD.replace(written, instead, 1))
    assert any(words in problem for problem in told), told


def test_all_that_is_wrong_is_told_at_once() -> None:
    told = "\n".join(problems("# a remark\n#+ summary: a: b\n# title@nl: Wie?\nSELECT * { ?s ?p ?o }"))
    for words in ("# a remark", "#+ summary", "#+ description", "#+ method", "# title: …", "# category: …", "# description: …"):
        assert words in told


def test_a_query_without_a_head_lacks_all_of_it() -> None:
    assert len(problems("SELECT * { ?s ?p ?o }")) == 6
