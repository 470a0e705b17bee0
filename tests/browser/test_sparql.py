"""SPARQL in the page: Oxigraph in a worker answers as the pipeline does, can be stopped, and takes nothing for anything but a term."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import NamedNode

from schakel import KnowledgeGraph, open_graph
from schakel.answers import Answer, shown
from schakel.graph import Term
from schakel.site.bundle import is_built
from schakel.site.headings import naming_columns

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

pytestmark = pytest.mark.skipif(not is_built(), reason="the editor was not made: run `make editor`")

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def graph(publication: Path) -> Iterator[KnowledgeGraph]:
    with open_graph(publication) as graph:
        yield graph


def part(page: "Page", name: str) -> "Locator":
    return page.locator(f"[data-part={name}]")


def finish(page: "Page") -> str:
    """Wait for the end, and give what the page says."""
    page.locator("[aria-busy=false]").wait_for()
    return part(page, "state").inner_text()


def run(page: "Page") -> str:
    part(page, "run").click()
    return finish(page)


def rows(page: "Page") -> list[list[str]]:
    while page.locator(".sparql-more").is_visible():
        page.locator(".sparql-more").click()
    return [row.locator("td").all_inner_texts() for row in page.locator(".sparql-table tbody tr").all()]


def as_shown(answer: Answer, graph: KnowledgeGraph, without: str = "") -> list[list[str]]:
    """Give the cells of a table: what has a name is shown by it. The column `without` was asked about, and is not shown."""
    names = {answer.columns.index(column): answer.columns.index(name) for column, name in naming_columns(answer.columns).items()}
    names = {at: name for at, name in names.items() if any(isinstance(row[at], NamedNode) for row in answer.rows)}
    of_row = [at for at in range(len(answer.columns)) if at not in names.values() and answer.columns[at] != without]

    def text(row: Sequence[Term | None], at: int) -> str:
        term = row[at]
        named = row[names[at]] if at in names and isinstance(term, NamedNode) else None
        return " ".join(shown(named or term, graph.context.prefixes, graph.context.base).split())

    return [[text(row, at) for at in of_row] for row in answer.rows]


def first_of(graph: KnowledgeGraph, query: str, column: str) -> Any:  # noqa: ANN401  # whatever the column has
    return graph.query(query, everything=True)[0][column]


def ask_at(page: "Page", site: str, name: str, language: str = "") -> None:
    page.goto(f"{site}{language}queries/{name}.html")
    page.locator("[data-ask] form").wait_for()


def editor_at(page: "Page", address: str) -> None:
    page.goto(address)
    page.locator("#editor .CodeMirror").wait_for()


def write(page: "Page", query: str) -> None:
    page.locator("#editor .CodeMirror").evaluate("(editor, text) => editor.CodeMirror.setValue(text)", query)


def written(page: "Page") -> str:
    return str(page.locator("#editor .CodeMirror").evaluate("editor => editor.CodeMirror.getValue()"))


def in_haste(page: "Page") -> None:
    """Let the limit be a second."""

    def shorter(route: "Route") -> None:
        response = route.fetch()
        text = response.text()
        assert '"seconds": 30' in text
        route.fulfill(response=response, body=text.replace('"seconds": 30', '"seconds": 1'))

    page.route("**/sparql.html*", shorter)


# ---------------------------------------------------------------------------------------------------- canned queries


def test_a_canned_query_with_a_parameter_answers_as_the_pipeline_does(page: "Page", site: str, graph: KnowledgeGraph) -> None:
    member = first_of(graph, "participations", "member")
    ask_at(page, site, "participations")
    page.locator("#ask-organisation").fill(member)
    run(page)
    expected = as_shown(graph.query("participations", organisation=member), graph, "member")
    assert expected
    assert rows(page) == expected


def test_without_a_value_it_answers_for_all_and_a_long_answer_is_shown_in_parts(page: "Page", site: str, graph: KnowledgeGraph) -> None:
    ask_at(page, site, "shared-bodies")
    run(page)
    assert page.locator(".sparql-table tbody tr").count() <= 200
    assert rows(page) == as_shown(graph.query("shared-bodies", everything=True), graph)


@pytest.mark.parametrize("typed", ["{label}", "{iri}", "<{iri}>", "{local}"])
def test_a_thing_is_named_as_a_person_likes(page: "Page", site: str, graph: KnowledgeGraph, typed: str) -> None:
    ask_at(page, site, "evidence")
    option = page.locator("#ask-entity-list option").first
    iri = option.get_attribute("data-value") or ""
    values = {"label": (option.get_attribute("value") or "").upper(), "iri": iri, "local": iri.removeprefix(graph.context.base)}
    page.locator("#ask-entity").fill(typed.format(**values))
    run(page)
    assert rows(page) == as_shown(graph.query("evidence", entity=iri), graph, "entity")


def test_a_date_is_a_date(page: "Page", site: str, graph: KnowledgeGraph) -> None:
    ask_at(page, site, "as-of")
    page.locator("#ask-date").fill("2015-06-01")
    run(page)
    assert rows(page) == as_shown(graph.query("as-of", date="2015-06-01"), graph)


@pytest.mark.parametrize("typed", ["https://example.org/a> } UNION { ?s ?p ?o", "a b", 'x"y', "http://[", "javascript:alert(1)\n"])
def test_what_is_no_iri_never_becomes_part_of_the_query(page: "Page", site: str, typed: str) -> None:
    ask_at(page, site, "evidence")
    page.locator("#ask-entity").fill(typed)
    said = run(page)
    assert "entity" in said or said.startswith("0 rows")
    assert rows(page) == []


@pytest.mark.parametrize("typed", ['nl"', 'nl" } UNION { ?thing ?p ?o } #', "\\", "nl\\u0022", "<script>alert(1)</script>"])
def test_a_text_stays_a_text(page: "Page", site: str, graph: KnowledgeGraph, typed: str) -> None:
    ask_at(page, site, "translations")
    page.locator("#ask-tag").evaluate(
        "(field, text) => { const input = document.createElement('input'); input.id = field.id; field.replaceWith(input); input.value = text; }", typed
    )
    said = run(page)
    assert said.startswith("0 rows")
    assert graph.query("translations", tag=typed).rows == ()


def test_the_answer_is_saved_as_the_published_table(page: "Page", site: str, publication: Path) -> None:
    ask_at(page, site, "organisations")
    run(page)
    with page.expect_download() as saved:
        page.locator("[data-format=csv]").click()
    assert saved.value.suggested_filename == "organisations.csv"
    assert Path(saved.value.path()).read_bytes() == b"\xef\xbb\xbf" + (publication / "queries" / "organisations.csv").read_bytes()
    assert len(list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))) > 1


def test_an_entity_leads_to_its_page(page: "Page", site: str, publication: Path) -> None:
    ask_at(page, site, "organisations")
    run(page)
    page.locator(".sparql-table a").first.click()
    assert (publication / page.url.removeprefix(site)).is_file()


def test_it_works_by_keyboard(page: "Page", site: str) -> None:
    ask_at(page, site, "participations")
    page.locator("#ask-organisation").focus()
    page.keyboard.type("org/mst")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.part") == "run"
    page.keyboard.press("Enter")
    finish(page)
    assert rows(page)


def test_it_works_in_another_language(page: "Page", site: str, graph: KnowledgeGraph) -> None:
    member = first_of(graph, "participations", "member")
    ask_at(page, site, "participations", "nl/")
    page.locator("#ask-organisation").fill(member)
    run(page)
    assert rows(page) == as_shown(graph.query("participations", organisation=member, language="nl"), graph, "member")
    assert (page.locator(".sparql-table a").first.get_attribute("href") or "").startswith(f"{site}nl/")


def test_it_works_in_a_folder_of_another_site(page: "Page", site_below: str) -> None:
    ask_at(page, site_below, "organisations")
    run(page)
    assert rows(page)


def test_nothing_large_is_fetched_before_it_is_needed(page: "Page", site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask_at(page, site, "organisations")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if url.endswith((".wasm", ".nq", "editor.js"))]
    run(page)
    assert not [url for url in asked if url.endswith(".nq")]
    ask_at(page, site, "as-of")
    run(page)
    assert not [url for url in asked if url.endswith(".nq")]
    page.locator("#ask-date").fill("2015-06-01")
    run(page)
    assert [url for url in asked if url.endswith(".nq")]


def test_without_scripts_there_is_no_form_but_the_query(without_javascript: "Page", site: str) -> None:
    without_javascript.goto(f"{site}queries/participations.html")
    assert not without_javascript.locator("[data-ask] form").is_visible()
    without_javascript.get_by_text("The query in SPARQL").click()
    assert "SELECT" in without_javascript.locator("[data-recipe=sparql]").inner_text()
    assert without_javascript.locator(".answer tbody tr").count() > 1


# -------------------------------------------------------------------------------------------------------- the editor


def test_a_canned_query_is_edited(page: "Page", site: str) -> None:
    ask_at(page, site, "organisations")
    page.get_by_text("The query in SPARQL").click()
    part(page, "edit").click()
    page.locator("#editor .CodeMirror").wait_for()
    page.locator("#editor .CodeMirror").get_by_text("#+ summary").first.wait_for()
    write(page, f"{written(page)}\nLIMIT 3")
    assert run(page).startswith("3 rows")
    assert len(rows(page)) == 3


def test_an_example_is_picked(page: "Page", site: str, publication: Path) -> None:
    editor_at(page, f"{site}sparql.html")
    part(page, "examples").select_option("names")
    page.locator("#editor .CodeMirror").get_by_text("#+ summary").first.wait_for()
    assert written(page) == (publication / "queries" / "names.rq").read_text("utf-8")


def test_each_statement_counts_once(page: "Page", site: str, publication: Path) -> None:
    editor_at(page, f"{site}sparql.html")
    write(page, COUNT)
    run(page)
    assert rows(page) == [[str((publication / "download" / "graph.nt").read_bytes().count(b"\n"))]]


def test_known_prefixes_need_not_be_declared(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html")
    write(page, "# a comment with foaf:x\nASK { ?s a org:Organization ; skos:prefLabel ?name }")
    run(page)
    assert page.locator(".sparql-judged").inner_text() == "Yes."
    assert "PREFIX org: <http://www.w3.org/ns/org#>" in written(page)
    assert "PREFIX foaf:" not in written(page)


def test_a_graph_is_given_as_turtle(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html")
    write(page, "# SELECT\nCONSTRUCT { ?s a ?class } WHERE { ?s a ?class } LIMIT 2")
    run(page)
    assert page.locator("#editor .sparql-graph").inner_text().count(" a ") == 2
    with page.expect_download() as saved:
        page.locator("[data-format=turtle]").click()
    assert saved.value.suggested_filename.endswith(".ttl")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * {\n ?s ?p", "line 2, column"),
        ("SELECT * { ?s nowhere:p ?o }", "nowhere: is neither declared nor known"),
        ("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "not supported"),
        ("DELETE WHERE { ?s ?p ?o }", "line 1, column 10"),
        (f"SELECT * {'{' * 1500}{'}' * 1500}", "nested too deeply"),
    ],
)
def test_what_cannot_be_answered_is_told_and_the_next_query_works(page: "Page", site: str, query: str, said: str) -> None:
    editor_at(page, f"{site}sparql.html")
    write(page, query)
    assert said in run(page)
    assert rows(page) == []
    write(page, COUNT)
    assert run(page).startswith("1 row")


def test_a_runaway_query_is_stopped_by_the_reader(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html")
    write(page, RUNAWAY)
    part(page, "run").click()
    part(page, "state").get_by_text("30 seconds").wait_for()
    part(page, "stop").click()
    assert finish(page) == "Stopped."
    write(page, COUNT)
    assert run(page).startswith("1 row")


def test_a_runaway_query_is_stopped_by_the_limit(page: "Page", site: str) -> None:
    in_haste(page)
    editor_at(page, f"{site}sparql.html")
    write(page, RUNAWAY)
    assert run(page).startswith("Stopped: there was no answer after 1 seconds")
    write(page, COUNT)
    assert run(page).startswith("1 row")


def test_another_question_takes_the_place_of_the_first(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html")
    write(page, RUNAWAY)
    part(page, "run").click()
    part(page, "state").get_by_text("30 seconds").wait_for()
    write(page, COUNT)
    part(page, "run").click()
    part(page, "state").get_by_text("1 row").wait_for()
    assert not part(page, "stop").is_enabled()


def test_the_editor_is_used_and_left_by_keyboard(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html")
    page.locator("#editor .CodeMirror textarea").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK { }")
    page.keyboard.press("Control+Enter")
    finish(page)
    assert page.locator(".sparql-judged").inner_text() == "Yes."
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror')") is None


def test_a_link_holds_the_query_and_asks_nothing_by_itself(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html#query=ASK%20%7B%20%7D")
    page.wait_for_load_state("networkidle")
    assert written(page) == "ASK { }"
    assert part(page, "state").inner_text() == ""


def test_what_stands_in_the_data_is_never_markup(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html")
    write(
        page,
        'SELECT ?text ?iri ?own { BIND("<img src=x onerror=alert(1)>\u202e" AS ?text) BIND(<javascript:alert(1)> AS ?iri) '
        'BIND(IRI("https://example.org/?<b>") AS ?own) }',
    )
    run(page)
    assert page.locator("#editor img, #editor b").count() == 0
    assert page.locator("#editor a[href^='javascript:']").count() == 0
    assert "<img src=x" in rows(page)[0][0]


def test_nothing_is_kept_in_the_browser(page: "Page", site: str) -> None:
    editor_at(page, f"{site}sparql.html")
    write(page, COUNT)
    run(page)
    assert page.evaluate("[Object.keys(localStorage), document.cookie]") == [[], ""]
