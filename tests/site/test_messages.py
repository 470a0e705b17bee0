"""What the site says: every message is in every catalogue, and no template holds words of its own."""

import re
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from schakel.site.localization import Words, has_words

REPOSITORY = Path(__file__).parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "docs"))
import messages  # noqa: E402  # a program that stands by itself, as docs/check.py does

TEMPLATES = sorted((messages.SITE / "templates").glob("**/*.j2"))
SAID = messages.messages()
ENDS = re.compile(r"[.?!:;,…]$")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# Names of formats and files are the same in every language.
SAME_EVERYWHERE = re.compile(r"(?<!\w)(?:CSV|JSON|JSON-LD|RDF|SPARQL|SHA-256|Turtle|cURL|Python|[\w/-]*\.(?:csv|json|jsonld|rq|ttl))\b")
# Attributes that a reader sees or hears.
READ_OUT = frozenset({"alt", "aria-description", "aria-label", "aria-placeholder", "aria-roledescription", "aria-valuetext", "label", "placeholder", "title"})
# What stands in these is code or data, not words.
CODE = frozenset({"code", "pre", "script", "style"})


@pytest.fixture(params=messages.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def texts(catalogue: Catalog) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Give the English of each message beside its translations: one of each, or one for each number."""
    for message in catalogue:
        if message.id:
            english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            yield english, (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_the_site_says_something() -> None:
    assert {"Home", "Sources", "What is said of it", "violation", "%(count)s row", "Search", "Open all"} <= set(SAID)
    assert SAID["%(count)s row"] == "%(count)s rows"
    assert len(SAID) > 150


def test_a_catalogue_is_as_the_program_writes_it(language: str) -> None:
    """No message is missing, none is left over, none is uncertain, and they stand in their order."""
    assert messages.catalogue(language).read_text("utf-8") == messages.written(language, SAID, messages.read(language)), "run `make messages`"


def test_every_message_is_translated(language: str) -> None:
    assert [message.id for message in messages.untranslated(messages.read(language))] == []


def test_what_is_uncertain_is_not_translated_yet_and_stays_with_its_comment() -> None:
    file = b'# Ask a sailor.\n#, fuzzy\nmsgid "Rope"\nmsgstr "Touw"\n\nmsgid "Sail"\nmsgstr "Zeil"\n\nmsgid "Mast"\nmsgstr ""\n'
    known = read_po(BytesIO(file), locale="nl")
    assert [message.id for message in messages.untranslated(known)] == ["Rope", "Mast"]
    written = messages.written("nl", {"%(count)s rope": "%(count)s ropes", "Keel": None, "Rope": None, "Sail": None}, known)
    assert [part.splitlines() for part in written.split("\n\n")[1:]] == [
        ["#, python-format", 'msgid "%(count)s rope"', 'msgid_plural "%(count)s ropes"', 'msgstr[0] ""', 'msgstr[1] ""'],
        ['msgid "Keel"', 'msgstr ""'],
        ["# Ask a sailor.", "#, fuzzy", 'msgid "Rope"', 'msgstr "Touw"'],
        ['msgid "Sail"', 'msgstr "Zeil"'],
    ]


def test_translations_fill_in_what_the_message_does(language: str) -> None:
    for english, translated in texts(messages.read(language)):
        wanted = {name for text in english for name in PLACEHOLDER.findall(text)}
        for text in translated:
            assert set(PLACEHOLDER.findall(text)) == wanted, text
            assert "%" not in PLACEHOLDER.sub("", text), text


def test_translations_begin_and_end_as_the_message_does(language: str) -> None:
    for english, translated in texts(messages.read(language)):
        for text in (*english, *translated):
            assert text == text.strip()
        for text in translated:
            assert bool(ENDS.search(text)) == bool(ENDS.search(english[0])), text


def test_a_translation_has_the_quotation_marks_of_its_language(language: str) -> None:
    others = {"nl": '«»"', "nn": '“”"', "nb": '“”"'}[language]
    assert [text for _, translated in texts(messages.read(language)) for text in translated if set(text) & set(others)] == []


def test_pages_speak_the_languages_of_the_catalogues(language: str) -> None:
    assert has_words(language)
    assert {path.name for path in (messages.SITE / "locales").iterdir() if path.is_dir()} == set(messages.LANGUAGES)
    words = Words(language)
    assert words("Sources") == {"nl": "Bronnen", "nn": "Kjelder", "nb": "Kilder"}[language]
    assert [words.many("%(count)s row", "%(count)s rows", count) for count in (0, 1, 2)] == {
        "nl": ["0 rijen", "1 rij", "2 rijen"],
        "nn": ["0 rader", "1 rad", "2 rader"],
        "nb": ["0 rader", "1 rad", "2 rader"],
    }[language]


def test_a_text_that_is_said_with_a_number_and_without_cannot_be_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.py").write_text('words("%(count)s row")\nwords.many("%(count)s row", "%(count)s rows", 2)\n', "utf-8")
    monkeypatch.setattr(messages, "SITE", tmp_path)
    with pytest.raises(ValueError, match="row"):
        messages.messages()


def test_messages_are_found_wherever_they_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    macro = "{% macro m(z=_('c')) %}{{ view.words.many('d', 'e', n) }}{% endmacro %}"
    template = f"{{{{ _('a') if x else _('b', y=1) }}}}{macro}<i title=\"{{{{ _('f')|upper }}}}\">{{{{ _(x) }}}}</i>"
    (tmp_path / "templates" / "page.html.j2").write_text(template, "utf-8")
    (tmp_path / "page.py").write_text('x = [view.words("g" "h", y=1), words.many("i", "j", 2), message("k"), words(x), other("l")]\n', "utf-8")
    monkeypatch.setattr(messages, "SITE", tmp_path)
    severities = {"violation": None, "warning": None, "info": None}
    assert messages.messages() == {"a": None, "b": None, "c": None, "d": "e", "f": None, "gh": None, "i": "j", "k": None, **severities}


class _Words(HTMLParser):
    """Finds words that a reader meets in a template: between tags, and in attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in CODE
        named = dict(attrs)
        read_out = [value for name, value in attrs if name in READ_OUT]
        if tag == "meta" and named.get("name") in {"description", "keywords"}:
            read_out.append(named.get("content"))
        for value in read_out:
            self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in CODE

    def handle_data(self, data: str) -> None:
        if not self._code:
            self._look(data)

    def _look(self, text: str) -> None:
        left = SAME_EVERYWHERE.sub("", text)
        if any(sign.isalpha() for sign in left):
            self.found.append(left.strip())


def constants(expression: nodes.Node) -> Iterator[str]:
    """Give the texts that an expression writes as they are, not those that it looks up, compares or hands on."""
    match expression:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr():
            yield from (text for branch in (expression.expr1, expression.expr2) if branch is not None for text in constants(branch))
        case nodes.Or() | nodes.And() | nodes.Add():
            yield from (*constants(expression.left), *constants(expression.right))
        case nodes.Concat() | nodes.Output():
            yield from (text for each in expression.nodes for text in constants(each))
        case nodes.TemplateData():
            yield expression.data
        case nodes.Filter(node=nodes.Node()):
            yield from constants(expression.node)
        case _:
            pass


def words_of(template: str) -> list[str]:
    """Find the words that a template holds itself. What it fills in is looked at only where that is a text."""
    environment = Environment(autoescape=True)
    html: list[str] = []
    expression: list[str] | None = None
    for _, part, value in environment.lex(template):
        if part == "variable_begin":
            expression = []
        elif part == "variable_end" and expression is not None:
            parsed = environment.parse(f"{{{{ {''.join(expression)} }}}}")
            html.extend(text for output in parsed.find_all(nodes.Output) for text in constants(output))
            expression = None
        elif expression is not None:
            expression.append(value)
        elif part == "data":
            html.append(value)
    parser = _Words()
    parser.feed("".join(html))
    parser.close()
    return parser.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_words_of_its_own(path: Path) -> None:
    assert words_of(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Good day</p>", ["Good day"]),
        ("<p>{{ 'Good day' }}</p>", ["Good day"]),
        ("<p>{{ 'Good' if x else name ~ ' day' }}</p>", ["Good day"]),
        ("<p>{{ x or 'nothing' }}</p>", ["nothing"]),
        ("<a title='{% if x %}Go there{% endif %}'>", ["Go there"]),
        ('<input placeholder="Name" aria-label="{{ _("Name") }}">', ["Name"]),
        ('<meta name="description" content="About us">', ["About us"]),
        ("<p>the CSV</p>", ["the"]),
        ("<p>CSV · {# a comment #}queries/index.json{% set x = 'word' %}</p>", []),
        ("<p class='lead' id=\"{{ 'a' if x }}\">{{ _('Good day') }}, {{ f('x') }}{{ x['y'] }} – {{ _('Good') if x == 'z' }}</p>", []),
        ("<code>schakel query</code><script type='application/json'>{{ x }}</script>", []),
    ],
)
def test_words_in_a_template_are_found(template: str, found: list[str]) -> None:
    assert words_of(template) == found
