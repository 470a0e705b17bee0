"""Data extension, as the Reconciliation Service API 0.2 has it: the values of properties as cells, of the kinds that OpenRefine knows."""

import json
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest

# Of the conftest beside.
Front: TypeAlias = Any

FORM = "application/x-www-form-urlencoded"


def extend(front: Front, ids: list[str], *properties: dict[str, Any]) -> Any:  # noqa: ANN401  # as above
    answer = front.post(urlencode({"extend": json.dumps({"ids": ids, "properties": properties})}), FORM, "/reconcile")
    assert answer.status == 200, answer.body
    return answer.json["rows"]


def test_rows_are_extended(front: Front) -> None:
    properties = [{"id": "skos:prefLabel"}, {"id": "rdf:type"}, {"id": "no such"}]
    sent = urlencode({"extend": json.dumps({"ids": ["tower/brandaris", "tower/nobody", "> } DROP ALL"], "properties": properties})})
    answer = front.ask(f"/reconcile?{sent}").json
    assert [(each["id"], each["name"]) for each in answer["meta"]] == [("skos:prefLabel", "name"), ("rdf:type", "kind"), ("no such", "no such")]
    assert answer["rows"]["tower/brandaris"]["skos:prefLabel"] == [{"str": "Brandaris"}]
    # Not a thing of this dataset: no id that the service could be asked about.
    assert {"str": "organisation"} in answer["rows"]["tower/brandaris"]["rdf:type"]
    assert answer["rows"]["tower/nobody"] == {"skos:prefLabel": [], "rdf:type": [], "no such": []}
    assert answer["rows"]["> } DROP ALL"]["rdf:type"] == []


def test_cells_are_of_the_kinds_that_are_specified(front: Front) -> None:
    names = ("dct:issued", "dct:extent", "dct:audience", "foaf:page")
    assert extend(front, ["isle/terschelling"], *({"id": name} for name in names)) == {
        "isle/terschelling": {
            "dct:issued": [{"date": "1594-05-01T00:00:00Z"}],
            "dct:extent": [{"float": 88.1}],
            "dct:audience": [{"int": 4870}],
            "foaf:page": [{"str": "https://elsewhere.example/terschelling"}],
        }
    }
    assert extend(front, ["tower/brandaris"], {"id": "dct:isPartOf"})["tower/brandaris"] == {
        "dct:isPartOf": [{"id": "isle/terschelling", "name": "Terschelling"}]
    }


@pytest.mark.parametrize(
    ("name", "settings", "cells"),
    [
        ("dct:isPartOf", {"shown": "name"}, [{"str": "Terschelling"}]),
        ("dct:isPartOf", {"shown": "iri"}, [{"str": "https://example.org/isle/terschelling"}]),
        ("dct:isPartOf", {"shown": "", "limit": "", "language": ""}, [{"id": "isle/terschelling", "name": "Terschelling"}]),
        ("dct:isPartOf", {"language": "nl", "limit": 5.0}, [{"id": "isle/terschelling", "name": "Terschelling"}]),
    ],
)
def test_settings_of_a_column(name: str, settings: dict[str, Any], cells: list[Any], front: Front) -> None:
    assert extend(front, ["tower/brandaris"], {"id": name, "settings": settings}) == {"tower/brandaris": {name: cells}}


def test_settings_of_texts(front: Front) -> None:
    def labels(**settings: object) -> list[str]:
        cells = extend(front, ["isle/terschelling"], {"id": "skos:prefLabel", "settings": settings})["isle/terschelling"]["skos:prefLabel"]
        return [each["str"] for each in cells]

    assert sorted(labels()) == ["Skylge", "Terschelling"]
    assert labels(language="nl") == labels(language="NL") == ["Skylge"]
    assert labels(language="n") == labels(language="fr") == []
    assert len(labels(limit="1")) == 1
