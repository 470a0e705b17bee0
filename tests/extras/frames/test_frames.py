"""Answers as frames of the libraries that analysts use. An extra: `pip install schakel[frames]`."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode

from schakel.answers import FORMATS, IRI, Answer, Text
from schakel.namespaces import XSD

WHY = "is not installed: run `pip install schakel[frames]`"
pd = pytest.importorskip("pandas", reason=f"pandas {WHY}")
pl = pytest.importorskip("polars", reason=f"polars {WHY}")
pa = pytest.importorskip("pyarrow", reason=f"pyarrow {WHY}")


def typed(form: str, kind: str) -> Literal:
    return Literal(form, datatype=XSD[kind])


def column(*terms: Literal | NamedNode | None) -> Answer:
    return Answer(("x",), tuple((term,) for term in terms))


MST = NamedNode("https://kg.example.org/org/mst")
ANSWER = Answer(
    ("member", "name", "share", "count", "since", "active"),
    (
        (MST, Literal("MST", language="nl"), typed("14.30", "decimal"), typed("7", "integer"), typed("2017-12-01", "date"), typed("true", "boolean")),
        (None, None, None, None, None, None),
        (MST, Literal("MST"), typed("0.5", "decimal"), typed("8", "integer"), typed("2009-01-01", "date"), typed("false", "boolean")),
    ),
)


@pytest.mark.parametrize(
    ("terms", "kind", "values"),
    [
        ([MST], "string", ["https://kg.example.org/org/mst"]),
        ([typed("1", "integer"), typed("2", "byte")], "int64", [1, 2]),
        ([typed("2009", "gYear")], "int64", [2009]),
        ([typed("1.50", "decimal"), typed("10.2", "decimal")], "decimal128(4, 2)", [Decimal("1.50"), Decimal("10.20")]),
        ([typed("1.5", "double"), typed("INF", "float")], "double", [1.5, float("inf")]),
        ([typed("true", "boolean")], "bool", [True]),
        ([typed("2017-12-01", "date")], "date32[day]", [date(2017, 12, 1)]),
        ([typed("2017-12-01T10:30:00+02:00", "dateTime")], "timestamp[us, tz=UTC]", [datetime(2017, 12, 1, 8, 30, tzinfo=UTC)]),
        ([typed("2017-12-01T10:30:00", "dateTime")], "timestamp[us]", [datetime(2017, 12, 1, 10, 30)]),  # noqa: DTZ001  # it has no time zone
        ([typed("2017-12-01", "date"), typed("2017-12", "gYearMonth"), typed("2017", "gYear")], "string", ["2017-12-01", "2017-12", "2017"]),
        ([typed("1", "integer"), typed("1.50", "decimal")], "string", ["1", "1.50"]),
        ([typed("1", "integer"), Literal("one", language="en")], "string", ["1", "one"]),
        ([typed("1", "boolean"), typed("1", "integer")], "string", ["1", "1"]),
        ([typed("2017-12-01T10:30:00Z", "dateTime"), typed("2017-12-01T10:30:00", "dateTime")], "string", ["2017-12-01T10:30:00Z", "2017-12-01T10:30:00"]),
    ],
)
def test_arrow_has_the_type_that_all_values_have(terms: list[Literal], kind: str, values: list[object]) -> None:
    table = column(*terms, None).to_arrow()
    assert str(table.schema.field("x").type) == kind
    assert table["x"].to_pylist() == [*values, None]


@pytest.mark.parametrize(
    "term",
    [
        typed(str(2**63), "integer"),
        typed(f"0.{'1' * 40}", "decimal"),
        typed("1" * 90, "decimal"),
        typed("9999-12-31T23:59:59-14:00", "dateTime"),
        typed("0001-01-01T00:00:00+14:00", "dateTime"),
    ],
)
def test_arrow_loses_nothing_that_is_too_large_for_a_type(term: Literal) -> None:
    table = column(term, None).to_arrow()
    if str(table["x"].type) == "string":
        assert table["x"].to_pylist() == [term.value, None]
    else:  # a moment, which Arrow holds though Python does not in that time zone
        assert str(table["x"].type) == "timestamp[us, tz=UTC]"
        assert table["x"].cast(pa.int64()).to_pylist()[0] // 1_000_000 in {253402300799 + 14 * 3600, -62135596800 - 14 * 3600}


def test_a_column_of_nothing_is_one_of_strings() -> None:
    assert str(column(None, None).to_arrow()["x"].type) == "string"
    assert column().to_arrow().column_names == ["x"]
    assert str(column().to_arrow()["x"].type) == "string"


def test_languages_stand_beside_the_texts_when_asked_for() -> None:
    assert ANSWER.to_arrow().column_names == list(ANSWER.columns)
    table = ANSWER.to_arrow(languages=True)
    assert table.column_names == ["member", "name", "name@lang", "share", "count", "since", "active"]
    assert table["name@lang"].to_pylist() == ["nl", None, None]
    assert ANSWER.to_polars(languages=True).columns == table.column_names


def test_polars_has_the_types_of_arrow() -> None:
    frame = ANSWER.to_polars()
    assert isinstance(frame, pl.DataFrame)
    assert frame.schema["since"] == pl.Date
    assert frame.schema["share"] == pl.Decimal(4, 2)
    assert frame["count"].sum() == 15
    assert frame["name"].to_list() == ["MST", None, "MST"]


def test_pandas_keeps_the_values_of_python() -> None:
    frame = ANSWER.to_pandas()
    assert list(frame.columns) == list(ANSWER.columns)
    assert isinstance(frame["member"][0], IRI)
    assert isinstance(frame["name"][0], Text)
    assert frame["name"][0].language == "nl"
    assert frame["name"][1] is None
    assert frame["share"][0] == Decimal("14.30")
    assert frame["since"][0] == date(2017, 12, 1)
    assert frame["count"].sum() == 15
    assert frame[frame["active"].fillna(False)]["count"].tolist() == [7]  # noqa: FBT003  # as pandas has it
    assert [str(frame[name].dtype) for name in ANSWER.columns] == ["object", "object", "object", "Int64", "object", "boolean"]


def test_pandas_holds_integers_of_any_size() -> None:
    assert column(typed(str(2**70), "integer")).to_pandas()["x"][0] == 2**70


def test_an_answer_without_rows_has_its_columns() -> None:
    none = Answer(ANSWER.columns, ())
    for columns in (none.to_pandas().columns, none.to_polars().columns, none.to_arrow().column_names):
        assert list(columns) == list(ANSWER.columns)


def test_pandas_keeps_rows_without_columns() -> None:
    assert len(Answer((), ((), ())).to_pandas()) == 2


def test_parquet_is_read_by_others() -> None:
    content = FORMATS["parquet"](ANSWER)
    assert pl.read_parquet(io.BytesIO(content)).equals(ANSWER.to_polars())
    assert content == FORMATS["parquet"](ANSWER)
    with_languages = pl.read_parquet(io.BytesIO(FORMATS["parquet"](ANSWER, languages=True)))
    assert with_languages["name@lang"].to_list() == ["nl", None, None]


def test_parquet_holds_the_text_itself() -> None:
    content = FORMATS["parquet"](column(Literal("=1+1"), Literal("\t@x")))
    assert pl.read_parquet(io.BytesIO(content))["x"].to_list() == ["=1+1", "\t@x"]
