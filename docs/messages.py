#!/usr/bin/env python3
"""Bring the catalogues of the site up to date with its templates and its code; `make messages` runs this.

    python docs/messages.py     write each catalogue anew: what is new comes in untranslated, what nothing says any more goes

It lists what is not translated yet, and then ends with 1.

Messages are the texts given to `words("…")`, `words.many("…", "…", count)` and `message("…")` in Python, to `_("…")` and `words.many` in templates, and the
severities of findings. A catalogue says neither where its messages stand nor when it was written: it changes only with its messages.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import normalize, read_po
from jinja2 import Environment, nodes

from schakel.findings import Severity

SITE: Final = Path(__file__).resolve().parent.parent / "pipeline" / "schakel" / "site"
LANGUAGES: Final = ("nb", "nl", "nn")
_SAYS_ONE: Final = frozenset({"_", "words", "message"})
_SAYS_MANY: Final = "many"
_WIDTH: Final = 120

# What is said of one, and what of many where a number decides.
Text: TypeAlias = tuple[str, str | None]


def messages() -> dict[str, str | None]:
    """Give every message of the site, with its plural or None, in the order in which catalogues hold them.

    Raises ValueError where the same text is said both with a number and without: no catalogue can hold that.
    """
    found: dict[str, str | None] = {}
    said = [*_of_code(SITE), *_of_templates(SITE / "templates"), *((str(severity), None) for severity in Severity)]
    for one, several in sorted(said, key=lambda each: (each[0], each[1] or "")):
        if found.setdefault(one, several) != several:
            raise ValueError(f"said with a number and without: {one}")
    return found


def _of_code(folder: Path) -> Iterator[Text]:
    for path in folder.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
                yield from _said(name, [each.value if isinstance(each, ast.Constant) else None for each in node.args])


def _of_templates(folder: Path) -> Iterator[Text]:
    for path in folder.glob("**/*.j2"):
        for node in Environment(autoescape=True).parse(path.read_text("utf-8")).find_all(nodes.Call):
            name = node.node.attr if isinstance(node.node, nodes.Getattr) else getattr(node.node, "name", None)
            yield from _said(name, [each.value if isinstance(each, nodes.Const) else None for each in node.args])


def _said(name: object, given: list[object]) -> Iterator[Text]:
    match name, given:
        case str(), [str(text), *_] if name in _SAYS_ONE:
            yield text, None
        case str(), [str(one), str(several), *_] if name == _SAYS_MANY:
            yield one, several
        case _:
            pass


def catalogue(language: str) -> Path:
    """Name the file of a language."""
    return SITE / "locales" / language / "LC_MESSAGES" / "schakel.po"


def read(language: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none."""
    path = catalogue(language)
    return read_po(BytesIO(path.read_bytes() if path.is_file() else b""), locale=language)


def written(language: str, said: Mapping[str, str | None], known: Catalog) -> str:
    """Write a catalogue of messages, with the translations that are known."""
    header = [
        f"# What the site says, in {Locale.parse(language).get_display_name('en')}. `make messages` brings in what is new.",
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {get_plural(language).plural_forms}\\n"',
    ]
    return "\n\n".join(["\n".join(header), *("\n".join(_entry(one, several, known)) for one, several in said.items())]) + "\n"


def _entry(one: str, several: str | None, known: Catalog) -> Iterator[str]:
    message = known.get(one)
    texts = message.string if message is not None else ""
    if message is not None:
        yield from (f"# {comment}" for comment in message.user_comments)
    flags = [*(["fuzzy"] if message is not None and message.fuzzy else []), *(["python-format"] if "%(" in one else [])]
    if flags:
        yield f"#, {', '.join(flags)}"
    yield f"msgid {normalize(one, width=_WIDTH)}"
    if several is None:
        yield f"msgstr {normalize(texts if isinstance(texts, str) else '', width=_WIDTH)}"
        return
    yield f"msgid_plural {normalize(several, width=_WIDTH)}"
    forms = texts if isinstance(texts, tuple | list) else ()
    for number in range(known.num_plurals):
        yield f"msgstr[{number}] {normalize(forms[number] if number < len(forms) else '', width=_WIDTH)}"


def untranslated(catalog: Catalog) -> Iterator[Message]:
    """Give what has no translation yet, or one that is marked as uncertain (fuzzy), which pages do not use."""
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            yield message


def main() -> int:
    """Write every catalogue anew, and list what it does not translate yet."""
    said = messages()
    left = 0
    for language in LANGUAGES:
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(language, said, read(language)), "utf-8")
        for message in untranslated(read(language)):
            left += 1
            print(f"{path.relative_to(SITE)}: {message.id}")  # noqa: T201  # a program for people
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
