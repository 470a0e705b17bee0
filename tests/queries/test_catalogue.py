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
        (HEAD.replace("# column keeper: who keeps it\n", "") + QUERY, "query-header", "columns light, and the query has light, keeper"),
        (HEAD.replace("# column light: the light again\n", "# column height: x\n") + QUERY, "query-header", "the columns height, keeper,"),
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


def test_what_a_parameter_filters_is_the_column_of_its_name_or_the_one_that_the_head_names(tmp_path: Path) -> None:
    assert [each.column for each in read(tmp_path, HEAD + QUERY)[0]["keepers"].asks] == ["light"]
    keeper = (HEAD + QUERY).replace("_light_iri AS", "_tower_iri AS").replace("_light_iri", "_tower_iri").replace("# parameter light", "# parameter tower")
    queries, told = read(tmp_path, keeper.replace("# column light", "# filter: tower = light\n# column light"))
    assert told == {}
    assert [each.column for each in queries["keepers"].asks] == ["light"]
    queries, told = read(tmp_path, keeper.replace("# column light", "# unfiltered: tower = towers are shown by their names\n# column light"))
    assert told == {}
    assert [each.column for each in queries["keepers"].asks] == [""]
    assert "no column is called tower" in read(tmp_path, keeper)[1]["query-header"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("# filter: tower = light", "“# filter: tower = …” names no parameter"),
        ("# filter: light = tower", "“# filter: light = tower” names no column"),
        ("# filter: light = light\n# unfiltered: light = why", "contradict each other"),
        ("# filter: light", "# filter: light"),
        ("# filter@nl: light = light", "# filter@nl"),
        ("# example: tower = Brandaris", "“# example: tower = …” names no parameter"),
        ("# formerly: lamp = tower", "should give a former name"),
        ("# formerly: light = light", "should give a former name"),
    ],
)
def test_a_filter_that_cannot_be_is_told(line: str, words: str, tmp_path: Path) -> None:
    queries, told = read(tmp_path, (HEAD + QUERY).replace("# column light", f"{line}\n# column light"))
    assert queries == {}
    assert words in told["query-header"]


def test_a_former_name_of_a_parameter_becomes_its_name(tmp_path: Path) -> None:
    query = read(tmp_path, (HEAD + QUERY).replace("# column light", "# formerly: lamp = light\n# column light"))[0]["keepers"]
    assert query.renamed({"lamp": "a"}) == ({"light": "a"}, {"lamp": "light"})
    assert query.renamed({"light": "a"}) == ({"light": "a"}, {})
    # Both are one too many: the old name stays, and is unknown.
    assert query.renamed({"lamp": "a", "light": "b"}) == ({"lamp": "a", "light": "b"}, {})


def test_what_the_head_leaves_out_the_labels_say_and_the_text_says_it_too(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    labels = "of,name,en,nl\ncategory,lights,lights,lichten\ncolumn,keeper,who keeps it,wie het houdt\nparameter,light,the light,\n"
    (tmp_path / "queries" / "labels.csv").write_text(labels, "utf-8")
    head = HEAD.replace("# column keeper: who keeps it\n", "").replace("# parameter light: the light\n", "")
    queries, told = read(tmp_path, head + QUERY)
    assert told == {}
    query = queries["keepers"]
    assert query.category_texts == {"en": "lights", "nl": "lichten"}
    assert query.column_texts == {"light": {"en": "the light again"}, "keeper": {"en": "who keeps it", "nl": "wie het houdt"}}
    assert query.asks[0].descriptions == {"en": "the light"}
    # Published alone it is whole.
    (tmp_path / "elsewhere").mkdir()
    assert read(tmp_path / "elsewhere", query.text)[0]["keepers"].column_texts == query.column_texts


@pytest.mark.parametrize(
    ("labels", "place", "words"),
    [
        ("name,of,en\n", "queries/labels.csv, row 1", "should be of, name, en"),
        ("of,name,nl\n", "queries/labels.csv, row 1", "should be of, name, en"),
        ("of,name,en\ncolumn,light\n", "queries/labels.csv, row 2", "2 cells"),
        ("of,name,en\nrow,light,x\n", "queries/labels.csv, row 2", "“row” is none of"),
        ("of,name,en\ncolumn,light,x\ncolumn,light,y\n", "queries/labels.csv, row 3", "has a row above"),
        ("of,name,en\ncolumn,light,\n", "queries/labels.csv, row 2", "no text in English"),
    ],
)
def test_labels_that_cannot_be_used_are_told_by_their_row(labels: str, place: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "labels.csv").write_text(labels, "utf-8")
    findings = read_queries(tmp_path / "queries", tmp_path)[1]
    assert [(each.kind, str(each.places[0])) for each in findings] == [("query-labels", place)]
    assert words in findings[0].text("en")


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
