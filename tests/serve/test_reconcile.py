"""The Reconciliation Service API 0.2: what OpenRefine asks, and what it needs to be told."""

import json
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Of the conftest beside.
Front: TypeAlias = Any

FORM = "application/x-www-form-urlencoded"


def queries(**asked: Any) -> str:  # noqa: ANN401  # whatever a client sends
    return urlencode({"queries": json.dumps(asked)})


def asked(front: Front, **given: Any) -> Any:  # noqa: ANN401  # whatever comes back
    """Ask one query as OpenRefine does, which sends forms."""
    answer = front.post(queries(q=given), FORM, "/reconcile")
    assert answer.status == 200, answer.body
    found = answer.json["q"]["result"]
    for each in found:
        # The fields of a candidate in the specification, of its types.
        assert {"id": str, "name": str, "score": float, "match": bool, "type": list, "features": list} == {name: type(value) for name, value in each.items()}
        assert each["id"]
        assert each["name"]
        assert all(set(kind) == {"id", "name"} for kind in each["type"])
        assert len({feature["id"] for feature in each["features"]}) == len(each["features"])
        assert all(isinstance(feature["value"], float) for feature in each["features"])
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    return found


def test_the_manifest_says_where_everything_is(front: Front) -> None:
    manifest = front.ask("/reconcile").json
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://example.org/"
    own = f"http://127.0.0.1:{front.port}"
    identifier = quote("tower/brandaris", safe="")
    view = front.ask(manifest["view"]["url"].removeprefix(own).replace("{{id}}", identifier))
    assert (view.status, view.headers["location"]) == (303, "/tower/brandaris")
    preview = front.ask(manifest["preview"]["url"].removeprefix(own).replace("{{id}}", identifier))
    assert (preview.status, preview.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert set(manifest["suggest"]) == {"entity", "property", "type"}
    for kind, service in manifest["suggest"].items():
        path = (service["service_url"] + service["service_path"]).removeprefix(own)
        first = front.ask(f"{path}?prefix=c").json["result"][0]
        assert {"id", "name"} <= set(first)
        flyout = (service["flyout_service_url"] + service["flyout_service_path"]).removeprefix(own).replace("${id}", quote(first["id"], safe=""))
        told = front.ask(flyout).json
        assert (told["id"], set(told)) == (first["id"], {"id", "html"}), kind
    proposals = manifest["extend"]["propose_properties"]
    proposed = front.ask(f"{(proposals['service_url'] + proposals['service_path']).removeprefix(own)}?type=skos:Concept&limit=3").json
    assert (proposed["type"], proposed["limit"], len(proposed["properties"])) == ("skos:Concept", 3, 3)


def test_the_manifest_is_of_the_form_that_is_specified(front: Front) -> None:
    manifest = front.ask("/reconcile").json
    assert {name: type(manifest[name]) for name in ("versions", "name", "identifierSpace", "schemaSpace", "documentation", "serviceVersion", "batchSize")} == {
        "versions": list,
        "name": str,
        "identifierSpace": str,
        "schemaSpace": str,
        "documentation": str,
        "serviceVersion": str,
        "batchSize": int,
    }
    assert [set(each) for each in manifest["defaultTypes"]] == [{"id", "name"}] * len(manifest["defaultTypes"])
    assert manifest["defaultTypes"][0]["id"] == "org:Organization"
    assert {name: type(value) for name, value in manifest["preview"].items()} == {"url": str, "width": int, "height": int}
    kinds = {"number": int, "text": str, "checkbox": bool, "select": str}
    for setting in manifest["extend"]["property_settings"]:
        assert {"name", "label", "type"} <= set(setting) <= {"name", "label", "type", "default", "help_text", "choices"}
        assert isinstance(setting["default"], kinds[setting["type"]])
        assert ("choices" in setting) == (setting["type"] == "select")
        assert all(set(choice) == {"value", "name"} for choice in setting.get("choices", []))
    # Callers elsewhere ask it from their pages; there is no JSONP.
    assert front.ask("/reconcile?callback=jQuery1").headers["access-control-allow-origin"] == "*"
    assert front.ask("/reconcile?callback=jQuery1").json == manifest


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


@pytest.mark.parametrize(
    ("value", "best"),
    [
        (1950, "tower/tower-7"),
        ("1950", "tower/tower-7"),
        (["1950"], "tower/tower-7"),
        (1951, None),
        (True, None),
        ({"id": "tower/brandaris"}, None),
        ([], None),
    ],
)
def test_values_of_properties_tell_namesakes_apart(value: object, best: str | None, front: Front) -> None:
    first = asked(front, query="Tower 7", properties=[{"pid": "dct:created", "p": "created", "v": value}])[0]
    assert first["id"] in {"tower/tower-7", "isle/namesake"}
    assert first["match"] == (best is not None)
    assert (first["score"] == 100) == (best is not None)
    assert best is None or first["id"] == best
    assert {"id": "dct:created", "value": 100.0 if best else 0.0} in first["features"]


@pytest.mark.parametrize(
    ("pid", "value"),
    [
        ("dct:isPartOf", {"id": "isle/terschelling", "name": "whatever"}),
        ("dct:isPartOf", "Terschelling"),
        ("dct:isPartOf", "SKYLGE"),
        ("dct:isPartOf", "isle/terschelling"),
        ("http://purl.org/dc/terms/isPartOf", "https://example.org/isle/terschelling"),
        ("dct:created", 1594),
    ],
)
def test_things_are_found_by_values_alone(pid: str, value: object, front: Front) -> None:
    assert [(each["id"], each["match"]) for each in asked(front, properties=[{"pid": pid, "v": value}])] == [("tower/brandaris", True)]


def test_numbers_and_dates_are_compared_as_such(front: Front) -> None:
    for pid, value in (("dct:extent", "88.10"), ("dct:extent", 88.1), ("dct:audience", "4870"), ("dct:issued", "1594"), ("dct:issued", "1594-05-01")):
        first = asked(front, query="Terscheling", properties=[{"pid": pid, "v": value}])[0]
        assert (first["id"], {each["id"]: each["value"] for each in first["features"]}[pid]) == ("isle/terschelling", 100.0), (pid, value)
    assert asked(front, query="Terschelling", properties=[{"pid": "dct:extent", "v": "88"}])[0]["match"] is False


def test_several_values_are_all_to_be_there(front: Front) -> None:
    one, both = (asked(front, query="Vlieland", properties=[{"pid": "skos:prefLabel", "v": values}])[0] for values in (["Vlieland"], ["Vlieland", "Texel"]))
    assert (one["score"], one["match"]) == (100.0, True)
    assert both["score"] < 100


def test_every_type_or_one_of_them(front: Front) -> None:
    types = ["org:Organization", "skos:Concept"]
    for strict in ("any", "should"):
        assert {each["id"] for each in asked(front, query="Tower 7", type=types, type_strict=strict)} >= {"tower/tower-7", "isle/namesake"}
    assert asked(front, query="Tower 7", type=types, type_strict="all") == []
    assert [each["id"] for each in asked(front, query="Tower 7", type="skos:Concept", type_strict="all")] == ["isle/namesake"]


def test_values_cannot_become_a_query(front: Front) -> None:
    for value in ('") } DROP ALL #', "\\", "x> } UNION { ?s ?p ?o", "\u202e", "\n\r\t", "{{}}", "a" * 5000, {"id": "> } DROP ALL"}, 1e400, 10**40):
        for pid in ("dct:created", "> <x", "no such"):
            assert asked(front, properties=[{"pid": pid, "v": value}]) == []
            asked(front, query="Brandaris", properties=[{"pid": pid, "v": value}])


def test_suggestions(front: Front) -> None:
    assert front.ask("/reconcile/suggest/entity?prefix=bra").json["result"][0]["id"] == "tower/brandaris"
    assert "org:Organization" in [each["id"] for each in front.ask("/reconcile/suggest/type?prefix=org").json["result"]]
    assert "skos:prefLabel" in [each["id"] for each in front.ask("/reconcile/suggest/property?prefix=skos").json["result"]]
    assert "skos:prefLabel" in [each["id"] for each in front.ask("/reconcile/properties?type=org:Organization").json["properties"]]
    assert front.ask("/reconcile/suggest/nothing?prefix=x").problem == "not-found"


def test_an_id_is_suggested_first(front: Front) -> None:
    for kind, typed in (("entity", "tower/tower-7"), ("type", "skos:Concept"), ("property", "dct:created"), ("property", "http://purl.org/dc/terms/created")):
        first = front.ask(f"/reconcile/suggest/{kind}?prefix={quote(typed, safe='')}").json["result"][0]
        assert first["id"] in {typed, "dct:created"}


def test_suggestions_go_on_after_those_that_were_shown(front: Front) -> None:
    shown: list[str] = []
    while page := front.ask(f"/reconcile/suggest/entity?prefix=tower&cursor={len(shown)}").json["result"]:
        shown += [each["id"] for each in page]
    assert len(shown) == len(set(shown)) >= 60
    assert front.ask("/reconcile/suggest/entity?prefix=tower&cursor=-1").problem == "bad-parameter"
    assert front.ask("/reconcile/suggest/entity?prefix=tower&cursor=99999999999").problem == "bad-parameter"
    assert front.ask("/reconcile/suggest/entity?prefix=").json["result"] == []


@pytest.mark.parametrize(
    "path", ["flyout/entity?id=tower/nobody", "flyout/type?id=tower/vuurduin", "flyout/nothing?id=x", "view?id=tower/nobody", "view?id=//evil.example", "view"]
)
def test_what_has_no_such_id(path: str, front: Front) -> None:
    answer = front.ask(f"/reconcile/{path}")
    assert answer.problem == "not-found"
    assert "location" not in answer.headers


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
        queries(q={}),
        queries(q={"properties": []}),
        queries(q={"query": "x", "type_strict": "maybe"}),
        queries(q={"query": "x", "properties": {}}),
        queries(q={"query": "x", "properties": [{"pid": "dct:created"}]}),
        queries(q={"query": "x", "properties": [{"pid": 1, "v": 1}]}),
        queries(q={"query": "x", "properties": [{"pid": "dct:created", "v": {"name": "x"}}]}),
        queries(q={"query": "x", "properties": [{"pid": "dct:created", "v": [[]]}]}),
        queries(q={"query": "x", "properties": [{"pid": "dct:created", "v": None}]}),
        'queries={"q":{"query":"\\ud83d"}}',
        'extend={"ids":[],"properties":[{"id":"x","settings":[]}]}',
        'extend={"ids":[],"properties":[{"id":"x","settings":{"limit":-1}}]}',
        'extend={"ids":[],"properties":[{"id":"x","settings":{"shown":"all"}}]}',
        'extend={"ids":[],"properties":[{"id":"x","settings":{"language":1}}]}',
        'extend={"ids":[],"properties":[{"id":"x"},{"id":"x"}]}',
        "extend={}",
        'extend={"ids":[1],"properties":[]}',
        'extend={"ids":[],"properties":[1]}',
    ],
)
def test_what_is_no_question_is_refused(sent: str, front: Front) -> None:
    assert front.post(sent, FORM, "/reconcile").problem == "bad-parameter"


