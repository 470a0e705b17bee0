import itertools
import math
import struct
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.engine.number_keys import decimal_key, double_key, float_key, nearest_float
from schakel.engine.values import Value, value_of

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

VALID = {
    "decimal": ["0", "-0", "+1.50", ".5", "5.", "000.100", "9" * 5000, "0." + "0" * 5000 + "1"],
    "integer": ["0", "-0", "+007", "1" * 5000],
    "long": ["9223372036854775807", "-9223372036854775808", "+0009223372036854775807"],
    "int": ["2147483647", "-2147483648"],
    "short": ["32767", "-32768"],
    "byte": ["127", "-128", "-000128"],
    "nonNegativeInteger": ["0", "-0", "+1"],
    "positiveInteger": ["1", "0001"],
    "nonPositiveInteger": ["0", "+0", "-1"],
    "negativeInteger": ["-1"],
    "unsignedLong": ["18446744073709551615", "-0"],
    "unsignedInt": ["4294967295"],
    "unsignedShort": ["65535"],
    "unsignedByte": ["255"],
    "double": ["1", "1.", ".5e-3", "-1E+400", "INF", "+INF", "-INF", "NaN", "1e99999999999999999999999"],
    "float": ["16777217", "1e400", "-0", "NaN", "+INF"],
    "boolean": ["true", "false", "1", "0"],
    "dateTime": [
        "2000-02-29T00:00:00",
        "0000-02-29T00:00:00Z",
        "-0004-02-29T23:59:59.000000000000000000001-14:00",
        "12000-12-31T24:00:00.000+14:00",
        "-0001-01-01T00:00:00",
        "9" * 5000 + "-01-01T00:00:00",
    ],
    "dateTimeStamp": ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00-00:00"],
    "date": ["2004-02-29", "2000-01-01+13:59", "-12345-12-31Z"],
    "time": ["24:00:00", "00:00:00.5Z", "23:59:59-05:30"],
    "gYear": ["2000", "-0001", "0000", "12345Z", "2000-14:00"],
    "gYearMonth": ["2000-12", "-0001-01Z"],
    "gMonth": ["--12", "--01+01:00"],
    "gMonthDay": ["--02-29", "--12-31Z"],
    "gDay": ["---31", "---01Z"],
    "duration": ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P0D", "P" + "9" * 5000 + "Y"],
    "dayTimeDuration": ["P1DT1H", "-PT0.001S"],
    "yearMonthDuration": ["P1Y1M", "-P14M"],
    "string": ["", "a\nb", " "],
    "normalizedString": ["", "  a  b "],
    "token": ["", "a b"],
    "language": ["nl", "nl-BE", "x-klingon"],
    "Name": ["a:b", ":", "_a", "é-1"],
    "NCName": ["a.b", "_"],
    "NMTOKEN": ["-1", "1a:b"],
    "anyURI": ["", "https://example.org/a b", "%%"],
    "hexBinary": ["", "0Ff0"],
    "base64Binary": ["", "YQ==", "Y Q = =", "YWI=", "YWJj"],
}
INVALID = {
    "decimal": ["", ".", "1e3", "1_000", "INF", "NaN", " 1", "1 ", "1,5", "٣", "+-1", "0x1F", "1\n"],
    "integer": ["", "1.0", "1e0", "1_000", "٣", " 1", "-", "1\n"],
    "long": ["9223372036854775808", "-9223372036854775809", "1" * 5000],
    "int": ["2147483648", "-2147483649"],
    "short": ["32768", "-32769"],
    "byte": ["128", "-129"],
    "nonNegativeInteger": ["-1"],
    "positiveInteger": ["0", "-1"],
    "nonPositiveInteger": ["1"],
    "negativeInteger": ["0", "-0"],
    "unsignedLong": ["18446744073709551616", "-1"],
    "unsignedInt": ["4294967296"],
    "unsignedShort": ["65536"],
    "unsignedByte": ["256"],
    "double": ["", "inf", "Infinity", "nan", "-NaN", "1e", "e1", "1e1.5", "0x1p3", "1_0", "1d"],
    "float": ["infinity", "1f"],
    "boolean": ["True", "TRUE", "yes", "", "01"],
    "dateTime": [
        "1900-02-29T00:00:00",
        "2001-02-29T00:00:00",
        "2000-13-01T00:00:00",
        "2000-04-31T00:00:00",
        "2000-01-01",
        "2000-01-01 00:00:00",
        "2000-01-01T24:00:01",
        "2000-01-01T24:00:00.1",
        "2000-01-01T23:60:00",
        "2000-01-01T23:59:60",
        "2000-01-01T00:00:00.",
        "2000-01-01T00:00:00+14:01",
        "2000-01-01T00:00:00+15:00",
        "2000-01-01T00:00:00z",
        "02000-01-01T00:00:00",
        "+2000-01-01T00:00:00",
        "200-01-01T00:00:00",
        "2000-01-00T00:00:00",
        "9" * 5000 + "-02-29T00:00:00",
    ],
    "dateTimeStamp": ["2000-02-29T00:00:00"],
    "date": ["2001-02-29", "2000-1-1", "2000-01-01T00:00:00", "20000101", "2000-01-32"],
    "time": ["24:00:01", "1:00:00", "25:00:00", "00:00"],
    "gYear": ["99", "2000-1", "+2000"],
    "gYearMonth": ["2000-13", "2000"],
    "gMonth": ["--13", "--1", "--01--"],
    "gMonthDay": ["--02-30", "--04-31", "--2-2"],
    "gDay": ["---32", "---00", "--01"],
    "duration": ["P", "PT", "P1YT", "1Y", "P-1Y", "P1M1Y", "PT.5S", "PT1.S", "P1S", "-", "+P1Y"],
    "dayTimeDuration": ["P1Y", "P1M", "P"],
    "yearMonthDuration": ["P1D", "PT1M", "P"],
    "normalizedString": ["a\nb", "\t"],
    "token": [" a", "a ", "a  b", "a\tb", " "],
    "language": ["", "nl_BE", "abcdefghi", "nl-", "1"],
    "Name": ["", "1a", "a b", "-"],
    "NCName": ["", "a:b", "1"],
    "NMTOKEN": ["", "a b", "/"],
    "hexBinary": ["0", "0g", "00 "],
    "base64Binary": ["Y", "YQ", "YQ=", "YR==", " YQ==", "YQ== ", "Y  Q==", "====", "YQ==YQ==", "-_=="],
}


