"""What pages tell beside the statements: why what follows does so, and what the graph is in the words of schema.org."""

import json

from pyoxigraph import RdfFormat, Store, Triple

from schakel.build.graph import Graph
from schakel.build.run import Run
from schakel.cache import key_of
from schakel.errors import UnsupportedAxiomError
from schakel.explaining import labels_in, words_of
from schakel.graph import content_graphs
from schakel.inference import explain_all
from schakel.lookup import Context
from schakel.ntriples import to_lines
from schakel.site import Reason
from schakel.structured_data import SchemaOrg

__all__ = ["reasons_once", "schema_once"]


def schema_once(graph: Graph, run: Run) -> SchemaOrg | None:
    """Give the graph in the words of schema.org; None where the project does not say what it is in them."""
    query, languages = graph.content.schema_org, run.settings.languages
    if query is None:
        return None
    name = key_of(query, graph.dataset.digest(), run.settings.base)
    kept = run.cache.get("schema-org", name)
    if kept is None:
        # The merge alone: with the named graphs beside it a store would need twice the memory.
        store = Store()
        for segment in graph.whole.statements:
            store.load(segment, format=RdfFormat.N_TRIPLES)
        made = SchemaOrg.of(store, query, run.settings.base, languages)
        run.cache.put("schema-org", name, made.statements)
        return made
    return SchemaOrg(kept, languages)


def reasons_once(graph: Graph, run: Run) -> dict[bytes, Reason]:
    """Give the reason of each conclusion, by its line; none where the ontology has axioms that only owlrl knows."""
    names, vocabulary = run.settings.names, graph.content.vocabulary
    statements = [piece for name in content_graphs(graph.dataset, names) for piece in graph.dataset.pieces(name)]
    concluded = list(graph.dataset.triples(names.inferred))
    axioms = sorted(map(str, vocabulary.triples))
    name = key_of("\n".join(axioms), statements, graph.dataset.pieces(names.inferred), repr(sorted(graph.content.prefixes.items())), run.settings.base)
    kept = run.cache.get("reasons", name)
    if kept is None:
        kept = json.dumps(_reasons(graph, run, statements, concluded), ensure_ascii=False, sort_keys=True).encode()
        run.cache.put("reasons", name, kept)
    written = json.loads(kept)
    return {
        line.encode(): Reason(written["words"][rule], tuple(premise.encode() for premise in premises)) for line, (rule, premises) in written["steps"].items()
    }


def _reasons(graph: Graph, run: Run, statements: list[bytes], concluded: list[Triple]) -> dict[str, object]:
    vocabulary = graph.content.vocabulary
    context = Context(run.settings.base, graph.content.prefixes, tuple(run.settings.languages))
    labels = labels_in(vocabulary.triples)
    try:
        proofs = explain_all(statements, vocabulary.triples, concluded)
    except UnsupportedAxiomError:
        proofs = {}
    words: dict[str, dict[str, str]] = {}
    steps: dict[str, tuple[str, list[str]]] = {}
    for triple, proof in proofs.items():
        if proof.rule is not None:
            if proof.rule.name not in words:
                words[proof.rule.name] = words_of(proof.rule, labels, context)
            steps[_line(triple)] = (proof.rule.name, [_line(premise.statement) for premise in proof.premises])
    return {"words": words, "steps": steps}


def _line(triple: Triple) -> str:
    return next(iter(to_lines([triple]))).decode()