def test_too_many_at_once_are_refused(front: Front) -> None:
    assert front.post(queries(**{f"q{number}": {"query": "x"} for number in range(101)}), FORM, "/reconcile").problem == "too-large"
    values = [{"pid": "dct:created", "v": list(range(1001))}]
    assert front.post(queries(q={"query": "x", "properties": values}), FORM, "/reconcile").problem == "too-large"
    rows = {"ids": [f"tower/{number}" for number in range(501)], "properties": []}
    assert front.post(urlencode({"extend": json.dumps(rows)}), FORM, "/reconcile").problem == "too-large"


def test_a_preview_shows_names_as_text(front: Front) -> None:
    assert "<script" not in front.ask("/reconcile/flyout/entity?id=tower/vuurduin").json["html"]
    answer = front.ask("/reconcile/preview?id=tower/vuurduin")
    assert b"<script" not in answer.body
    assert b"&lt;script&gt;" in answer.body
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert front.ask("/reconcile/preview?id=tower/nobody").problem == "not-found"
    assert front.ask("/reconcile/preview?id=javascript:alert(1)").problem == "not-found"


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["dct:created", "tower/brandaris", "Tower 7", "any", "name"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "pid", "v", "name", "limit", "shown"]), inner, max_size=3)),
    max_leaves=6,
)
QUERY = st.fixed_dictionaries(
    {}, optional={"query": JSON, "type": JSON, "limit": JSON, "type_strict": JSON, "properties": st.one_of(JSON, st.lists(JSON, max_size=2))}
)
COLUMN = st.fixed_dictionaries({"id": JSON}, optional={"settings": JSON})
EXTEND = st.fixed_dictionaries(
    {}, optional={"ids": st.one_of(JSON, st.lists(st.text(max_size=9))), "properties": st.one_of(JSON, st.lists(COLUMN, max_size=2))}
)


