import re
import sys
import unicodedata

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.engine.character_classes import complement, property_class, union
from schakel.engine.regular_expressions import RegularExpressionError, matcher, replacer

MATCHES = [
    ("a.c", "", "xabcx", True),
    ("a.c", "", "a\nc", False),
    ("a.c", "", "a\rc", False),
    ("a.c", "s", "a\nc", True),
    ("^b$", "", "a\nb\nc", False),
    ("^b$", "m", "a\nb\nc", True),
    ("a$", "", "a\n", False),  # Python's own `$` would match
    ("^$", "m", "a\n", False),  # nothing begins after the line end at the end
    ("^$", "m", "a\n\nb", True),
    ("^$", "m", "", True),
    ("abc", "i", "xABC", True),
    ("straße", "i", "STRAẞE", True),
    ("k", "i", "\u212a", True),
    ("[^q]", "i", "Q", False),
    ("[a-c]", "i", "B", True),
    (r"[a-c\d]", "i", "B", True),
    (r"\p{Lu}", "i", "a", False),
    ("a b", "x", "ab", True),
    ("[ ]b", "x", " b", True),
    ("a +", "x", "aa", True),
    ("a.(", "q", "xa.(x", True),
    ("a.(", "q", "abc", False),
    ("A.", "qi", "a.", True),
    (r"^\d+$", "", "١٢", True),
    (r"^\w$", "", "_", False),  # a connector is punctuation
    (r"^\w$", "", "€", True),
    (r"^\s$", "", "\u00a0", False),
    (r"^\i\c*$", "", "é-1:a", True),
    (r"^\I$", "", "1", True),
    (r"^[a-z-[aeiou]]+$", "", "xyz", True),
    (r"^[a-z-[aeiou]]+$", "", "xaz", False),
    (r"^[^a-z-[0-9]]$", "", "5", False),
    (r"^[^a-z-[0-9]]$", "", "A", True),
    (r"^[\p{L}\-']+$", "", "d'Été-x", True),
    (r"^\P{L}$", "", "1", True),
    (r"^[\[\]^-]+$", "", "[]^-", True),
    (r"(a)\1", "", "aa", True),
    (r"^(?:(a)|b)\1c$", "", "bc", True),  # a group that matched nothing is empty
    (r"^(a)\1$", "i", "aA", True),
    (r"^(a)\10$", "", "aa0", True),
    ("^a{2,3}?$", "", "aaa", True),
    ("^(ab){2}$", "", "abab", True),
    ("^a{2}$", "", "a", False),
    ("", "", "abc", True),
    ("a|", "", "b", True),
    ("^\\\\$", "", "\\", True),
    ("\\t\\n\\r", "", "\t\n\r", True),
    ("^.$", "", "\U0001f600", True),
    ("^[\\p{Cn}-[\\p{Cn}]]$", "", "a", False),
]
REFUSED = [
    ("(?=a)", ""),
    ("(?<name>a)", ""),
    ("(?i)a", ""),
    (r"\bword", ""),
    (r"\p{IsGreek}", ""),
    (r"\p{Greek}", ""),
    (r"\pL", ""),
    (r"\x41", ""),
    (r"\A", ""),
    (r"\1(a)", ""),
    (r"(a\1)", ""),
    ("a**", ""),
    ("a*+", ""),
    ("a{3,2}", ""),
    ("a{,2}", ""),
    ("a{", ""),
    ("*a", ""),
    ("a)", ""),
    ("(a", ""),
    ("[a", ""),
    ("[]", ""),
    ("[^]", ""),
    ("[b-a]", ""),
    ("[a-[b]c]", ""),
    ("[[a]", ""),
    ("[a-\\d]", ""),
    ("a]", ""),
    ("a}", ""),
    ("a\\", ""),
    ("a", "g"),
    ("a{99999999999}", ""),
    ("(" * 200 + ")" * 200, ""),
]


@pytest.mark.parametrize(("pattern", "flags", "text", "expected"), MATCHES)
def test_patterns_match_as_xpath_has_it(pattern: str, flags: str, text: str, expected: bool) -> None:  # noqa: FBT001
    assert matcher(pattern, flags)(text) is expected


