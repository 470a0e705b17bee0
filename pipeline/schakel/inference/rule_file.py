"""The rules of an ontology as a file that people read and Nemo runs."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Triple

from schakel.graph import Term
from schakel.inference.profile import Profile, profile
from schakel.inference.rule import Atom, Constraint, Rule, Step, Variable
from schakel.namespaces import OWL, PREFIXES, RDF, curie

__all__ = ["axiom_in_words", "clash", "constant", "predicate", "rule_file", "rule_text"]

_HEAD = """\
%! What follows by the axioms of the ontology, by the rules of OWL 2 RL, as rules that Nemo runs.
%! Made from the ontology by "schakel rules": change the ontology, not this.
%! A class has one place, a property two. Constants are texts: terms as N-Triples has them.
"""
_LOCAL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def rule_file(ontology: Iterable[Triple], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Write the rules that an ontology's axioms amount to, each with the axiom it comes from.

    Raises UnsupportedAxiomError for an axiom that has none.
    """
    return rule_text(profile(ontology), prefixes)


def rule_text(read: Profile, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Write rules and constraints; the head of a constraint is what contradicts each other."""
    texts = [_step(step, prefixes) for step in read.steps()]
    used = {prefix for text in texts for prefix in re.findall(r"(?m)(?<![\w<:/])([A-Za-z][A-Za-z0-9]*):[A-Za-z]", text)}
    declared = "".join(f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(used & prefixes.keys()))
    return "\n".join(filter(None, [_HEAD, declared, *texts]))


def predicate(relation: NamedNode, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Write a class or property as the name of a predicate.

    >>> predicate(NamedNode("http://www.w3.org/ns/org#role")), predicate(NamedNode("https://example.org/is-a"))
    ('org:role', '<https://example.org/is-a>')
    """
    prefix, colon, name = curie(relation.value, prefixes).partition(":")
    short = colon and _PREFIX.fullmatch(prefix) and prefix in prefixes and _LOCAL_NAME.fullmatch(name)
    return f"{prefix}:{name}" if short else f"<{relation.value}>"


def clash(constraint: Constraint) -> str:
    """Name the predicate that holds of what contradicts each other."""
    return f"contradiction_{constraint.name}"


def constant(text: str) -> str:
    """Write a term of N-Triples as Nemo reads a text. Nemo knows no escapes, and a text that ends in a quotation mark can only be made from a longer one.

    >>> constant("<https://example.org/a>")
    '"<https://example.org/a>"'
    """
    if '"' not in text:
        return f'"{text}"'
    # A tab stands in no term: there it is written as an escape.
    return f'STRBEFORE("""{text}\t""", "\t")' if text.endswith('"') else f'"""{text}"""'


def _step(step: Step, prefixes: Mapping[str, str]) -> str:
    head = _atom(step.head, prefixes) if isinstance(step, Rule) else f"{clash(step)}({_arguments(step.variables() or [OWL.Nothing])})"
    body = ", ".join(_atom(atom, prefixes) for atom in step.body)
    words = axiom_in_words(step.axiom, prefixes)
    return f'%%% <{step.term.value}>\n%%% {words} [{step.owl}]\n#[name("{step.name}")]\n{head} :- {body} .\n'


def _atom(atom: Atom, prefixes: Mapping[str, str]) -> str:
    return f"{predicate(atom.relation, prefixes)}({_arguments(atom.arguments)})"


def _arguments(arguments: Iterable[Variable | Term]) -> str:
    return ", ".join(f"?{argument.name}" if isinstance(argument, Variable) else constant(str(argument)) for argument in arguments)


def axiom_in_words(axiom: tuple[Triple, ...], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Say an axiom as Turtle would, on one line."""
    about: dict[Term, list[Triple]] = {}
    for triple in axiom:
        about.setdefault(triple.subject, []).append(triple)

    def node(term: Term) -> str:
        if isinstance(term, NamedNode):
            return "a" if term == RDF.type else curie(term.value, prefixes)
        if not isinstance(term, BlankNode):
            return str(term)
        if any(triple.predicate == RDF.first for triple in about.get(term, ())):
            return f"( {' '.join(items(term))} )"
        return f"[ {' ; '.join(f'{node(triple.predicate)} {node(triple.object)}' for triple in about.get(term, ()))} ]"

    def items(term: Term) -> Iterator[str]:
        while term in about:
            following: Term = RDF.nil
            for triple in about[term]:
                if triple.predicate == RDF.first:
                    yield node(triple.object)
                else:
                    following = triple.object
            term = following

    first = axiom[0]
    text = node(first.subject) if isinstance(first.subject, BlankNode) else f"{node(first.subject)} {node(first.predicate)} {node(first.object)}"
    return text.replace("\n", " ")