@given(sent=st.one_of(JSON, QUERY.map(lambda query: {"q": query})), extend=st.one_of(JSON, EXTEND))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_json_is_a_question_or_a_problem(sent: Any, extend: Any, front: Front) -> None:  # noqa: ANN401  # any JSON
    for name, document in (("queries", sent), ("extend", extend)):
        answer = front.post(urlencode({name: json.dumps(document)}), FORM, "/reconcile")
        assert answer.status in {200, 400, 413}, (name, document, answer.body)
        assert answer.status == 200 or answer.problem in {"bad-parameter", "too-large", "answer-too-long"}
        json.loads(answer.body, parse_constant=pytest.fail)


def test_what_the_graph_keeps_for_its_own_sake_is_never_offered(front: Front) -> None:
    kept = {"sk:SourceDocument", "oa:SpecificResource"}
    assert not kept & {each["id"] for each in front.ask("/reconcile").json["defaultTypes"]}
    assert not kept & {each["id"] for each in front.ask("/reconcile/suggest/type?prefix=").json["result"]}
    assert asked(front, query="A page") == []
    assert [each["id"] for each in asked(front, query="A page", type="sk:SourceDocument")] == ["source/page"]


def draft(front: Front, *given: dict[str, Any]) -> Any:  # noqa: ANN401  # whatever comes back
    return front.post(json.dumps({"queries": given}), "application/json", "/reconcile")


