"""What tests share: the project itself, a publication of it built once, small projects made of a few files, and the captured pages where they are."""

import fcntl
import os
import shutil
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import pytest

from schakel import Settings, build, read_settings

REPOSITORY = Path(__file__).parent.parent
CONTENT = ("data", "ontology", "shapes")
# The pages belong to their publishers and are not part of the repository; whoever has them keeps them beside the checkout.
CAPTURES = Path(os.environ.get("SCHAKEL_CAPTURES", REPOSITORY.parent / "shared" / "sources"))

Files: TypeAlias = Mapping[str, str | bytes]
MakeProject: TypeAlias = Callable[[Files], Settings]

SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
"""

PAGE = "The tower of Brandaris\nstands on  Terschelling. It is kept by the Harbour Trust. The tower is lit at dusk.\n"


def sources_csv(page: str = PAGE, file: str = "page.txt") -> str:
    """A table of one source, `page`, whose captured page is the text."""
    return f"id,title,language,file,sha256\npage,A page,en,{file},{sha256(page.encode()).hexdigest()}\n"


SOURCES_RQ = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX sk: <https://w3id.org/schakel/ns#>
CONSTRUCT { ?source a sk:SourceDocument ; dct:title ?name ; dct:language ?language ; dct:identifier ?file ; sk:sha256 ?sha256 }
WHERE { BIND(IRI(CONCAT("source/", ?id)) AS ?source) BIND(STRLANG(?title, ?language) AS ?name) }
"""

TOWERS_RQ = """
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT { ?tower a org:Organization ; skos:prefLabel ?name }
WHERE { BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) BIND(STRLANG(?label, "en") AS ?name) }
"""

# The smallest project that builds: one source with its page, one table with one row that cites a passage.
SMALLEST: Files = {
    "schakel.toml": SETTINGS,
    "pages/page.txt": PAGE,
    "data/sources.csv": sources_csv(),
    "data/sources.rq": SOURCES_RQ,
    "data/towers.csv": "id,label,source,passage\nbrandaris,Brandaris,page,The tower of Brandaris … on Terschelling\n",
    "data/towers.rq": TOWERS_RQ,
}


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Write a project of the files given (added to, or put in place of, those of the smallest that builds) and read its settings.

    Captured pages are those under pages/.
    """

    def make(files: Files) -> Settings:
        root = tmp_path / "project"
        for name, content in {**SMALLEST, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        for folder in CONTENT:
            (root / folder).mkdir(exist_ok=True)
        return read_settings(root, captures=root / "pages")

    return make


def copy_content(root: Path) -> Settings:
    """Copy the repository's own content into a folder of its own, to be built or broken there."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "schakel.toml", root)
    for folder in CONTENT:
        shutil.copytree(REPOSITORY / folder, root / folder, dirs_exist_ok=True)
    return read_settings(root)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    """The repository's own content, built and published once for all tests; not to be changed by any."""
    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "published"
    root.mkdir(exist_ok=True)
    # Of the processes that run tests the first to come builds, the others wait for it.
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "done").exists():
            outcome = build(copy_content(root))
            assert not outcome.blocked, [item.text("en") for item in outcome.findings]
            (root / "done").touch()
    return read_settings(root)


@pytest.fixture(scope="session")
def captures() -> Path:
    """The folder of captured pages; the test is skipped where it is not at hand."""
    if not CAPTURES.is_dir():
        pytest.skip(f"the captured pages are not at hand: no folder {CAPTURES} (name another in SCHAKEL_CAPTURES)")
    return CAPTURES
