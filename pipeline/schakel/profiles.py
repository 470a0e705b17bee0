"""A publication held against application profiles: what of it is missing or wrong, and which setting or column would mend that."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Variable

from schakel.compile.construct import UNDEFINED
from schakel.compile.dependencies import Dependencies
from schakel.errors import NothingPublishedError, UnknownNameError
from schakel.namespaces import DCAT, DCT, FOAF, SH
from schakel.rdf_input import read_rdf_input
from schakel.settings import Settings
from schakel.sparql import Construct, QuerySyntaxError, parse, variables_of
from schakel.stages.validation import Result
from schakel.validation_report import Report
from schakel.validator import validate

__all__ = ["PROFILES_VARIABLE", "Gap", "Judgement", "Remedy", "judge_profile", "profile_files"]

PROFILES_VARIABLE: Final = "SCHAKEL_PROFILES"
_FOLDER: Final = "profiles"
_VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
# Which setting fills a property of the catalogue.
_SETTINGS: Final[Mapping[str, str]] = {
    DCT.accessRights.value: "catalogue.access_rights",
    DCT.accrualPeriodicity.value: "catalogue.frequency",
    DCT.conformsTo.value: "catalogue.conforms_to",
    DCT.creator.value: "catalogue.creator",
    DCT.description.value: "description",
    DCT.identifier.value: "catalogue.identifier",
    DCT.language.value: "languages",
    DCT.license.value: "licence",
    DCT.publisher.value: "publisher",
    DCT.spatial.value: "catalogue.spatial",
    DCT.temporal.value: "catalogue.start",
    DCT.title.value: "title",
    DCT.type.value: "catalogue.publisher_type",
    DCAT.accessService.value: "catalogue.endpoint",
    DCAT.byteSize.value: "catalogue.profile",
    DCAT.contactPoint.value: "site.contact",
    DCAT.keyword.value: "catalogue.keywords",
    DCAT.service.value: "catalogue.endpoint",
    DCAT.theme.value: "catalogue.themes",
    DCAT.themeTaxonomy.value: "catalogue.themes",
    FOAF.page.value: "catalogue.documentation",
    "http://data.europa.eu/r5r/availability": "catalogue.availability",
    "http://spdx.org/rdf/terms#algorithm": "catalogue.profile",
    f"{_VCARD}hasEmail": "site.contact",
    f"{_VCARD}hasURL": "site.contact",
}


@dataclass(frozen=True)
class Remedy:
    """What would mend a gap: a `setting`, a `column` of the `table`, or, where nothing leads to the property, neither."""

    setting: str = ""
    table: str = ""
    column: str = ""


@dataclass(frozen=True)
class Gap:
    """Things that one shape rejects for the same reason: the first of them, how many there are, and what would mend it."""

    result: Result
    count: int
    remedy: Remedy

    @property
    def blocks(self) -> bool:
        """Tell whether the profile demands what is missing, and does not just recommend it."""
        return self.result.severity == SH.Violation.value


@dataclass(frozen=True)
class Judgement:
    """What a profile says of a publication."""

    report: Report
    gaps: Sequence[Gap]


def profile_files(settings: Settings, given: str) -> list[Path]:
    """Find the shapes of a profile: a path, or the name of a file or folder in `profiles/` of the project or where SCHAKEL_PROFILES says.

    Raises UnknownNameError where there is none.
    """
    if Path(given).exists():
        return [Path(given)]
    folders = [settings.root / _FOLDER, *map(Path, filter(None, [os.environ.get(PROFILES_VARIABLE)]))]
    named = {path.stem if path.is_file() else path.name: path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())}
    if given not in named:
        raise UnknownNameError("file, or profile in profiles/,", given, sorted(named))
    return [named[given]]


def judge_profile(settings: Settings, shapes: Sequence[Path]) -> Judgement:
    """Judge what was published by the shapes of a profile: the catalogue, where they are about catalogues or datasets, else the graph.

    Raises NothingPublishedError, and what validate() raises.
    """
    catalogue, graph = settings.publication / "catalog.ttl", settings.publication / "download" / "graph.nt"
    if not (catalogue.is_file() and graph.is_file()):
        raise NothingPublishedError(settings.publication)
    of_catalogues = any(predicate == str(SH.targetClass) and term.startswith(f"<{DCAT.iri}") for _, predicate, term in read_rdf_input(list(shapes)).triples)
    report = validate(catalogue if of_catalogues else graph, list(shapes))
    alike: dict[tuple[str, str, str | None], list[Result]] = {}
    for result in report.results:
        alike.setdefault((result.shape, result.component, result.path), []).append(result)
    columns = dict(_columns(settings))
    gaps = [Gap(results[0], len({each.focus for each in results}), _remedy(settings, results[0], columns)) for results in alike.values()]
    return Judgement(report, sorted(gaps, key=lambda gap: (not gap.blocks, gap.result.focus, gap.result.path or "", gap.result.shape)))


def _remedy(settings: Settings, result: Result, columns: Mapping[str, tuple[str, str]]) -> Remedy:
    focus, path = result.focus.strip("<>"), (result.path or "").strip("<>")
    of_catalogue = focus in {f"{settings.base}dataset", f"{settings.base}catalog"} or focus.startswith(f"{settings.base}catalog#")
    if of_catalogue and path in _SETTINGS:
        return Remedy(setting=_SETTINGS[path])
    if focus == settings.licence:
        return Remedy(setting="licence")
    if not of_catalogue and path in columns:
        table, column = columns[path]
        return Remedy(table=table, column=column)
    return Remedy()


def _columns(settings: Settings) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give for each property the first table that a mapping states it of, and the column that its value is made of."""
    for file in sorted(settings.data.glob("*.rq"), reverse=True):
        try:
            query = parse(file.read_text("utf-8-sig"), settings.base)
        except (UnicodeDecodeError, QuerySyntaxError):
            continue  # a build says what is wrong with it
        if isinstance(query, Construct):
            yield from _columns_of(query, settings.in_data(f"{file.stem}.csv"))


def _columns_of(query: Construct, table: str) -> Iterator[tuple[str, tuple[str, str]]]:
    made = Dependencies(query, ()).names
    used = {variable.value for bind in Dependencies(query, ()).binds for variable in variables_of(bind.expression)}
    used |= {term.value for statement in query.template for term in (statement.subject, statement.object) if isinstance(term, Variable)}
    dependencies = Dependencies(query, tuple(sorted(used - {*made, UNDEFINED})))
    for statement in query.template:
        if isinstance(statement.predicate, NamedNode) and isinstance(statement.object, Variable):
            columns = sorted(dependencies.content_of(statement.object.value) - {"id"})
            if columns:
                yield statement.predicate.value, (table, columns[0])
