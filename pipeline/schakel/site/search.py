"""The index that a reader's browser searches: names, other names and abbreviations, with what they lead to.

A small index is one file. A large one is cut into shards, so that a search loads few of them: `words-N.json` tells which words hold three letters
in a row, from which a mistyped word is found too, whichever letter is wrong; `names-N.json` tells what has a word in one of its names.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from typing import Any, Final

from schakel.languages import preferred
from schakel.lookup.normalization import fold

__all__ = ["FOLDER", "NameKind", "NameText", "SearchName", "bucket", "parts_of", "search_files"]

FOLDER: Final = "static/search"

# An index of more bytes than this is cut into shards; a shard has about as many bytes as these.
_WHOLE = 200_000
_WORDS_SHARD = 16_000
_NAMES_SHARD = 12_000
# Of a word that more things have in their names only the first so many are found by it; the others by another word, or by two words of this kind.
_MOST = 200
_MOST_PAIRED = 8
# Longer texts and words are cut: nobody types them, and one of them must not make a shard large.
_LONGEST_TEXT = 160
_LONGEST_WORD = 32
_MOST_TEXTS = 40


class NameKind(IntEnum):
    """What a name is to the thing that it names."""

    LABEL = 0
    ALTERNATIVE = 1
    ABBREVIATION = 2


@dataclass(frozen=True)
class NameText:
    """A name, with its language where it has one."""

    text: str
    language: str | None
    kind: NameKind


@dataclass(frozen=True)
class SearchName:
    """A thing to be found: the path of its page without suffix, its names, and the label of its kind by page language.

    Of things that fit equally well, those with the lower `place` come first.
    """

    path: str
    texts: tuple[NameText, ...]
    kind: Mapping[str, str]
    place: int = 0


def search_files(names: Iterable[SearchName], languages: Sequence[str], fallback: Sequence[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Give path and content of each file of the index. `languages` are those of pages; `fallback` is the order in which labels fall back."""
    kinds: dict[tuple[str, ...], int] = {}
    things = [_thing(name, kinds, languages) for name in sorted(names, key=_order) if name.texts]
    orders = [preferred((language, *(fallback or languages))) for language in languages]
    head: dict[str, Any] = {"pages": list(languages), "preferred": orders, "kinds": list(kinds)}
    if sum(len(thing.line) for thing in things) <= _WHOLE:
        yield f"{FOLDER}/index.json", _file(f'{_json(head)[:-1]},"things":[\n{_lines(thing.line for thing in things)}]}}')
        return
    by_word = _by_word(things)
    words = _shards("words", _words(Counter(word for thing in things for word in thing.words)), _WORDS_SHARD)
    found = _shards("names", {word: f"[{_lines(thing.line for thing in things)}]" for word, things in by_word.items()}, _NAMES_SHARD)
    yield f"{FOLDER}/index.json", _file(_json({**head, "words": len(words), "names": len(found), "most": _MOST}))
    yield from words
    yield from found


@dataclass(frozen=True)
class _Thing:
    """A thing as a line of JSON, and the words by which it is found."""

    line: str
    words: tuple[str, ...]


def _order(name: SearchName) -> tuple[object, ...]:
    return name.place, len(name.texts[0].text) if name.texts else 0, name.path


def _thing(name: SearchName, kinds: dict[tuple[str, ...], int], languages: Sequence[str]) -> _Thing:
    label = tuple(name.kind.get(language, "") for language in languages)
    kind = kinds.setdefault(label, len(kinds))
    texts = sorted({(text.kind.value, _cut(text.text), text.language or "") for text in name.texts})[:_MOST_TEXTS]
    line = _json([name.path, kind, name.place, [[text, language, what] for what, text, language in texts]])
    return _Thing(line, tuple(sorted({word for _, text, _ in texts for word in _words_of(text)})))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _words_of(text: str) -> Iterator[str]:
    """Give the words by which a name is found; single letters also as one word: `MSF` finds `M.S.F.`."""
    words = fold(text).split()
    if words and all(len(word) == 1 for word in words):
        words.append("".join(words))
    for word in words:
        yield word[:_LONGEST_WORD]


def _by_word(things: Sequence[_Thing]) -> dict[str, list[_Thing]]:
    """Give the first things that have a word in their names; of two words that too many have, those that have both, under `one two`."""
    counts = Counter(word for thing in things for word in thing.words)
    frequent = {word for word, count in counts.items() if count > _MOST}
    found: dict[str, list[_Thing]] = defaultdict(list)
    for thing in things:
        pairs = combinations([word for word in thing.words if word in frequent][:_MOST_PAIRED], 2)
        for word in (*thing.words, *map(" ".join, pairs)):
            if len(found[word]) < _MOST:
                found[word].append(thing)
    return found


def _words(counts: Mapping[str, int]) -> dict[str, str]:
    """Give, for three letters in a row, the words that have them, each with the number of things that it finds."""
    holding: dict[str, list[str]] = defaultdict(list)
    for word in sorted(counts):
        for part in parts_of(word):
            holding[part].append(f"{word} {counts[word]}")
    return {part: _json(" ".join(words)) for part, words in holding.items()}


def parts_of(word: str) -> list[str]:
    """Give all runs of three letters of a word, whose beginning and end count as one.

    >>> parts_of("aan")
    ['^aa', 'aan', 'an$']
    """
    whole = f"^{word}$"
    return sorted({whole[start : start + 3] for start in range(len(whole) - 2)})


def _shards(name: str, content: Mapping[str, str], size: int) -> list[tuple[str, bytes]]:
    """Put entries of JSON into as many files as make each about of a size; which one it is follows from the key alone."""
    count = max(1, sum(len(key) + len(value) for key, value in content.items()) // size)
    shards: list[list[str]] = [[] for _ in range(count)]
    for key in sorted(content):
        shards[bucket(key, count)].append(f"{_json(key)}:{content[key]}")
    return [(f"{FOLDER}/{name}-{number}.json", _file(f"{{{_lines(entries)}}}")) for number, entries in enumerate(shards)]


def bucket(key: str, count: int) -> int:
    """Tell which of so many shards a key is in, as the script in the page does: FNV-1a of its characters.

    >>> bucket("zorg", 100), bucket("", 7)
    (69, 2)
    """
    value = 0x811C9DC5
    for character in key:
        value = (value ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
    return value % count


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(items: Iterable[str]) -> str:
    return ",\n".join(items)


def _file(text: str) -> bytes:
    return f"{text}\n".encode()