def of(text: str, name: str) -> Value:
    return value_of(text, XSD + name)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in VALID.items() for text in texts])
def test_the_grammar_takes_what_is_valid(name: str, text: str) -> None:
    assert of(text, name).valid is True


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in INVALID.items() for text in texts])
def test_the_grammar_refuses_what_is_not_and_gives_it_no_value(name: str, text: str) -> None:
    assert of(text, name) == Value(valid=False)


def test_an_unknown_datatype_is_neither_valid_nor_invalid() -> None:
    assert value_of("1", "https://example.org/type") == Value(valid=None)


def test_a_literal_of_a_language_needs_a_tag() -> None:
    assert value_of("a", RDF + "langString").valid is False


@pytest.mark.parametrize(("text", "valid"), [("a@nl", True), ("a@", True), ("a@b@nl-BE", True), ("a", False), ("a@nl_", False)])
def test_plain_literals(text: str, valid: bool) -> None:  # noqa: FBT001
    assert value_of(text, RDF + "PlainLiteral").valid is valid


def test_a_plain_literal_is_the_text_that_it_spells() -> None:
    assert value_of("a@", RDF + "PlainLiteral").identity == of("a", "string").identity
    assert value_of("a@EN", RDF + "PlainLiteral").identity == value_of("a@en", RDF + "PlainLiteral").identity


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("", True),
        ("a <b c='1'/> d", True),
        ("<b/><c/>", True),
        ("<b>", False),
        ("</x><x>", False),
        ("&nope;", False),
        ("<p:b/>", False),
        ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", False),
        ("\x00", False),
    ],
)
def test_xml_is_well_formed_content(text: str, valid: bool) -> None:  # noqa: FBT001
    assert value_of(text, RDF + "XMLLiteral").valid is valid


def test_xml_is_the_same_value_whatever_the_order_of_attributes() -> None:
    one, other = (value_of(text, RDF + "XMLLiteral").identity for text in ("<b c='1' d='2'/>", '<b d="2" c="1"></b>'))
    assert one == other


numerals = st.from_regex(r"[+-]?([0-9]{1,12}(\.[0-9]{0,12})?|\.[0-9]{1,12})", fullmatch=True)


