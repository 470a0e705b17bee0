"""The page of an entity: each stated fact with the words it was read in, what follows apart and with its reason, and no row that never ends."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree.ElementTree import Element  # only the type: html5lib makes the trees

import pytest
from html5lib import HTMLParser, treebuilders

from schakel import Settings, build, read_settings
from schakel.knowledge_graph import KnowledgeGraph
from schakel.lookup import Fact
from schakel.opening import open_project
from schakel.site import partners as site_partners
from schakel.site import rows as site_rows

INVENTED = Path(__file__).parent.parent / "invented"


def parsed(path: Path) -> Element:
    tree: Element = HTMLParser(treebuilders.getTreeBuilder("etree"), namespaceHTMLElements=False).parse(path.read_text("utf-8"))
    return tree


def words(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def with_class(root: Element, name: str, tag: str = "*") -> list[Element]:
    return [each for each in root.iter() if isinstance(each.tag, str) and (tag in {"*", each.tag}) and name in each.get("class", "").split()]


def section(root: Element, key: str) -> Element:
    return next(each for each in root.iter() if each.get("id") == f"ui-{key}")


def links(root: Element) -> list[str]:
    return [unquote(each.get("href", "")) for each in root.iter("a")]


def rows(part: Element) -> dict[str, Element]:
    """The cells of a section by what is told in them."""
    (table,) = [each for each in part.iter("dl") if each.get("class") == "rows"]
    return {words(row.find("dt")).removeprefix("← "): row.find("dd") for row in table if row.find("dd") is not None}  # type: ignore[misc]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The invented project, with pages in English and Dutch."""
    root = tmp_path_factory.mktemp("pages") / "harbour"
    shutil.copytree(INVENTED, root)
    file = root / "schakel.toml"
    text = file.read_text("utf-8").replace('reading_view = "passages"', 'reading_view = "words"')
    file.write_text("date = 2026-11-30\n" + text + '[site]\nlanguages = ["en", "nl"]\n', "utf-8")
    settings = read_settings(root, captures=root / "pages")
    assert not build(settings).blocked
    return settings


def page(settings: Settings, path: str) -> Element:
    return parsed(settings.publication / f"{path}.html")


# ------------------------------------------------------------------------------------------------------------- a page that is easily read


def test_a_stated_fact_stands_with_the_words_it_was_read_in_which_lead_to_the_passage(harbour: Settings) -> None:
    cell = rows(section(page(harbour, "light/weisse-nadel"), "statements"))["height in metres"]
    assert words(cell).startswith("41.5")
    (source,) = with_class(cell, "source")
    (quote,) = with_class(source, "quote")
    assert words(quote) == "der Leuchtturm Weiße Nadel … seit 1897"
    assert source.get("lang") == "de"
    assert "Almanach der Häfen" in words(source)
    path, _, fragment = unquote(quote.get("href", "")).partition("#")
    assert path == "../source/almanac.html"
    (passage,) = [each for each in with_class(page(harbour, "source/almanac"), "passage") if each.get("id") == fragment]
    assert "Characters 81 to 145" in words(passage)


def test_what_follows_stands_apart_with_its_reason_and_the_words_of_its_premises(harbour: Settings) -> None:
    root = page(harbour, "ferry/moewe")
    inferred = section(root, "inferred")
    assert inferred.tag == "details"
    assert "No page says so" in words(inferred)
    cell = rows(inferred)["sees"]
    assert words(with_class(cell, "quote")[0]) == "Die Fähre Möwe verkehrt zwischen Silberbucht und Graustein"
    assert "Weiße Nadel" in words(cell)
    # By way of the port that it calls at; and the reason names both properties.
    (through, *_) = with_class(cell, "through")
    assert words(through).startswith("by way of")
    assert {"Silberbucht", "Graustein"} & set(re.split(r"[ ,]+", words(through)))
    (why,) = with_class(cell, "why")
    assert "calls at" in words(why)
    assert "guarded by" in words(why)
    stated = {words(quote) for key in ("statements", "kind", "names") for quote in with_class(section(root, key), "quote")}
    assert stated == {"Die Fähre Möwe verkehrt zwischen Silberbucht und Graustein"}


