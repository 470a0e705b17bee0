"""Links that open a query in the page where SPARQL is run and edited."""

from urllib.parse import quote

__all__ = ["SPARQL_PAGE", "link_to_canned_query", "link_to_query"]

SPARQL_PAGE = "sparql.html"


def link_to_canned_query(name: str) -> str:
    """Give the link that opens a canned query by its name, relative to the folder of the SPARQL page.

    >>> link_to_canned_query("shared-bodies")
    'sparql.html?query=shared-bodies'
    """
    return f"{SPARQL_PAGE}?query={quote(name, safe='')}"


def link_to_query(text: str) -> str:
    """Give the link that opens a query by its text, as YASGUI reads it. What follows the number sign is not sent to the host, and has no limit of its own.

    >>> link_to_query("ASK { ?s ?p 'é' }")
    'sparql.html#query=ASK%20%7B%20%3Fs%20%3Fp%20%27%C3%A9%27%20%7D'
    """
    return f"{SPARQL_PAGE}#query={quote(text, safe='')}"
