"""The home page's document: what search engines for data ask of a dataset."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from schakel import Settings
from schakel.about import About
from schakel.structured_data import dataset_document

BASE = "https://harbour.example.net/id/"


@dataclass(frozen=True)
class Dump:
    file: str
    media_type: str
    bytes: int
    sha256: str


ABOUT = About(
    BASE,
    {"de": "Häfen", "en": "Harbours"},
    {"de": "Wer in drei erfundenen Häfen fährt und leuchtet, und seit wann es so ist.", "en": "Short."},
    "Freunde der Leuchtfeuer",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "2.1.0",
    ("de", "en"),
    {},
)
DUMPS = [Dump("graph.ttl", "text/turtle", 1234, "ab" * 32), Dump("graph.jsonld", "application/ld+json", 99, "cd" * 32)]


def by_type(about: About, language: str, page_url: str | None = None) -> dict[str, list[dict[str, Any]]]:
    document = dataset_document(about, DUMPS, language, page_url)
    assert document["@context"] == "https://schema.org"
    found: dict[str, list[dict[str, Any]]] = {}
    for node in document["@graph"]:
        assert node["@id"].startswith("https://")
        found.setdefault(node["@type"], []).append(node)
    return found


def test_a_dataset_with_all_that_is_required_and_recommended() -> None:
    found = by_type(ABOUT, "de")
    (dataset,) = found["Dataset"]
    assert dataset["@id"] == f"{BASE}dataset"
    assert (dataset["name"], dataset["license"], dataset["version"]) == ("Häfen", ABOUT.licence, "2.1.0")
    assert dataset["description"] == ABOUT.description["de"]
    (publisher,) = found["Organization"]
    assert dataset["creator"] == {"@id": publisher["@id"]}
    assert publisher["name"] == "Freunde der Leuchtfeuer"
    assert dataset["distribution"] == [{"@id": each["@id"]} for each in found["DataDownload"]]
    assert [(each["contentUrl"], each["encodingFormat"]) for each in found["DataDownload"]] == [
        (f"{BASE}download/graph.ttl", "text/turtle"),
        (f"{BASE}download/graph.jsonld", "application/ld+json"),
    ]
    (catalogue,) = found["DataCatalog"]
    assert dataset["includedInDataCatalog"] == {"@id": catalogue["@id"]}
    assert catalogue["dataset"] == {"@id": dataset["@id"]}


@pytest.mark.parametrize("text", ["", "Short.", "x " * 4_000, "y" * 6_000])
def test_a_description_is_as_long_as_search_engines_take(text: str) -> None:
    (dataset,) = by_type(replace(ABOUT, description={"en": text}), "en")["Dataset"]
    assert 50 <= len(dataset["description"]) <= 5_000
    assert text[:100].strip() in dataset["description"]


def test_texts_fall_back_by_the_order_of_the_project() -> None:
    for language, title in {"de": "Häfen", "en": "Harbours", "fr": "Häfen"}.items():
        assert by_type(ABOUT, language)["Dataset"][0]["name"] == title


def test_the_page_says_what_it_is_about() -> None:
    (page,) = by_type(ABOUT, "en", "https://harbour.example.net/en/")["WebPage"]
    assert (page["mainEntity"], page["inLanguage"]) == ({"@id": f"{BASE}dataset"}, "en")


def test_the_settings_of_the_repository_do(published: Settings) -> None:
    s = published
    about = About(s.base, s.title, s.description, s.publisher, s.licence, s.version, s.languages, {})
    for language in s.languages:
        assert "…" not in by_type(about, language)["Dataset"][0]["description"]
        assert about.publisher not in by_type(about, language)["Dataset"][0]["description"], "it is long enough as it stands"