def test_the_foot_of_a_page_says_of_when_the_data_are(harbour: Settings) -> None:
    foots = {folder: words(next(page(harbour, f"{folder}ferry/moewe").iter("footer"))) for folder in ("", "nl/")}
    assert "version 2.1.0. Data of 30 November 2026." in foots[""]
    assert "30 november 2026" in foots["nl/"]
    assert '"2026-11-30"^^xsd:date' in (harbour.publication / "catalog.ttl").read_text("utf-8")


def test_words_around_the_facts_are_in_the_language_of_the_page_and_passages_in_their_own(harbour: Settings) -> None:
    english, dutch = (page(harbour, f"{folder}light/weisse-nadel") for folder in ("", "nl/"))
    assert words(section(english, "statements").find("h2")) == "What is said of it"
    assert words(section(dutch, "statements").find("h2")) not in {"", "What is said of it"}
    assert [words(quote) for quote in with_class(english, "quote")] == [words(quote) for quote in with_class(dutch, "quote")]


def test_a_passage_tells_what_was_read_there_and_where_it_stands(harbour: Settings) -> None:
    passages = with_class(page(harbour, "source/almanac"), "passage")
    (passage,) = [each for each in passages if "Characters 81 to 145" in words(each)]
    (heading,) = passage.iter("h3")
    assert words(heading) == "“der Leuchtturm Weiße Nadel … seit 1897”"
    (said,) = with_class(passage, "said")
    assert [words(each) for each in said.findall("div/dt")] == ["Weiße Nadel"]
    assert "height in metres" in words(said)


def test_a_source_begins_with_its_passages_and_folds_where_they_stand(harbour: Settings) -> None:
    root = page(harbour, "source/almanac")
    sections = [each.get("id") for each in root.iter("section") if each.get("id")]
    assert sections[0] == "ui-read-here"
    passages, folded = with_class(root, "passage"), with_class(root, "technical")
    assert all("Characters" in words(each) for each in folded)
    assert 0 < len(folded) <= len(passages)


def test_a_source_has_its_passages_in_their_order_and_a_file_of_their_graphs(harbour: Settings) -> None:
    root = page(harbour, "source/almanac")
    passages = [each.get("id", "") for each in with_class(root, "passage")]
    lock = [line.split(",") for line in (harbour.data / "evidence.lock.csv").read_text("utf-8").splitlines()[1:] if line.startswith("almanac,")]
    assert passages == [f"p-{digest[:12]}" for *_, digest, _ in sorted(lock, key=lambda cells: int(cells[-4]))]
    (forms,) = with_class(root, "forms")
    assert "../source/almanac.trig" in links(forms)
    assert (harbour.publication / "source" / "almanac.trig").is_file()


def test_the_same_is_there_for_machines_and_the_address_that_names_the_thing(harbour: Settings) -> None:
    root = page(harbour, "nl/light/weisse-nadel")
    (forms,) = with_class(root, "forms")
    for form, ending in zip(links(forms), ("ttl", "jsonld", "nt"), strict=True):
        assert (harbour.publication / "nl" / "light" / form).resolve() == harbour.publication.resolve() / f"light/weisse-nadel.{ending}"
    (iri,) = with_class(root, "iri")
    assert words(iri).endswith(f" {harbour.base}light/weisse-nadel")


# ------------------------------------------------------------------------------------------------------------------------ rows that are long

SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
MakeProject = Callable[..., Settings]
LINK = "https://words.example/keeps"


@pytest.fixture
def keeper(make_project: MakeProject) -> Callable[[int], Settings]:
    def make(count: int) -> Settings:
        keeps = "".join(f"<https://example.org/keeper> <{LINK}> <https://far.example/{number:04}> .\n" for number in range(count))
        label = """<https://example.org/keeper> <http://www.w3.org/2004/02/skos/core#prefLabel> "Keeper"@en .
        <https://example.org/keeper> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/org#Organization> .\n"""
        settings = make_project({"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n", "data/keeps.nt": label + keeps})
        assert not build(settings).blocked
        return settings

    return make


