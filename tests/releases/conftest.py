"""Two years of an invented shipping trust: twelve releases, each of other tables and pages, and the publication of the last."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from schakel import Settings, build, read_settings
from schakel.pipeline import record_evidence
from schakel.releases import read_record, release

SETTINGS = """
base = "https://trust.example.org/"
publisher = "Trust Watch"
languages = ["en", "nl"]
title = { en = "A trust", nl = "Een trust" }
description = { en = "A trust and what it holds", nl = "Een trust en haar bezit" }
[site]
languages = ["en", "nl", "nb", "nn"]
[releases]
full = 5
"""
PREFIXES = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sk: <https://w3id.org/schakel/ns#>
"""
MAPPINGS = {
    "sources": """CONSTRUCT { ?source a sk:SourceDocument ; dct:title ?name ; dct:language ?language ; dct:identifier ?file ; sk:sha256 ?sha256 }
WHERE { BIND(IRI(CONCAT("source/", ?id)) AS ?source) BIND(STRLANG(?title, ?language) AS ?name) }""",
    "organisations": """CONSTRUCT { ?it a org:Organization ; skos:prefLabel ?name }
WHERE { BIND(IRI(CONCAT("org/", ?id)) AS ?it) BIND(STRLANG(?label, ?language) AS ?name) }""",
    "shares": """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT { ?it a sk:Shareholding ; org:member ?owner ; org:organization ?owned ; sk:sharePercentage ?share }
WHERE { BIND(IRI(CONCAT("org/", ?by, "#shareholder-of-", ?of)) AS ?it) BIND(IRI(CONCAT("org/", ?by)) AS ?owner)
  BIND(IRI(CONCAT("org/", ?of)) AS ?owned) BIND(STRDT(?percentage, xsd:decimal) AS ?share) }""",
    "goals": """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT { ?it a sk:Goal ; skos:prefLabel ?name ; sk:position ?place }
WHERE { BIND(IRI(CONCAT("org/trust#goal-", ?id)) AS ?it) BIND(STRLANG(?label, "en") AS ?name) BIND(STRDT(?position, xsd:integer) AS ?place) }""",
}
HEADS = {
    "organisations": "id,label,language,source,passage",
    "shares": "by,of,percentage,source,passage",
    "goals": "id,label,position,source,passage",
}
Tables = Mapping[str, tuple[str, ...]]

TRUST = "trust,Skerry Trust,en,page,The Skerry Trust"
FERRIES = "ferries,Skerry Ferries,en,page,runs Skerry Ferries"
RENAMED = "ferries,Skerry Lines,en,page,runs Skerry Lines"
DUTCH = "ferries,Skerry Lijnen,nl,page,in Dutch Skerry Lijnen"
PILOTS = "pilots,Pilots' League,en,page,The league of pilots"
HALF = "trust,ferries,50,page,holds half of the shares"
SIXTY = "trust,ferries,60,page,holds 60 per cent"
AGAIN = "trust,ferries,,page,as its largest shareholder"
OTHERWISE = "trust,ferries,,page,being the main owner"
MOST = "trust,ferries,75,page,holds three quarters"
SAFE, CLEAN, CHEAP = ("{0},{1},{2},page,to sail {1}".format(each, each.title(), "{0}") for each in ("safe", "clean", "cheap"))


def goals(*several: str) -> tuple[str, ...]:
    return tuple(each.format(number) for number, each in enumerate(several, start=1))


# Each release: its date, the tables as they were then, and its note.
STORY: tuple[tuple[str, Tables, str], ...] = (
    ("2025-01-10", {"organisations": (TRUST, FERRIES), "shares": (HALF,)}, "The first."),
    ("2025-03-01", {"organisations": (TRUST, FERRIES, PILOTS), "shares": (HALF,)}, ""),
    ("2025-05-01", {"organisations": (TRUST, FERRIES, PILOTS), "shares": (SIXTY,)}, "The trust bought shares."),
    ("2025-07-01", {"organisations": (TRUST, FERRIES, PILOTS), "shares": (SIXTY, AGAIN)}, ""),
    ("2025-09-01", {"organisations": (TRUST, RENAMED, PILOTS), "shares": (SIXTY, AGAIN)}, ""),
    ("2025-11-01", {"organisations": (TRUST, RENAMED, PILOTS), "shares": (SIXTY, AGAIN), "goals": goals(SAFE, CLEAN, CHEAP)}, ""),
    ("2026-01-01", {"organisations": (TRUST, RENAMED, PILOTS), "shares": (SIXTY, AGAIN), "goals": goals(CLEAN, SAFE, CHEAP)}, ""),
    ("2026-03-01", {"organisations": (TRUST, RENAMED, PILOTS), "shares": (SIXTY, OTHERWISE), "goals": goals(CLEAN, SAFE, CHEAP)}, ""),
    ("2026-05-01", {"organisations": (TRUST, RENAMED), "shares": (SIXTY, OTHERWISE), "goals": goals(CLEAN, SAFE, CHEAP)}, "The league is gone."),
    ("2026-07-01", {"organisations": (TRUST, RENAMED), "shares": (MOST, OTHERWISE), "goals": goals(CLEAN, SAFE, CHEAP)}, ""),
    ("2026-09-01", {"organisations": (TRUST, RENAMED, DUTCH), "shares": (MOST, OTHERWISE), "goals": goals(CLEAN, SAFE, CHEAP)}, ""),
    ("2026-11-01", {"organisations": (TRUST, RENAMED, DUTCH), "goals": goals(CLEAN, SAFE, CHEAP)}, "All shares were sold."),
)


@dataclass(frozen=True)
class TwoYears:
    """A project with twelve releases, the sorted dump of each as it was published then, and what the project publishes now."""

    settings: Settings
    dumps: Mapping[str, bytes]


def write_tables(root: Path, tables: Tables) -> Settings:
    """Write a project of these tables, and a page that says all their passages."""
    shutil.rmtree(root / "data", ignore_errors=True)
    for name in ("data", "pages"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "schakel.toml").write_text(SETTINGS, "utf-8")
    passages = dict.fromkeys(row.rpartition(",")[2] for rows in tables.values() for row in rows)
    page = "".join(f"{passage}.\n" for passage in passages)
    (root / "pages" / "page.txt").write_text(page, "utf-8")
    head = f"id,title,language,file,sha256\npage,The page,en,page.txt,{sha256(page.encode()).hexdigest()}\n"
    files = {"sources": head} | {name: "\n".join([HEADS[name], *rows, ""]) for name, rows in tables.items()}
    for name, content in files.items():
        (root / "data" / f"{name}.csv").write_text(content, "utf-8")
        (root / "data" / f"{name}.rq").write_text(PREFIXES + MAPPINGS[name], "utf-8")
    settings = read_settings(root, captures=root / "pages")
    assert not record_evidence(settings).blocked
    return settings


@pytest.fixture(scope="session")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> TwoYears:
    root = tmp_path_factory.mktemp("two-years") / "trust"
    dumps = {}
    for date, tables, note in STORY:
        settings = write_tables(root, tables)
        outcome = build(settings, dumps_only=True)
        assert not outcome.blocked, [item.text("en") for item in outcome.findings]
        made = release(settings, None, datetime.fromisoformat(date).replace(tzinfo=UTC), note)
        dumps[made.version] = (settings.publication / "download" / "dataset.nq").read_bytes()
    build(settings)
    assert [each.version for each in read_record(root)] == list(dumps)
    return TwoYears(settings, dumps)