def test_queries_of_the_draft_are_lists_of_conditions(front: Front) -> None:
    names = [{"conditions": [{"matchType": "name", "propertyValue": name}], "limit": 1} for name in ("Brandaris", "no such thing at all", "Eierland")]
    answer = draft(front, *names)
    assert answer.status == 200, answer.body
    first, none, last = (each["candidates"] for each in answer.json["results"])
    assert (first[0]["id"], first[0]["match"], first[0]["name"]) == ("tower/brandaris", True, [{"str": "Brandaris", "lang": "en"}])
    assert (none, last[0]["id"]) == ([], "tower/eierland")
    assert all(set(feature) == {"id", "name", "value"} for feature in first[0]["features"])


@pytest.mark.parametrize(
    ("quantifier", "values", "best"),
    [
        ("any", ["1950", "1951"], "tower/tower-7"),
        ("all", ["1950", "1951"], None),
        ("none", ["1951"], "tower/tower-7"),
        ("none", ["1950"], None),
        ("all", ["1950"], "tower/tower-7"),
    ],
)
def test_a_condition_that_is_required_leaves_out_what_does_not_meet_it(quantifier: str, values: list[str], best: str | None, front: Front) -> None:
    year = {"matchType": "property", "propertyId": "dct:created", "propertyValue": values, "matchQuantifier": quantifier, "required": True}
    (result,) = draft(front, {"type": "org:Organization", "conditions": [{"matchType": "name", "propertyValue": "Tower 7"}, year]}).json["results"]
    assert next((each["id"] for each in result["candidates"] if each["id"] == "tower/tower-7"), None) == best


@pytest.mark.parametrize(
    "conditions",
    [
        None,
        [],
        ["name"],
        [{"matchType": "name"}],
        [{"matchType": "colour", "propertyValue": "red"}],
        [{"matchType": "name", "propertyValue": "a"}, {"matchType": "name", "propertyValue": "b"}],
        [{"matchType": "property", "propertyValue": "a"}],
        [{"matchType": "property", "propertyId": "dct:created", "propertyValue": "a", "matchQuantifier": "some"}],
        [{"matchType": "property", "propertyId": "dct:created", "propertyValue": "a", "matchQualifier": "WildcardMatch"}],
    ],
)
def test_conditions_that_are_none_are_refused(conditions: object, front: Front) -> None:
    assert draft(front, {"conditions": conditions}).problem == "bad-parameter"
    assert front.post("[]", "application/json", "/reconcile").problem == "bad-parameter"
