"""Mapping, terms, shape and query of a table, as its columns suggest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schakel.scaffold.columns import Column, Drafted
from schakel.scaffold.headers import meaning
from schakel.scaffold.terms import PREFIXES

__all__ = ["Statement", "class_of", "mapping", "ontology", "query", "shape", "statements"]

# What a meaning is said by, of which node, and what its value is: a text in the language of the project, a plain text, a link or a typed value.
_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("skos:prefLabel", "language"),
    "abbreviation": ("skos:altLabel", "language"),
    "description": ("dct:description", "language"),
    "key": ("dct:identifier", "plain"),
    "website": ("foaf:homepage", "link"),
    "email": ("schema:email", "plain"),
    "telephone": ("schema:telephone", "plain"),
    "since": ("schema:foundingDate", "typed"),
}
_OF_ADDRESS: Final = {"street": "locn:thoroughfare", "postcode": "locn:postCode", "place": "locn:postName", "country": "locn:adminUnitL1"}
_OF_SITE: Final = {"latitude": "geo:lat", "longitude": "geo:long"}
# How a query gets from a row to the node of a statement.
_PATHS: Final = {"subject": "", "site": "org:hasSite/", "address": "org:hasSite/org:siteAddress/"}
# Nodes of a row that exist where a cell of theirs is filled.
_NODES: Final = frozenset({"site", "address"})
# The record and the value.
_OF_PLAIN_LIST: Final = 2
# Columns that hold the name, in a list of names.
_OF_NAMES: Final = frozenset({"value", "name", "label", "text"})
_OF_ORGANISATIONS: Final = frozenset({"website", "email", "telephone", "since", "parent", *_OF_ADDRESS})


@dataclass(frozen=True)
class Statement:
    """What a column says: of which node (a variable of the mapping), by which property, with which expression of SPARQL. `why` explains it to a person."""

    column: Column
    node: str
    term: str
    expression: str
    why: str


def class_of(drafted: Drafted) -> str:
    """Name the class of a table's rows: its name as one word."""
    return "ns:" + "".join(part.capitalize() for part in drafted.name.split("_"))


def is_of_organisations(drafted: Drafted) -> bool:
    """Tell whether rows seem to be organisations: they have a name, and what organisations have."""
    return drafted.with_meaning("name") is not None and any(drafted.with_meaning(each) for each in _OF_ORGANISATIONS)


def _subject(table: str, value: str, *, slugged: bool) -> str:
    """Write the expression of an address from that of a key."""
    if not slugged:
        return f'IRI(CONCAT("{table}/", {value}))'
    return f'IRI(CONCAT("{table}/", schakel:slug({value})))'


def statements(drafted: Drafted, tables: Mapping[str, Drafted], language: str) -> Iterator[Statement]:
    """Decide what each column says. The first name is the name, a second one is said by a term of the project's own."""
    said: set[str] = set()
    organisations = is_of_organisations(drafted)
    for column in drafted.columns:
        means = column.meaning if column.meaning not in said else ""
        value = f"?{column.name}"
        if drafted.inspected.parent and column.name in {"record", "position"}:
            continue
        if named := _name_of_owner(drafted, tables, column, language):
            yield named
            if len(drafted.columns) <= _OF_PLAIN_LIST:
                continue
        if column.refers_to:
            other = tables[column.refers_to]
            term = "org:subOrganizationOf" if means == "parent" and organisations and other.name == drafted.name else f"ns:{column.name}"
            yield Statement(column, "subject", term, _subject(other.name, value, slugged=other.is_slugged), f"its cells are keys of {other.name}")
            continue
        if organisations and means in _OF_ADDRESS | _OF_SITE:
            said.add(means)
            node, term = ("address", _OF_ADDRESS[means]) if means in _OF_ADDRESS else ("site", _OF_SITE[means])
            yield Statement(column, node, term, _typed(column) if means in _OF_SITE else value, f"the header means {means}")
            continue
        if means in _OF_SITE:
            said.add(means)
            yield Statement(column, "subject", _OF_SITE[means], _typed(column), f"the header means {means}")
            continue
        if column.name == "id" and drafted.key == "id":
            continue
        term, way = _term_of(column, means, organisations=organisations)
        if term:
            said.add(means)
            expression = {"language": f'STRLANG({value}, "{language}")', "link": f"IRI({value})", "plain": value, "typed": _typed(column)}[way]
            yield Statement(column, "subject", term, expression, f"the header means {means}")
        else:
            yield Statement(column, "subject", f"ns:{column.name}", _typed(column), f"its cells are {column.datatype or 'texts'}; the term is your own")