@pytest.mark.parametrize(("pattern", "flags"), REFUSED)
def test_what_xpath_does_not_have_is_refused_by_name(pattern: str, flags: str) -> None:
    with pytest.raises(RegularExpressionError, match="is not one of XPath"):
        matcher(pattern, flags)


def test_an_error_says_where_and_what() -> None:
    with pytest.raises(RegularExpressionError) as caught:
        matcher(r"ab(?=c)")
    assert (caught.value.text, caught.value.position) == (r"ab(?=c)", 2)
    assert "look-around" in str(caught.value)


REPLACED = [
    ("abracadabra", "bra", "*", "", "a*cada*"),
    ("abracadabra", "a.*?a", "*", "", "*c*bra"),
    ("abracadabra", "a(.)", "a$1$1", "", "abbraccaddabbra"),
    ("AAAA", "A+", "b", "", "b"),
    ("AAAA", "A+?", "b", "", "bbbb"),
    ("darted", "^(.*?)d(.*)$", "$1c$2", "", "carted"),
    ("a", "(a)", "$0$2", "", "a"),
    ("a", "(a)", r"\$1\\", "", "$1\\"),
    ("a", "(a)", "$12", "", "a2"),
    ("ab", "(a)|(b)", "[$1$2]", "", "[a][b]"),
    ("a", "a", r"\g<0>\\n", "", None),
    ("a", "a", "$", "", None),
    ("a", "a", "$x", "", None),
    ("a", "a", "\\", "", None),
    ("a", "a*", "b", "", None),
    ("a", "^", "b", "", None),
    ("a.b", ".", "$1", "q", "a$1b"),
    ("ABC", "b", "x", "i", "AxC"),
]


@pytest.mark.parametrize(("text", "pattern", "replacement", "flags", "expected"), REPLACED)
def test_replacements(text: str, pattern: str, replacement: str, flags: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(RegularExpressionError):
            replacer(pattern, replacement, flags)
    else:
        assert replacer(pattern, replacement, flags)(text) == expected


plain_patterns = st.from_regex(r"\^?([abc.]|\[\^?[ab-]\]|\((a|b)\|c\)|\(\?:ab\))([*+?]|\{1,2\}|\*\?)?([abc.]|\[a-c\])?\$?", fullmatch=True)


@given(plain_patterns, st.text("abcAB\n-", max_size=6), st.sampled_from(["", "i", "s", "si"]))
def test_ordinary_patterns_match_as_in_oxigraph(pattern: str, text: str, flags: str) -> None:
    quoted = [str(pyoxigraph.Literal(each)) for each in (text, pattern, flags)]
    (row,) = pyoxigraph.Store().query(f"SELECT (REGEX({', '.join(quoted)}) AS ?found) {{}}")
    assert matcher(pattern, flags)(text) is (row["found"].value == "true")


@given(st.text(max_size=5))
def test_no_pattern_makes_anything_but_its_error(pattern: str) -> None:
    for flags in ("", "x", "i", "q"):
        try:
            matcher(pattern, flags)("a text")
        except RegularExpressionError as error:
            assert str(error)  # noqa: PT017  # any pattern may be wrong


@given(st.text(alphabet=r"\[](){}|*+?^$.-ab0,:=<!PpLu ", max_size=12))
def test_no_pattern_of_signs_makes_anything_but_its_error(pattern: str) -> None:
    try:
        matcher(pattern)
    except RegularExpressionError as error:
        assert error.text == pattern  # noqa: PT017


@given(st.text(max_size=8))
def test_a_quoted_pattern_matches_itself(text: str) -> None:
    assert matcher(text, "q")(f"a{text}b")
    assert matcher(re.sub(r"([\\|.?*+(){}\[\]^$-])", r"\\\1", text))(text)


@pytest.mark.parametrize("name", ["Nd", "L", "Lu", "C", "Cn", "Co", "P", "Zs"])
def test_categories_hold_what_unicode_says(name: str) -> None:
    ranges = property_class(name) or ()
    every = sum(last - first + 1 for first, last in ranges)
    assert every == sum(unicodedata.category(chr(sign)).startswith(name) for sign in range(sys.maxunicode + 1))
    assert complement(complement(ranges)) == ranges == union(ranges)
