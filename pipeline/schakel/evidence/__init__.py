"""Evidence: each statement is tied to the passage of the page it was read in."""

from schakel.evidence.lock import LOCK, Lock, check_lock, cited_passages, each_told_once, locate_passages, lock_text, name_passages, read_lock, verify_lock
from schakel.evidence.passages import Page, Passage, Span, parse_passage, text_directive
from schakel.evidence.sources import ADDRESSES, SOURCES, VIEW, Source, read_captures, read_shown_captures, read_sources

__all__ = [
    "ADDRESSES",
    "LOCK",
    "SOURCES",
    "VIEW",
    "Lock",
    "Page",
    "Passage",
    "Source",
    "Span",
    "check_lock",
    "cited_passages",
    "each_told_once",
    "locate_passages",
    "lock_text",
    "name_passages",
    "parse_passage",
    "read_captures",
    "read_lock",
    "read_shown_captures",
    "read_sources",
    "text_directive",
    "verify_lock",
]