def _term_of(column: Column, means: str, *, organisations: bool) -> tuple[str, str]:
    """Give the term that says a meaning, and what its value is; empty texts where none says it of such a row or of such cells."""
    term, way = _TERMS.get(means, ("", ""))
    if (not organisations and term.startswith(("schema:", "foaf:"))) or (way == "link" and column.datatype != "anyURI"):
        return "", ""
    return term, way


def _name_of_owner(drafted: Drafted, tables: Mapping[str, Drafted], column: Column, language: str) -> Statement | None:
    """Say the name of a record that has no other, where a column of a list holds it."""
    parent = tables.get(drafted.inspected.parent)
    if parent is None or parent.with_meaning("name") or meaning(_list_name(drafted).removesuffix("s")) != "name" or column.name not in _OF_NAMES:
        return None
    tag = next((f"?{each.name}" for each in drafted.columns if each.is_language), f'"{language}"')
    return Statement(column, "owner", "rdfs:label", f"STRLANG(?{column.name}, {tag})", "the list seems to hold names")


def _list_name(drafted: Drafted) -> str:
    return drafted.name.removeprefix(f"{drafted.inspected.parent}_")


def _typed(column: Column) -> str:
    return f"STRDT(?{column.name}, xsd:{column.datatype})" if column.datatype else f"?{column.name}"


def mapping(drafted: Drafted, tables: Mapping[str, Drafted], said: Sequence[Statement]) -> str:
    """Write the CONSTRUCT of a table."""
    parent = tables.get(drafted.inspected.parent)
    members = parent is not None and any(column.name not in {"record", "position", "value"} for column in drafted.columns)
    binds: list[str] = []
    triples: list[str] = []
    if parent is not None:
        binds.append(f"BIND({_subject(parent.name, '?record', slugged=parent.is_slugged)} AS ?owner)")
        own = _list_name(drafted)
        if members:
            binds.append(f'BIND(IRI(CONCAT(STR(?owner), "#{own}-", ?position)) AS ?subject)')
            triples += [f"?owner ns:{own} ?subject .", f"?subject a {class_of(drafted)} ."]
        elif said[0].node == "subject":
            triples.append(f"?owner ns:{own} ?value .")
            return _construct(f"A row is a value of “{own}” of a row of {parent.name}.", triples, binds)
    else:
        key = f"?{drafted.key}" if drafted.key else _all_cells(drafted)
        binds.append(f"BIND({_subject(drafted.name, key, slugged=drafted.is_slugged)} AS ?subject)")
        triples.append(f"?subject a {class_of(drafted)} .")
    if any(each.node in _NODES for each in said):
        # A fragment has no fragments of its own.
        mark = "#" if parent is None else "-"
        filled = " || ".join(f"BOUND(?{each.column.name})" for each in said if each.node in _NODES)
        in_address = " || ".join(f"BOUND(?{each.column.name})" for each in said if each.node == "address")
        binds.append(f'BIND(IF({filled}, IRI(CONCAT(STR(?subject), "{mark}site")), ?undefined) AS ?site)')
        triples += ["?subject org:hasSite ?site .", "?site a org:Site ."]
        if in_address:
            binds.append(f'BIND(IF({in_address}, IRI(CONCAT(STR(?subject), "{mark}address")), ?undefined) AS ?address)')
            triples += ["?site org:siteAddress ?address .", "?address a locn:Address ."]
    for number, each in enumerate(said, start=1):
        target = each.expression if each.expression.startswith("?") else f"?value_{number}"
        if target != each.expression:
            binds.append(f"BIND({each.expression} AS {target})")
        triples.append(f"?{each.node} {each.term} {target} .")
    if parent is not None:
        return _construct(f"A row is a member of the list “{_list_name(drafted)}” of a row of {parent.name}.", triples, binds)
    return _construct(f"A row is one of {drafted.name}. Its address is made of {drafted.key or 'all its cells'}.", triples, binds)


def _all_cells(drafted: Drafted) -> str:
    cells = ', "|", '.join(f'COALESCE(?{column.name}, "")' for column in drafted.columns)
    return f"SHA1(CONCAT({cells}))"


