"""Rows are counted as they are, in every format, whatever the values hold."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.queries.worker import rows_in

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
    assert rows_in(written(texts, media_type), media_type) == len(texts)


@pytest.mark.parametrize("media_type", FORMATS)
def test_rows_without_values_are_counted(media_type: str) -> None:
    solutions = ox.Store().query("SELECT ?a { VALUES ?a { UNDEF UNDEF 1 } }")
    content = solutions.serialize(format=FORMATS[media_type])  # type: ignore[union-attr]
    assert content is not None
    assert rows_in(content, media_type) == 3
