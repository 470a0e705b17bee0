"""What tests share: the project itself, a publication of it built once, small projects made of a few files, and the captured pages where they are."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.internal.constants_ast import Constants

from schakel import Settings, build, check, read_settings

# No verdict depends on how long an example takes: that is up to the machine. Fixtures of a test are shared by its examples, which the tests allow for.
ANY_MACHINE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture], "print_blob": True}
# Property tests try the same examples in every run; `make explore` loads the other profile, which tries new ones each time.
hypothesis_settings.register_profile("repeat", derandomize=True, database=None, max_examples=60, **ANY_MACHINE)
hypothesis_settings.register_profile("explore", max_examples=600, derandomize=False, **ANY_MACHINE)
hypothesis_settings.load_profile("repeat")

# Messages are in the language of each project, whatever the locale of this machine.
os.environ["LC_ALL"] = "C.UTF-8"

REPOSITORY = Path(__file__).parent.parent
CONTENT = ("data", "ontology", "queries", "shapes")
# The pages belong to their publishers and are not part of the repository; whoever has them keeps them beside the checkout.
CAPTURES = Path(os.environ.get("SCHAKEL_CAPTURES", REPOSITORY.parent / "shared" / "sources"))

Files: TypeAlias = Mapping[str, str | bytes]
MakeProject: TypeAlias = Callable[[Files], Settings]
# What a finding says, in English, by its kind and its place.
Told: TypeAlias = dict[tuple[str, str], str]

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

# Laid over the smallest project: rows cite their source alone, so that a table can be changed without looking its passages up.
WITHOUT_PASSAGES: Files = {
    "schakel.toml": SETTINGS + "[evidence]\nrequire_passages = false\n",
    "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n",
}


# After so long a test that waits counts as hung; no machine is so slow that one that works takes as long.
HUNG_SECONDS = 300


@pytest.fixture(autouse=True, scope="session")
def _same_examples() -> Iterator[None]:
    """Keep Hypothesis from drawing on constants of the modules that happen to be imported, which differ with the tests that ran before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hypothesis.internal.conjecture.providers._get_local_constants", Constants)
        yield


