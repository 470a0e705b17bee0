"""The files of a new project."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from schakel.errors import FolderNotEmptyError, TableUnusableError
from schakel.rdf_reading import RDF_FILES
from schakel.scaffold.columns import Drafted, draft_table
from schakel.scaffold.drafting import Statement, mapping, ontology, query, shape, statements
from schakel.scaffold.graphs import graph_decisions, graph_texts, observe
from schakel.scaffold.headers import language_of, variable
from schakel.scaffold.inspection import inspect
from schakel.scaffold.terms import PREFIXES, reused
from schakel.table_files import DECLARATIONS, TABLE_SUFFIXES
from schakel.tables import is_id

__all__ = ["Draft", "draft_project", "write_project"]

_TEMPLATES: Final = ("README.md", ".gitignore", ".github/workflows/publish.yml", "schakel.toml")
_DESCRIPTIONS: Final = {
    "en": "Tables of ours as linked data.",
    "nl": "Onze tabellen als linked data.",
    "nb": "Tabellene våre som lenkede data.",
    "nn": "Tabellane våre som lenkja data.",
    "de": "Unsere Tabellen als Linked Data.",
    "fr": "Nos tableaux en données liées.",
}
_OF_GRAPHS: Final = {
    "en": "Statements of others, published as they are.",
    "nl": "Uitspraken van anderen, gepubliceerd zoals ze zijn.",
    "nb": "Utsagn fra andre, publisert som de er.",
    "nn": "Utsegner frå andre, publiserte som dei er.",
}
_NOTHING_BLOCKS: Final = """
[validation]
# The statements are others' own: the report says what is wrong with them, and they are published all the same.
blocks = []
"""
_EXAMPLE: Final = ("data/organisations.csv", "data/organisations.rq", "ontology/terms.ttl", "shapes/organisations.ttl", "queries/organisations.rq")


@dataclass(frozen=True)
class Draft:
    """A project that is not written yet: texts by path, files to be copied by path, and what was decided, in sentences by table and column."""

    texts: Mapping[str, str]
    copies: Mapping[str, Path]
    decisions: Sequence[tuple[str, str, str]]


def draft_project(name: str, files: Sequence[Path], base: str) -> Draft:
    """Draft a project from files of tables and of RDF, or the smallest that publishes where there are none. Raises TableUnusableError."""
    values = {"base": base, "title": name.replace("-", " ").replace("_", " ").capitalize() or "New graph", "language": "en", "description": _DESCRIPTIONS["en"]}
    if not files:
        return Draft({path: _template(path, values) for path in (*_TEMPLATES, *_EXAMPLE)}, {}, [])
    graphs = [path for path in files if path.suffix in RDF_FILES]
    observed = observe(graphs, base) if graphs else None
    tables, decisions = _drafted([path for path in files if path not in graphs])
    headers = [column.name for each in tables.values() for column in each.columns]
    values["language"] = language_of(headers) if tables or observed is None else observed.language
    descriptions = _DESCRIPTIONS if tables else _OF_GRAPHS
    values["description"] = descriptions.get(values["language"], descriptions["en"])
    said = {each.name: list(statements(each, tables, values["language"])) for each in tables.values()}
    texts = {path: _template(path, values) for path in _TEMPLATES} | (dict(_texts(tables, said, values)) if tables else {})
    decisions += [(name, each.column.header, f"{each.term}, as {each.why}") for name, several in said.items() for each in several]
    copies = {f"data/{_copy_name(path)}": path for path in files if path not in graphs}
    if observed is not None:
        copies |= {f"data/{name}": path for name, path in observed.files.items()}
        # What is drafted from tables comes first, where both have a file of the same name.
        texts = dict(graph_texts(observed, base, values["title"])) | texts
        texts["schakel.toml"] += _NOTHING_BLOCKS
        decisions += graph_decisions(observed)
    return Draft(texts, copies, decisions)


def write_project(draft: Draft, folder: Path) -> None:
    """Write a draft into a folder that is new or empty. Raises FolderNotEmptyError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmptyError(folder)
    for path, text in draft.texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
    for path, source in draft.copies.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / path)


def _drafted(files: Sequence[Path]) -> tuple[dict[str, Drafted], list[tuple[str, str, str]]]:
    tables: dict[str, Drafted] = {}
    decisions: list[tuple[str, str, str]] = []
    keys: dict[str, frozenset[str]] = {}
    for path in sorted(files, key=lambda each: each.name):
        if path.suffix not in TABLE_SUFFIXES:
            raise TableUnusableError(path, f"its name ends in none of {', '.join((*TABLE_SUFFIXES, *RDF_FILES))}")
        name = variable(path.stem, "table")
        for inspected in inspect(path, name):
            drafted = draft_table(inspected, keys)
            if drafted.name in tables:
                raise TableUnusableError(path, f"there is a table {drafted.name} already; give the file another name")
            if inspected.parent and not tables[inspected.parent].key:
                own = drafted.name.removeprefix(f"{inspected.parent}_")
                raise TableUnusableError(path, f"its records have a list, “{own}”, and no value that differs in each of them; give each record an “id”")
            tables[drafted.name] = drafted
            decisions += [(drafted.name, "", sentence) for sentence in inspected.decisions]
            decisions.append((drafted.name, "", _about_key(drafted)))
            if drafted.key and not inspected.parent:
                keys[drafted.name] = drafted.keys
    return tables, decisions


