"""What queries call alike: columns, parameters and categories that mean the same in many queries are described once, in `labels.csv` of their folder.

Its columns are `of` (column, parameter or category), `name`, and a language tag for each language. What a query's own head says of a name goes before.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from schakel.findings import Finding, Place, finding, is_language_tag

__all__ = ["LABELS", "Labels", "completed", "read_labels"]

LABELS: Final = "labels.csv"
_KINDS: Final = ("category", "column", "parameter")
_FIRST: Final = ["of", "name"]
_CATEGORY: Final = re.compile(r"# category: (.*\S)")
_DESCRIBES: Final = re.compile(r"# (?P<kind>column|parameter)(?:@\S+)? (?P<name>\w+): ")


@dataclass(frozen=True)
class Labels:
    """Texts by language, of each name of each kind."""

    texts: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def of(self, kind: str, name: str) -> Mapping[str, str]:
        """Give the texts of a category, column or parameter, by language; none where it has none."""
        return self.texts.get((kind, name), {})


def completed(query: str, labels: Labels, columns: Sequence[str], parameters: Sequence[str]) -> str:
    """Give a query with what labels say of its category, columns and parameters at the end of its head, where the head says nothing of them itself."""
    lines = query.splitlines(keepends=True)
    end = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    head = lines[:end]
    while head and not head[-1].strip():
        head.pop()
    category = next((match[1] for line in head if (match := _CATEGORY.match(line))), "")
    added = [f"# category@{tag}: {text}\n" for tag, text in labels.of("category", category).items() if tag != "en"]
    if any(line.startswith("# category@") for line in head):
        added = []
    for kind, names in (("parameter", parameters), ("column", columns)):
        said = {match["name"] for line in head if (match := _DESCRIBES.match(line)) and match["kind"] == kind}
        for name in names:
            texts = {} if name in said else labels.of(kind, name)
            added += [f"# {kind}{'' if tag == 'en' else f'@{tag}'} {name}: {text}\n" for tag, text in texts.items()]
    return "".join([*head, *added, *lines[len(head) :]]) if added else query


def read_labels(folder: Path, root: Path) -> tuple[Labels, list[Finding]]:
    """Read the labels of a folder of queries; a folder without the file has none. A row that cannot be used is a finding, and left out."""
    path = folder / LABELS
    if not path.is_file():
        return Labels(), []
    file = path.relative_to(root).as_posix()
    try:
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        return Labels(), [finding("query-labels", Place(file), problem=str(error))]
    head = rows[0] if rows else []
    if head[:2] != _FIRST or "en" not in head or not all(map(is_language_tag, head[2:])):
        problem = f"its columns are {', '.join(head) or '(none)'}, and should be of, name, en and other language tags"
        return Labels(), [finding("query-labels", Place(file, 1), problem=problem)]
    texts: dict[tuple[str, str], Mapping[str, str]] = {}
    findings = []
    for number, row in enumerate(rows[1:], 2):
        wrong = next(_problems(row, head, texts), None)
        if wrong is None:
            texts[row[0], row[1]] = {tag: text for tag, text in zip(head[2:], row[2:], strict=True) if text}
        else:
            findings.append(finding("query-labels", Place(file, number), problem=wrong))
    return Labels(texts), findings


def _problems(row: list[str], head: list[str], texts: Mapping[tuple[str, str], object]) -> Iterator[str]:
    """Say why a row cannot be used."""
    if len(row) != len(head):
        yield f"the row has {len(row)} cells, and the first row {len(head)}"
    elif row[0] not in _KINDS:
        yield f"“{row[0]}” is none of {', '.join(_KINDS)}"
    elif (row[0], row[1]) in texts:
        yield f"the {row[0]} {row[1]} has a row above"
    elif not row[head.index("en")]:
        yield f"the {row[0]} {row[1]} has no text in English"
