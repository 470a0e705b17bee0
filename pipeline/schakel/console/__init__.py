"""What a person sees in the terminal."""

from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

if TYPE_CHECKING:
    from schakel.console.answers import show_answer
    from schakel.console.descriptions import description_as_json, show_description
    from schakel.console.embedding import checked_as_json, show_checked
    from schakel.console.explanations import show_explanations
    from schakel.console.findings import outcome_as_json, progress, show_findings, summary
    from schakel.console.loading import loading_progress, told_of
    from schakel.console.questions import show_question, show_questions
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "answers": "show_answer",
            "descriptions": "description_as_json show_description",
            "embedding": "checked_as_json show_checked",
            "explanations": "show_explanations",
            "findings": "outcome_as_json progress show_findings summary",
            "loading": "loading_progress told_of",
            "questions": "show_question show_questions",
        },
    )

__all__ = [
    "checked_as_json",
    "description_as_json",
    "loading_progress",
    "outcome_as_json",
    "progress",
    "show_answer",
    "show_checked",
    "show_description",
    "show_explanations",
    "show_findings",
    "show_question",
    "show_questions",
    "summary",
    "told_of",
]