@pytest.fixture(autouse=True, scope="session")
def _bytecode() -> Iterator[None]:
    """Let the programs that tests start keep what Python compiles, as on any machine; otherwise each compiles the whole package anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture(scope="session")
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until a condition holds, however long this machine takes."""

    def wait(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + HUNG_SECONDS
        while not condition():
            assert time.monotonic() < end, "it hangs"
            time.sleep(0.01)

    return wait


@pytest.fixture(autouse=True, scope="session")
def _offline() -> Iterator[None]:
    """Keep every test on this machine: whatever asks another one fails."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: Any) -> None:  # noqa: ANN401  # an address is what its family makes of it
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _only_here(address[0])
        connect(self, address)

    def look_up_here(host: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401  # as getaddrinfo itself
        _only_here(host)
        return look_up(host, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield


def _only_here(host: object) -> None:
    if host not in {"127.0.0.1", "::1", "localhost"}:
        pytest.fail(f"a test asked for {host}")


@pytest.fixture(scope="session")
def make_project_in() -> Callable[[Path, Files], Settings]:
    """Write a project of the files given (added to, or put in place of, those of the smallest that builds) into a folder, and read its settings.

    Captured pages are those under pages/.
    """

    def make(folder: Path, files: Files) -> Settings:
        root = folder / "project"
        for name, content in {**SMALLEST, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        for name in CONTENT:
            (root / name).mkdir(exist_ok=True)
        return read_settings(root, captures=root / "pages")

    return make


@pytest.fixture
def make_project(make_project_in: Callable[[Path, Files], Settings], tmp_path: Path) -> MakeProject:
    """Write a project, as `make_project_in` does, into the folder of the test."""
    return partial(make_project_in, tmp_path)


@pytest.fixture
def told(make_project: MakeProject) -> Callable[[Files], Told]:
    """Check a project without passages, changed by the files given; tell what was found."""

    def tell(files: Files) -> Told:
        findings = check(make_project({**WITHOUT_PASSAGES, **files})).findings
        assert len(set(map(repr, findings))) == len(findings), "a finding is told twice"
        texts: Told = {}
        for item in findings:
            key = item.kind, "; ".join(map(str, item.places))
            texts[key] = "\n".join(filter(None, (texts.get(key), item.text("en"))))
        return texts

    return tell


@pytest.fixture
def stated(make_project: MakeProject) -> Callable[[Files], frozenset[str]]:
    """Build a project without passages, changed by the files given; give the N-Quads of its own graphs, those of the vocabulary and the inferred left out."""

    def state(files: Files) -> frozenset[str]:
        settings = make_project({**WITHOUT_PASSAGES, **files})
        outcome = build(settings, dumps_only=True)
        assert not outcome.blocked, [item.text("en") for item in outcome.findings]
        aside = tuple(f"{name} ." for name in (settings.names.inferred, settings.names.vocabulary))
        lines = (settings.publication / "download" / "dataset.nq").read_text("utf-8").splitlines()
        return frozenset(line for line in lines if not line.endswith(aside))

    return state


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
            settings = copy_content(root)
            # What `make publish` kept is taken up, as it would be there. That a build from nothing gives the same bytes is a test of its own.
            if (REPOSITORY / ".schakel").is_dir():
                shutil.copytree(REPOSITORY / ".schakel", settings.cache)
            outcome = build(settings)
            assert not outcome.blocked, [item.text("en") for item in outcome.findings]
            (root / "done").touch()
    return read_settings(root)


@pytest.fixture(scope="session")
def oxigraph() -> Callable[..., AbstractContextManager[str]]:
    """Run Oxigraph's program with some arguments as a server, and give its address."""
    return _oxigraph


@contextmanager
def _oxigraph(*arguments: str) -> Iterator[str]:
    program = str(Path(sys.executable).with_name("oxigraph"))
    while True:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        with subprocess.Popen([program, *arguments, "--bind", address], stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            try:
                said = process.stderr.readline()
                if said.startswith("Listening"):
                    yield f"http://{address}"
                    return
                # Between our choice of the port and its start another program may have taken it.
                assert "in use" in said, said
            finally:
                process.kill()


@pytest.fixture(scope="session")
def sparql_server(
    published: Settings, oxigraph: Callable[..., AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., str]]:
    """Start an Oxigraph server that holds what is published, and give the URL of its endpoint; `union=False` leaves its default graph empty."""
    store = str(tmp_path_factory.mktemp("oxigraph"))
    program = Path(sys.executable).with_name("oxigraph")
    subprocess.run([program, "load", "--location", store, "--file", published.publication / "download" / "dataset.nq"], check=True, capture_output=True)
    running: dict[bool, str] = {}
    with ExitStack() as stack:

        def url(*, union: bool = True) -> str:
            if union not in running:
                options = ["--union-default-graph"] if union else []
                running[union] = f"{stack.enter_context(oxigraph('serve-read-only', '--location', store, *options))}/query"
            return running[union]

        yield url


@pytest.fixture(scope="session")
def captures() -> Path:
    """The folder of captured pages; the test is skipped where it is not at hand."""
    if not CAPTURES.is_dir():
        pytest.skip(f"the captured pages are not at hand: no folder {CAPTURES} (name another in SCHAKEL_CAPTURES)")
    return CAPTURES


@pytest.fixture(scope="session")
def with_slips() -> Callable[..., str]:
    """Change a query, given in parts, as slips of the pen do: a part left out, put in from another query or from some more words, or changed by a sign."""

    def slipped(random: Random, parts: list[str], others: Sequence[str], *words: str) -> str:
        for _ in range(random.choice((1, 1, 2, 4))):
            at = random.randrange(len(parts))
            match random.randrange(4):
                case 0 if len(parts) > 1:
                    del parts[at]
                case 1:
                    parts.insert(at, random.choice(others))
                case 2:
                    parts[at] = random.choice([*others, ".", "?", "*", "^", "#", *words, "{}", "'"])
                case _:
                    parts[at] += random.choice(["?", ":", ".", "-", "$", "'", "a", "1", "+", "<", "\\", "é"])
        return "".join(parts)

    return slipped
