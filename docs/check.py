#!/usr/bin/env python3
"""Hold the documentation against what it describes; `make check` runs this.

    python docs/check.py            list everything that does not hold, as file:line: what; exit 1 if there is anything
    python docs/check.py --write    first write the generated blocks anew: help texts, messages, tables of the model and of the queries

A generated block stands between `<!-- generated: NAME -->` and `<!-- end -->`; GENERATORS below says which names there are.
"""

import re
import shlex
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Final

import click
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode

from schakel.catalogue_metadata import CatalogueMetadata
from schakel.cli import main
from schakel.findings import kinds
from schakel.namespaces import DCT, OWL, RDF, RDFS, SK, SKOS, curie
from schakel.queries import CannedQuery, Parameter, read_header, read_queries
from schakel.settings import SETTINGS
from schakel.tables import read_tables
from schakel.vocabulary import read_vocabulary

ROOT: Final = Path(__file__).resolve().parent.parent
# Folders that programs fill; a link into one leads nowhere in a fresh clone.
_MADE: Final = frozenset({"public", "report", "node_modules", "dist"})
_HELP_WIDTH: Final = 100
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)\s*(\S*)")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)")
_GENERATED = re.compile(r"^<!-- generated: (.+?) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
_REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=.*", re.DOTALL)


@dataclass(frozen=True, order=True)
class Problem:
    """Something that the documentation says and that does not hold."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path
    text: str

    @property
    def file(self) -> str:
        """The path as a problem names it."""
        return self.path.relative_to(ROOT).as_posix()

    def problem(self, line: int, what: str) -> Problem:
        """Say what does not hold in a line of this page."""
        return Problem(self.file, line, what)

    @cached_property
    def lines(self) -> tuple[tuple[int, str, str | None], ...]:
        """Each line with its number and the language of the fenced block it stands in: None in running text, empty where the block names none."""
        lines: list[tuple[int, str, str | None]] = []
        fence, language = "", ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            match = _FENCE.match(line)
            if not fence and match:
                fence, language = match[1], match[2]
            elif fence and match and match[1].startswith(fence) and not match[2]:
                fence = ""
            else:
                lines.append((number, line, language if fence else None))
        return tuple(lines)

    @cached_property
    def headings(self) -> tuple[tuple[int, int, str], ...]:
        """Line, level and text of each heading."""
        found = ((number, _HEADING.match(line)) for number, line, language in self.lines if language is None)
        return tuple((number, len(match[1]), match[2]) for number, match in found if match)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a link can point to, formed as GitHub does."""
        seen: Counter[str] = Counter()
        anchors: set[str] = set()
        for _, _, text in self.headings:
            slug = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).lower()).replace(" ", "-")
            anchors.add(slug if not seen[slug] else f"{slug}-{seen[slug]}")
            seen[slug] += 1
        return frozenset(anchors)


@cache
def page(path: Path) -> Page:
    """Read a page once."""
    return Page(path, path.read_text("utf-8"))


def pages() -> list[Page]:
    """Read every Markdown file of the repository."""
    paths = sorted(ROOT.rglob("*.md"))
    inside = [path.relative_to(ROOT).parts for path in paths]
    return [page(path) for path, parts in zip(paths, inside, strict=True) if not _MADE.intersection(parts) and not any(part.startswith(".") for part in parts)]


def judge_links(which: Page) -> Iterator[Problem]:
    """Find relative links that lead to no file or no heading."""
    for number, line, language in which.lines:
        if language is not None:
            continue
        for match in _LINK.finditer(re.sub(r"`[^`]*`", "", line)):
            target = match[1]
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (which.path.parent / path).resolve() if path else which.path
            if not file.is_relative_to(ROOT) or _MADE.intersection(file.relative_to(ROOT).parts) or not file.exists():
                yield which.problem(number, f"the link to {target} leads to no file of the repository")
            elif anchor and file.suffix == ".md" and anchor not in page(file).anchors:
                yield which.problem(number, f"there is no heading for #{anchor} in {file.relative_to(ROOT).as_posix()}")


def judge_commands(which: Page) -> Iterator[Problem]:
    """Find commands in `sh` blocks that make or schakel do not know."""
    for number, line in _shell_lines(which):
        try:
            commands = list(_commands(line))
        except ValueError as error:
            yield which.problem(number, f"the shell cannot read this line: {error}")
            continue
        for program, arguments in commands:
            problem = _judge_schakel(arguments) if program == "schakel" else _judge_make(arguments) if program == "make" else None
            if problem:
                yield which.problem(number, problem)


def _shell_lines(which: Page) -> Iterator[tuple[int, str]]:
    """Give the lines of `sh` blocks, those that end in a backslash joined with the next."""
    begun = ""
    for number, line, language in which.lines:
        if language == "sh":
            begun += line.removesuffix("\\")
            if not line.endswith("\\"):
                yield number, begun
                begun = ""


