r"""The text of a query, worked on without taking it apart: what is comment, string or IRI is set aside first.

>>> parameters_in("SELECT ?body { ?m org:organization ?_body_iri  # not ?_this \n }")
('_body_iri',)
>>> with_values("SELECT * WHERE { ?s ?p ?o }", {"s": NamedNode("https://example.org/a")})
'SELECT * WHERE {\n  VALUES (?s) { (<https://example.org/a>) }\n  ?s ?p ?o }'
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from pyoxigraph import NamedNode

from schakel.graph import Term

__all__ = [
    "around_values",
    "asks_for_graphs",
    "depth_of",
    "differs_each_time",
    "form_of",
    "masked",
    "parameters_in",
    "readable",
    "undeclared",
    "unsafe",
    "with_prefixes",
    "with_values",
]

_DIFFERENT = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)
_BRACKET = re.compile(r"[(){}\[\]]")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# An IRI before a comment, as an IRI may hold "#"; a long string before a short one, as it begins with the same quotation mark.
_SET_ASIDE = (
    r"\\.",  # a sign that a backslash takes into a name
    r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>",
    r'"""(?:[^"\\]|\\.|"(?!""))*"""',
    r"'''(?:[^'\\]|\\.|'(?!''))*'''",
    r'"(?:[^"\\\n]|\\.)*"',
    r"'(?:[^'\\\n]|\\.)*'",
    r"#[^\n\r]*",
)
_ASIDE = re.compile("|".join(_SET_ASIDE), re.DOTALL)
_SYNTAX_ERROR = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): expected (?P<expected>.*)", re.DOTALL)
_EXPECTED = re.compile(r'(?:^|, |one of )(?:"([^"]+)"|([A-Z]{2,}))(?=,|$)')
_LONGEST_PROBLEM = 300
_PARAMETER = re.compile(r"[?$](__?[A-Za-z]\w*)")
_WORD = r"(?<![\w:?$@\-])(?:{})(?![\w:\-])"
# What else a query is made of: variables, language tags, names with a prefix, other words.
_TOKEN = re.compile(r"[?$]\w*|@[A-Za-z][\w-]*|(?P<prefix>[A-Za-z][\w.-]*)?:[\w.:%-]*|(?P<word>[A-Za-z_]\w*)")
# Each asks another machine, or changes something. Engines take the first one even where no blank is beside it.
_ASKS_ANOTHER = "SERVICE"
_CHANGES = frozenset({"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE"})
_FORM = re.compile(_WORD.format("SELECT|ASK|CONSTRUCT|DESCRIBE"), re.IGNORECASE)
_GRAPHS = re.compile(r"(?<![\w:?$@\-])(?:GRAPH|FROM)(?![\w\-])", re.IGNORECASE)
_DECLARED = re.compile(_WORD.format("PREFIX") + r"\s+([\w.-]*):", re.IGNORECASE)
_USED = re.compile(r"(?<![\w?$@:-])([A-Za-z][\w.-]*):")


@lru_cache(maxsize=4)  # whoever looks at a query looks at it from several sides
def masked(query: str) -> str:
    """Put blanks in place of comments, strings and IRIs; every other character stays where it was."""
    return _ASIDE.sub(_blank, query)


def _blank(match: re.Match[str]) -> str:
    return "\n".join(" " * len(line) for line in match[0].split("\n"))


def unescaped(query: str) -> str:
    """Put characters in place of the escapes that SPARQL allows for them anywhere, even in its own words."""
    return _ESCAPED.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)


def depth_of(query: str) -> int:
    """Count how deep brackets are nested: a parser goes as deep, and one that is not ours may end the process."""
    depth = deepest = 0
    for sign in _BRACKET.findall(masked(query)):
        depth += 1 if sign in "({[" else -1
        deepest = max(deepest, depth)
    return deepest


def parameters_in(query: str) -> tuple[str, ...]:
    """Name the variables that are parameters, as grlc has them: with one leading underscore or two; in the order in which they come."""
    return tuple(dict.fromkeys(_PARAMETER.findall(masked(query))))


def unsafe(query: str) -> str | None:
    """Name the first word by which a query would ask another machine or change something, or None.

    This is for the message: what keeps a query from doing so is that the process it runs in can open no connection and only reads.
    """
    # Engines differ in whether they put characters in place of escapes before they read the words.
    plain = unescaped(query)
    return _unsafe_word(masked(query)) or (_unsafe_word(masked(plain)) if plain != query else None)


def _unsafe_word(bare: str) -> str | None:
    declared = set(_DECLARED.findall(bare))
    for token in _TOKEN.finditer(bare):
        word = (token["word"] or "").upper()
        # A prefix that nobody declares may be that word with the empty prefix after it.
        prefix = "" if token["prefix"] in declared else (token["prefix"] or "").upper()
        if _ASKS_ANOTHER in word or _ASKS_ANOTHER in prefix:
            return _ASKS_ANOTHER
        if word in _CHANGES:
            return word
    return None


def asks_for_graphs(query: str) -> bool:
    """Tell whether a query speaks of named graphs."""
    return _GRAPHS.search(masked(query)) is not None


def form_of(query: str) -> str | None:
    """Say which form a query has: SELECT, ASK, CONSTRUCT or DESCRIBE; None where it has none of these."""
    match = _FORM.search(masked(query))
    return match[0].upper() if match else None


def with_values(query: str, values: Mapping[str, Term]) -> str:
    """Bind variables to terms, first thing in the WHERE of the query: terms, written as RDF writes them, never text.

    Raises ValueError where the query has no WHERE.
    """
    if not values:
        return query
    before, after = around_values(query)
    names = " ".join(f"?{name}" for name in values)
    terms = " ".join(map(str, values.values()))
    return f"{before}\n  VALUES ({names}) {{ ({terms}) }}\n {after}"


def around_values(query: str) -> tuple[str, str]:
    """Cut a query where values are bound: after the first brace that stands in no brackets, that of WHERE, whether its name is written or not.

    Raises ValueError where the query has no WHERE.

    >>> around_values("ASK { ?s ?p ?o }")
    ('ASK {', ' ?s ?p ?o }')
    """
    depth = 0
    for place, sign in enumerate(masked(query)):
        depth += (sign == "(") - (sign == ")")
        if sign == "{" and depth == 0:
            return query[: place + 1], query[place + 1 :]
    raise ValueError("the query has no WHERE")


def differs_each_time(query: str) -> bool:
    """Tell whether a query may answer differently each time it is asked: by the clock, by chance, or with new names."""
    return _DIFFERENT.search(query) is not None


def readable(problem: str) -> str:
    """Say in one line where a query cannot be read, and what could stand there; Oxigraph names every sign of its grammar.

    >>> readable('error at 2:7: expected one of ".", "}", [_], FILTER')
    'at line 2, column 7; there could be one of . } FILTER'
    """
    match = _SYNTAX_ERROR.match(problem)
    if match is None:
        return " ".join(problem.split())[:_LONGEST_PROBLEM]
    signs = dict.fromkeys(sign for pair in _EXPECTED.findall(match["expected"]) for sign in pair if sign)
    could = f"; there could be one of {' '.join(signs)}" if signs else ""
    return f"at line {match['line']}, column {match['column']}{could}"[:_LONGEST_PROBLEM]


def undeclared(query: str) -> set[str]:
    """Name the prefixes that a query uses and does not declare."""
    bare = masked(query)
    return {name for name in _USED.findall(bare) if name != "_"} - set(_DECLARED.findall(bare))


def with_prefixes(query: str, known: Mapping[str, str]) -> str:
    """Declare the known prefixes that a query uses and does not declare itself."""
    missing = sorted(undeclared(query) & known.keys())
    # In one line with the query, so that an error still names the right line of it.
    return "".join(f"PREFIX {name}: {NamedNode(known[name])} " for name in missing) + query
