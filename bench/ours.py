"""Single stages of Schakel, for comparison with those of others.

python bench/ours.py prepare PROJECT FOLDER          write what is read by the others: statements, axioms, ontology and shapes
python bench/ours.py reason ENGINE PROJECT FOLDER    write reason-ENGINE.nt
python bench/ours.py validate ENGINE PROJECT FOLDER  write validate-ENGINE.txt: focus node and shape of each result
python bench/ours.py map PROJECT FOLDER              write map-schakel.nt, what organisations.csv states
python bench/ours.py engines PROJECT                 tell the names of the engines as JSON, and which a build of the project uses
"""

import json
import shutil
import sys
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, RdfFormat, Triple
from sqlglot import exp

from schakel import infer, reasoner, validator
from schakel import validate as validate_by_shapes
from schakel.engine import DuckDB
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS
from schakel.project.mappings import read_mappings
from schakel.project.shapes import named_shapes
from schakel.project.tables import read_tables
from schakel.rdf_reading import read_rdf_files
from schakel.second_opinion.reasoning import axioms
from schakel.settings import Settings, read_settings
from schakel.stages.mapping import map_tables
from schakel.vocabulary import read_vocabulary


def prepare(settings: Settings, folder: Path) -> None:
    """Write what sources state, the axioms and the shapes, each as N-Triples."""
    aside = f"{settings.base}graph/"
    quads = ox.parse(path=folder / "ours" / "dataset.nq", format=RdfFormat.N_QUADS)
    stated = (quad.triple for quad in quads if not isinstance(quad.graph_name, DefaultGraph) and not quad.graph_name.value.startswith(aside))
    ox.serialize(stated, folder / "statements.nt", format=RdfFormat.N_TRIPLES)
    vocabulary, _ = read_vocabulary(settings.ontology, settings.root, settings.base)
    spelled = ((str(triple.subject), str(triple.predicate), str(triple.object)) for triple in vocabulary.triples)
    (folder / "axioms.nt").write_text("".join(f"{s} {p} {o} .\n" for s, p, o in axioms(spelled)), "utf-8")
    # N-Triples is Turtle too; some programs look at the end of the name.
    for name in ("statements", "axioms"):
        shutil.copyfile(folder / f"{name}.nt", folder / f"{name}.ttl")
    ox.serialize(vocabulary.triples, folder / "ontology.nt", format=RdfFormat.N_TRIPLES)
    ox.serialize(_shapes(settings), folder / "shapes.nt", format=RdfFormat.N_TRIPLES)


def _shapes(settings: Settings) -> list[Triple]:
    read, _ = read_rdf_files(sorted(settings.shapes.rglob("*.ttl")), settings.root, settings.base)
    return named_shapes({path.relative_to(settings.shapes).as_posix(): file.triples for path, file in read.items()}, settings.base)


def reason(engine: str, _: Settings, folder: Path) -> None:
    """Conclude by one of Schakel's engines."""
    (folder / f"reason-{engine}.nt").write_text(infer(folder / "statements.nt", folder / "ontology.nt", engine=engine).to_ntriples(), "utf-8")


def validate(engine: str, _: Settings, folder: Path) -> None:
    """Validate by one of Schakel's engines."""
    results = validate_by_shapes(folder / "ours" / "graph.nt", folder / "shapes.nt", engine=engine).results
    lines = sorted(f"{result.focus.strip('<>')}\t{result.shape.strip('<>')}\n" for result in results)
    (folder / f"validate-{engine}.txt").write_text("".join(lines), "utf-8")


def map_organisations(settings: Settings, folder: Path) -> None:
    """Map one table."""
    with DuckDB() as executor:
        tables = [table for table in read_tables(executor, settings.data, settings.root)[0] if table.name == "organisations"]
        mappings, findings = read_mappings(settings.data, settings.root, tables, settings.base)
        if "organisations" not in mappings:
            raise SystemExit(f"organisations.csv and organisations.rq cannot be used: {findings}")
        executor.create(SPELLED, SPELLED_COLUMNS)
        map_tables(executor, tables, mappings, settings.names)
        with (folder / "map-schakel.nt").open("w", encoding="utf-8") as file:
            file.writelines(f"{s} {p} {o} .\n" for s, p, o in executor.fetch(exp.select("s", "p", "o").distinct().from_(SPELLED)))


def main(what: str, *arguments: str) -> None:
    """Do what the command says."""
    if what == "engines":
        settings = read_settings(Path(arguments[0]))
        engines = {"reasoning": list(reasoner.ENGINES), "validation": list(validator.ENGINES), "used": [settings.reasoner, settings.validator]}
        sys.stdout.write(json.dumps(engines))
        return
    *engine, project, folder = arguments
    settings = read_settings(Path(project))
    {"prepare": prepare, "reason": reason, "validate": validate, "map": map_organisations}[what](*engine, settings, Path(folder))  # type: ignore[operator]


if __name__ == "__main__":
    main(*sys.argv[1:])