def _commands(line: str) -> Iterator[tuple[str, list[str]]]:
    """Split a line of shell into its commands: program and arguments, without assignments and redirections."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for token in [*lexer, ";"]:
        if not set(token) <= set(";|&()"):
            words.append(token)
            continue
        kept = [word for at, word in enumerate(words) if not set(word) <= set("<>") and not (at and set(words[at - 1]) <= set("<>"))]
        while kept and _ASSIGNMENT.fullmatch(kept[0]):
            kept.pop(0)
        if kept:
            yield Path(kept[0]).name, kept[1:]
        words = []


def _judge_schakel(arguments: list[str]) -> str | None:
    context = click.Context(main, info_name="schakel", **main.context_settings)
    try:
        _, rest, _ = main.make_parser(context).parse_args(list(arguments))
        if not rest:
            return None
        command = main.get_command(context, rest[0])
        if command is None:
            return f"schakel has no command {rest[0]}"
        command.make_parser(click.Context(command, info_name=rest[0], parent=context)).parse_args(rest[1:])
    except click.UsageError as error:
        return f"schakel does not take this: {error.format_message()}"
    return None


def _judge_make(arguments: list[str]) -> str | None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for argument in arguments:
        assignment = _ASSIGNMENT.fullmatch(argument)
        name = assignment[1] if assignment else argument
        if not re.search(rf"^{re.escape(name)}(\s*[?:]?=|:)", makefile, re.MULTILINE):
            return f"the Makefile has no {'variable' if assignment else 'target'} {name}"
    return None


def _help(*command: str) -> str:
    result = CliRunner().invoke(main, [*command, "--help"], prog_name="schakel", terminal_width=_HELP_WIDTH)
    return f"```text\n{result.output.rstrip()}\n```\n"


def _message(kind: str) -> str:
    """Give message and mend of a kind of finding, an ellipsis for what is filled in, and its severity where that is no violation."""
    words = f"{kinds()[kind]['message']['en']} {kinds()[kind]['mend']['en']}"
    severity = kinds()[kind]["severity"]
    suffix = "" if severity == "violation" else f" *({severity})*"
    return f"> {re.sub(r'{[a-z_]+}', '…', words).replace('{{', '{').replace('}}', '}')}{suffix}\n"


@cache
def _ontology() -> Mapping[NamedNode, Mapping[NamedNode, list[NamedNode | Literal]]]:
    """Give what the ontology states of each term."""
    vocabulary, _ = read_vocabulary(ROOT / "ontology", ROOT, "https://base.invalid/")
    terms: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for triple in vocabulary.triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            terms.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
    return terms


def _words(term: NamedNode, predicate: NamedNode) -> str:
    return " ".join(sorted(text.value for text in _ontology()[term].get(predicate, []) if isinstance(text, Literal) and text.language == "en"))


def _terms(term: NamedNode, predicate: NamedNode) -> str:
    return ", ".join(sorted(f"`{curie(other.value)}`" for other in _ontology()[term].get(predicate, []) if isinstance(other, NamedNode)))


def _own(*types: NamedNode) -> list[NamedNode]:
    """Give the project's own terms of some types, sorted."""
    own = (term for term, said in _ontology().items() if term.value.startswith(SK.iri) and set(types).intersection(said.get(RDF.type, [])))
    return sorted(own, key=lambda term: term.value)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n" + "".join("| " + " | ".join(cell.replace("|", "\\|") or "–" for cell in line) + " |\n" for line in lines) + "\n"


def _classes() -> str:
    rows = ((f"`{curie(t.value)}`", _terms(t, RDFS.subClassOf), _words(t, SKOS.definition)) for t in _own(OWL.Class))
    return _table(("class", "kind of", "what it is"), rows)


def _properties() -> str:
    properties = _own(OWL.ObjectProperty, OWL.DatatypeProperty)
    rows = ((f"`{curie(t.value)}`", _terms(t, RDFS.domain), _terms(t, RDFS.range), _words(t, SKOS.definition)) for t in properties)
    return _table(("property", "from", "to", "what it says"), rows)


def _schemes() -> str:
    schemes = sorted((t for t, said in _ontology().items() if SKOS.ConceptScheme in said.get(RDF.type, [])), key=lambda term: term.value)
    sizes = Counter(scheme for said in _ontology().values() for scheme in said.get(SKOS.inScheme, []))
    rows = ((_words(t, SKOS.prefLabel), f"`{curie(t.value + '/')}`", str(sizes[t]), _words(t, DCT.description)) for t in schemes)
    return _table(("scheme", "prefix", "concepts", "what it is for"), rows)


def _tables() -> str:
    tables, _ = read_tables(ROOT / "data", ROOT)
    rows = ((f"[`{t.file}`](../../{t.file})", ", ".join(f"`{name}`" for name in t.columns), _row_means(t.name)) for t in tables)
    return _table(("table", "columns", "a row"), rows)


def _row_means(table: str) -> str:
    """Give the first sentence of the comment that heads a mapping."""
    lines = (ROOT / "data" / f"{table}.rq").read_text("utf-8").splitlines()
    head = " ".join(line.removeprefix("#").strip() for line in lines[: next(at for at, line in enumerate(lines) if not line.strip("# "))])
    return re.split(r"(?<=\.) ", head)[0].removeprefix("A row ").rstrip(".:;")


