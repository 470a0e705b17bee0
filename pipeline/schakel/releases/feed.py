"""Releases as a feed that readers subscribe to (Atom, RFC 4287)."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from schakel.interface_texts import word
from schakel.releases.history import Step
from schakel.releases.releasing import version_iri
from schakel.releases.rendering import line_of

__all__ = ["MEDIA_TYPE", "feed"]

MEDIA_TYPE = "application/atom+xml"
# So many releases are in the feed, and so many changes of each; its page has all.
_RELEASES, _CHANGES = 20, 50


def feed(  # noqa: PLR0913  # a feed says all this of itself
    steps: Sequence[Step], *, base: str, title: str, author: str, language: str, addresses: Sequence[str]
) -> bytes:
    """Write the feed in a language, newest first. `addresses` are where the feed and the list of releases are, and where pages of releases begin."""
    own, listed, pages = addresses
    updated = steps[-1].release.moment
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<id>{escape(own)}</id>",
        f"<title>{escape(_clean(title))}</title>",
        f"<updated>{updated}</updated>",
        f"<author><name>{escape(_clean(author))}</name></author>",
        f'<link rel="self" type="{MEDIA_TYPE}" href={quoteattr(own)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(listed)}/>',
    ]
    for step in reversed(steps[-_RELEASES:]):
        release = step.release
        lines += [
            "<entry>",
            f"<id>{escape(version_iri(base, release.version))}</id>",
            f"<title>{escape(release.version)}</title>",
            f"<published>{release.moment}</published>",
            f"<updated>{release.moment}</updated>",
            f'<link rel="alternate" type="text/html" href={quoteattr(f"{pages}{release.version}.html")}/>',
            *([f"<summary>{escape(_clean(release.note))}</summary>"] if release.note else []),
            f'<content type="html">{escape(_content(step, language))}</content>',
            "</entry>",
        ]
    return ("\n".join([*lines, "</feed>"]) + "\n").encode()


def _content(step: Step, language: str) -> str:
    counts = {"added": step.release.added, "removed": step.release.removed}
    parts = [f"<p>{escape(word('release_counts', language, **counts))}</p>"]
    if step.changes is not None:
        told = [(step.changes.label(each.thing, language), line_of(step.changes, each, language).text) for each in step.changes.changes[:_CHANGES]]
        parts += ["<ul>", *(f"<li>{escape(_clean(f'{label} – {text}'))}</li>" for label, text in told), "</ul>"]
        parts += ["<p>…</p>"] if len(step.changes.changes) > _CHANGES else []
    return "\n".join(parts)


def _clean(text: str) -> str:
    """Leave out what XML has no place for."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"))
