"""What a reader is told is told in English, Dutch, Bokmål and Nynorsk: messages, words of the terminal and of pages, axioms, queries and checks."""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from schakel.languages import preferred
from schakel.queries import read_header, read_queries

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "pipeline" / "schakel"
LANGUAGES = ("en", "nl", "nb", "nn")
# What is the same in Bokmål and Nynorsk, as it has none of the words in which they differ.
SAME = {line for line in (Path(__file__).parent / "same_in_norwegian.txt").read_text("utf-8").splitlines() if line}


def in_toml(value: object, path: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Every mapping from language to text, with where it is."""
    if isinstance(value, dict):
        if "en" in value:
            yield path, value
        else:
            for key, inner in value.items():
                yield from in_toml(inner, f"{path}.{key}")


def of_package() -> Iterator[tuple[str, dict[str, object]]]:
    for file in sorted(PACKAGE.rglob("*.toml")):
        yield from in_toml(tomllib.loads(file.read_text("utf-8")), file.name)


def of_pages() -> Iterator[tuple[str, dict[str, object]]]:
    found: dict[str, dict[str, object]] = {}
    for language in LANGUAGES[1:]:
        with (PACKAGE / "site" / "locales" / language / "LC_MESSAGES" / "schakel.po").open("rb") as file:
            for message in read_po(file):
                if message.id:
                    found.setdefault(str(message.id), {"en": message.id})[language] = message.string
    yield from found.items()


def of_queries() -> Iterator[tuple[str, dict[str, object]]]:
    queries, findings = read_queries(REPOSITORY / "queries", REPOSITORY)
    assert findings == []
    for name, query in queries.items():
        yield f"{name} title", dict(query.title)
        yield f"{name} description", dict(query.description)
        yield f"{name} category", dict(query.category_texts)
        yield from ((f"{name} column {column}", dict(texts)) for column, texts in query.column_texts.items())
        yield from ((f"{name} parameter {each.name}", dict(each.descriptions)) for each in query.asks)


def of_checks() -> Iterator[tuple[str, dict[str, object]]]:
    for file in sorted((REPOSITORY / "queries" / "checks").glob("*.rq")):
        texts = read_header(file.read_text("utf-8"), ()).texts
        yield from ((f"{file.stem} {key}", dict(texts[key])) for key in ("title", "message", "mend"))


ALL = [*of_package(), *of_pages(), *of_queries(), *of_checks()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_in_a_language(language: str) -> None:
    assert [where for where, texts in ALL if not texts.get(language)] == []


def test_nynorsk_is_no_copy_of_bokmal() -> None:
    assert sorted({str(texts["nn"]) for _, texts in ALL if texts.get("nn") == texts.get("nb")} - SAME) == []


def test_the_list_of_what_is_the_same_in_both_holds_nothing_else() -> None:
    assert sorted({str(texts["nb"]) for _, texts in ALL if texts.get("nn") == texts.get("nb")} & SAME) == sorted(SAME)


def test_what_is_filled_in_is_filled_in_in_every_language() -> None:
    for where, texts in ALL:
        names = {language: sorted(set(re.findall(r"\{\w+\}|%\(\w+\)s", str(texts[language])))) for language in LANGUAGES}
        assert len({tuple(each) for each in names.values()}) == 1, (where, names)


def test_labels_of_queries_are_all_of_use() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in (REPOSITORY / "queries").glob("*.rq")}
    queries = read_queries(REPOSITORY / "queries", REPOSITORY)[0]
    used = {("category", query.category) for query in queries.values()}
    for name, query in queries.items():
        used |= {("column", column) for column in query.columns if f"# column {column}: " not in texts[name]}
        used |= {("parameter", each.name) for each in query.asks if f"# parameter {each.name}: " not in texts[name]}
    with (REPOSITORY / "queries" / "labels.csv").open(encoding="utf-8", newline="") as file:
        assert {(row["of"], row["name"]) for row in csv.DictReader(file)} == used


@pytest.mark.parametrize(
    ("wanted", "expected"), [("nn", ["nn", "no", "nb"]), ("nb", ["nb", "no", "nn"]), ("no", ["no", "nb", "nn"]), ("nn-NO", ["nn-no", "nn", "no", "nb"])]
)
def test_a_reader_of_norwegian_is_served_by_either_form(wanted: str, expected: list[str]) -> None:
    assert preferred([wanted, "en"]) == [*expected, "en"]