def _construct(comment: str, triples: Sequence[str], binds: Sequence[str]) -> str:
    body = "CONSTRUCT {\n" + "".join(f"  {each}\n" for each in triples) + "}\nWHERE {\n" + "".join(f"  {each}\n" for each in binds) + "}\n"
    return f"# {comment}\n\n{_prefixes(body)}\n{body}"


def _prefixes(body: str) -> str:
    used = [f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(PREFIXES.items()) if f"{name}:" in body]
    return "".join(["PREFIX ns: <{base}ns#>\n", *used] if "ns:" in body else used)


def ontology(drafted: Drafted, said: Sequence[Statement], language: str) -> str:
    """Describe the terms of a table that are the project's own, in Turtle."""
    parent = drafted.inspected.parent
    lines = []
    members = bool(said) if parent else True
    if members and not (parent and all(each.column.name == "value" for each in said)):
        superclass = " ;\n    rdfs:subClassOf org:Organization" if is_of_organisations(drafted) else ""
        lines.append(_term(class_of(drafted), "owl:Class", drafted.name.replace("_", " "), language, superclass))
    if parent:
        own = _list_name(drafted)
        if said and all(each.node == "owner" for each in said):
            return ""
        kind = "owl:DatatypeProperty" if all(each.column.name == "value" for each in said) else "owl:ObjectProperty"
        lines.append(_term(f"ns:{own}", kind, own.replace("_", " "), language))
        if kind == "owl:DatatypeProperty":
            return "\n".join(lines)
    for each in said:
        if each.term.startswith("ns:"):
            kind = "owl:ObjectProperty" if each.column.refers_to else "owl:DatatypeProperty"
            lines.append(_term(each.term, kind, each.column.header if len(each.column.header) > 2 else each.column.name.replace("_", " "), language))  # noqa: PLR2004
    return "\n".join(lines)


def _term(term: str, kind: str, label: str, language: str, more: str = "") -> str:
    return f"{term} a {kind} ;\n    rdfs:label {json.dumps(label, ensure_ascii=False)}@{language}{more} ;\n    rdfs:isDefinedBy <{{base}}ns> .\n"


def shape(drafted: Drafted, said: Sequence[Statement]) -> str:
    """Write a shape from what was observed: what is always there, datatypes, values where they are few."""
    lines = [f"<{{base}}shapes#{class_of(drafted).removeprefix('ns:')}> a sh:NodeShape ;", f"    sh:targetClass {class_of(drafted)}"]
    for each in said:
        if each.node != "subject":
            continue
        conditions = [f"sh:path {each.term}", "sh:maxCount 1"]
        if each.column.is_filled:
            conditions.append("sh:minCount 1")
        if each.expression.startswith("STRDT"):
            conditions.append(f"sh:datatype xsd:{each.column.datatype}")
        if each.column.values:
            conditions.append(f"sh:in ( {' '.join(json.dumps(value, ensure_ascii=False) for value in each.column.values)} )")
        lines[-1] += " ;"
        lines.append(f"    sh:property [ {' ; '.join(conditions)} ]")
    return "\n".join(lines) + " .\n"


def _in_a_head(header: str) -> str:
    return " ".join(header.split()).replace(": ", " - ")


def query(drafted: Drafted, said: Sequence[Statement]) -> str:
    """Write a query that lists the rows with what is said of each."""
    title = f"What is known of {drafted.name.replace('_', ' ')}?"
    names = [each.column.name for each in said]
    patterns = "".join(f"  OPTIONAL {{ ?subject {_PATHS[each.node]}{each.term} ?{each.column.name} }}\n" for each in said)
    order = drafted.with_meaning("name")
    body = f"SELECT ?subject {' '.join(f'?{name}' for name in names)}\nWHERE {{\n  ?subject a {class_of(drafted)} .\n{patterns}}}\nORDER BY "
    body += f"STR(?{order.name}) ?subject\n" if order in [each.column for each in said] and order else "?subject\n"
    grlc = f"#+ summary: {title}\n#+ description: One row for each.\n#+ method: GET\n#+ tags:\n#+   - tables\n"
    head = f"{grlc}\n# title: {title}\n# category: tables\n# description: One row for each.\n"
    head += "# column subject: the address\n" + "".join(f"# column {each.column.name}: {_in_a_head(each.column.header)}\n" for each in said)
    return f"{head}\n{_prefixes(body)}\n{body}"
