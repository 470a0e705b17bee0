"""Names are read whatever property gives them, and one is chosen by language."""

from pyoxigraph import Literal, NamedNode

from schakel.answers.backend import Backend
from schakel.lookup import Context, read_names
from schakel.lookup.names import labels_of


def test_every_kind_of_name_is_read(content: Backend, context: Context) -> None:
    kinds = {(context.short(name.entity), name.text, name.language, name.kind) for name in read_names(content)}
    assert {
        ("org/mst", "Medisch Spectrum Twente", "nl", "skos:prefLabel"),
        ("org/mst", "MST", None, "sk:abbreviation"),
        ("org/mst", "MST", "nl", "sk:hasName"),
        ("org/roaz", "Regionaal Overleg Acute Zorgketen", "nl", "skos:altLabel"),
        ("source/mst-about", "Over MST", "nl", "dct:title"),
        ("role:chair", "chair", "en", "skos:prefLabel"),
        ("sk:Goal", "goal", "en", "rdfs:label"),
    } <= kinds


def test_a_name_that_is_a_node_is_read_from_either_end(towers: Backend) -> None:
    names = {(name.entity.value, name.text) for name in read_names(towers, [NamedNode("urn:fyr:tower/skagen")])}
    assert names == {("urn:fyr:tower/skagen", text) for text in ("Det Grå Fyr", "Grey Tower", "Vippefyret")}


def test_a_label_is_in_the_language_asked_for_then_in_those_of_the_project_then_in_any(towers: Backend, danish: Context) -> None:
    tower, guild = NamedNode("urn:fyr:tower/skagen"), NamedNode("urn:fyr:guild/lavet")
    assert labels_of(towers, [tower], danish, "en-GB") == {tower: Literal("Grey Tower", language="en")}
    assert labels_of(towers, [tower], danish, "fr") == {tower: Literal("Det Grå Fyr", language="da")}
    assert labels_of(towers, [guild], Context("urn:fyr:", {}, ("fr",)), "nl") == {guild: Literal("Fyrlavet på Sjælsø", language="da")}


def test_what_has_no_name_has_no_label(towers: Backend, danish: Context) -> None:
    assert labels_of(towers, [NamedNode("urn:fyr:vagt/7")], danish, None) == {}
