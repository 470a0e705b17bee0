"""Reading the dumps back with another program, Oxigraph, and holding them against the lines of N-Triples and N-Quads.

Files are read a window at a time, which begins and ends with a subject. Lines are in order, so that those of a subject, or a quad, are found by bisection.
All statements are counted; of graphs of more than a million statements one window in 24 is read, of TriG one in 48, always the same.
"""

import mmap
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias, cast

import pyoxigraph as ox

from schakel.errors import PublicationIncompleteError
from schakel.publish.dumps import Dump

__all__ = ["verify"]

_Content: TypeAlias = bytes | mmap.mmap
_ALL_READ_BACK: Final = 1_000_000
_ONE_IN: Final = 24
# TriG is in another order, so that each of its quads must be looked for.
_ONE_OF_THESE_IN: Final = 2
_WINDOW: Final = 1 << 20
_SMALL: Final = 16 << 20
# Quads that are looked up before memory is given back: each lookup touches pages all over the file.
_LOOKED_UP: Final = 500
# Oxigraph writes language tags in lower case.
_TAG: Final = re.compile(rb'"@[A-Za-z0-9-]+(?= (?:[<_][^"\n]*)?\.$)', re.MULTILINE)
# What a window ends before: a line, a subject of Turtle, one of TriG, and a node of JSON-LD.
_LINE: Final = b"\n"
_EMPTY: Final = b"\n\n"
_INDENTED: Final = b" .\n\t"
_NODE: Final = b'\n {"@id"'
_CLOSED: Final = b"}\n"
_NODES_BEGIN: Final = b' "@graph": [\n'
_NODES_END: Final = b"]}\n"


def verify(folder: Path, dumps: Iterable[Dump], *, everything: bool = False) -> None:
    """Read the dumps in a folder; raises PublicationIncompleteError for one that does not say what the others say, or not as many statements as it is to say.

    With `everything` all of them are read, however many they are.
    """
    counts = {dump.file: dump.statements for dump in dumps}
    statements, quads = counts["graph.nt"], counts["dataset.nq"]
    part = 1 if everything or statements <= _ALL_READ_BACK else _ONE_IN
    triple_lines, quad_lines = _content(folder / "graph.nt"), _content(folder / "dataset.nq")
    _check_lines("graph.nt", triple_lines, statements, part)
    _check_lines("dataset.nq", quad_lines, quads, part)
    _check_turtle(_content(folder / "graph.ttl"), triple_lines, statements, part)
    _check_json_ld(_content(folder / "graph.jsonld"), triple_lines, statements, part)
    _check_trig(_content(folder / "dataset.trig"), quad_lines, quads, 1 if part == 1 else part * _ONE_OF_THESE_IN)


def _content(path: Path) -> _Content:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


def _check_lines(file: str, content: _Content, statements: int, part: int) -> None:
    _hold(file, statements, _count(content, _LINE))
    for start, end in _windows(content, 0, _LINE, part):
        window = content[start:end]
        _compare(file, sorted(_read(window, ox.RdfFormat.N_QUADS)), _canonical(window))


def _check_turtle(content: _Content, lines: _Content, statements: int, part: int) -> None:
    head = _head(content)
    _hold("graph.ttl", statements, _statements(content, head))
    for start, end in _windows(content, len(head), _EMPTY, part):
        _check_subjects("graph.ttl", sorted(_read(head + content[start:end], ox.RdfFormat.TURTLE)), lines)


def _check_json_ld(content: _Content, lines: _Content, statements: int, part: int) -> None:
    head = content[: content.find(_NODES_BEGIN) + len(_NODES_BEGIN)]
    # A line for each statement, one more for each node, and one at the end.
    _hold("graph.jsonld", statements, _count(content, _LINE) - head.count(_LINE) - _count(content, _NODE) - 1)
    if statements:
        for start, end in _windows(content, len(head), _NODE, part):
            nodes = content[start:end].removesuffix(_NODES_END).rstrip(b",\n")
            _check_subjects("graph.jsonld", sorted(_read(head + nodes + _NODES_END, ox.RdfFormat.JSON_LD)), lines)


