"""Each canned query gives, of the repository's own graph, the answer that was read against the pages and kept in a table beside this file.

After a change that is meant to change answers: `python tests/queries/test_goldens.py` writes the tables anew from public/. Read what has changed
(`git diff tests/queries`) against the pages before keeping it.
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from schakel import KnowledgeGraph, Settings, open_graph
from schakel.answers import write_csv

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in (HERE.parent.parent / "queries").glob("*.rq"))
# A query about one thing is asked about a thing that a person can read to the end; all others are asked for everything.
ASKED: Mapping[str, Mapping[str, str]] = {
    "as-of": {"date": "2008-06-01"},
    "evidence": {"entity": "org/medlon"},
    "goals-about": {"word": "teknologi"},
    "known-at": {"date": "2009-02-01"},
    "only-in": {"source": "source/mst-about"},
    "partners": {"organisation": "org/mst"},
    "passages": {"source": "source/mst-about"},
    "translations": {"tag": "nl"},
}


def table(content: bytes) -> list[list[str]]:
    """A CSV as rows of cells, the header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def answered(graph: KnowledgeGraph, name: str) -> bytes:
    """What a query answers to what is asked of it here, as CSV."""
    return write_csv(graph.query(name, everything=True, **ASKED.get(name, {})))


@pytest.fixture(scope="module")
def graph(published: Settings) -> Iterator[KnowledgeGraph]:
    opened = open_graph(published.root)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_the_one_that_was_read_against_the_pages(name: str, graph: KnowledgeGraph) -> None:
    assert table(answered(graph, name)) == table((HERE / f"{name}.csv").read_bytes())


def test_every_table_belongs_to_a_query() -> None:
    assert sorted(path.stem for path in HERE.glob("*.csv")) == NAMES


def main() -> None:
    """Write the tables anew."""
    graph = open_graph(HERE.parent.parent)
    for name in sys.argv[1:] or NAMES:
        # Lines end as git keeps them; a table is compared by its cells.
        (HERE / f"{name}.csv").write_bytes(answered(graph, name).replace(b"\r\n", b"\n"))


if __name__ == "__main__":
    main()
