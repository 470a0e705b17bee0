"""Values that are not what their datatype says."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel import interface_texts
from schakel.engine.values import value_of
from schakel.namespaces import XSD

Tell: TypeAlias = Callable[[Mapping[str, str | bytes]], dict[tuple[str, str], str]]
State: TypeAlias = Callable[[Mapping[str, str | bytes]], frozenset[str]]
WriteMapping: TypeAlias = Callable[..., str]

TABLE = "data/towers.csv"
MAPPING = "data/towers.rq"

RIGHT = {
    "boolean": ["true", "false", "1", "0"],
    "byte": ["-128", "127"],
    "date": ["2009-04-01", "2016-02-29", "2009-04-01Z"],
    "dateTime": ["2009-04-01T12:00:00", "2009-04-01T12:00:00.5+02:00"],
    "decimal": ["49.5", "-1", "+.5", "5.", "0" * 40 + "1", "123456789012345678901234567890.5"],
    "double": ["1.5", "-1e9", "INF", "NaN"],
    "float": ["1.5", "1E-3"],
    "duration": ["P2M", "P1Y2M3DT4H5M6S"],
    "gDay": ["---31"],
    "gMonth": ["--12"],
    "gMonthDay": ["--12-31"],
    "gYear": ["2006", "-0044"],
    "gYearMonth": ["2017-12"],
    "int": ["-2147483648", "007"],
    "integer": ["19", "-19", "+19", "1" * 40],
    "long": ["9223372036854775807"],
    "negativeInteger": ["-1"],
    "nonNegativeInteger": ["0", "19", "-0"],
    "nonPositiveInteger": ["0", "-19"],
    "positiveInteger": ["1", "010"],
    "short": ["32767"],
    "time": ["12:00:00"],
    "unsignedInt": ["4294967295"],
}
WRONG = {
    "boolean": ["ja", "TRUE", "yes"],
    "byte": ["128", "x"],
    "date": ["2009-02-30", "1 april 2009", "2009-4-1", "01-04-2009", "2009"],
    "dateTime": ["2009-04-01", "2009-04-01 12:00:00"],
    "decimal": ["49,5", "50%", "1e3", "", "٤٩", "1 000", "1.000,5", "NaN"],
    "double": ["1,5", "x"],
    "float": ["1,5", "x"],
    "duration": ["2 months", "P", "2M"],
    "gDay": ["31", "---32"],
    "gMonth": ["12", "--13"],
    "gMonthDay": ["12-31", "--02-30"],
    "gYear": ["06", "anno 2006", "2006-12"],
    "gYearMonth": ["2017-13", "2017", "2017-1", "12-2017", "2017-12-01"],
    "int": ["2147483648", "1.0"],
    "integer": ["19.0", "circa 19", "٣", "1.000", "nineteen"],
    "long": ["9223372036854775808"],
    "negativeInteger": ["0"],
    "nonNegativeInteger": ["-1"],
    "nonPositiveInteger": ["1"],
    "positiveInteger": ["0"],
    "short": ["32768"],
    "time": ["12", "25:00:00", "12:00"],
    "unsignedInt": ["-1"],
}


def wrong(datatype: str, values: list[str]) -> set[str]:
    """Give those of some values that are none of a datatype."""
    return {value for value in values if not value_of(value, XSD[datatype].value).valid}


@pytest.mark.parametrize("datatype", RIGHT)
def test_a_right_value_is_not_told(datatype: str) -> None:
    assert wrong(datatype, RIGHT[datatype]) == set()


@pytest.mark.parametrize("datatype", WRONG)
def test_a_wrong_value_is_told(datatype: str) -> None:
    assert wrong(datatype, WRONG[datatype]) == set(WRONG[datatype])


def test_texts_and_values_of_other_datatypes_are_never_told(told: Tell, towers_rq: WriteMapping) -> None:
    mapping = towers_rq("?tower ex:value ?value ; ex:other ?v .", "BIND(STRDT(?value, ex:type) AS ?v)")
    assert told({TABLE: "id,label,value,source\na,A,x y,page\n", MAPPING: mapping}) == {}


@given(st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.dates())
def test_numbers_and_dates_are_right_as_they_are_written_everywhere(integer: int, decimal: Decimal, day: date) -> None:
    assert wrong("integer", [str(integer)]) == set()
    assert wrong("decimal", [f"{decimal:f}"]) == set()
    assert wrong("date", [str(day)]) == set()
    assert wrong("gYearMonth", [str(day)[:7]]) == set()
    assert wrong("gYear", [str(day)[:4]]) == set()


@pytest.mark.parametrize(
    ("datatype", "value", "example"),
    [
        ("gYearMonth", "2017-13", "2017-12"),
        ("decimal", "49,5", "49.5"),
        ("integer", "3.500", "19"),
        ("date", "1 april 2009", "2009-04-01"),
        ("gYear", "'06", "2006"),
    ],
)
def test_a_wrong_value_is_told_with_an_example_of_a_right_one(told: Tell, towers_rq: WriteMapping, datatype: str, value: str, example: str) -> None:
    mapping = towers_rq("?tower ex:value ?v .", f"BIND(STRDT(?value, xsd:{datatype}) AS ?v)")
    # The id and the label hold the text of the value too: the column named is the one that the value was made of.
    found = told({TABLE: f'id,label,value,source\na,"x {value}","{value}",page\nb,B,,page\n', MAPPING: mapping})
    place = f"{TABLE}, row 2, column value"
    ((kind, found_at),) = found
    assert (kind.startswith("ill-typed-"), found_at) == (True, place)
    assert f"“{value}” is no {interface_texts.datatype(datatype)['en']}." in found[kind, place]
    assert f"as in {example}" in found[kind, place]


def test_a_right_value_is_published_with_its_datatype(stated: State, towers_rq: WriteMapping) -> None:
    mapping = towers_rq("?tower ex:value ?v .", "BIND(STRDT(?value, xsd:gYearMonth) AS ?v)")
    lines = stated({TABLE: "id,label,value,source\na,A,2017-12,page\n", MAPPING: mapping})
    assert any(' "2017-12"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> ' in line for line in lines)
