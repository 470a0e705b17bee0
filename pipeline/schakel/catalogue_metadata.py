"""What a project states of its dataset for catalogues: the table `[catalogue]` of `schakel.toml`, by the terms of DCAT-AP."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from schakel import setting_values as values
from schakel.errors import nearest

__all__ = ["ACCESS_RIGHTS", "AUTHORITY", "PROFILES", "THEMES", "CatalogueMetadata", "authority_term", "read_catalogue"]

AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
PROFILES: Final = ("dcat-ap", "dcat-ap-no")
ACCESS_RIGHTS: Final = ("PUBLIC", "RESTRICTED", "NON_PUBLIC")
# The data themes of the European Union, with their names in English.
THEMES: Final[Mapping[str, str]] = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENER": "Energy",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "INTR": "International issues",
    "JUST": "Justice, legal system and public safety",
    "OP_DATPRO": "Provisional data",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TECH": "Science and technology",
    "TRAN": "Transport",
}
_AVAILABILITIES: Final = ("AVAILABLE", "EXPERIMENTAL", "STABLE", "TEMPORARY")
_PUBLISHER_TYPES: Final = (
    *("Academia-ScientificOrganisation", "Company", "IndustryConsortium", "LocalAuthority", "NationalAuthority", "NonGovernmentalOrganisation"),
    *("NonProfitOrganisation", "PrivateIndividual(s)", "RegionalAuthority", "StandardisationBody", "SupraNationalAuthority"),
)
_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class CatalogueMetadata:
    """What is said of the dataset beyond its title, description, publisher, licence and languages. Codes are those of the European Union's authority tables.

    `profile` says how terms are written on which profiles contradict each other; `endpoint` is the address of a SPARQL endpoint that holds the graph.
    `contact_name` is who is written to at the address of `site.contact`; the publisher, where nobody is named.
    """

    profile: str = "dcat-ap"
    identifier: str = ""
    creator: str = ""
    contact_name: str = ""
    publisher_type: str = ""
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    themes: tuple[str, ...] = ()
    access_rights: str = "PUBLIC"
    availability: str = ""
    spatial: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    frequency: str = ""
    conforms_to: Mapping[str, str] = field(default_factory=dict, hash=False)
    documentation: str = ""
    endpoint: str = ""


def authority_term(table: str, code: str) -> str:
    """Give the IRI of a code of an authority table; what is an address already is given back.

    >>> authority_term("country", "NLD")
    'http://publications.europa.eu/resource/authority/country/NLD'
    """
    return code if "://" in code else f"{AUTHORITY}{table}/{code}"


def read_catalogue(value: object) -> CatalogueMetadata:
    """Read the table; one ValueError says what is expected of all that is wrong in it."""
    if not isinstance(value, dict):
        raise ValueError('a table, as in [catalogue] with themes = ["HEAL"]')  # noqa: TRY004  # one kind of error for a wrong setting, whatever its type
    read: dict[str, Any] = {}
    problems = []
    for name, stated in value.items():
        if name not in _READERS:
            near = nearest(name, list(_READERS))
            problems.append(f"a table without '{name}'" + (f" (did you mean '{near}'?)" if near else f" (there are {', '.join(_READERS)})"))
            continue
        try:
            read[name] = _READERS[name](stated)
        except ValueError as error:
            problems.append(f"a table whose '{name}' is {error}")
    if read.get("start") and read.get("end") and read["start"] > read["end"]:
        problems.append("a table whose 'start' is not after its 'end'")
    if problems:
        raise ValueError("; ".join(problems))
    return CatalogueMetadata(**read)


def _one_of(*codes: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in codes:
            raise ValueError(f"one of {', '.join(codes)}")
        return str(value)

    return read


def _code_or_address(value: object) -> str:
    stated = values.text(value)
    if _CODE.fullmatch(stated):
        return stated
    try:
        return values.address(stated)
    except ValueError:
        raise ValueError('a code in capitals, as "NLD", or an http(s) address') from None


def _codes(value: object) -> tuple[str, ...]:
    return tuple(map(_code_or_address, values.list_of_texts(value)))


def _themes(value: object) -> tuple[str, ...]:
    themes = _codes(value)
    if any("://" not in theme and theme not in THEMES for theme in themes):
        raise ValueError(f"a list of {', '.join(THEMES)} or of http(s) addresses")
    return themes


def _keywords(value: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not value:
        raise ValueError('lists of words by language, as in { en = ["hospitals"], nl = ["ziekenhuizen"] }')
    tags = values.tags(list(value))
    return {tag: values.list_of_texts(words) for tag, words in zip(tags, value.values(), strict=True)}


def _standards(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not value:
        raise ValueError('names by address, as in { "https://www.w3.org/TR/vocab-org/" = "The Organization Ontology" }')
    return {values.address(iri): values.text(name) for iri, name in value.items()}


def _date(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(values.text(value)).isoformat()
    except ValueError:
        raise ValueError("a date, as 2026-01-31") from None


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "profile": _one_of(*PROFILES),
    "identifier": values.text,
    "creator": values.text,
    "contact_name": values.text,
    "publisher_type": _one_of(*_PUBLISHER_TYPES),
    "keywords": _keywords,
    "themes": _themes,
    "access_rights": _one_of(*ACCESS_RIGHTS),
    "availability": _one_of(*_AVAILABILITIES),
    "spatial": _codes,
    "start": _date,
    "end": _date,
    "frequency": _code_or_address,
    "conforms_to": _standards,
    "documentation": values.address,
    "endpoint": values.address,
}
