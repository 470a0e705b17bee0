"""Assistants ask the graph through the official client: tools with schemas, answers with passages to quote, refusals that say what to do."""

import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeVar

import jsonschema
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

from schakel import KnowledgeGraph, Settings, open_graph
from schakel.mcp_server import make_server
from schakel.mcp_server.tools import NOTICE

T = TypeVar("T")
MST = "https://kg.example.org/org/mst"


@pytest.fixture(scope="module")
def graph(published: Settings) -> Iterator[KnowledgeGraph]:
    with open_graph(published.publication) as opened:
        yield opened


def asked(graph: KnowledgeGraph, ask: Callable[[Client], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Client(make_server(graph, "Hospitals")) as client:
            return await ask(client)

    return asyncio.run(run())


def answer(graph: KnowledgeGraph, tool: str, **arguments: object) -> Mapping[str, Any]:
    result = asked(graph, lambda client: client.call_tool(tool, arguments))
    text = result.content[0].text  # type: ignore[union-attr]
    assert not result.is_error, text
    assert json.loads(text) == result.structured_content
    content: Mapping[str, Any] = result.structured_content
    assert content["notice"] == NOTICE
    return content


def refusal(graph: KnowledgeGraph, tool: str, **arguments: object) -> str:
    result = asked(graph, lambda client: client.call_tool(tool, arguments))
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]


def test_each_canned_query_is_a_tool_that_says_what_it_takes(graph: KnowledgeGraph) -> None:
    tools = {tool.name: tool for tool in asked(graph, lambda client: client.list_tools()).tools}
    assert set(graph.queries) | {"find", "show", "why", "sparql"} == set(tools)
    for tool in tools.values():
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool.name)
        assert tool.title
        assert 40 < len(tool.description or "") <= 1_000
        assert (tool.description or "").rstrip("…")[-1] in ".;:" or "…" in (tool.description or "")
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert all(each.get("description") for each in tool.input_schema["properties"].values()), tool.name
    assert tools["as-of"].input_schema["required"] == ["date"]
    assert tools["as-of"].input_schema["properties"]["date"]["format"] == "date"


def test_a_thing_is_found_by_a_misspelt_name_and_shown_with_words_to_quote(graph: KnowledgeGraph) -> None:
    assert answer(graph, "find", text="Medisch Spectrm Twente")["rows"][0]["entity"] == "org/mst"
    shown = answer(graph, "show", thing="org/mst", group="names")
    assert shown["name"] == "Medisch Spectrum Twente"
    assert [group["group"] for group in shown["groups"]] == ["names"]
    words = {passage["number"]: passage["words"] for passage in shown["passages"]}
    assert any("Medisch Spectrum Twente (MST) is" in words[number] for fact in shown["groups"][0]["facts"] for number in fact.get("saidIn", ()))


def test_facts_of_a_group_come_in_pages(graph: KnowledgeGraph) -> None:
    def facts(**page: int) -> list[Any]:
        (group,) = answer(graph, "show", thing="org/mst", group="referred_to", **page)["groups"]
        return [(fact["property"], fact["value"]) for fact in group["facts"]]

    assert facts(limit=4) + facts(offset=4, limit=4) == facts(limit=8)


def test_rows_have_the_passages_that_speak_of_all_their_things(graph: KnowledgeGraph) -> None:
    query = "SELECT DISTINCT ?member ?body { ?m org:member ?member ; org:organization ?body } ORDER BY ?member ?body"
    rows = answer(graph, "sparql", query=query, limit=500)
    words = {passage["number"]: passage["words"] for passage in rows["passages"]}
    cited = {(row["member"], row["body"]): [words[number] for number in row.get("saidIn", ())] for row in rows["rows"]}
    assert "Santeon" in " ".join(cited["org/mst", "org/santeon"])
    # A row that names its passage gets that one; one that quotes it is left as it is.
    members = answer(graph, "members", body="org/santeon")
    named = {passage["passage"].removeprefix("https://kg.example.org/"): passage["number"] for passage in members["passages"]}
    assert all(row["saidIn"] == [named[row["passage"]]] for row in members["rows"])
    assert "passages" not in answer(graph, "partners", organisation="org/mst")


def test_rows_come_in_pages(graph: KnowledgeGraph) -> None:
    first = answer(graph, "organisations", limit=10)
    assert len(first["rows"]) == 10
    assert first["next"] == 10
    rest = answer(graph, "organisations", offset=10, limit=500)
    assert len(rest["rows"]) == first["total"] - 10
    assert "next" not in rest


def test_why_and_sparql_answer(graph: KnowledgeGraph) -> None:
    explained = answer(graph, "why", thing="org/mst", property="rdf:type", value="org:Organization")
    assert explained["statements"][0]["evidence"][0]["firstWords"]
    assert answer(graph, "sparql", query=f"ASK {{ <{MST}> a org:Organization }}")["holds"] is True
    assert answer(graph, "sparql", query=f"CONSTRUCT {{ <{MST}> a ?c }} WHERE {{ <{MST}> a ?c }}")["nTriples"]
    assert answer(graph, "sparql", query=f"SELECT ?c WHERE {{ <{MST}> a ?c }}")["total"] >= 1


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("memberz", {}, "members"),
        ("as-of", {}, "'date' is a required property"),
        ("members", {"body": "Santeon", "bodies": 1}, "'bodies' was unexpected"),
        ("members", {"body": "nobody at all"}, "nobody at all"),
        ("as-of", {"date": "yesterday"}, "yesterday"),
        ("organisations", {"limit": 100_000}, "maximum"),
        ("sparql", {"query": "DROP ALL"}, "not allowed"),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "not allowed"),
        ("sparql", {"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, "LIMIT"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_reason(tool: str, arguments: dict[str, object], said: str, graph: KnowledgeGraph) -> None:
    assert said in refusal(graph, tool, **arguments)


def test_schema_sources_and_things_are_resources(graph: KnowledgeGraph) -> None:
    def read(uri: str) -> Mapping[str, Any]:
        content: Mapping[str, Any] = json.loads(asked(graph, lambda client: client.read_resource(uri)).contents[0].text)  # type: ignore[union-attr]
        return content

    async def refused(client: Client) -> str:
        with pytest.raises(MCPError) as error:
            await client.read_resource(f"{MST}-of-elsewhere")
        return str(error.value)

    listed = [resource.uri for resource in asked(graph, lambda client: client.list_resources()).resources]
    assert {"org:Membership", "org:Organization"} <= {each["term"] for each in read(listed[0])["classes"]}
    assert {each["title"] for each in read(listed[1])["sources"]} >= {"Samenwerkingen"}
    (template,) = asked(graph, lambda client: client.list_resource_templates()).resource_templates
    assert read(template.uri_template.replace("{+id}", "org/mst"))["name"] == "Medisch Spectrum Twente"
    assert "nothing that is" in asked(graph, refused)


def test_the_command_speaks_over_standard_input_and_output(published: Settings) -> None:
    command = StdioServerParameters(command=sys.executable, args=["-m", "schakel", "--project", str(published.root), "mcp"])

    async def ask() -> str:
        async with Client(stdio_client(command)) as client:
            return str((await client.call_tool("find", {"text": "Santeon"})).structured_content["rows"][0]["entity"])

    assert asyncio.run(ask()) == "org/santeon"
