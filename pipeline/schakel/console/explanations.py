"""Why statements are in the graph, on a screen: an indented tree for each statement, or one line of reason for each of many."""

import shlex
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode
from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from schakel.answers import visible
from schakel.explaining import Evidence, Explanation, Explanations
from schakel.findings import Place, in_language
from schakel.graph import Term
from schakel.interface_texts import place, word

__all__ = ["show_explanations"]

# What a level of a tree is indented by, and how many columns a statement must have.
_INDENT: Final = 4
_NARROWEST: Final = 36


def show_explanations(console: Console, explanations: Explanations, language: str, *, brief: bool) -> None:
    """Print each explanation as a tree; `brief` groups those of one thing, and gives of each conclusion only the last step."""
    teller = _Teller(explanations, language)
    if brief:
        teller.print_groups(console)
        return
    for number, explanation in enumerate(explanations):
        console.print(*([""] if number else []), teller.tree(explanation, max((console.width - _NARROWEST) // _INDENT, 1)), sep="\n")


class _Teller:
    """Puts explanations into words, in one language."""

    def __init__(self, explanations: Explanations, language: str) -> None:
        self._explanations = explanations
        self._language = language

    def tree(self, explanation: Explanation, levels: int) -> Tree:
        tree = Tree(self._node(explanation, bold=True), guide_style="dim")
        self._grow(tree, explanation, levels)
        return tree

    def print_groups(self, console: Console) -> None:
        subject = self._explanations[0].statement.subject
        console.print(Text(self._called(subject), "bold"))
        if self._explanations.name(subject) is not None:
            console.print(Text(visible(self._explanations.short(subject)), "dim"))
        for key, stated in (("statements", True), ("inferred", False)):
            group = [each for each in self._explanations if each.is_stated is stated]
            if group:
                console.print(Text(f"\n{word(f'{key}_group', self._language)}", "bold"))
            for (predicate, reason), alike in groupby(group, self._property_and_reason):
                _print_indented(console, 2, self._with_short(predicate), *([Text(reason)] if reason else []))
                for each in alike:
                    _print_indented(console, 4, self._with_short(each.statement.object))
                    _print_indented(console, 6, *(map(Text, self._in_words(each)) if stated else ()))

    def _property_and_reason(self, explanation: Explanation) -> tuple[NamedNode, str]:
        """Tell what several statements of one thing may have in common: what follows by one axiom is told together."""
        return explanation.statement.predicate, "" if explanation.is_stated else "\n".join(self._in_words(explanation))

    def _with_short(self, term: Term) -> Text:
        name = self._called(term)
        if isinstance(term, Literal):
            return Text(f"{name}@{term.language}" if term.language else name)
        short = visible(self._explanations.short(term))
        return Text(name) if name == short else Text.assemble(name, (f" ({short})", "dim"))

    def _grow(self, tree: Tree, explanation: Explanation, levels: int) -> None:
        for premise in _premises(explanation):
            if levels > 1 or not premise.premises:
                self._grow(tree.add(self._node(premise)), premise, levels - 1)
            else:
                # There is no room for more, and rich would leave it out in silence.
                tree.add(_lines(self._sentence(premise), Text(word("explained_by", self._language, statement=self._pasted_whole(premise)))))

    def _node(self, explanation: Explanation, *, bold: bool = False) -> Text:
        """Give a statement as a sentence, as it can be pasted, and what it rests on."""
        sentence = self._sentence(explanation)
        sentence.stylize("bold" if bold else "")
        return _lines(sentence, Text(self._pasted_whole(explanation), "dim"), *map(Text, self._in_words(explanation)))

    def _sentence(self, explanation: Explanation) -> Text:
        triple = explanation.statement
        return Text(" – ".join(self._called(term) for term in (triple.subject, triple.predicate, triple.object)))

    def _pasted_whole(self, explanation: Explanation) -> str:
        triple = explanation.statement
        return " ".join(visible(self._pasted(term)) for term in (triple.subject, triple.predicate, triple.object))

    def _in_words(self, explanation: Explanation) -> Iterator[str]:
        if explanation.rule is not None:
            yield word("because", self._language, words=visible(in_language(explanation.rule.words, self._language)))
        elif not explanation.evidence:
            yield word("follows_no_more", self._language)
        for evidence in explanation.evidence:
            yield from self._evidence(evidence)

    def _evidence(self, evidence: Evidence) -> Iterator[str]:
        where = None if evidence.place is None else place(Place(evidence.place.file, evidence.place.row), self._language)
        if evidence.source is None:
            yield word("stated_in", self._language, where=visible(where or self._explanations.short(evidence.graph)))
            return
        title = self._explanations.short(evidence.source) if evidence.title is None else evidence.title.value
        words = " … ".join(filter(None, (evidence.first_words, evidence.last_words)))
        yield word("read_on" if words else "stated_by", self._language, title=visible(title), words=visible(words))
        graph = visible(self._explanations.short(evidence.graph))
        if where is None and self._explanations.with_rows:
            where = word("no_row_now", self._language)
        yield graph if where is None else f"{graph}; {visible(where)}"

    def _called(self, term: Term) -> str:
        """Give the name of a thing or else its short form; a text with its language."""
        if isinstance(term, Literal):
            return visible(f"“{term.value}”" if term.language else term.value)
        return visible(self._explanations.name(term) or self._explanations.short(term))

    def _pasted(self, term: Term) -> str:
        """Give what can be pasted into a command, quoted for the shell where it must be."""
        written = f'"{term.value}"@{term.language}' if isinstance(term, Literal) and term.language else self._explanations.short(term)
        return shlex.quote(written)


def _premises(explanation: Explanation) -> Iterator[Explanation]:
    """Give the premises; of a transitive property the steps, however the reasoner put them together."""
    rule = explanation.rule
    for premise in explanation.premises:
        if rule is not None and rule.rule.owl == "prp-trp" and premise.rule is not None and premise.rule.rule.name == rule.rule.name:
            yield from _premises(premise)
        else:
            yield premise


def _print_indented(console: Console, by: int, *texts: Text) -> None:
    for text in texts:
        console.print(Padding(text, (0, 0, 0, by), expand=False))


def _lines(*texts: Text) -> Text:
    return Text("\n").join(texts)