@given(numerals, numerals)
def test_keys_of_decimals_are_in_the_order_of_the_numbers(one: str, other: str) -> None:
    keys = [of(text, "decimal").key or "" for text in (one, other)]
    numbers = [Fraction(text) for text in (one, other)]
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (numbers[0] < numbers[1], numbers[0] == numbers[1])


@given(st.integers(), st.integers(-3, 3), st.integers(0, 400))
def test_keys_of_neighbours_are_in_order(number: int, step: int, power: int) -> None:
    number *= 10**power
    keys = [of(str(each), "integer").key or "" for each in (number, number + step)]
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (step > 0, step == 0)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_keys_of_doubles_are_in_the_order_of_the_numbers(one: float, other: float) -> None:
    assert (double_key(one) < double_key(other), double_key(one) == double_key(other)) == (one < other, one == other)


@given(st.floats(allow_nan=False, width=32), st.integers(-2, 2))
def test_keys_of_floats_are_in_the_order_of_the_numbers(number: float, steps: int) -> None:
    other = number
    for _ in range(abs(steps)):
        other = math.nextafter(other, math.copysign(math.inf, steps))
    other = nearest_float(repr(other)) if math.isfinite(other) else other
    assert (float_key(number) < float_key(other), float_key(number) == float_key(other)) == (number < other, number == other)


def floats_around(number: Fraction) -> list[float]:
    """Give every float that could be the nearest one: those near the double nearest to the number."""
    start = float(number)
    bits = struct.unpack("<i", struct.pack("<f", max(min(start, 3.4028234663852886e38), -3.4028234663852886e38)))[0]
    near = [bits + step for step in range(-3, 4) if 0 <= (bits & 0x7FFFFFFF) + step < 0x7F800000]
    return [0.0, *(struct.unpack("<f", struct.pack("<i", each))[0] for each in near)]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=True), st.integers(0, 2), st.integers(-2, 2), st.integers(20, 60))
def test_a_numeral_is_rounded_once_to_a_float(number: float, half: int, tail: int, place: int) -> None:
    # Numerals at the middle of two floats, and a little off it.
    bits = struct.unpack("<i", struct.pack("<f", number))[0]
    if (bits + 1) & 0x7FFFFFFF >= 0x7F800000:
        return
    following = Fraction(struct.unpack("<f", struct.pack("<i", bits + 1))[0])
    exact = Fraction(number) + (following - Fraction(number)) * Fraction(half, 2)
    exact += Fraction(tail, 10**place) * (following - Fraction(number))
    scale = 10**260
    if (exact * scale).denominator != 1:
        return
    whole = abs(exact * scale).numerator
    text = f"{'-' if exact < 0 else ''}{whole // scale}.{whole % scale:0260d}"
    found = nearest_float(text)
    distances = {each: abs(Fraction(each) - exact) for each in floats_around(exact)}
    least = min(distances.values())
    best = [each for each, distance in distances.items() if distance == least]
    expected = best[0] if len(best) == 1 else next(each for each in best if struct.unpack("<i", struct.pack("<f", each))[0] % 2 == 0)
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Around the middle between the largest float and the power of two after it.
        ("3.4028235677973366e38", 3.4028234663852886e38),
        ("3.4028235677973367e38", math.inf),
        ("340282356779733661637539395458142568447.999999", 3.4028234663852886e38),
        ("-340282356779733661637539395458142568448", -math.inf),
        ("1e400", math.inf),
        ("1e-400", 0.0),
        ("7.006492321624085e-46", 0.0),
        ("7.0064923216240869e-46", 2.0**-149),
        ("16777217", 16777216.0),
        ("16777217.0000000000000000000000000000000000001", 16777218.0),
    ],
)
def test_the_ends_of_what_floats_hold(text: str, expected: float) -> None:
    assert nearest_float(text) == expected


def test_a_float_and_the_decimal_that_it_is_read_from_have_one_key() -> None:
    assert of("0.1", "float").key == of("0.1", "decimal").key == of("0.1", "double").key
    assert of("0.1", "float").as_double != of("0.1", "double").key
    assert of("0.1", "decimal").as_float is None


@given(numerals)
def test_a_decimal_is_promoted_to_the_key_of_what_it_rounds_to(text: str) -> None:
    value = of(text, "decimal")
    assert (value.as_double or value.key) == of(text, "double").key
    assert (value.as_float or value.key) == of(text, "float").key


