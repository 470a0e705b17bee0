"""What follows from a project's statements, and what contradicts its ontology."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.owl_rl import Fact
from schakel.engine import Dictionary, Executor, Plan
from schakel.engine.relations import QUADS, STATEMENTS
from schakel.engine.spelling import parts_of
from schakel.findings import Finding, finding
from schakel.interface_texts import word
from schakel.namespaces import RDF, curie
from schakel.stages.built import Built
from schakel.stages.conclusion_filter import select_conclusions
from schakel.stages.contradictions import Clash, find_contradictions
from schakel.stages.project_mapping import ONTOLOGY
from schakel.stages.reasoning import reason
from schakel.stages.statement_places import places_of

__all__ = ["infer_project"]

_LANGUAGES: Final = ("en", "nl", "nb", "nn")
_SHOWN: Final = 8


def infer_project(executor: Executor, built: Built) -> None:
    """Reason over what sources and files state; make the table of conclusions, and add contradictions to the findings."""
    names, dictionary = built.settings.names, built.dictionary
    if dictionary is None:
        return
    aside = dictionary.ids([str(names.vocabulary), str(names.provenance)])
    executor.run(_content(aside.values()), STATEMENTS)
    built.reasoned = reason(executor, dictionary, ontology=ONTOLOGY)
    built.conclusions = select_conclusions(executor, built.reasoned, ontology=ONTOLOGY, base=built.settings.base)
    clashes = find_contradictions(executor, built.reasoned, ontology=ONTOLOGY)
    built.findings += _findings(executor, built, dictionary, clashes.items)


def _content(aside: Iterable[int]) -> Plan:
    """Give the statements of all graphs except some."""
    of_others = [exp.NEQ(this=column("g"), expression=exp.Literal.number(graph)) for graph in aside]
    return exp.select("s", "p", "o").distinct().from_(QUADS).where(*of_others)


def _findings(executor: Executor, built: Built, dictionary: Dictionary, clashes: Iterable[Clash]) -> Iterator[Finding]:
    each = list(clashes)
    if not each:
        return
    facts = {fact for clash in each for fact in (*clash.premises, *clash.statements, *clash.rule.axiom)}
    spellings = dictionary.spellings({term for fact in facts for term in fact if term > 0})
    places = places_of(executor, facts)
    for clash in each:
        found = sorted({built.sources.place(file, row) for fact in clash.statements for file, row in places.get(fact, ())})
        yield finding("inconsistent", *found, problem=_problem(clash, spellings, built.content.prefixes))


def _problem(clash: Clash, spellings: Mapping[int, str], prefixes: Mapping[str, str]) -> Mapping[str, str]:
    """Say by language what contradicts each other, with the statements that were made."""
    said = [_said(fact, spellings, prefixes) for fact in clash.statements]
    more = [f"(+{len(said) - _SHOWN})"] if len(said) > _SHOWN else []
    problem = f"{_said(clash.rule.axiom[0], spellings, prefixes)} ({clash.rule.owl})" if clash.rule.axiom else clash.rule.owl
    if not said:
        return dict.fromkeys(_LANGUAGES, problem)
    stated = "; ".join([*said[:_SHOWN], *more])
    return {language: word("clash", language, problem=problem, statements=stated) for language in _LANGUAGES}


def _said(fact: Fact, spellings: Mapping[int, str], prefixes: Mapping[str, str]) -> str:
    subject, predicate, value = (_named(spellings.get(term, "_:"), prefixes) for term in fact)
    return f"{subject} {'a' if spellings.get(fact[1]) == str(RDF.type) else predicate} {value}"


def _named(spelling: str, prefixes: Mapping[str, str]) -> str:
    return curie(parts_of(spelling).text, prefixes) if spelling.startswith("<") else spelling