@pytest.mark.parametrize(("count", "further"), [(4, 0), (5, 1), (14, 1), (15, 2), (34, 3)])
def test_a_long_row_goes_on_on_further_pages_and_nothing_is_lost(
    count: int, further: int, keeper: Callable[[int], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_rows, "_MOST", 4)
    monkeypatch.setattr(site_rows, "_ON_FURTHER_PAGES", 10)
    folder = keeper(count).publication
    pages = [folder / "keeper.html", *(folder / "more" / "keeper" / f"{number}.html" for number in range(1, further + 1))]
    assert sorted(folder.glob("more/**/*.html")) == sorted(pages[1:])
    told = [[link for link in links(parsed(each)) if link.startswith("https://far.example/")] for each in pages]
    assert [link for some in told for link in some] == [f"https://far.example/{number:04}" for number in range(count)]
    assert len(told[0]) == min(count, 4)
    assert max(map(len, told)) <= 10
    if further:
        root = parsed(pages[0])
        (more,) = with_class(root, "more", "p")
        assert words(more) == f"{count - 4} more"
        assert (folder / links(more)[0]).resolve() == pages[1].resolve()
    for at, each in enumerate(pages[1:], 1):
        relations = {
            link.get("rel"): (each.parent / unquote(link.get("href", ""))).resolve() for link in parsed(each).iter("a") if link.get("rel") in {"prev", "next"}
        }
        expected = {"prev": pages[at - 1] if at > 1 else None, "next": pages[at + 1] if at + 1 < len(pages) else None}
        assert relations == {name: path.resolve() for name, path in expected.items() if path is not None}
        assert (folder / "keeper.html").resolve() in {(each.parent / link).resolve() for link in links(parsed(each))}


# -------------------------------------------------------------------------------------------------------------------------- the real graph


def test_a_part_of_a_thing_has_its_place_on_the_page_of_the_thing(published: Settings) -> None:
    quads = (published.publication / "download" / "graph.nt").read_text("utf-8")
    parts = sorted(set(re.findall(rf"^<{re.escape(published.base)}([^#>]+)#([^>]+)>", quads, re.MULTILINE)))
    shown = [(path, fragment) for path, fragment in parts if not path.startswith("catalog")]
    assert len(shown) > 20
    for path, fragment in shown:
        assert f'id="{fragment}"' in (published.publication / f"{path}.html").read_text("utf-8"), (path, fragment)


def test_what_is_told_by_many_passages_is_told_on_the_pages_of_both_ends(published: Settings) -> None:
    name = "Medisch Spectrum Twente – member – Santeon"
    assert name in words(page(published, "source/mst-partnerships"))
    assert [each for each in page(published, "org/mst").iter("li") if each.get("id") == "member-of-santeon"]
    assert "../org/mst.html#member-of-santeon" in links(page(published, "org/santeon"))


def test_no_page_calls_a_thing_by_its_identifier(published: Settings) -> None:
    for path in sorted((published.publication / "org").glob("*.html")):
        told = {"".join(each.itertext()) for each in parsed(path).iter("a")}
        assert not [text for text in told if re.fullmatch(r"[a-z]+/[\w-]+#[\w-]+", text)], path.name


@pytest.fixture(scope="module")
def graph(published: Settings) -> KnowledgeGraph:
    return open_project(published)


@pytest.mark.parametrize("path", ["org/mst", "org/santeon", "project/dms-kristiansund", "org/medlon", "org/roaz", "org/stz"])
def test_every_passage_that_asking_cites_is_quoted_on_the_page(path: str, published: Settings, graph: KnowledgeGraph) -> None:
    root = page(published, path)
    more = sorted((published.publication / "more" / path).glob("*.html"))
    quoted = {words(quote) for each in (root, *map(parsed, more)) for quote in with_class(each, "quote")}

    def cited(facts: tuple[Fact, ...]) -> set[str]:
        return {" … ".join(filter(None, (source.first_words, source.last_words))) for fact in facts for source in fact.sources}

    told = graph.entity(published.base + path)
    wanted = {" ".join(text.split()) for group in told.groups for text in cited(tuple(fact for fact in group.facts if not fact.inferred))}
    assert wanted
    assert wanted <= quoted


@pytest.mark.parametrize("path", ["org/mst", "org/medlon"])
def test_a_page_embeds_what_it_is_in_the_words_of_schema_org(path: str, published: Settings) -> None:
    (script,) = [each for each in page(published, path).iter("script") if each.get("type") == "application/ld+json"]
    document = json.loads(script.text or "")
    assert published.base + path in json.dumps(document)


def facts_of(cell: Element) -> list[Element]:
    """The facts in a cell: the items of its list, or the one that it has."""
    (items,) = [each for each in cell if each.tag == "ul"] or [None]
    return [each for each in cell if each.tag == "div"] if items is None else list(items)


def test_every_inferred_fact_of_the_real_graph_has_its_reason(published: Settings) -> None:
    found, without = 0, []
    for path in sorted((published.publication / "org").glob("*.html")):
        part = next((each for each in parsed(path).iter("details") if each.get("id") == "ui-inferred"), None)
        for name, cell in rows(part).items() if part is not None else ():
            without += [] if any("It follows, because" in words(why) for why in with_class(cell, "why")) else [(path.name, name)]
            found += len(facts_of(cell))
    assert found > 50
    assert without == []


# ---------------------------------------------------------------------------------------------------------------- with whom, and what it aims for


def partners(root: Element) -> dict[str, Element]:
    """The entries of a page's partners, by their names."""
    (table,) = with_class(root, "partners", "ul")
    return {words(with_class(each, "partner")[0]): each for each in table}


def test_each_partner_has_one_entry_with_all_its_ways_and_the_words_they_were_read_in(published: Settings) -> None:
    entries = partners(page(published, "org/mst"))
    assert len(entries) > 30
    santeon = entries["Santeon"]
    (way,) = with_class(santeon, "way")
    assert words(way) == "takes part: member"
    assert words(with_class(santeon, "since")[0]) == "since 1 January 2009"
    assert len(with_class(santeon, "quote")) == 3
    assert {words(each) for each in with_class(entries["Medlon BV"], "way")} == {"owns 50%"}
    assert [words(each) for each in with_class(entries["Universiteit Twente"], "way")].count("professors") == 1
    assert len(entries["Universiteit Twente"].get("data-ways", "").split()) == 1


def test_the_other_end_says_it_the_other_way_round(published: Settings) -> None:
    entries = partners(page(published, "org/medlon"))
    assert [words(each) for each in with_class(entries["Medisch Spectrum Twente"], "way")] == ["owns 50% of this"]


@pytest.mark.parametrize(("folder", "told"), [("", "partners"), ("nl/", "partners"), ("nn/", "partnarar")])
def test_the_head_says_who_it_is_and_with_how_many_it_works(folder: str, told: str, published: Settings) -> None:
    root = page(published, f"{folder}org/mst")
    (head,) = with_class(root, "head", "header")
    assert f"{len(partners(root))} {told}" in words(head)
    assert with_class(head, "quote")
    assert words(next(root.iter("h1"))) == "Medisch Spectrum Twente MST"


def test_no_passage_that_speaks_of_a_membership_is_left_out_on_either_page(published: Settings) -> None:
    ours, theirs = (partners(page(published, path)) for path in ("org/mst", "org/santeon"))
    assert [words(each) for each in with_class(ours["Santeon"], "quote")] == [words(each) for each in with_class(theirs["Medisch Spectrum Twente"], "quote")]


def test_more_partners_than_a_page_can_have_go_on_on_further_pages(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_partners, "_MOST", 3)
    monkeypatch.setattr(site_partners, "_ON_FURTHER_PAGES", 4)
    org, label = "http://www.w3.org/ns/org#", "http://www.w3.org/2004/02/skos/core#prefLabel"
    kind = f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{org}Organization>"
    lines = [f'<https://example.org/club> <{label}> "Club"@en .', f"<https://example.org/club> {kind} ."]
    for number in range(9):
        lines += [
            f"<https://example.org/m/{number}> {kind} .",
            f'<https://example.org/m/{number}> <{label}> "Member {number}"@en .',
            f"<https://example.org/m/{number}#of-club> {kind.replace('Organization', 'Membership')} .",
            f"<https://example.org/m/{number}#of-club> <{org}member> <https://example.org/m/{number}> .",
            f"<https://example.org/m/{number}#of-club> <{org}organization> <https://example.org/club> .",
        ]
    settings = make_project(
        {"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n", "data/club.nt": "\n".join(lines) + "\n"}
    )
    assert not build(settings).blocked
    pages = ["club", "more/club/partners-1", "more/club/partners-2"]
    shown = [list(partners(page(settings, path))) for path in pages]
    assert [len(names) for names in shown] == [3, 4, 2]
    assert sorted(name for names in shown for name in names) == [f"Member {number}" for number in range(9)]
    assert "more/club/partners-1.html" in links(page(settings, "club"))
    assert "9 partners: 9 take part in it." in words(with_class(page(settings, "club"), "head")[0])


def test_goals_are_a_tree_in_the_order_of_the_page(published: Settings) -> None:
    root = page(published, "project/dms-kristiansund")
    (tree,) = with_class(root, "goals")
    main = [each for each in tree if each.tag == "li"]
    assert len(main) == 4
    assert [each.get("id") for each in main][:2] == ["goal-excellent-quality", "goal-patient-pathways"]
    nested = [each.get("id") for each in main[0].iter("li")][1:]
    assert "goal-user-surveys" in nested
    goals = set(re.findall(r'id="(goal-[^"]+)"', (published.publication / "project" / "dms-kristiansund.html").read_text("utf-8")))
    assert goals == {each.get("id") for each in tree.iter("li")}


def test_what_sources_say_differently_stands_side_by_side(published: Settings) -> None:
    (sides,) = with_class(page(published, "org/santeon"), "two")
    first, second = list(sides)
    assert "zes andere" in words(first)
    assert "de zes ziekenhuizen" in words(second)
    assert with_class(first, "quote")
    assert links(first)[0].endswith("#count-hospitals-other-than-mst")


def test_places_with_coordinates_are_on_a_map_and_in_a_list(harbour: Settings) -> None:
    where = section(page(harbour, "ferry/moewe"), "where")
    drawn = [each for each in where.iter() if each.tag.endswith("circle")]
    listed = [link.get("href") for link in with_class(where, "places-list")[0].iter("a")]
    assert len(drawn) == len(listed) == 2
    assert listed == ["../port/graustein.html", "../port/silberbucht.html"]
    assert not [each for each in page(harbour, "ferry/seal").iter() if each.get("id") == "ui-where"], "one of its two ports has coordinates"


def test_dates_are_told_in_their_order_and_drawn_on_a_line(published: Settings) -> None:
    when = section(page(published, "org/mst"), "when")
    told = [words(each) for each in when.iter("li")]
    assert [each.split(" ")[0] for each in told] == ["2006", "1", "2023", "2028"]
    assert told[1] == "1 January 2009 Santeon, takes part: member"
    assert told[3].startswith("2028 end of Strategie MST")
    assert [each.get("class") for each in when.iter() if each.tag.endswith("rect")] == ["mark", "mark", "mark", "mark mark-end"]


def test_a_thing_of_which_much_is_said_has_a_light_page(published: Settings) -> None:
    assert (published.publication / "org" / "mst.html").stat().st_size <= 100_000
    assert (published.publication / "index.html").stat().st_size <= 60_000


def test_each_fact_leads_to_a_letter_that_says_that_it_is_wrong_where_the_project_takes_them(tmp_path: Path) -> None:
    root = tmp_path / "harbour"
    shutil.copytree(INVENTED, root)
    file = root / "schakel.toml"
    wanted = 'corrections = "mailto:data@example.org?subject={thing}&body={fact}%0A{page}%0A{passage}"'
    file.write_text(file.read_text("utf-8") + f'[site]\nlanguages = ["en"]\n{wanted}\n', "utf-8")
    settings = read_settings(root, captures=root / "pages")
    assert not build(settings).blocked
    letters = [each for each in page(settings, "ferry/moewe").iter("a") if each.get("href", "").startswith("mailto:")]
    assert letters
    parts = urlsplit(letters[0].get("href", ""))
    asked = parse_qs(parts.query)
    assert parts.path == "data@example.org"
    assert asked["subject"] == ["M\u00f6we"]
    assert asked["body"][0].splitlines()[1:] == [f"{settings.base}ferry/moewe.html", asked["body"][0].splitlines()[-1]]
    assert asked["body"][0].splitlines()[-1].startswith(f"{settings.base}source/")
