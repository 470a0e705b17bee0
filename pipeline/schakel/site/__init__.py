"""The site: pages for people, and what crawlers and programs need to find their way, all as static files."""

from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

if TYPE_CHECKING:
    from schakel.site.bundle import LARGEST_DUMP, is_built
    from schakel.site.entities import Reason
    from schakel.site.frame import CHANGES, MENU, Frame
    from schakel.site.localization import has_words
    from schakel.site.look import Look
    from schakel.site.ontology import unions_in
    from schakel.site.publishing import site_files
    from schakel.site.reading import Capture
    from schakel.site.site import Ask, Download, Site
    from schakel.site.vocabulary import read_terms
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "bundle": "LARGEST_DUMP is_built",
            "entities": "Reason",
            "frame": "CHANGES MENU Frame",
            "look": "Look",
            "ontology": "unions_in",
            "publishing": "site_files",
            "reading": "Capture",
            "site": "Ask Download Site",
            "vocabulary": "read_terms",
            "localization": "has_words",
        },
    )

__all__ = [
    "CHANGES",
    "LARGEST_DUMP",
    "MENU",
    "Ask",
    "Capture",
    "Download",
    "Frame",
    "Look",
    "Reason",
    "Site",
    "has_words",
    "is_built",
    "read_terms",
    "site_files",
    "unions_in",
]