def _check_trig(content: _Content, lines: _Content, quads: int, part: int) -> None:
    head = _head(content)
    _hold("dataset.trig", quads, _statements(content, head))
    # A small file is looked up at once.
    known = frozenset(lines[:].splitlines()) if len(lines) <= _SMALL else frozenset[bytes]()
    for start, end in _windows(content, len(head), _INDENTED, part):
        graph = content.rfind(_EMPTY, 0, start) + len(_EMPTY)
        opening = b"" if start == len(head) else content[graph : content.find(_LINE, graph) + 1]
        window = content[start:end]
        # A window that ends within a graph closes it; the last one must have done so.
        document = head + opening + window + (b"" if end == len(content) or window.endswith(_CLOSED) else _CLOSED)
        read = _read(document, ox.RdfFormat.TRIG)
        _hold("dataset.trig", _statements(document, head), len(read))
        for first in range(0, len(read), _LOOKED_UP):
            looked_up = read[first : first + _LOOKED_UP]
            _hold("dataset.trig", len(looked_up), sum(line in known or _holds(lines, line) for line in looked_up))
            _let_go(lines)


def _check_subjects(file: str, read: list[bytes], lines: _Content) -> None:
    """Compare statements about some subjects, none left out between them, with all lines about these."""
    if not read:
        raise PublicationIncompleteError(file, 1, 0)
    first, last = (line[: line.index(b" ")] for line in (read[0], read[-1]))
    # What follows a subject is a space, and an exclamation mark is next to it.
    expected = lines[_bisected(lines, first + b" ") : _bisected(lines, last + b"!")]
    _compare(file, read, _canonical(expected))
    _let_go(lines)


def _compare(file: str, read: list[bytes], expected: list[bytes]) -> None:
    if read != expected:
        raise PublicationIncompleteError(file, len(expected), len(read))


def _hold(file: str, expected: int, found: int) -> None:
    if expected != found:
        raise PublicationIncompleteError(file, expected, found)


def _read(document: bytes, rdf_format: ox.RdfFormat) -> list[bytes]:
    try:
        return cast("bytes", ox.serialize(ox.parse(document, format=rdf_format), format=ox.RdfFormat.N_QUADS)).splitlines()
    except SyntaxError:
        # What cannot be read says nothing.
        return []


def _canonical(lines: bytes) -> list[bytes]:
    return sorted(_TAG.sub(lambda tag: tag[0].lower(), lines).splitlines())


def _head(content: _Content) -> bytes:
    """Give the head of Turtle or TriG: what is before the first empty line."""
    end = content.find(_EMPTY)
    return content[:] if end < 0 else content[: end + 1]


def _statements(content: _Content, head: bytes) -> int:
    """Count the statements of Turtle or TriG, each of which ends a line."""
    return _count(content, b" .\n", b" ;\n", b" ,\n") - head.count(b" .\n")


def _count(content: _Content, *signs: bytes) -> int:
    """Count what does not overlap; a file that is mapped into memory cannot count by itself."""
    found, longest = 0, max(map(len, signs)) - 1
    for start in range(0, len(content), _WINDOW):
        window = content[start : start + _WINDOW + longest]
        # What begins in the next window is counted there.
        found += sum(window.count(sign, 0, _WINDOW + len(sign) - 1) for sign in signs)
        _let_go(content)
    return found


def _let_go(content: _Content) -> None:
    """Let the system take back the memory that holds what was looked at."""
    if isinstance(content, mmap.mmap):
        content.madvise(mmap.MADV_DONTNEED)


def _windows(content: _Content, start: int, boundary: bytes, part: int) -> Iterator[tuple[int, int]]:
    """Give where windows begin and end: just after a boundary's last line end, or before what follows it."""
    number, size = 0, len(content)
    while start < size:
        found = content.find(boundary, start + _WINDOW)
        end = size if found < 0 else found + boundary.index(_LINE) + 1
        if number % part == 0:
            yield start, end
            _let_go(content)
        start, number = end, number + 1


def _bisected(lines: _Content, key: bytes) -> int:
    """Find where the first line begins that is not less than a key."""
    low, high = 0, len(lines)
    while low < high:
        middle = lines.rfind(_LINE, low, (low + high) // 2) + 1 or low
        end = lines.find(_LINE, middle) + 1
        if lines[middle : end - 1] < key:
            low = end
        else:
            high = middle
    return low


def _holds(lines: _Content, line: bytes) -> bool:
    """Tell whether a line is among others; tags of languages are in lower case in the one, and may not be in the others."""
    start = _bisected(lines, line)
    if lines[start : start + len(line)] == line:
        return True
    before = line[: line.index(b" ", line.index(b" ") + 1) + 1]
    about = lines[_bisected(lines, before) : _bisected(lines, before[:-1] + b"!")]
    return line in _canonical(about)