def _queries() -> str:
    """List the canned queries, each category under its heading."""
    queries, _ = read_queries(ROOT / "queries", ROOT)
    categories = sorted({query.category for query in queries.values()})
    return "\n" + "".join(f"### {category.capitalize()}\n{_queries_of(category, queries.values())}" for category in categories)


def _queries_of(category: str, queries: Iterable[CannedQuery]) -> str:
    rows = (
        (
            f"[`{query.name}`](../../queries/{query.name}.rq)",
            query.title["en"],
            ", ".join(map(_parameter, query.asks)),
            ", ".join(f"`{column}`" for column in query.columns),
        )
        for query in queries
        if query.category == category
    )
    return _table(("query", "question", "parameters", "columns"), rows)


def _parameter(parameter: Parameter) -> str:
    kind = "IRI" if parameter.kind == "iri" else parameter.kind
    return f"`{parameter.name}` ({kind}{'' if parameter.required else ', may be left out'})"


def _checks() -> str:
    heads = ((path, read_header(path.read_text("utf-8"), ())) for path in sorted((ROOT / "queries" / "checks").glob("*.rq")))
    rows = ((f"[`{path.stem}`](../../queries/checks/{path.name})", head.text("severity"), head.text("title")) for path, head in heads)
    return _table(("check", "severity", "what it looks for"), rows)


GENERATORS: Final[Mapping[str, Callable[[], str]]] = {
    "help schakel": _help,
    **{f"help {name}": partial(_help, name) for name in main.commands},
    **{f"message {kind}": partial(_message, kind) for kind in kinds()},
    "classes": _classes,
    "properties": _properties,
    "schemes": _schemes,
    "tables": _tables,
    "queries": _queries,
    "checks": _checks,
}


def judge_generated(which: list[Page]) -> Iterator[Problem]:
    """Find generated blocks that are not what would be generated now, and such as are missing."""
    found: set[str] = set()
    for one in which:
        for match in _GENERATED.finditer(one.text):
            line = one.text[: match.start()].count("\n") + 1
            found.add(match[1])
            if match[1] not in GENERATORS:
                yield one.problem(line, f"nothing generates “{match[1]}”")
            elif match[2] != GENERATORS[match[1]]():
                yield one.problem(line, f"“{match[1]}” is not as it is now; run docs/check.py --write")
    for name in sorted(set(GENERATORS) - found):
        yield Problem("docs/reference", 0, f"no page has the generated block “{name}”")


def write_generated(which: list[Page]) -> None:
    """Write generated blocks anew."""
    for one in which:
        text = _GENERATED.sub(lambda m: f"<!-- generated: {m[1]} -->\n{GENERATORS[m[1]]() if m[1] in GENERATORS else m[2]}<!-- end -->", one.text)
        if text != one.text:
            one.path.write_text(text, "utf-8")
    page.cache_clear()


def judge_names(path: str, what: str, documented: Iterable[tuple[int, str]], there_are: Iterable[str]) -> Iterator[Problem]:
    """Hold the names that a page describes against those there are."""
    lines = {name: number for number, name in documented}
    expected = set(there_are)
    yield from (Problem(path, lines[name], f"there is no {what} “{name}”") for name in sorted(set(lines) - expected))
    yield from (Problem(path, 0, f"the {what} “{name}” is not described") for name in sorted(expected - set(lines)))


def judge_lists() -> Iterator[Problem]:
    """Hold the lists of findings, settings and dependencies against the code."""
    findings = page(ROOT / "docs/reference/findings.md")
    yield from judge_names(findings.file, "kind of finding", ((line, text) for line, level, text in findings.headings if level == 3), kinds())  # noqa: PLR2004
    for path, what, names in (
        ("docs/reference/settings.md", "setting", {*SETTINGS, *(f"catalogue.{each.name}" for each in fields(CatalogueMetadata))}),
        ("docs/decisions/0002-dependencies.md", "dependency", _dependencies()),
    ):
        one = page(ROOT / path)
        rows = ((number, match[1]) for number, line, language in one.lines if language is None and (match := _CELL.match(line)))
        yield from judge_names(path, what, rows, names)


def _dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = (line for file in sorted(ROOT.glob("requirements-*.txt")) for line in file.read_text("utf-8").splitlines())
    tools = [line for line in listed if line and not line.startswith("#")]
    extras = project["project"].get("optional-dependencies", {}).values()
    asked = [*project["build-system"]["requires"], *project["project"]["dependencies"], *(line for extra in extras for line in extra), *tools]
    return {match[0] for line in asked if (match := _REQUIREMENT.match(line))}


def check() -> list[Problem]:
    """Give everything that does not hold."""
    every = pages()
    problems = [problem for one in every for judge in (judge_links, judge_commands) for problem in judge(one)]
    return sorted([*problems, *judge_generated(every), *judge_lists()])


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        write_generated(pages())
    found = check()
    for each in found:
        click.echo(str(each))
    click.echo(f"{len(found)} problems in the documentation." if found else "The documentation holds.", err=bool(found))
    sys.exit(bool(found))
