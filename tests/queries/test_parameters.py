"""The name of a variable says what a parameter wants, and what is no value of it is refused in words that help."""

import logging
import warnings

import pytest
from pyoxigraph import Literal, NamedNode

from schakel.errors import BadParameterError
from schakel.namespaces import XSD
from schakel.queries import Parameter
from schakel.queries.parameters import parameter


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("_body_iri", Parameter("body", "_body_iri", "iri", required=True)),
        ("__body_iri", Parameter("body", "__body_iri", "iri", required=False)),
        ("_name", Parameter("name", "_name", "text", required=True)),
        ("__name", Parameter("name", "__name", "text", required=False)),
        ("__lang", Parameter("lang", "__lang", "text", required=False)),
        ("_day_date", Parameter("day", "_day_date", "date", required=True)),
        ("_from_gYear", Parameter("from", "_from_gYear", "gYear", required=True)),
        ("_at_least_integer", Parameter("at_least", "_at_least_integer", "integer", required=True)),
        ("_date", Parameter("date", "_date", "text", required=True)),
        ("_body_kind", Parameter("body_kind", "_body_kind", "text", required=True)),
    ],
)
def test_the_name_of_a_variable_says_what_is_wanted(variable: str, expected: Parameter) -> None:
    assert parameter(variable) == expected


# Of each kind, what is a value of it in SPARQL and what is none.
VALUES = {
    "boolean": (["true", "false", "1", "0"], ["yes", "TRUE", ""]),
    "date": (
        ["2010-01-01", "2012-02-29", "2010-01-01Z"],
        ["2010-13-01", "2010-02-30", "2010-1-1", "20100101", "2010-W01-1", "2010", "2010-01-01T00:00:00", "gisteren", ""],
    ),
    "dateTime": (["2010-01-01T10:00:00", "2010-01-01T10:00:00.5Z"], ["2010-01-01", "2010-01-01 10:00:00", "20100101T100000", "2010-01-01T25:00:00", ""]),
    "decimal": (["1.5", "-3", ".5"], ["1,5", "1e5", "NaN", "1_0", "een", ""]),
    "double": (["1e5", "INF", "2"], ["1,5", "1_0", "een", ""]),
    "gYear": (["2010", "1890"], ["99", "2010-01", "20x0", ""]),
    "gYearMonth": (["2010-01", "2017-12"], ["2010", "2010-13", "201001", "2010-1", ""]),
    "integer": (["7", "-3", "007"], ["7.0", "1_000", "1,000", "\u0661", "zeven", ""]),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, (good, _) in VALUES.items() for text in good])
def test_a_value_of_the_kind_becomes_a_literal_of_its_datatype(kind: str, text: str) -> None:
    assert parameter(f"_x_{kind}").literal(text, "asked") == Literal(text, datatype=XSD[kind])


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, (_, bad) in VALUES.items() for text in bad])
def test_what_is_no_value_of_the_kind_is_refused(kind: str, text: str) -> None:
    with warnings.catch_warnings(action="ignore"), pytest.raises(BadParameterError) as caught:
        parameter(f"_x_{kind}").literal(text, "asked")
    assert (caught.value.query, caught.value.name, caught.value.found) == ("asked", "x", text)
    assert caught.value.wanted in str(caught.value)


@pytest.mark.parametrize("kind", VALUES)
def test_who_mistypes_a_value_reads_one_sentence_and_nothing_that_a_library_logs(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with warnings.catch_warnings(record=True) as warned, pytest.raises(BadParameterError):
        parameter(f"_x_{kind}").literal("een", "asked")
    assert ([record.getMessage() for record in caplog.records], [str(each.message) for each in warned]) == ([], [])


@pytest.mark.parametrize("text", ["", "2010-01-01", '"} \\', "a\nb", "https://example.org/"])
def test_any_text_is_a_text(text: str) -> None:
    assert parameter("_name").literal(text, "asked") == Literal(text)


def test_an_argument_that_is_no_text_is_refused() -> None:
    # So Python hands over bytes of a command line that are not UTF-8.
    with pytest.raises(BadParameterError):
        parameter("_name").literal("\udcff", "asked")


def test_an_iri_is_taken_as_it_is() -> None:
    assert parameter("_x_iri").iri("https://example.org/é", "asked") == NamedNode("https://example.org/é")


@pytest.mark.parametrize("text", ["", "no iri", "https://example.org/a b", "https://example.org/>", "org/mst", "\udcff"])
def test_what_is_no_iri_is_refused(text: str) -> None:
    with pytest.raises(BadParameterError, match="the parameter 'x' of the query 'asked'") as caught:
        parameter("_x_iri").iri(text, "asked")
    assert caught.value.wanted == "an IRI, an id or a name"


@pytest.mark.parametrize("kind", ["iri", "text", *VALUES])
@pytest.mark.parametrize("language", ["en", "nl", "nb", "nl-BE", "fr"])
def test_each_kind_has_words_in_each_language(kind: str, language: str) -> None:
    words = parameter(f"_x_{kind}").kind_in_words(language)
    assert words
    # French readers are given English.
    assert (words == parameter(f"_x_{kind}").kind_in_words("en")) >= (language == "fr")


def test_kinds_are_called_what_people_call_them() -> None:
    assert [parameter(name).kind_in_words("nl") for name in ("_x_date", "_x_gYear", "_x_iri", "_x")] == [
        "datum",
        "jaar",
        "een IRI, een id of een naam",
        "tekst",
    ]
