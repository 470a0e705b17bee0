"""A thing is described by all that the graph says of it, stated and inferred apart, each stated fact with where it was read."""

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Store

from schakel.answers.backend import Backend
from schakel.lookup import Context, Description, Fact, describe

TOWER = NamedNode("urn:fyr:tower/skagen")


def group(description: Description, key: str) -> Sequence[Fact]:
    return next((group.facts for group in description.groups if group.title_key == key), ())


def said(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    return [(fact.property_label.value, getattr(fact.value_label or fact.value, "value", "")) for fact in facts]


def everything(facts: Iterable[Fact]) -> list[Fact]:
    return [fact for outer in facts for fact in (outer, *everything(outer.inner))]


def about(backend: Backend, context: Context, local: str, language: str = "en") -> Description:
    return describe(backend, NamedNode(context.base + local), context, language)


def test_groups_come_in_their_order_and_only_where_there_are_facts(content: Backend, context: Context) -> None:
    keys = [group.title_key for group in about(content, context, "org/mst").groups]
    assert keys == ["names", "kind", "statements", "referred_to", "inferred", "open"]
    assert [group.title_key for group in about(content, context, "org/mst#site-main").groups] == ["names", "kind", "statements", "referred_to", "inferred"]
    assert about(content, context, "org/nowhere").groups == ()


def test_it_begins_with_the_name_and_the_most_specific_kind(content: Backend, context: Context) -> None:
    description = about(content, context, "org/mst#shareholder-of-medlon", "nl")
    assert (description.name, description.kind) == (
        Literal("Medisch Spectrum Twente – aandeelhouder – Medlon BV"),
        Literal("aandeelhouderschap", language="nl"),
    )
    assert about(content, context, "org/mst").kind == Literal("organisation", language="en")


def test_a_statement_tells_its_passage_and_page(content: Backend, context: Context) -> None:
    (fact,) = [fact for fact in group(about(content, context, "org/medlon"), "names") if fact.value == Literal("Medlon BV", language="nl")]
    sources = [(context.short(source.passage), source.page_title.value, source.first_words, source.last_words) for source in fact.sources]
    assert sources == [("source/mst-partnerships#p-4c2c6150d14e", "Samenwerkingen", "Medlon BV", None)]


def test_a_longer_passage_tells_its_first_and_last_words(towers: Backend, danish: Context) -> None:
    (fact,) = [fact for fact in group(describe(towers, TOWER, danish), "names") if fact.value == Literal("Grey Tower", language="en")]
    assert [(source.first_words, source.last_words) for source in fact.sources] == [("Det grå", "ved havet")]


def test_a_source_cited_as_a_whole_has_no_words(towers: Backend, danish: Context) -> None:
    (fact,) = [fact for fact in group(describe(towers, TOWER, danish), "statements") if fact.value == NamedNode("urn:fyr:guild/skagen")]
    assert [(source.passage.value, source.page_title.value, source.first_words) for source in fact.sources] == [("urn:fyr:source/log", "Logbog", None)]


def test_every_stated_fact_has_a_source_and_no_inferred_one(content: Backend, context: Context) -> None:
    description = about(content, context, "org/mst")
    for key in ("names", "kind", "statements", "referred_to", "open"):
        assert all(fact.sources and not fact.inferred for fact in group(description, key))
    assert all(fact.inferred and not fact.sources for fact in group(description, "inferred"))


def test_what_only_follows_is_kept_apart(towers: Backend, danish: Context) -> None:
    description = describe(towers, TOWER, danish)
    assert said(group(description, "inferred")) == [("kind", "bygning")]
    assert said(group(description, "kind")) == [("kind", "fyr")]


def test_a_name_that_is_a_node_is_among_the_names_from_whichever_end_it_was_stated(
    towers: Backend, content: Backend, danish: Context, context: Context
) -> None:
    assert ("sk:nameOf", "Vippefyret") in said(group(describe(towers, TOWER, danish), "names"))
    (node,) = [fact for fact in group(about(content, context, "org/mst"), "names") if fact.value == NamedNode(f"{context.base}org/mst#name-mst")]
    assert said(node.inner) == [("kind of name", "abbreviation")]


def test_what_refers_to_it_tells_its_kind_and_what_has_no_name_tells_its_facts(content: Backend, context: Context) -> None:
    facts = group(about(content, context, "org/medlon"), "referred_to")
    (membership,) = facts
    assert membership.incoming
    assert membership.value_label == Literal("Medisch Spectrum Twente – shareholder – Medlon BV")
    assert not membership.is_named
    inner = said(membership.inner)
    assert inner[0][1] == "shareholding"
    assert {("stated role", "50% aandeelhouder"), ("percentage of the shares", "50"), ("role", "shareholder")} <= set(inner)
    assert "Medlon BV" not in {value for _, value in inner}


def test_a_named_thing_that_refers_to_it_tells_its_kind_alone(content: Backend, context: Context) -> None:
    (owner,) = group(about(content, context, "org/mst#site-main"), "referred_to")
    assert (owner.value_label.value, said(owner.inner)) == ("Medisch Spectrum Twente", [(owner.inner[0].property_label.value, "organisation")])


def test_a_date_is_found_behind_a_membership_and_its_period(content: Backend, context: Context) -> None:
    facts = group(about(content, context, "org/santeon"), "referred_to")
    assert "2009-01-01" in {value for _, value in said(everything(facts))}


def test_things_without_names_that_lead_to_each_other_are_told_once(towers: Backend, danish: Context) -> None:
    (watch,) = group(describe(towers, TOWER, danish), "referred_to")
    assert said(watch.inner) == [("kind", "s:Vagt"), ("s:tid", "vagt/7#tid")]
    assert said(watch.inner[1].inner) == [("s:time", "4")]


def test_what_is_said_more_precisely_of_the_same_two_is_told_once(towers: Backend, danish: Context) -> None:
    facts = said(group(describe(towers, TOWER, danish), "statements"))
    assert facts == [("vogtes af", "Fyrlavet på Sjælsø"), ("vogtes af", "Skagen")]


def test_open_questions_and_both_sides_of_a_disagreement_are_told(content: Backend, context: Context) -> None:
    facts = group(about(content, context, "org/roaz"), "open")
    assert {fact.inner[0].value_label.value for fact in facts} == {"difference", "open question"}
    (name,) = [fact for fact in facts if fact.value_label == Literal("name of the consultation", language="en")]
    assert [value for label, value in said(name.inner) if label == "has side"] == ["Regionaal Overleg Acute Zorg", "Regionaal Overleg Acute Zorgketen"]


def test_where_it_was_derived_from_is_no_fact_but_a_passage_tells_what_was_read_there(content: Backend, context: Context) -> None:
    wanted = "https://w3id.org/schakel/ns#statedIn"
    facts = [fact for group in about(content, context, "org/mst").groups for fact in everything(group.facts)]
    assert wanted not in {fact.property.value for fact in facts}
    read = {context.short(fact.value) for fact in group(about(content, context, "source/mst-partnerships#p-a5b35f635c98"), "referred_to")}
    assert read == {"org/mst#shareholder-of-medlon", "org/medlon", "org/medlon#question-medlon-other-owner"}


def test_words_are_in_the_language_asked_for(content: Backend, context: Context) -> None:
    english, dutch = (group(about(content, context, "org/mst", language), "statements") for language in ("en", "nl"))
    assert english[0].value.language == "en"
    assert dutch[0].value.language == "nl"
    assert ("uses equipment", "PET/CT-scanner") in said(english)
    assert ("gebruikt apparatuur", "PET/CT-scanner") in said(dutch)


def test_the_merge_alone_gives_the_same_facts_without_sources(content: Backend, merged: Backend, context: Context) -> None:
    whole = {(fact.property, fact.value) for group in about(content, context, "org/medlon").groups for fact in group.facts}
    groups = about(merged, context, "org/medlon").groups
    assert whole <= {(fact.property, fact.value) for group in groups for fact in group.facts}
    assert not any(fact.sources or fact.inferred for group in groups for fact in everything(group.facts))


def test_of_very_many_things_that_refer_to_it_some_are_told_and_that_there_are_more(tower_store: Store, towers: Backend, danish: Context) -> None:
    red = NamedNode("urn:fyr:colour/red")
    painted, page = NamedNode("https://words.example/painted"), NamedNode("urn:fyr:page/1")
    tower_store.extend(Quad(NamedNode(f"urn:fyr:tower/{number}"), painted, red, page) for number in range(1005))
    (referred_to,) = describe(towers, red, danish).groups
    assert (referred_to.title_key, len(referred_to.facts), referred_to.complete) == ("referred_to", 1000, False)
    assert all(group.complete for group in describe(towers, TOWER, danish).groups)


def test_it_takes_few_queries_however_much_there_is(content: Backend, context: Context, asked: list[str]) -> None:
    about(content, context, "org/mst")
    assert 0 < len(asked) <= 15


def test_it_is_the_same_every_time(content: Backend, context: Context) -> None:
    assert about(content, context, "org/mst") == about(content, context, "org/mst")
