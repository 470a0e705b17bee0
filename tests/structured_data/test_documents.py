"""Documents of schema.org: what stands in them, of the real graph and of an invented one, and that every one of them holds together."""

import json
import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from schakel import Settings
from schakel.structured_data import SchemaOrg, script

ID = "https://kg.example.org/"
MST = f"{ID}org/mst"
PORT = "https://harbour.example.net/id/"


def nodes(document: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    """The nodes of a document by IRI."""
    assert document is not None
    return {node["@id"]: node for node in document["@graph"]}


def references(value: object) -> list[str]:
    """Every IRI that a value leads to."""
    if isinstance(value, list):
        return [iri for each in value for iri in references(each)]
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else [iri for each in value.values() for iri in references(each)]
    return []


# ---------------------------------------------------------------------------------------------------------------------- the real graph


def test_a_hospital_is_a_medical_organisation_and_no_place_of_business(real: SchemaOrg) -> None:
    document = real.document(MST, "nl")
    assert document is not None
    assert list(document) == ["@context", "@graph"]
    assert document["@context"] == "https://schema.org"
    hospital = document["@graph"][0]
    assert hospital["@id"] == MST
    assert (hospital["@type"], hospital["name"], hospital["alternateName"]) == ("MedicalOrganization", "Medisch Spectrum Twente", "MST")
    assert hospital["description"].startswith("Topklinisch opleidingsziekenhuis")
    assert "foundingDate" not in hospital, "no page says when it was founded"
    assert "numberOfEmployees" not in hospital, "about 3500 is not 3500"


def test_a_part_taken_is_a_role_with_its_name_in_the_language_of_the_page(real: SchemaOrg) -> None:
    for language, name in {"nl": "lid", "en": "member", "nb": "medlem"}.items():
        found = nodes(real.document(MST, language))
        since = found[f"{ID}org/mst#member-of-santeon"]
        assert since["@type"] == "OrganizationRole"
        assert since["roleName"] == name
        assert since["startDate"] == "2009-01-01"
        assert since["memberOf"] == {"@id": f"{ID}org/santeon"}
        assert "member" not in since, "the hospital leads here, and need not be led back to"
        assert {"@id": since["@id"]} in found[MST]["memberOf"]
    of_body = nodes(real.document(f"{ID}org/santeon", "nl"))
    assert {"@id": since["@id"]} in of_body[f"{ID}org/santeon"]["member"]
    assert of_body[since["@id"]]["member"] == {"@id": MST}
    assert of_body[MST] == {"@id": MST, "@type": "MedicalOrganization", "name": "Medisch Spectrum Twente"}


def test_a_role_of_its_own_page_tells_both_ends(real: SchemaOrg) -> None:
    found = nodes(real.document(f"{ID}org/mst#member-of-santeon", "nl"))
    role = found[f"{ID}org/mst#member-of-santeon"]
    assert (role["member"], role["memberOf"]) == ({"@id": MST}, {"@id": f"{ID}org/santeon"})


def test_shares_are_no_membership_and_more_than_half_makes_a_subsidiary(real: SchemaOrg) -> None:
    hospital = nodes(real.document(MST, "en"))[MST]
    parts = references(hospital["subOrganization"])
    assert f"{ID}org/mst-cleancare" in parts
    assert f"{ID}org/medlon" not in parts, "half is not more than half"
    assert not {f"{ID}org/mst#shareholder-of-{owned}" for owned in ("medlon", "izit", "mst-cleancare")} & set(references(hospital["memberOf"]))
    assert nodes(real.document(f"{ID}org/mst-cleancare", "en"))[f"{ID}org/mst-cleancare"]["parentOrganization"] == {"@id": MST}


def test_a_centre_is_a_department_and_a_board_is_not(real: SchemaOrg) -> None:
    hospital = nodes(real.document(MST, "en"))[MST]
    assert references(hospital["department"]) == [f"{ID}org/mst-interventiecentrum"]
    assert f"{ID}org/mst-raad-van-bestuur" in references(hospital["subOrganization"])


def test_where_it_is(real: SchemaOrg) -> None:
    found = nodes(real.document(MST, "en"))
    site = found[f"{ID}org/mst#site-oldenzaal"]
    assert site["@type"] == "Place"
    assert found[site["address"]["@id"]] == {"@id": site["address"]["@id"], "@type": "PostalAddress", "addressLocality": "Oldenzaal"}
    assert found[site["containedInPlace"]["@id"]]["@type"] == "City"
    assert found[found[MST]["address"]["@id"]]["addressLocality"] == "Enschede"


def test_a_title_with_who_gave_it_and_when(real: SchemaOrg) -> None:
    title = nodes(real.document(MST, "en"))[f"{ID}org/mst#certification-teaching-hospital"]
    assert (title["@type"], title["issuedBy"], title["datePublished"]) == ("Certification", {"@id": f"{ID}org/umcg"}, "2006")


@pytest.mark.parametrize(
    ("what", "types"),
    [
        ("org/universiteit-twente", "CollegeOrUniversity"),
        ("org/umcg", ["EducationalOrganization", "MedicalOrganization"]),
        ("org/medlon", "Corporation"),
        ("org/kristiansund-kommune", "GovernmentOrganization"),
        ("org/santeon", "Organization"),
        ("project/dms-kristiansund", "Project"),
        ("place/enschede", "City"),
        ("place/overijssel", "AdministrativeArea"),
        ("place/nederland", "Country"),
        ("place/twente", "Place"),
        ("org/mst#site-main", "Place"),
        ("report/municipal-services", "Report"),
    ],
)
def test_types_tell_the_truth(what: str, types: object, real: SchemaOrg) -> None:
    assert nodes(real.document(ID + what, "en"))[ID + what]["@type"] == types


def test_a_project_began_when_the_page_says(real: SchemaOrg) -> None:
    assert nodes(real.document(f"{ID}project/dms-kristiansund", "nb"))[f"{ID}project/dms-kristiansund"]["foundingDate"] == "2017-12"


@pytest.mark.parametrize("what", ["org/ziekenhuizen-in-de-regio", "goal/none", "question/x", "org/aanbieders-acute-zorg"])
def test_what_schema_org_has_nothing_to_say_of_has_no_document(what: str, real: SchemaOrg) -> None:
    assert real.document(ID + what, "en") is None
    assert ID + what not in real


@pytest.mark.parametrize("language", ["en", "nl", "nn", "nb"])
def test_every_document_holds_together(language: str, real: SchemaOrg, published: Settings) -> None:
    things = list(real.things())
    assert things == sorted(things)
    assert len(things) > 150
    for iri in things:
        document = real.document(iri, language)
        found = nodes(document)
        assert len(found) == len(document["@graph"]), f"a node stands twice in {iri}"  # type: ignore[index]
        for node in found.values():
            assert node["@id"].startswith(published.base)
            assert node["@type"]
            assert node["@type"] != "Organization" or node["name"]
            loose = set(references([value for name, value in node.items() if name != "@id"])) - found.keys()
            assert not loose, f"{iri} leads to {loose}, of which it says nothing"
        text = json.dumps(document)
        assert "@value" not in text
        assert "@language" not in text


def test_no_organisation_of_the_graph_is_without_a_document_but_groups(real: SchemaOrg, published: Settings) -> None:
    made = {path.stem for path in (published.publication / "org").glob("*.ttl")}
    assert len(made) == 54
    assert {name for name in made if f"{ID}org/{name}" not in real} == set()
    groups = {path.stem for path in (published.publication / "group").glob("*.ttl")}
    assert {"ketenpartners", "zorgverzekeraars", "nordmorskommunane"} < groups
    assert {name for name in groups if f"{ID}group/{name}" in real} == set()


# ------------------------------------------------------------------------------------------------------------------- an invented graph


def test_names_in_other_languages_are_other_names(harbour: SchemaOrg) -> None:
    of_bay = {language: nodes(harbour.document(f"{PORT}port/silberbucht", language))[f"{PORT}port/silberbucht"] for language in ("fr", "de", "en", "ja")}
    assert (of_bay["fr"]["name"], of_bay["fr"]["alternateName"]) == ("Baie d’Argent", "Silberbucht")
    # Where the language wanted has no name, the first language of the project that has one.
    assert of_bay["de"] == of_bay["en"] == of_bay["ja"]
    assert (of_bay["en"]["name"], of_bay["en"]["alternateName"]) == ("Silberbucht", "Baie d’Argent")
    # A language that no setting names is better than none, and the one asked for better than that.
    assert nodes(harbour.document(f"{PORT}ferry/moewe", "en-GB"))[f"{PORT}ferry/moewe"]["name"] == "Seagull"


def test_numbers_are_numbers_and_addresses_are_texts(harbour: SchemaOrg) -> None:
    port = nodes(harbour.document(f"{PORT}port/silberbucht", "de"))[f"{PORT}port/silberbucht"]
    assert (port["maximumAttendeeCapacity"], port["latitude"], port["publicAccess"], port["url"]) == (7, 12.5, True, "https://silber.example/")
    ferry = nodes(harbour.document(f"{PORT}ferry/moewe", "de"))[f"{PORT}ferry/moewe"]
    assert ferry["foundingDate"] == "2017-12"
    assert "url" not in ferry, "javascript: is no address"


def test_things_that_lead_to_each_other_come_to_an_end(harbour: SchemaOrg) -> None:
    found = nodes(harbour.document(f"{PORT}port/silberbucht", "de"))
    assert list(found) == [f"{PORT}port/silberbucht", f"{PORT}port/holm"]
    assert found[f"{PORT}port/holm"] == {"@id": f"{PORT}port/holm", "@type": "Organization", "name": "Holm"}


def test_the_page_itself_and_its_breadcrumbs(harbour: SchemaOrg) -> None:
    url = "https://harbour.example.net/fr/port/silberbucht.html"
    crumbs = [("Ports", "https://harbour.example.net/fr/"), ("Baie d’Argent", url)]
    found = nodes(harbour.document(f"{PORT}port/silberbucht", "fr", url, crumbs))
    assert next(iter(found)) == f"{PORT}port/silberbucht"
    assert found[url]["mainEntity"] == {"@id": f"{PORT}port/silberbucht"}
    assert found[url]["inLanguage"] == "fr"
    trail = found[found[url]["breadcrumb"]["@id"]]
    assert trail["@type"] == "BreadcrumbList"
    assert [(item["position"], item["name"], item["item"]) for item in trail["itemListElement"]] == [(1, *crumbs[0]), (2, *crumbs[1])]
    assert "breadcrumb" not in nodes(harbour.document(f"{PORT}port/silberbucht", "fr", url))[url]


def test_the_order_of_statements_does_not_matter() -> None:
    lines = [
        b'<https://e.org/a> <http://schema.org/name> "B"@en .\n',
        b"<https://e.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Thing> .\n",
        b"<https://e.org/a> <http://schema.org/knows> <https://e.org/b> .\n",
        b"<https://e.org/a> <http://schema.org/knows> <https://e.org/c> .\n",
        b'_:b <http://schema.org/name> "nobody" .\n',
        b"<https://e.org/c> <https://other.example/p> <https://e.org/a> .\n",
    ]
    forwards, backwards = (SchemaOrg(b"".join(each), ["en"]).document("https://e.org/a", "en") for each in (lines, lines[::-1]))
    assert json.dumps(forwards) == json.dumps(backwards)
    assert forwards == {
        "@context": "https://schema.org",
        "@graph": [{"@id": "https://e.org/a", "@type": "Thing", "name": "B", "knows": [{"@id": "https://e.org/b"}, {"@id": "https://e.org/c"}]}],
    }


def test_a_thing_with_fifty_thousand_links_stays_readable() -> None:
    typed = "<https://e.org/{0}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Organization> .\n"
    hub = typed.format("hub") + "".join(f"<https://e.org/hub> <http://schema.org/member> <https://e.org/{n}> .\n{typed.format(n)}" for n in range(50_000))
    document = SchemaOrg(hub.encode(), ["en"]).document("https://e.org/hub", "en")
    assert document is not None
    assert len(document["@graph"]) == 201
    assert len(script(document)) < 30_000


def test_a_part_for_another_process_gives_the_same_documents(real: SchemaOrg) -> None:
    wanted = [MST, f"{ID}org/santeon", f"{ID}org/none"]
    sent = pickle.dumps(real.only(wanted))
    assert len(sent) < len(pickle.dumps(real)) * 0.6
    part: SchemaOrg = pickle.loads(sent)  # noqa: S301  # what was written above
    assert [part.document(iri, "nl") for iri in wanted] == [real.document(iri, "nl") for iri in wanted]


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["en", "nl", "nn", "ar", None])), min_size=1, max_size=6))
def test_any_names_at_all_give_one_name_and_lose_none(names: list[tuple[str, str | None]]) -> None:
    thing = NamedNode("https://e.org/a")
    triples = [Triple(thing, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode("http://schema.org/Thing"))]
    triples += [Triple(thing, NamedNode("http://schema.org/name"), Literal(text, language=language)) for text, language in names]
    written = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert written is not None
    node = nodes(SchemaOrg(written, ["en", "nl"]).document("https://e.org/a", "nn"))["https://e.org/a"]
    others = node.get("alternateName", [])
    assert {node["name"], *([others] if isinstance(others, str) else others)} == {text for text, _ in names}
    wanted = [sorted(text for text, tag in names if tag == language) for language in ("nn", "en", "nl")]
    assert node["name"] in next(filter(None, wanted), [text for text, _ in names])[:1] or not any(wanted)
