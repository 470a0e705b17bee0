"""The site as a whole: made anew where anything it is made of has changed, and nothing left out in silence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from schakel import Settings, build
from schakel.site import Frame, publishing
from schakel.site.frame import View

Files = Mapping[str, str | bytes]

SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
# Laid over the smallest project: its one row cites its source alone.
WITHOUT_PASSAGES: Files = {"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n"}

# A thing with a part, links, names that follow, and a class of its own; all of them taken as they are.
THINGS = """
PREFIX : <https://example.org/>
PREFIX v: <https://terms.example/v#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def things(*more: str) -> str:
    return THINGS + "\n".join(more)


def digests(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def page(settings: Settings, path: str) -> str:
    return (settings.publication / path).read_text("utf-8")


@pytest.fixture
def built(make_project: Callable[[Files], Settings]) -> Callable[[Files], Settings]:
    """Build a small project, changed by the files given."""

    def make(files: Files) -> Settings:
        settings = make_project({**WITHOUT_PASSAGES, **files})
        outcome = build(settings)
        assert not outcome.blocked, [item.text("en") for item in outcome.findings]
        return settings

    return make


MANY = things(*(f':one{number} a v:Thing ; v:next :one{(number + 1) % 30} ; skos:prefLabel "One {number}"@en .' for number in range(30)))


def test_a_site_is_the_same_however_many_pages_are_made_together(built: Callable[[Files], Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    links = (f':many v:with :other{number} . :other{number} a v:Thing ; skos:prefLabel "Other {number}"@en .' for number in range(60))
    settings = built({"data/more.ttl": MANY + things(":many a v:Thing .", *links).replace(THINGS, "")})
    together = digests(settings.publication)
    monkeypatch.setattr(publishing, "_BATCH", 3)
    assert not build(settings, caching=False).blocked
    assert digests(settings.publication) == together
    assert "more/many/1.html" in together


def test_where_nothing_has_changed_no_page_is_made_anew(built: Callable[[Files], Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    settings = built({"data/more.ttl": MANY})
    before = digests(settings.publication)
    rendered: list[str] = []
    render = Frame.render

    def counted(frame: Frame, view: View, template: str, **values: object) -> tuple[str, bytes]:
        rendered.append(template)
        return render(frame, view, template, **values)

    monkeypatch.setattr(Frame, "render", counted)
    assert not build(settings).blocked
    assert digests(settings.publication) == before
    assert rendered == []
    (settings.data / "more.ttl").write_text(MANY.replace('"One 1"', '"Uno"'))
    assert not build(settings).blocked
    assert {"home.html.j2", "kind.html.j2", "entity.html.j2"} <= set(rendered)
    assert "Uno" in page(settings, "one1.html")
    build(settings, caching=False)
    assert "Uno" in page(settings, "one1.html")


@pytest.mark.parametrize("stage", ["site", "pages"])
@pytest.mark.parametrize("lost", [True, False], ids=["lost", "damaged"])
def test_pages_that_were_kept_and_are_lost_or_damaged_are_made_anew(
    built: Callable[[Files], Settings], monkeypatch: pytest.MonkeyPatch, stage: str, *, lost: bool
) -> None:
    monkeypatch.setattr(publishing, "_BATCH", 7)
    settings = built({"data/more.ttl": MANY})
    before = digests(settings.publication)
    kept = sorted((settings.cache / stage).iterdir())
    assert len(kept) > 3
    for path in kept[1::2]:
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        if lost:
            path.unlink()
    assert not build(settings).blocked
    assert digests(settings.publication) == before


def test_what_follows_is_marked_on_further_pages_too(built: Callable[[Files], Settings]) -> None:
    inverse = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix v: <https://terms.example/v#> . v:with owl:inverseOf v:of ."
    links = (f':thing{number} a v:Thing ; v:with :many ; skos:prefLabel "Thing {number}"@en .' for number in range(40))
    settings = built({"ontology/v.ttl": inverse, "data/more.ttl": things(':many a v:Thing ; skos:prefLabel "Many"@en .', *links)})
    further = [path for path in sorted((settings.publication / "more" / "many").glob("*.html")) if "No page says so" in path.read_text("utf-8")]
    assert "No page says so" in page(settings, "many.html")
    assert further


def test_of_a_part_much_is_told_and_how_much_is_left(built: Callable[[Files], Settings]) -> None:
    values = ", ".join(f'"value {number}"' for number in range(130))
    settings = built(
        {"data/more.ttl": things(f':whole a v:Thing ; v:has :whole\\#part . :whole\\#part a v:Part ; skos:prefLabel "The part"@en ; v:note {values} .')}
    )
    told = page(settings, "whole.html")
    assert told.count(">value ") == 100
    assert "30 more statements are in the files below." in told


def test_nothing_of_a_part_is_lost(built: Callable[[Files], Settings]) -> None:
    settings = built(
        {
            "data/more.ttl": things(
                ':whole a v:Thing ; v:has :whole\\#part . :whole\\#part a v:Part ; skos:prefLabel "The part"@en ; skos:altLabel "Also called so"@en .',
                ':whole\\#alone a v:Part ; v:note "told by nothing else" .',
            )
        }
    )
    text = page(settings, "whole.html")
    assert "Also called so" in text
    assert "told by nothing else" in text


def test_a_thing_elsewhere_that_refers_to_one_here_is_told(built: Callable[[Files], Settings]) -> None:
    settings = built({"data/more.ttl": things('<https://elsewhere.example/x> v:mentions :here . :here a v:Thing ; v:note "known" .')})
    assert "https://elsewhere.example/x" in page(settings, "here.html")


def test_a_membership_of_which_two_ends_are_ours_tells_which_is_which(built: Callable[[Files], Settings]) -> None:
    named = (f':{name} a v:Thing ; skos:prefLabel "{label}"@en .' for name, label in (("bee", "Bee"), ("body", "The body"), ("chair", "Chair")))
    settings = built({"data/more.ttl": things(":m a v:Membership ; v:member :bee ; v:body :body ; v:role :chair .", *named)})
    read = " ".join(re.sub("<[^>]*>", " ", page(settings, "bee.html")).split())
    assert "body The body role Chair" in read


def test_a_class_with_a_long_name_or_one_that_systems_keep_has_a_list(built: Callable[[Files], Settings]) -> None:
    settings = built({"data/more.ttl": things(f":a a v:{'L' * 260} . :b a v:con .")})
    names = {path.name for path in (settings.publication / "kinds").iterdir()}
    assert not names & {"con.html", "Con.html"}
    assert all(len(name) < 100 for name in names)


def test_a_template_that_gets_its_name_back_is_in_force_on_every_page(built: Callable[[Files], Settings]) -> None:
    own = '<!doctype html><html lang="{{ language }}"><title>{% block title %}{% endblock %}</title><p>house style</p>{% block main %}{% endblock %}</html>'
    settings = built({"site/templates/base.html.j2.off": own})
    assert "house style" not in page(settings, "tower/brandaris.html")
    (settings.site / "templates" / "base.html.j2.off").rename(settings.site / "templates" / "base.html.j2")
    assert not build(settings).blocked
    assert all("house style" in page(settings, path) for path in ("index.html", "tower/brandaris.html", "sources.html"))


def test_a_template_adds_to_the_one_that_it_takes_the_place_of(built: Callable[[Files], Settings]) -> None:
    own = '{% extends "engine/base.html.j2" %}{% block footer %}{{ super() }}<p>Kept by the harbour office.</p>{% endblock %}'
    settings = built({"site/templates/base.html.j2": own})
    for path in ("index.html", "tower/brandaris.html"):
        text = page(settings, path)
        assert text.count("Kept by the harbour office.") == 1
        assert text.index('rel="license"') < text.index("Kept by the harbour office.") < text.index("</footer>")


def test_files_of_a_project_are_published_but_hidden_ones_and_those_from_outside_are_not(built: Callable[[Files], Settings], tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    settings = built({"site/house.css": ":root { --accent: teal }", "site/.env": "secret"})
    (settings.site / "leak.txt").symlink_to(tmp_path / "secret.txt")
    assert not build(replace(settings, stylesheet="house.css")).blocked
    assert [path.name for path in (settings.publication / "static" / "own").iterdir()] == ["house.css"]
    assert 'href="static/own/house.css"' in page(settings, "index.html")


def test_what_is_downloaded_is_where_the_site_is_published(built: Callable[[Files], Settings]) -> None:
    settings = built({"schakel.toml": SETTINGS + '[site]\naddress = "https://other.example/graph/"\n'})
    assert '"contentUrl":"https://other.example/graph/download/graph.ttl"' in page(settings, "index.html")
    assert "<https://other.example/graph/download/graph.ttl>" in page(settings, "catalog.ttl")
    assert '<link rel="canonical" href="https://other.example/graph/">' in page(settings, "index.html")


def test_things_have_files_in_the_formats_that_are_wanted_and_pages_lead_to_no_others(built: Callable[[Files], Settings]) -> None:
    settings = built({"schakel.toml": WITHOUT_PASSAGES["schakel.toml"] + '[publication]\nformats = ["ttl"]\n'})
    tower = settings.publication / "tower"
    assert sorted(path.name for path in tower.iterdir()) == ["brandaris.html", "brandaris.ttl"]
    text = page(settings, "tower/brandaris.html")
    assert 'href="../tower/brandaris.ttl"' in text
    assert "brandaris.jsonld" not in text
    assert "page.trig" not in {path.name for path in (settings.publication / "source").iterdir()}
