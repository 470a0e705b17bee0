"""`schakel:slug` in mappings: parts of addresses made of names."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

Files: TypeAlias = Mapping[str, str | bytes]
MAPPING = """
PREFIX ex: <http://example.com/>
PREFIX schakel: <https://w3id.org/schakel/ns#>
CONSTRUCT { ?tower a ex:Place ; ex:name ?label }
WHERE { BIND(IRI(CONCAT("tower/", schakel:slug(?label))) AS ?tower) }
"""
TABLE = "label,source\nFyret på Ærø (nord),page\n'T Licht,page\nŁódź,page\n"


def test_names_become_parts_of_addresses(stated: Callable[[Files], frozenset[str]]) -> None:
    lines = stated({"data/towers.csv": TABLE, "data/towers.rq": MAPPING})
    assert {line.split()[0] for line in lines if "example.com/name" in line} == {
        f"<https://example.org/tower/{name}>" for name in ("fyret-paa-aeroe-nord", "t-licht", "lodz")
    }


def test_names_that_become_the_same_are_told_with_their_rows(told: Callable[[Files], dict[tuple[str, str], str]]) -> None:
    found = told({"data/towers.csv": "label,source\nÆrø,page\naeroe,page\nÆrø,page\n", "data/towers.rq": MAPPING})
    assert ("same-slug", "data/towers.csv, row 2, column label; data/towers.csv, row 3, column label") in found
