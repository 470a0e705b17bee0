"""What the tests of mappings share: a mapping of the table of towers, with more in it."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

WriteMapping: TypeAlias = Callable[..., str]


@pytest.fixture(scope="session")
def towers_rq() -> WriteMapping:
    """Write a mapping of the table of towers that makes an organisation with a label of each row, and the triples and BINDs given.

    The text given as `before` stands at the head of the query.
    """

    def write(triples: str = "", binds: str = "", *, before: str = "") -> str:
        return f"""{before}
PREFIX ex: <http://example.com/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT {{ ?tower a org:Organization ; skos:prefLabel ?name . {triples} }}
WHERE {{
  BIND(IRI(CONCAT("tower/", ?id)) AS ?tower)
  BIND(STRLANG(?label, "en") AS ?name)
  {binds}
}}
"""

    return write
