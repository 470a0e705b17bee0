"""The test cases of OWL 2 that are in the profile RL, through the public function.

Source: https://www.w3.org/2009/11/owl-test, all test cases in one file, which is not part of the repository.
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# import pytest
import rdflib
from rdflib import OWL, RDF

from schakel import infer

CASES = Path(__file__).parents[4] / "shared/testdata/w3c/owl2/all.rdf.gz"
TEST = rdflib.Namespace("http://www.w3.org/2007/OWL/testOntology#")
KINDS = ("PositiveEntailmentTest", "NegativeEntailmentTest", "ConsistencyTest", "InconsistencyTest")


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    premises: str
    conclusion: str

    @property
    def id(self) -> str:
        return f"{self.name}-{self.kind}"


def cases() -> Iterator[Case]:
    graph = rdflib.Graph()
    with gzip.open(CASES) as file:
        graph.parse(file, format="xml")
    rejected = set(graph.subjects(TEST.status, TEST.Rejected))
    for case in sorted(set(graph.subjects(TEST.profile, TEST.RL)) - rejected):
        name = str(graph.value(case, TEST.identifier))
        kinds = {str(kind).removeprefix(str(TEST)) for kind in graph.objects(case, RDF.type)}
        premises = graph.value(case, TEST.rdfXmlPremiseOntology)
        for kind in KINDS:
            conclusion = graph.value(case, TEST.rdfXmlConclusionOntology if kind == "PositiveEntailmentTest" else TEST.rdfXmlNonConclusionOntology)
            if kind in kinds and premises is not None:
                yield Case(name, kind, str(premises), "" if conclusion is None else str(conclusion))


def parsed(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="xml", publicID="http://example.org/")


def entails(premises: rdflib.Graph, conclusion: rdflib.Graph) -> bool:
    """Tell whether all that a graph says follows; its blank nodes are anything."""
    inferred = infer(premises, everything=True)
    if not inferred.consistent:
        return True
    known = premises + inferred.to_rdflib()
    patterns = []
    for subject, predicate, value in conclusion:
        if predicate in (OWL.imports, OWL.versionInfo) or value == OWL.Ontology:
            continue
        patterns.append(" ".join(f"?b{term}" if isinstance(term, rdflib.BNode) else term.n3() for term in (subject, predicate, value)))
    return not patterns or bool(known.query(f"ASK {{ {' . '.join(sorted(patterns))} }}").askAnswer)


def passes(case: Case) -> bool:
    premises = parsed(case.premises)
    match case.kind:
        case "ConsistencyTest":
            return infer(premises).consistent
        case "InconsistencyTest":
            return not infer(premises).consistent
        case "PositiveEntailmentTest":
            return entails(premises, parsed(case.conclusion))
    return not entails(premises, parsed(case.conclusion))


if __name__ == "__main__":
    import time

    results = {}
    for case in cases():
        started = time.time()
        try:
            results[case.id] = passes(case)
        except Exception as error:
            results[case.id] = repr(error)[:200]
        if results[case.id] is not True:
            print(case.id, results[case.id], round(time.time() - started, 1), flush=True)
    print(sum(each is True for each in results.values()), "of", len(results))
