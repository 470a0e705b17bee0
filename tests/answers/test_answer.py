"""An answer is a sequence of rows, shows itself briefly, and safely in a notebook."""

import pickle
import sys
from collections.abc import Callable
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from schakel.answers import FORMATS, Answer, Text
from schakel.errors import MissingExtraError, SchakelError
from schakel.namespaces import XSD

MST = NamedNode("https://kg.example.org/org/mst")


def numbered(count: int) -> Answer:
    return Answer(("n",), tuple((Literal(str(n), datatype=XSD.integer),) for n in range(count)))


def test_rows_are_dicts_by_column() -> None:
    answer = Answer(("member", "memberName"), ((MST, Literal("MST", language="nl")), (MST, None)))
    assert answer[0] == {"member": "https://kg.example.org/org/mst", "memberName": "MST"}
    assert [row["memberName"] for row in answer] == ["MST", None]
    name = answer[0]["memberName"]
    assert isinstance(name, Text)
    assert name.language == "nl"
    assert answer.rows[0] == (MST, Literal("MST", language="nl"))


def test_it_is_a_sequence() -> None:
    answer = numbered(5)
    assert len(answer) == 5
    assert answer[-1] == {"n": 4}
    assert answer[1:3] == Answer(("n",), answer.rows[1:3])
    assert {"n": 3} in answer
    assert list(reversed(answer))[0] == {"n": 4}  # noqa: RUF015  # the order is what is asked
    assert not numbered(0)
    with pytest.raises(IndexError):
        answer[5]


def test_it_can_be_pickled_compared_and_be_a_key() -> None:
    answer = Answer(("a", "b", "c"), ((MST, Literal("x", language="nl"), BlankNode("b0")),))
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301  # it was pickled on this line
    assert {answer: 1}[Answer(answer.columns, answer.rows)] == 1


def test_it_shows_itself_briefly() -> None:
    assert repr(numbered(1)) == "<Answer of 1 row: n>"
    assert repr(numbered(1000)) == "<Answer of 1000 rows: n>"
    assert str(numbered(2)) == "n\n0\n1\n"
    assert str(numbered(21)).splitlines()[-2:] == ["19", "… and 1 more row"]
    assert str(numbered(1000)).splitlines()[-1] == "… and 980 more rows"


class Page(HTMLParser):
    """What a browser makes of a page: its elements, and the texts in them."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page_of(*terms: Literal | NamedNode | BlankNode | None) -> Page:
    return Page(Answer(tuple("abcdefgh"[: len(terms)]), (terms,))._repr_html_())


def test_a_notebook_shows_text_as_text() -> None:
    page = page_of(Literal("<script>alert(1)</script>&amp;\"'"))
    assert "script" not in {tag for tag, _ in page.elements}
    assert page.texts == ["a", "<script>alert(1)</script>&amp;\"'"]


def test_a_notebook_knows_the_language_of_a_text() -> None:
    page = page_of(Literal("ziekenhuis", language="nl"), Literal("ziekenhuis"), Literal("مستشفى", language="ar", direction=ox.BaseDirection.RTL))
    assert [attributes for tag, attributes in page.elements if tag == "td"] == [{"lang": "nl"}, {}, {"lang": "ar", "dir": "rtl"}]


def test_a_notebook_links_pages_and_mailboxes_only() -> None:
    followed = ["https://kg.example.org/a?b=c&lt;d='e'", "HTTP://example.org/", "mailto:a@example.org"]
    left = ["javascript:alert(1)", "data:text/html,x", "urn:x:y", "httpsx:y"]
    page = page_of(*map(NamedNode, [*followed, *left]), Literal("https://example.org/"))
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == followed
    assert page.texts[-8:] == [*followed, *left, "https://example.org/"]


def test_a_notebook_shows_the_first_rows_and_counts_the_rest() -> None:
    page = Page(numbered(62)._repr_html_())
    assert sum(tag == "tr" for tag, _ in page.elements) == 51
    assert page.texts[-1] == "… and 12 more rows"
    assert "more" not in numbered(50)._repr_html_()


@pytest.mark.parametrize(
    ("library", "convert"),
    [("pandas", Answer.to_pandas), ("pyarrow", Answer.to_arrow), ("pyarrow", Answer.to_polars), ("pyarrow", FORMATS["parquet"])],
)
def test_a_library_that_is_missing_is_named_and_so_is_the_way_to_get_it(
    library: str, convert: Callable[[Answer], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # as Python marks what cannot be imported
    with pytest.raises(MissingExtraError, match=rf"^{library} is not installed; .* 'schakel\[frames\]'") as caught:
        convert(numbered(1))
    assert isinstance(caught.value, SchakelError)
    assert caught.value.library == library
