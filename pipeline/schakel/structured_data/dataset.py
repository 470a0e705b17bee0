"""The home page's document: the published dataset and its catalogue, as search engines for data look for them."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from schakel.about import About
from schakel.lookup import Context
from schakel.lookup.context import language_rank
from schakel.structured_data.schema_org import CONTEXT, Document, page_nodes

__all__ = ["Download", "dataset_document"]

# What search engines for data take for a description: neither a title nor an essay.
_SHORTEST: Final = 50
_LONGEST: Final = 5_000


class Download(Protocol):
    """A file of the download folder, as this needs it."""

    @property
    def file(self) -> str:
        """Its name."""

    @property
    def media_type(self) -> str:
        """What it is written in."""

    @property
    def bytes(self) -> int:
        """Its size."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of its content, in hexadecimal digits."""


def dataset_document(about: About, dumps: Sequence[Download], language: str, page_url: str | None = None) -> Document:
    """Give the document of the home page in a language: the dataset with a distribution a dump, its catalogue, and whoever publishes both.

    With the URL of the page, which is absolute, it says what the page is.
    """
    catalogue, publisher = f"{about.base}catalog", f"{about.base}catalog#publisher"
    title = _text(about.title, language, about)
    common: Document = {"creator": {"@id": publisher}, "license": about.licence, "publisher": {"@id": publisher}}
    dataset: Document = {
        "@id": about.dataset.value,
        "@type": "Dataset",
        "name": title,
        "description": _description(about, title, language),
        **common,
        "distribution": [{"@id": f"{catalogue}#{dump.file}"} for dump in dumps],
        "identifier": about.dataset.value,
        "inLanguage": list(about.languages),
        "includedInDataCatalog": {"@id": catalogue},
        "url": page_url or about.base,
        "version": about.version,
    }
    nodes: list[Document] = [
        dataset,
        *(_download(about, f"{catalogue}#{dump.file}", dump) for dump in dumps),
        {"@id": catalogue, "@type": "DataCatalog", "name": title, **common, "dataset": {"@id": about.dataset.value}, "url": about.base},
        {"@id": publisher, "@type": "Organization", "name": about.publisher},
    ]
    if page_url is not None:
        nodes += page_nodes(page_url, language, about.dataset.value, ())
    return {"@context": CONTEXT, "@graph": nodes}


def _download(about: About, iri: str, dump: Download) -> Document:
    return {
        "@id": iri,
        "@type": "DataDownload",
        "name": dump.file,
        "contentSize": f"{dump.bytes} B",
        "contentUrl": f"{about.site}download/{dump.file}",
        "encodingFormat": dump.media_type,
        "license": about.licence,
        "sha256": dump.sha256,
    }


def _description(about: About, title: str, language: str) -> str:
    """Give the description; one that is shorter than is taken says of what and by whom as well, and one that is longer is cut between words."""
    text = _text(about.description, language, about)
    if len(text) < _SHORTEST:
        text = f"{title}: {text} ({about.publisher}, {about.dataset.value})"
    if len(text) > _LONGEST:
        kept = text[: _LONGEST - 2]
        text = f"{kept.rpartition(' ')[0] or kept} …"
    return text


def _text(texts: Mapping[str, str], language: str, about: About) -> str:
    rank = language_rank(Context("", {}, tuple(about.languages)), language)
    return texts[min(texts, key=lambda tag: (rank(tag), tag))]