def _copy_name(path: Path) -> str:
    """Name the copy of a file: its own name, unless no address can be made of that."""
    return path.name if is_id(path.name) else f"{variable(path.stem, 'table')}{path.suffix}"


def _about_key(drafted: Drafted) -> str:
    if drafted.inspected.parent:
        return f"Its rows are the members of a list of {drafted.inspected.parent}."
    if not drafted.key:
        return "No column names its rows; their addresses are made of all cells."
    return f"Its rows are named by {drafted.key}" + (", written in small letters, digits and hyphens." if drafted.is_slugged else ".")


def _texts(tables: Mapping[str, Drafted], said: Mapping[str, Sequence[Statement]], values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    base, language = values["base"], values["language"]
    own: list[str] = []
    used: set[str] = set()
    for name, drafted in tables.items():
        text = mapping(drafted, tables, said[name])
        yield f"data/{name}.rq", text.replace("{base}", base)
        used |= {word for word in text.split() if ":" in word}
        own.append(ontology(drafted, said[name], language))
        if not drafted.inspected.parent:
            yield f"shapes/{name}.ttl", _turtle(shape(drafted, said[name]), base)
            yield f"queries/{name.replace('_', '-')}.rq", query(drafted, said[name]).replace("{base}", base)
    head = f"<{base}ns> a owl:Ontology ;\n    dct:title {json.dumps(values['title'], ensure_ascii=False)}@{language} .\n"
    terms = list(dict.fromkeys(term for each in own for term in each.split("\n\n")))
    if any("org:Organization" in term for term in terms):
        used.add("org:Organization")
    yield "ontology/terms.ttl", _turtle("\n".join([head, *terms, reused(used), ""]), base)
    parents = {drafted.inspected.parent for drafted in tables.values()}
    declarations = "".join(_declaration(drafted, has_lists=name in parents) for name, drafted in tables.items())
    if declarations:
        yield f"data/{DECLARATIONS}", f"# How to read the tables whose files do not say it themselves.\n\n{declarations}"


def _turtle(body: str, base: str) -> str:
    body = body.replace("{base}", base)
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted({**PREFIXES, "ns": f"{base}ns#"}.items()) if f"{name}:" in body)
    return f"{prefixes}\n{body}"


def _declaration(drafted: Drafted, *, has_lists: bool) -> str:
    """Write the section of tables.toml; an empty text where a build reads the table just so without one."""
    declared = drafted.inspected.declaration
    renamed = {column.header: column.name for column in drafted.columns if column.header != column.name}
    pairs: list[tuple[str, object]] = []
    is_list = bool(drafted.inspected.parent)
    copied = _copy_name(declared.path)
    if Path(copied).stem != drafted.name and not is_list:
        pairs.append(("file", copied))
    key = next((column.header for column in drafted.columns if column.name == drafted.key), "")
    if has_lists and key != "id":
        pairs.append(("key", key))
    pairs += [(key, value) for key in (() if is_list else ("sheet", "header", "encoding", "delimiter", "records")) if (value := getattr(declared, key))]
    commas = [column.header for column in drafted.columns if column.has_decimal_commas]
    pairs += [("decimal-comma", commas)] if commas else []
    pairs += [("ignore", list(drafted.ignored))] if drafted.ignored else []
    if not pairs and not renamed:
        return ""
    lines = [f"[{drafted.name}]"] if pairs else []
    lines += [*(f"{key} = {_toml(value)}" for key, value in pairs)]
    if renamed:
        lines += [*([""] if lines else []), f"[{drafted.name}.columns]", *(f"{_toml(header)} = {_toml(name)}" for header, name in renamed.items())]
    return "\n".join(lines) + "\n\n"


def _toml(value: object) -> str:
    """Write a value as TOML does, which takes texts as JSON writes them."""
    return json.dumps(value, ensure_ascii=False)


def _template(path: str, values: Mapping[str, str]) -> str:
    # Names of templates that are no hidden files, and no TOML before their values are filled in.
    name = path.replace(".git", "git").replace("schakel.toml", "schakel.toml.template")
    text = resources.files("schakel.scaffold").joinpath("templates", *name.split("/")).read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"[[{key}]]", value)
    return text
