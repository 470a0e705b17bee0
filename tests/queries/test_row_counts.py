"""Rows are counted as they are, in every format, whatever the values hold; and an answer that was cut off is seen."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.serve.rows import is_whole, rows_in

TEXTS = st.text(alphabet=st.one_of(st.sampled_from('",\n\r\t{}[]<>\\ '), st.characters(min_codepoint=32, max_codepoint=0x2FF)), max_size=12)
FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


def written(texts: list[str], media_type: str) -> bytes:
    store = ox.Store()
    store.extend([ox.Quad(ox.NamedNode(f"https://e/{number}"), ox.NamedNode("https://e/p"), ox.Literal(text)) for number, text in enumerate(texts)])
    content = store.query("SELECT ?s ?o ?unbound { ?s <https://e/p> ?o }").serialize(format=FORMATS[media_type])  # type: ignore[union-attr]
    assert content is not None
    return content


@pytest.mark.parametrize("media_type", FORMATS)
@given(texts=st.lists(TEXTS, max_size=8))
def test_rows_are_counted(media_type: str, texts: list[str]) -> None:
    content = written(texts, media_type)
    assert rows_in(content, media_type) == len(texts)
    assert is_whole(content, media_type)


@pytest.mark.parametrize("media_type", FORMATS)
def test_an_answer_with_an_error_at_its_end_is_not_whole(media_type: str) -> None:
    content = written(["a", "b", "c"], media_type)
    for told in (b"Permission denied (os error 13)", b"The query has been cancelled", b""):
        assert not is_whole(content[: len(content) // 2].rstrip(b"\r\n}>") + told, media_type)
