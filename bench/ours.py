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
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, RdfFormat, Triple

from schakel import inference, validation
from schakel.graph import read_rdf_files
from schakel.inference.worth import axioms
from schakel.mapping.constructs import read_construct
from schakel.mapping.rows import blocks, triples_of
from schakel.settings import Settings, read_settings
from schakel.tables import read_table
from schakel.vocabulary import read_vocabulary

_PIECE = 1 << 23


class _Pieces(list[bytes]):
    """N-Triples of a file in pieces of whole lines."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            super().__init__(piece + file.readline() for piece in iter(lambda: file.read(_PIECE), b""))


def prepare(settings: Settings, folder: Path) -> None:
    """Write what sources state, the axioms and the shapes, each as N-Triples."""
    aside = f"{settings.base}graph/"
    quads = ox.parse(path=folder / "ours" / "dataset.nq", format=RdfFormat.N_QUADS)
    stated = (quad.triple for quad in quads if not isinstance(quad.graph_name, DefaultGraph) and not quad.graph_name.value.startswith(aside))
    ox.serialize(stated, folder / "statements.nt", format=RdfFormat.N_TRIPLES)
    vocabulary, _ = read_vocabulary(settings.ontology, settings.root, settings.base)
    ox.serialize(axioms(vocabulary.triples), folder / "axioms.nt", format=RdfFormat.N_TRIPLES)
    # N-Triples is Turtle too; some programs look at the end of the name.
    for name in ("statements", "axioms"):
        shutil.copyfile(folder / f"{name}.nt", folder / f"{name}.ttl")
    ox.serialize(vocabulary.triples, folder / "ontology.nt", format=RdfFormat.N_TRIPLES)
    ox.serialize(_shapes(settings), folder / "shapes.nt", format=RdfFormat.N_TRIPLES)


def _shapes(settings: Settings) -> list[Triple]:
    read, _ = read_rdf_files(sorted(settings.shapes.rglob("*.ttl")), settings.root, settings.base)
    return validation.named_shapes({path.relative_to(settings.shapes).as_posix(): file.triples for path, file in read.items()}, settings.base)


def reason(engine: str, settings: Settings, folder: Path) -> None:
    """Conclude by one of Schakel's engines."""
    vocabulary, _ = read_vocabulary(settings.ontology, settings.root, settings.base)
    concluded = inference.infer(_Pieces(folder / "statements.nt"), vocabulary.triples, engine=engine)
    with (folder / f"reason-{engine}.nt").open("wb") as file:
        file.writelines(concluded.triples)


def validate(engine: str, settings: Settings, folder: Path) -> None:
    """Validate by one of Schakel's engines."""
    judgement = validation.validate(_Pieces(folder / "ours" / "graph.nt"), _shapes(settings), engine=engine)
    lines = sorted(f"{getattr(result.focus, 'value', '')}\t{result.shape.value}\n" for result in judgement.results)
    (folder / f"validate-{engine}.txt").write_text("".join(lines), "utf-8")


def map_organisations(settings: Settings, folder: Path) -> None:
    """Map one table."""
    table, _ = read_table(settings.data / "organisations.csv", "data/organisations.csv")
    if table is None:
        raise SystemExit("organisations.csv cannot be read")
    construct, _ = read_construct((settings.data / "organisations.rq").read_text("utf-8"), "data/organisations.rq", table)
    if construct is None:
        raise SystemExit("organisations.rq cannot be read")
    made = chain.from_iterable(triples_of(construct, table, block, settings.base) for block in blocks(table.rows))
    ox.serialize(made, folder / "map-schakel.nt", format=RdfFormat.N_TRIPLES)


def main(what: str, *arguments: str) -> None:
    """Do what the command says."""
    if what == "engines":
        settings = read_settings(Path(arguments[0]))
        engines = {"reasoning": list(inference.ENGINES), "validation": list(validation.ENGINES), "used": [settings.reasoner, settings.validator]}
        sys.stdout.write(json.dumps(engines))
        return
    *engine, project, folder = arguments
    settings = read_settings(Path(project))
    {"prepare": prepare, "reason": reason, "validate": validate, "map": map_organisations}[what](*engine, settings, Path(folder))  # type: ignore[operator]


if __name__ == "__main__":
    main(*sys.argv[1:])
