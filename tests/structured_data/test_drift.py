"""Drift: every kind of difference is told, with what the page has and what the graph has, and nothing is told where there is none."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.structured_data import Difference, SchemaOrg, check_page, differences, read_page, script

PORT = "https://harbour.example.net/id/port/silberbucht"
FERRY = "https://harbour.example.net/id/ferry/moewe"
BERTH = "https://harbour.example.net/id/berth/1"
HOLM = "https://harbour.example.net/id/port/holm"


def page_of(*documents: object, head: str = "") -> str:
    return f"<!doctype html><html lang=de><head>{head}{''.join(map(script, documents))}</head></html>"


@pytest.fixture
def ferry(harbour: SchemaOrg) -> dict[str, Any]:
    document = harbour.document(FERRY, "de")
    assert document is not None
    return document


def changed(document: dict[str, Any], change: Callable[[list[dict[str, Any]]], object]) -> dict[str, Any]:
    other = copy.deepcopy(document)
    change(other["@graph"])
    return other


def told(document: dict[str, Any], *embedded: object) -> list[Difference]:
    return differences(read_page(page_of(*embedded)), document)


def test_what_was_printed_is_up_to_date(ferry: dict[str, Any]) -> None:
    assert [node["@id"] for node in ferry["@graph"]] == [FERRY, BERTH, HOLM]
    assert told(ferry, ferry) == []


def test_the_same_said_in_other_ways_is_up_to_date(ferry: dict[str, Any]) -> None:
    entity, berth, holm = copy.deepcopy(ferry["@graph"])
    # Nested instead of referred to, in lists or alone, with languages, in another order, beside what the page says of itself.
    berth["memberOf"] = holm
    entity["memberOf"] = [berth]
    entity["name"] = {"@value": entity["name"], "@language": "de"}
    nested = {"@context": "http://schema.org/", "@type": "WebPage", "@id": "https://silber.example/", "mainEntity": entity}
    assert told(ferry, nested) == []
    assert told(ferry, {"@context": "https://schema.org", "@graph": ferry["@graph"][::-1]}) == []
    assert told(ferry, [nested]) == []
    assert told(ferry, ferry, {"@context": "https://schema.org", "@type": "Person", "@id": "https://silber.example/#me", "name": "Kim"}) == []


def test_a_page_that_embeds_nothing(ferry: dict[str, Any]) -> None:
    assert told(ferry) == [Difference("missing")]


def test_a_script_that_is_no_json(ferry: dict[str, Any]) -> None:
    (found,) = differences(read_page('<p>\n<script type="application/ld+json">{"a": }</script>'), ferry)
    assert (found.kind, found.node) == ("invalid", "line 2")
    beside = differences(read_page(page_of(ferry) + '<script type="application/ld+json">{</script>'), ferry)
    assert [each.kind for each in beside] == ["invalid"], "the other script is as it should be"


@pytest.mark.parametrize("context", ["https://example.org/context", None, {"@vocab": "https://schema.org/"}, ["https://schema.org", {"a": "b"}]])
def test_terms_that_are_not_said_to_be_of_schema_org(context: object, ferry: dict[str, Any]) -> None:
    embedded = {**ferry, "@context": context} if context else {"@graph": ferry["@graph"]}
    (found,) = told(ferry, embedded)
    assert (found.kind, found.expected) == ("context", ("https://schema.org",))
    assert found.found == (() if context is None else (context if isinstance(context, str) else json.dumps(context),))


def test_a_page_about_something_else(ferry: dict[str, Any], harbour: SchemaOrg) -> None:
    assert told(ferry, harbour.document(PORT, "de")) == [Difference("other-thing", found=(HOLM, PORT), expected=(FERRY,))]


def test_a_thing_that_is_not_there(ferry: dict[str, Any]) -> None:
    assert told(ferry, changed(ferry, lambda graph: graph.pop(2))) == [Difference("node-missing", HOLM, expected=("Holm",))]


def test_a_value_that_differs(ferry: dict[str, Any]) -> None:
    renamed = changed(ferry, lambda graph: graph[0].update(name="Albatros"))
    assert told(ferry, renamed) == [Difference("value", FERRY, "name", ("Albatros",), ("Möwe",))]
    retyped = changed(ferry, lambda graph: graph[0].update({"@type": ["Organization", "Hospital"]}))
    assert told(ferry, retyped) == [Difference("value", FERRY, "@type", ("Hospital",), ())]
    moved = changed(ferry, lambda graph: graph[1].update(memberOf={"@id": PORT}))
    assert told(ferry, moved) == [Difference("value", BERTH, "memberOf", (PORT,), (HOLM,))]


def test_a_part_that_is_taken_no_more(ferry: dict[str, Any]) -> None:
    more = changed(ferry, lambda graph: graph[0].update(memberOf=[{"@id": BERTH}, {"@id": f"{BERTH}0"}]))
    assert told(ferry, more) == [Difference("value", FERRY, "memberOf", (f"{BERTH}0",), ())]


def test_properties_too_few_and_too_many(ferry: dict[str, Any]) -> None:
    assert told(ferry, changed(ferry, lambda graph: graph[1].pop("roleName"))) == [Difference("property-missing", BERTH, "roleName", expected=("Liegeplatz",))]
    assert told(ferry, changed(ferry, lambda graph: graph[0].update(telephone=["1", "2"]))) == [
        Difference("property-extra", FERRY, "telephone", found=("1", "2"))
    ]


@given(st.data())
def test_every_change_of_a_value_is_found(harbour: SchemaOrg, data: st.DataObject) -> None:
    document = harbour.document(PORT, "de")
    assert document is not None
    at = data.draw(st.sampled_from(range(len(document["@graph"]))))
    name = data.draw(st.sampled_from([key for key in document["@graph"][at] if key != "@id"]))
    value = data.draw(st.text() | st.integers() | st.booleans() | st.none() | st.lists(st.text(), max_size=2))
    same = document["@graph"][at][name] == value or [document["@graph"][at][name]] == value
    other = changed(document, lambda graph: graph[at].update({name: value}))
    assert bool(differences(read_page(page_of(other)), document)) is not same


def test_which_thing_a_page_is_about(harbour: SchemaOrg, ferry: dict[str, Any]) -> None:
    german = check_page(harbour, page_of(ferry), None, "en")
    assert (german.entity, german.language, list(german.differences)) == (FERRY, "de", [])
    # The page is in German, and is held against English.
    assert [each.property for each in check_page(harbour, page_of(ferry), "en", "de").differences] == ["name", "alternateName", "roleName"]
    by_address = check_page(harbour, page_of(head=f'<link rel="canonical" href="{FERRY}.html">'), None, "en")
    assert (by_address.entity, [each.kind for each in by_address.differences]) == (FERRY, ["missing"])
    named = check_page(harbour, page_of(ferry), None, "en", PORT)
    assert (named.entity, [each.kind for each in named.differences]) == (PORT, ["other-thing"])
    unknown = check_page(harbour, page_of({"@id": "https://e.org/x", "name": "x"}), None, "en")
    assert (unknown.entity, [each.kind for each in unknown.differences]) == (None, ["other-thing"])
    nothing = check_page(harbour, "<p>", None, "en")
    assert (nothing.entity, nothing.language, [each.kind for each in nothing.differences]) == (None, "en", ["missing"])


@pytest.mark.parametrize("odd", [[], {}, 1, "x", None, [[[]]], {"@id": 5, "name": "x"}, {"@id": FERRY}, {"@id": FERRY, "@type": None, "name": {"@id": 3}}])
def test_documents_of_any_form_are_compared(odd: object, ferry: dict[str, Any], harbour: SchemaOrg) -> None:
    assert told(ferry, odd)
    assert check_page(harbour, page_of(odd), None, "en", FERRY).differences


def test_a_document_nested_deeply(ferry: dict[str, Any]) -> None:
    deep: Any = ferry
    for _ in range(200):
        deep = {"@context": "https://schema.org", "hasPart": [deep]}
    assert told(ferry, deep) == []
