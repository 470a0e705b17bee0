"""Second opinions: owlrl and pySHACL, which read the same specifications, find nothing else in the real content; and a difference is a case."""

from collections.abc import Callable, Mapping

from schakel import Settings, check

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]

# owlrl passes over the last member of the list, and so takes two towers of one name in two towns for the same.
DISPUTED = {
    "data/towers.ttl": """
@prefix : <https://example.org/> .
:a a :Tower ; :name "West" ; :town :u . :b a :Tower ; :name "West" ; :town :v . :u a :Town . :v a :Town .
""",
    "ontology/o.ttl": """
@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
:Tower a owl:Class ; owl:hasKey ( :name :town ) . :Town a owl:Class . :name a owl:DatatypeProperty . :town a owl:ObjectProperty .
""",
}


def kinds(settings: Settings) -> list[str]:
    return [item.kind for item in check(settings, second_opinion=True).findings]


def test_no_other_engine_sees_the_real_content_differently(published: Settings) -> None:
    assert "second-opinion" not in kinds(published)


def test_a_difference_is_a_finding_that_names_the_case(make_project: MakeProject) -> None:
    found = [item.text("en") for item in check(make_project(DISPUTED), second_opinion=True).findings if item.kind == "second-opinion"]
    assert found
    assert all("owlrl" in text and "sameAs" in text for text in found)
