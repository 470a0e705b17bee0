"""The catalogue holds the queries that are what their heads say; what is wrong with another is a finding that names its file."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from schakel.errors import UnknownNameError
from schakel.queries import CannedQuery, named, read_queries, with_values

REPOSITORY = Path(__file__).parents[2]

HEAD = """#+ summary: Who keeps which light?
#+ description: Every keeper with the light.
#+ method: GET
#+ tags:
#+   - lights

# title: Who keeps which light?
# title@nl: Wie houdt welk licht?
# category: lights
# description: Every keeper with the light.
# parameter light: the light
# column light: the light again
# column keeper: who keeps it

"""
QUERY = "SELECT (?_light_iri AS ?light) ?keeper WHERE { ?keeper <https://e/keeps> ?_light_iri FILTER(LANG(?name) = ?__lang) }\n"


def read(folder: Path, text: str | bytes, name: str = "keepers") -> tuple[dict[str, CannedQuery], dict[str, str]]:
    """Read a folder with one query; its findings by kind, each of which must name the file."""
    queries = folder / "queries"
    queries.mkdir(exist_ok=True)
    (queries / f"{name}.rq").write_bytes(text if isinstance(text, bytes) else text.encode())
    found, findings = read_queries(queries, folder)
    told: dict[str, str] = {}
    for finding in findings:
        assert [place.file for place in finding.places] == [f"queries/{name}.rq"]
        told[finding.kind] = "\n".join(filter(None, (told.get(finding.kind), finding.text("en"))))
    return found, told


def test_a_query_is_read_with_all_that_its_head_says(tmp_path: Path) -> None:
    queries, told = read(tmp_path, HEAD + QUERY)
    assert told == {}
    query = queries["keepers"]
    assert query.text == HEAD + QUERY
    assert query.title == {"en": "Who keeps which light?", "nl": "Wie houdt welk licht?"}
    assert (query.category, query.tags) == ("lights", ("lights",))
    assert query.columns == {"light": "the light again", "keeper": "who keeps it"}
    assert [(each.name, each.kind, each.required, each.description) for each in query.asks] == [("light", "iri", True, "the light")]
    assert "nl nb" in query.in_languages("nl", "nb")


def test_a_query_may_say_which_picture_its_answer_makes(tmp_path: Path) -> None:
    head = HEAD.replace("# column keeper", "# column lightName: its name\n# column keeper")
    named_light = head + QUERY.replace("?light) ?keeper", "?light) ?lightName ?keeper")
    queries, told = read(tmp_path, named_light.replace("# category", "# picture: bars\n# category"))
    assert told == {}
    assert queries["keepers"].picture == "bars"
    assert read(tmp_path, named_light)[0]["keepers"].picture == ""


def test_the_language_of_names_is_no_parameter_that_a_head_describes(tmp_path: Path) -> None:
    queries, told = read(tmp_path, (HEAD + QUERY).replace("?__lang", "'nl'"))
    assert told == {}
    assert queries["keepers"].in_languages("nl") == queries["keepers"].text


@pytest.mark.parametrize("text", [("\ufeff" + HEAD + QUERY), (HEAD + QUERY).replace("\n", "\r\n")], ids=["BOM", "CRLF"])
def test_a_query_may_come_from_any_editor(text: str, tmp_path: Path) -> None:
    queries, told = read(tmp_path, text)
    assert told == {}
    assert list(queries) == ["keepers"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (HEAD.encode() + b"SELECT ?light ?keeper WHERE { ?light ?p '\xe9' }", "query-syntax", "utf-8"),
        (HEAD + "SELECT ?light ?keeper WHERE { ?light }", "query-syntax", "line 15"),
        (HEAD + "SELECT ?light ?keeper WHERE { ?light unknown:p ?keeper }", "query-syntax", "refix"),
        ("", "query-syntax", ""),
        (HEAD + "ASK { ?light ?p ?keeper }", "query-not-a-select", "ASK"),
        (HEAD + "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "query-not-a-select", "CONSTRUCT"),
        (HEAD + "DESCRIBE <https://e/>", "query-not-a-select", "DESCRIBE"),
        (HEAD + "SELECT ?light ?keeper WHERE { SERVICE <https://e/> { ?light ?p ?keeper } }", "query-unsafe", "SERVICE"),
        (HEAD + "INSERT DATA { <https://e/> <https://e/> <https://e/> }", "query-unsafe", "INSERT"),
        (HEAD + "LOAD <https://e/>", "query-unsafe", "LOAD"),
        (HEAD.replace("# column keeper: who keeps it\n", "") + QUERY, "query-header", "columns light, and the query answers with light, keeper"),
        (HEAD.replace("# column light: the light again\n", "# column height: x\n") + QUERY, "query-header", "the columns height, keeper,"),
        (HEAD.replace("# column light: the light again\n", "") .replace("# parameter", "# column keeper: x\n# parameter") + QUERY, "query-header", "columns"),
        (HEAD.replace("# parameter light: the light\n", "") + QUERY, "query-header", "the parameters (none), and the query has light"),
        (HEAD.replace("# parameter light", "# parameter tower") + QUERY, "query-header", "the parameters tower, and the query has light"),
        (HEAD + QUERY.replace("FILTER", "OPTIONAL { ?x ?y ?__light_iri } FILTER"), "query-header", "more than one parameter is called light"),
        (HEAD.replace("# category: lights\n", "") + QUERY, "query-header", "# category: …"),
        (HEAD.replace("# category", "# picture: hologram\n# category") + QUERY, "query-header", "no picture hologram"),
        (HEAD.replace("# category", "# picture: tree\n# category") + QUERY, "query-header", "the picture tree needs the columns label parent depth position"),
        (HEAD.replace("# category", "# picture@nl: tree\n# category") + QUERY, "query-header", "the same in every language"),
        (HEAD.replace("#+ method: GET\n", "#+ method: GET: POST\n") + QUERY, "query-header", "“: ” in"),
    ],
)  # fmt: skip
def test_a_query_that_is_not_what_it_should_be_is_a_finding_and_left_out(text: str | bytes, kind: str, words: str, tmp_path: Path) -> None:
    queries, told = read(tmp_path, text)
    assert queries == {}
    assert set(told) == {kind}
    assert words in told[kind]


def test_all_that_is_wrong_with_a_head_is_told_at_once(tmp_path: Path) -> None:
    _, told = read(tmp_path, "# a remark\n" + HEAD.replace("# title: Who keeps which light?\n", "").replace("# parameter light", "# parameter tower") + QUERY)
    for words in ("# a remark", "# title: …", "the parameters tower"):
        assert words in told["query-header"]


@pytest.mark.parametrize("language", ["en", "nl", "nb"])
def test_a_finding_is_told_in_each_language(language: str, tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    for name, text in {"head": QUERY, "unsafe": "LOAD <https://e/>", "ask": "ASK { }", "broken": "SELECT"}.items():
        (folder / f"{name}.rq").write_text(text)
    findings = read_queries(folder, tmp_path)[1]
    assert {finding.kind for finding in findings} == {"query-header", "query-unsafe", "query-not-a-select", "query-syntax"}
    assert all(finding.text(language) for finding in findings)
    assert language == "en" or not {finding.text(language) for finding in findings} & {finding.text("en") for finding in findings}


def test_a_broken_query_keeps_no_other_from_being_read(tmp_path: Path) -> None:
    read(tmp_path, HEAD + QUERY, "keepers")
    (tmp_path / "queries" / "broken.rq").write_bytes(b"\xff\xfe")
    queries, findings = read_queries(tmp_path / "queries", tmp_path)
    assert list(queries) == ["keepers"]
    assert len(findings) == 1


def test_queries_come_in_the_order_of_their_names_and_those_in_folders_below_are_others(tmp_path: Path) -> None:
    for name in ("b", "a", "checks/c"):
        path = tmp_path / "queries" / f"{name}.rq"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + QUERY)
    assert list(read_queries(tmp_path / "queries", tmp_path)[0]) == ["a", "b"]


def test_no_folder_holds_no_queries(tmp_path: Path) -> None:
    assert read_queries(tmp_path / "queries", tmp_path) == ({}, [])


def test_an_unknown_query_is_told_with_the_nearest(tmp_path: Path) -> None:
    queries, _ = read(tmp_path, HEAD + QUERY)
    assert named(queries, "keepers").name == "keepers"
    with pytest.raises(UnknownNameError, match="Did you mean 'keepers'"):
        named(queries, "keeprs")


@pytest.mark.parametrize("where", ["WHERE {", "{", "# no comment\nwhere\n{"])
def test_a_query_that_is_in_the_catalogue_can_be_bound(where: str, tmp_path: Path) -> None:
    queries, told = read(tmp_path, HEAD + QUERY.replace("WHERE {", where))
    assert bool(queries) != bool(told)
    for query in queries.values():
        assert "<https://e/light>" in with_values(query.text, {"_light_iri": NamedNode("https://e/light")})


def test_category_columns_and_parameters_are_told_in_the_languages_of_the_head(tmp_path: Path) -> None:
    head = HEAD.replace("# description", "# category@nl: lichten\n# description").replace(
        "# column keeper", "# parameter@nl light: het licht\n# column@nl light: nogmaals het licht\n# column keeper"
    )
    query = read(tmp_path, head + QUERY)[0]["keepers"]
    assert (query.category, query.category_texts) == ("lights", {"en": "lights", "nl": "lichten"})
    assert query.columns == {"light": "the light again", "keeper": "who keeps it"}
    assert query.column_texts == {"light": {"en": "the light again", "nl": "nogmaals het licht"}, "keeper": {"en": "who keeps it"}}
    assert [(each.description, each.descriptions) for each in query.asks] == [("the light", {"en": "the light", "nl": "het licht"})]


def test_the_queries_of_the_repository_say_in_dutch_and_nynorsk_what_they_answer_and_of_which_kind_they_are() -> None:
    queries = read_queries(REPOSITORY / "queries", REPOSITORY)[0].values()
    wanted = {"en", "nl", "nn"}
    for texts in ("title", "description", "category_texts"):
        assert [query.name for query in queries if not wanted <= set(getattr(query, texts))] == []
    assert [(query.name, column) for query in queries for column, texts in query.column_texts.items() if not wanted <= set(texts)] == []
    assert [(query.name, each.name) for query in queries for each in query.asks if not wanted <= set(each.descriptions)] == []
    # All queries of a category call it the same.
    assert len({(query.category, tuple(sorted(query.category_texts.items()))) for query in queries}) == len({query.category for query in queries})


def test_every_query_of_the_repository_is_what_its_head_says() -> None:
    queries, findings = read_queries(REPOSITORY / "queries", REPOSITORY)
    assert [(str(finding.places), finding.text("en")) for finding in findings] == []
    assert len(queries) == len(list((REPOSITORY / "queries").glob("*.rq"))) > 0


def test_a_query_nested_too_deeply_is_told_and_not_read(tmp_path: Path) -> None:
    queries, told = read(tmp_path, HEAD + "SELECT ?light ?keeper WHERE { FILTER(" + "(" * 500 + "1" + ")" * 500 + ") }\n")
    assert queries == {}
    assert "nested more than 100 deep" in told["query-syntax"]


def test_a_query_longer_than_anybody_writes_is_told_and_not_read(tmp_path: Path) -> None:
    queries, told = read(tmp_path, HEAD + "SELECT ?light ?keeper WHERE { FILTER(" + "!" * 100_000 + "true) }\n")
    assert queries == {}
    assert "longer than" in told["query-syntax"]
