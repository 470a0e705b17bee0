"""Plain pages and the list of downloads: enough to find everything, readable without a style sheet."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from schakel.export.about import About
from schakel.export.dumps import Dump
from schakel.findings import Finding, in_language
from schakel.queries import CannedQuery

__all__ = ["index_json", "index_page", "link", "page", "quads_of_index", "report_page", "table"]


def index_json(dumps: Iterable[Dump]) -> bytes:
    """List the dumps: file, media type, bytes, sha256, triples (quads, where there are graphs)."""
    files = [{"file": d.file, "mediaType": d.media_type, "bytes": d.bytes, "sha256": d.sha256, "triples": d.statements} for d in dumps]
    return (json.dumps(files, indent=1) + "\n").encode()


def quads_of_index(index: bytes) -> int:
    """Give how many quads a publication has, by its list of dumps."""
    return int(next(dump["triples"] for dump in json.loads(index) if dump["file"] == "dataset.nq"))


def index_page(about: About, dumps: Sequence[Dump], queries: Sequence[CannedQuery], entities: Mapping[str, Sequence[tuple[str, str]]], findings: int) -> bytes:
    """Write the first page. `entities`: by kind, path and label of each, in the order to show."""
    language = about.languages[0]
    downloads = table(
        ("File", "Media type", "Statements", "Bytes"),
        ((link(f"download/{d.file}", d.file), escape(d.media_type), f"{d.statements:,}", f"{d.bytes:,}") for d in dumps),
    )
    lists = "".join(
        f"<section>\n<h3>{escape(kind)} ({len(items)})</h3>\n<ul>\n"
        + "".join(f"<li>{link(f'{path}.ttl', label)} ({link(f'{path}.jsonld', 'JSON-LD')}, {link(f'{path}.nt', 'N-Triples')})</li>\n" for path, label in items)
        + "</ul>\n</section>\n"
        for kind, items in entities.items()
    )
    questions = "".join(f"<li>{link(f'queries/{query.name}.html', in_language(query.title, language))}</li>\n" for query in queries)
    more = {
        "catalog.ttl": "DCAT-AP catalogue",
        "void.ttl": "VoID description",
        "download/index.json": "list of downloads as JSON",
        "download/context.jsonld": "JSON-LD context",
        "report.html": f"validation report ({findings} findings)",
    }
    body = (
        f"<p>{escape(in_language(about.description, language))}</p>\n"
        f"<p>Published by {escape(about.publisher)}, version {escape(about.version)}, licence {link(about.licence, about.licence)}.</p>\n"
        f"<h2>Download</h2>\n{downloads}"
        f"<p>{' · '.join(link(target, text) for target, text in more.items())}</p>\n"
        f"<h2>Questions and answers</h2>\n<ul>\n{questions}</ul>\n"
        f"<h2>What it is about</h2>\n{lists}"
    )
    return page(language, in_language(about.title, language), body)


def report_page(about: About, findings: Sequence[Finding]) -> bytes:
    """Write the report as a page, in the first language of the settings."""
    language = about.languages[0]
    rows = (
        (escape(f.severity), "<br>".join(escape(str(place)) for place in f.places), escape(_subject(f, language)), escape(f.text(language))) for f in findings
    )
    body = table(("Severity", "Where", "What", "Finding"), rows) if findings else "<p>Nothing was found.</p>\n"
    return page(language, f"Validation report: {in_language(about.title, language)}", body)


def _subject(finding: Finding, language: str) -> str:
    if finding.focus is None:
        return ""
    label = in_language(finding.focus.label, language)
    return f"{label} ({finding.focus.node})" if label else finding.focus.node


def link(target: str, text: str) -> str:
    """Write a link."""
    return f'<a href="{escape(target)}">{escape(text)}</a>'


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a table; cells are HTML already, headings are not."""
    header = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{cells}</tbody>\n</table>\n"


def page(language: str, title: str, body: str) -> bytes:
    """Write a whole page around a body."""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}</main>\n</body>\n</html>\n"
    ).encode()
