"""Links to the page where SPARQL is run hold the query whole."""

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from schakel.site.machines import link_to_canned_query, link_to_query


@given(st.text(min_size=1))
def test_a_query_is_read_back_as_it_was(text: str) -> None:
    parts = urlsplit(link_to_query(text))
    assert (parts.scheme, parts.netloc, parts.path, parts.query) == ("", "", "sparql.html", "")
    assert parse_qs(parts.fragment, keep_blank_values=True) == {"query": [text]}


@given(st.text(min_size=1))
def test_a_name_is_read_back_as_it_was(name: str) -> None:
    parts = urlsplit(link_to_canned_query(name))
    assert (parts.path, parts.fragment, parse_qs(parts.query)) == ("sparql.html", "", {"query": [name]})
