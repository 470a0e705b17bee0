"""The mapping of one table with morph-kgc, for comparison: what data/organisations.rq says, as R2RML with views.

.bench/morph-kgc/bin/python bench/peer_morph_kgc.py organisations.csv RESULT.nt BASE
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_PREFIXES = """
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
# The class is chosen in the view; the language of a label can only be a constant, so there is a map of labels for each language.
_VIEW = """SELECT id, kind, CASE type WHEN 'formal' THEN 'FormalOrganization' WHEN 'collaboration' THEN 'OrganizationalCollaboration'
WHEN 'unit' THEN 'OrganizationalUnit' WHEN 'organization' THEN 'Organization' END AS class FROM '{table}'"""
_ORGANISATIONS = """
<#organisations> a rr:TriplesMap ;
    rml:logicalSource [ rml:query \"\"\"{view}\"\"\" ] ;
    rr:subjectMap [ rr:template "{base}org/{{id}}" ] ;
    rr:predicateObjectMap
        [ rr:predicate rdf:type ; rr:objectMap [ rr:template "http://www.w3.org/ns/org#{{class}}" ] ] ,
        [ rr:predicate org:classification ; rr:objectMap [ rr:template "https://w3id.org/schakel/organisation-kind/{{kind}}" ] ] .
"""
_LABELS = """
<#labels-{language}> a rr:TriplesMap ;
    rml:logicalSource [ rml:query \"\"\"SELECT id, label FROM '{table}' WHERE language = '{language}'\"\"\" ] ;
    rr:subjectMap [ rr:template "{base}org/{{id}}" ] ;
    rr:predicateObjectMap [ rr:predicate skos:prefLabel ; rr:objectMap [ rml:reference "label" ; rr:language "{language}" ] ] .
"""
_LANGUAGES: Sequence[str] = ("en", "nb", "nl", "nn")


def main(table: Path, result: Path, base: str) -> None:
    """Map the table."""
    labels = "".join(_LABELS.format(language=language, table=table, base=base) for language in _LANGUAGES)
    with TemporaryDirectory() as folder:
        mapping, configuration = Path(folder) / "organisations.ttl", Path(folder) / "morph-kgc.ini"
        mapping.write_text(_PREFIXES + _ORGANISATIONS.format(view=_VIEW.format(table=table), base=base) + labels, "utf-8")
        configuration.write_text(f"[CONFIGURATION]\noutput_file={result}\nlogging_level=WARNING\n[organisations]\nmappings={mapping}\n", "utf-8")
        subprocess.run([sys.executable, "-m", "morph_kgc", str(configuration)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
