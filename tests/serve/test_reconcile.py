"""The Reconciliation Service API 0.2: what OpenRefine asks, and what it needs to be told."""

import json
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest

# Of the conftest beside.
Front: TypeAlias = Any

FORM = "application/x-www-form-urlencoded"


def queries(**asked: Any) -> str:  # noqa: ANN401  # whatever a client sends
    return urlencode({"queries": json.dumps(asked)})


def test_the_manifest_says_where_everything_is(front: Front) -> None:
    manifest = front.ask("/reconcile").json
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://example.org/"
    assert manifest["view"]["url"].replace("{{id}}", "tower/brandaris") == "https://example.org/tower/brandaris"
    own = f"http://127.0.0.1:{front.port}"
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        path = (service["service_url"] + service["service_path"]).removeprefix(own)
        assert front.ask(f"{path}?prefix=br&type=org:Organization").status == 200, path
    assert front.ask(manifest["preview"]["url"].removeprefix(own).replace("{{id}}", "tower/brandaris")).status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_names_are_found(method: str, front: Front) -> None:
    sent = queries(q0={"query": "Brandaris"}, q1={"query": "eierlant", "limit": 2}, q2={"query": "no such thing at all"}, q3={"query": "tower/vuurduin"})
    answer = front.ask(f"/reconcile?{sent}") if method == "GET" else front.post(sent, FORM, "/reconcile")
    results = {key: value["result"] for key, value in answer.json.items()}
    assert [(each["id"], each["match"], each["score"]) for each in results["q0"][:1]] == [("tower/brandaris", True, 100.0)]
    assert results["q0"][0]["type"][0] == {"id": "org:Organization", "name": "Organization"} or results["q0"][0]["type"][0]["id"] == "org:Organization"
    assert (results["q1"][0]["id"], results["q1"][0]["match"]) == ("tower/eierland", False)
    assert 60 <= results["q1"][0]["score"] < 100
    assert results["q2"] == []
    assert [each["id"] for each in results["q3"]] == ["tower/vuurduin"]


def test_a_name_that_several_things_may_have_is_no_match(front: Front) -> None:
    found = front.ask(f"/reconcile?{queries(q={'query': 'Tower', 'limit': 5})}").json["q"]["result"]
    assert len(found) == 5
    assert not any(each["match"] for each in found)


def test_only_things_of_a_type_are_found(front: Front) -> None:
    for types in ("org:Organization", ["org:Organization"], "http://www.w3.org/ns/org#Organization"):
        assert front.ask(f"/reconcile?{queries(q={'query': 'Brandaris', 'type': types})}").json["q"]["result"]
    assert front.ask(f"/reconcile?{queries(q={'query': 'Brandaris', 'type': 'foaf:Person'})}").json["q"]["result"] == []


def test_rows_are_extended(front: Front) -> None:
    asked = {"ids": ["tower/brandaris", "tower/nobody", "> } DROP ALL"], "properties": [{"id": "skos:prefLabel"}, {"id": "rdf:type"}, {"id": "no such"}]}
    answer = front.ask(f"/reconcile?{urlencode({'extend': json.dumps(asked)})}").json
    assert [each["id"] for each in answer["meta"]] == ["skos:prefLabel", "rdf:type", "no such"]
    assert answer["rows"]["tower/brandaris"]["skos:prefLabel"] == [{"str": "Brandaris"}]
    assert "org:Organization" in [each["id"] for each in answer["rows"]["tower/brandaris"]["rdf:type"]]
    assert answer["rows"]["tower/nobody"] == {"skos:prefLabel": [], "rdf:type": [], "no such": []}
    assert answer["rows"]["> } DROP ALL"]["rdf:type"] == []


def test_suggestions(front: Front) -> None:
    assert front.ask("/reconcile/suggest/entity?prefix=bra").json["result"][0]["id"] == "tower/brandaris"
    assert "org:Organization" in [each["id"] for each in front.ask("/reconcile/suggest/type?prefix=org").json["result"]]
    assert "skos:prefLabel" in [each["id"] for each in front.ask("/reconcile/suggest/property?prefix=skos").json["result"]]
    assert "skos:prefLabel" in [each["id"] for each in front.ask("/reconcile/properties?type=org:Organization").json["properties"]]
    assert front.ask("/reconcile/suggest/nothing?prefix=x").problem == "not-found"


@pytest.mark.parametrize(
    "sent",
    [
        "queries=",
        "queries=[]",
        "queries={",
        "queries=" + "[" * 5000,
        queries(q=1),
        queries(q={"query": 1}),
        queries(q={"query": "x", "limit": -1}),
        queries(q={"query": "x", "type": {}}),
        "extend={}",
        'extend={"ids":[1],"properties":[]}',
        'extend={"ids":[],"properties":[1]}',
    ],
)
def test_what_is_no_question_is_refused(sent: str, front: Front) -> None:
    assert front.post(sent, FORM, "/reconcile").problem == "bad-parameter"


def test_too_many_at_once_are_refused(front: Front) -> None:
    assert front.post(queries(**{f"q{number}": {"query": "x"} for number in range(101)}), FORM, "/reconcile").problem == "too-large"
    asked = {"ids": [f"tower/{number}" for number in range(501)], "properties": []}
    assert front.post(urlencode({"extend": json.dumps(asked)}), FORM, "/reconcile").problem == "too-large"


def test_a_preview_shows_names_as_text(front: Front) -> None:
    answer = front.ask("/reconcile/preview?id=tower/vuurduin")
    assert b"<script" not in answer.body
    assert b"&lt;script&gt;" in answer.body
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert front.ask("/reconcile/preview?id=tower/nobody").problem == "not-found"
    assert front.ask("/reconcile/preview?id=javascript:alert(1)").problem == "not-found"