def test_identity_is_finer_than_equality() -> None:
    for name in ("float", "double"):
        zero, minus = of("0", name), of("-0", name)
        assert (zero.key, zero.identity == minus.identity) == (minus.key, False)
    assert of("1", "integer").identity == of("1.0", "decimal").identity != of("1", "double").identity
    one, other = of("2000-01-01T00:00:00Z", "dateTime"), of("2000-01-01T01:00:00+01:00", "dateTime")
    assert (one.key, one.identity == other.identity) == (other.key, False)
    assert of("2000-01-01T00:00:00Z", "dateTime").identity == of("1999-12-31T24:00:00.000-00:00", "dateTimeStamp").identity
    assert of("P1Y", "duration").identity == of("P12M", "yearMonthDuration").identity
    assert of("P1D", "duration").identity == of("PT24H", "dayTimeDuration").identity
    assert of("0f", "hexBinary").identity == of("0F", "hexBinary").identity != of("Dw==", "base64Binary").identity
    assert of("Dw = =", "base64Binary").identity == of("Dw==", "base64Binary").identity


zones = st.one_of(st.none(), st.integers(-14 * 60, 14 * 60))
moments = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 28))  # noqa: DTZ001


def spelled(moment: datetime, zone: int | None) -> str:
    text = f"{moment.isoformat():s}"
    if zone is None:
        return text
    return f"{text}{'-' if zone < 0 else '+'}{abs(zone) // 60:02d}:{abs(zone) % 60:02d}"


@given(moments, zones, moments, zones, st.booleans())
def test_keys_of_instants_are_in_the_order_of_time(one: datetime, zone: int | None, other: datetime, other_zone: int | None, near: bool) -> None:  # noqa: FBT001
    if near:
        other = one + timedelta(microseconds=other.microsecond - 500_000)
    values = [of(spelled(moment, minutes), "dateTime") for moment, minutes in ((one, zone), (other, other_zone))]
    instants = [(moment - timedelta(minutes=minutes or 0)).replace(tzinfo=UTC) for moment, minutes in ((one, zone), (other, other_zone))]
    keys = [value.key or "" for value in values]
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (instants[0] < instants[1], instants[0] == instants[1])
    assert [value.low is None for value in values] == [zone is not None, other_zone is not None]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("dateTime", ["-12345-01-01T00:00:00", "-0001-12-31T23:59:59.9", "0000-01-01T00:00:00", "0000-02-29T00:00:00", "0000-03-01T00:00:00"]),
        ("dateTime", ["9999-12-31T23:59:59.999999999999", "9999-12-31T23:59:59.9999999999991", "9999-12-31T24:00:00.5"[:-2], "10000-01-01T00:00:00.001"]),
        ("dateTime", ["-0001-12-31T23:59:58.1", "-0001-12-31T23:59:58.25", "-0001-12-31T23:59:58.250001", "-0001-12-31T23:59:59"]),
        ("dateTime", ["-0050-01-01T00:00:00.1", "-0050-01-01T00:00:00.25", "-0050-01-01T00:00:00.3", "-0049-01-01T00:00:00"]),
        ("gYear", ["-10000", "-9999", "-0001", "0000", "0001", "9999", "10000"]),
        ("time", ["24:00:00", "00:00:00.01", "23:59:59"]),
        ("gMonthDay", ["--02-28", "--02-29", "--03-01"]),
    ],
)
def test_order_beyond_what_clocks_of_computers_know(name: str, texts: list[str]) -> None:
    keys = [of(text, name).key for text in texts]
    assert None not in keys
    assert all(one < other for one, other in itertools.pairwise(map(str, keys)))


def test_midnight_is_the_next_day_of_a_date_and_the_same_hour_of_a_clock() -> None:
    assert of("2000-12-31T24:00:00Z", "dateTime").key == of("2001-01-01T00:00:00Z", "dateTime").key
    assert of("24:00:00", "time").identity == of("00:00:00", "time").identity


def test_what_has_too_many_digits_to_count_is_valid_and_compared_with_nothing() -> None:
    value = of("9" * 4300 + "-02-28T00:00:00", "dateTime")
    assert value == Value(valid=True)


def test_long_numerals_have_exact_keys() -> None:
    ones = "1" * 100_000
    assert decimal_key(ones) < decimal_key(ones, "1") < decimal_key(ones[:-1] + "2")
