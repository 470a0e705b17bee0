"""The head of a canned query: first what grlc reads (`#+ key: value`), then what we read (`# key: value`), then an empty line.

Ours may have a language (`# title@nl: …`); `# parameter name: …` and `# column name: …` say what each is, in a language too (`# column@nl name: …`).
Four keys speak of one name, and may be repeated: `# filter: parameter = column`, `# unfiltered: parameter = reason`, `# example: parameter = value`,
`# formerly: old name = name`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Header", "read_header"]

_GRLC = re.compile(r"#\+\s(?P<key>[a-z]+):\s*(?P<value>.*)")
_GRLC_ITEM = re.compile(r"#\+\s+-\s+(?P<value>.+)")
_OURS = re.compile(r"#\s(?P<key>[a-z]+)(?:@(?P<language>[A-Za-z-]+))?(?:\s(?P<of>\w+))?:\s(?P<value>.+)")
_OF = frozenset({"column", "parameter"})
_PAIR = re.compile(r"(?P<name>\w+) = (?P<value>\S.*)")
_PAIRS = frozenset({"example", "filter", "formerly", "unfiltered"})


@dataclass(frozen=True)
class Header:
    """The lines of a head: what grlc reads, texts by key and language, and what each column and parameter is, by language too.

    `filters` gives the column that shows what a parameter binds, `unfiltered` the reason why no column does, `former_names` the name that a parameter
    has now, `examples` a value of a parameter.
    """

    grlc: Mapping[str, str]
    tags: tuple[str, ...]
    texts: Mapping[str, Mapping[str, str]]
    column_texts: Mapping[str, Mapping[str, str]]
    parameter_texts: Mapping[str, Mapping[str, str]]
    filters: Mapping[str, str] = field(default_factory=dict)
    unfiltered: Mapping[str, str] = field(default_factory=dict)
    former_names: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = field(default=())

    @property
    def columns(self) -> Mapping[str, str]:
        """What each column is, in English."""
        return _in_english(self.column_texts)

    @property
    def parameters(self) -> Mapping[str, str]:
        """What each parameter is, in English."""
        return _in_english(self.parameter_texts)

    def text(self, key: str) -> str:
        """Give a text in English, in which every head is written; empty where there is none."""
        return self.texts.get(key, {}).get("en", "")


def _in_english(texts: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    return {name: told["en"] for name, told in texts.items() if "en" in told}


def read_header(query: str, needed: tuple[str, ...]) -> Header:
    """Read the head of a query; `needed` are the keys that ours must have."""
    grlc: dict[str, str] = {}
    tags: list[str] = []
    texts: dict[str, dict[str, str]] = {}
    of: dict[str, dict[str, dict[str, str]]] = {name: {} for name in _OF}
    pairs: dict[str, dict[str, str]] = {key: {} for key in _PAIRS}
    problems = []
    for line in _head(query):
        if match := _GRLC.fullmatch(line):
            grlc[match["key"]] = match["value"].strip()
        elif match := _GRLC_ITEM.fullmatch(line):
            tags.append(match["value"].strip())
        elif (match := _OURS.fullmatch(line)) and match["of"] and match["key"] in _OF:
            of[match["key"]].setdefault(match["of"], {})[match["language"] or "en"] = match["value"].strip()
        elif match and not match["of"] and match["key"] in _PAIRS and not match["language"] and (pair := _PAIR.fullmatch(match["value"].strip())):
            pairs[match["key"]][pair["name"]] = pair["value"]
        elif match and not match["of"] and match["key"] not in _OF | _PAIRS:
            texts.setdefault(match["key"], {})[match["language"] or "en"] = match["value"].strip()
        else:
            problems.append(f"the line “{line}” is none that a head can have")
    problems += [f"there is no line “#+ {key}: …”" for key in ("summary", "description", "method") if key not in grlc]
    problems += [f"“: ” in “#+ {key}: …” ends the value for grlc; write it otherwise" for key, value in grlc.items() if ": " in value]
    problems += [f"there is no line “# {key}: …”" for key in needed if "en" not in texts.get(key, {})]
    problems += [f"there is no line “# {key} {name}: …”" for key in sorted(of) for name, told in of[key].items() if "en" not in told]
    named = (of["column"], of["parameter"], pairs["filter"], pairs["unfiltered"], pairs["formerly"], pairs["example"])
    return Header(grlc, tuple(tags), texts, *named, tuple(problems))


def _head(query: str) -> list[str]:
    """Give the lines of the head: all that come before the query itself, empty ones left out."""
    lines = []
    for line in query.splitlines():
        if line.strip() and not line.startswith("#"):
            break
        if line.strip():
            lines.append(line.rstrip())
    return lines
