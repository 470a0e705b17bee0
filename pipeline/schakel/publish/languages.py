"""The languages of pages."""

from schakel import site
from schakel.settings import Settings

__all__ = ["page_languages"]


def page_languages(settings: Settings) -> tuple[str, ...]:
    """Give the languages of pages: those that the settings name, or all of the project's that pages speak; English where they speak none."""
    wanted = settings.page_languages or settings.languages
    return tuple(dict.fromkeys(tag for tag in wanted if site.has_words(tag))) or ("en",)
