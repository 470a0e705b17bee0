"""What tests of queries share: a listener that nobody must reach, and the disguises in which a query may ask for it."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

# Each asks the machine HOST.
STANDARD = {
    "plain": "SELECT * WHERE { SERVICE <HOST> { ?s ?p ?o } }",
    "in lower case": "SELECT * WHERE { service <HOST> { ?s ?p ?o } }",
    "silent": "SELECT * WHERE { SERVICE SILENT <HOST> { ?s ?p ?o } }",
    "without blanks": "SELECT * WHERE {SERVICE<HOST>{?s ?p ?o}}",
    "below other words": "SELECT * WHERE { FILTER EXISTS { { SELECT * WHERE { SERVICE <HOST> { ?s ?p ?o } } } } }",
    "named by a variable": "SELECT * WHERE { VALUES ?host { <HOST> } SERVICE ?host { ?s ?p ?o } }",
    "after an escaped apostrophe": "PREFIX e: <https://e/> SELECT * WHERE { OPTIONAL { ?a ?b e:x\\' } SERVICE <HOST> { ?s ?p ?o } BIND('x' AS ?x) }",
    "after an escaped number sign": "PREFIX e: <https://e/> SELECT * WHERE { OPTIONAL { ?a ?b e:x\\#x } SERVICE <HOST> { ?s ?p ?o } }",
    "after a comment that a carriage return ends": "SELECT * WHERE { # a comment\rSERVICE <HOST> { ?s ?p ?o } }",
    "between escapes that are none in a comment": 'SELECT * WHERE { # \\u000A """ \n SERVICE <HOST> { ?s ?p ?o } # """\n }',
    "after a full stop": "SELECT * WHERE { BIND(1 AS ?one).SERVICE <HOST> { ?s ?p ?o } }",
    "after long quotation marks": "SELECT * WHERE { BIND('''a\\'''' AS ?a) SERVICE <HOST> { ?s ?p ?o } BIND('''b''' AS ?b) }",
}
# What only Oxigraph takes for SPARQL: it reads a query sign by sign, and needs no blank round a word.
ODD = {
    "after a comparison that looks like an IRI": "SELECT * WHERE { FILTER(1<2)SERVICE#>\n<HOST> { ?s ?p ?o } }",
    "right after a number": "SELECT * WHERE { VALUES ?one {1}FILTER(?one=1)OPTIONAL{?x ?y 1SERVICE <HOST> { ?s ?p ?o }} }",
    "right before a prefix without a name": "PREFIX : <HOST> SELECT * WHERE { SERVICE:x { ?s ?p ?o } }",
    "right before a prefix": "PREFIX e: <HOST> SELECT * WHERE { SERVICEe:x { ?s ?p ?o } }",
    "right before silent": "SELECT * WHERE { SERVICESILENT<HOST> { ?s ?p ?o } }",
}


@pytest.fixture(params=STANDARD)
def standard(request: pytest.FixtureRequest) -> str:
    """A query that asks the machine HOST in the words of the standard."""
    return STANDARD[request.param]


@pytest.fixture(params=STANDARD | ODD)
def disguised(request: pytest.FixtureRequest) -> str:
    """A query that asks the machine HOST, as Oxigraph reads it."""
    return (STANDARD | ODD)[request.param]


class Listener:
    """A server at `url` that keeps what it was asked, and answers whatever it was asked with what it was told to."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: respond(handler, b"{}")


def respond(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Answer with a status, headers (`content_type=…`) and a body."""
    handler.send_response(status)
    for name, value in {"content_type": "application/sparql-results+json", "content_length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            listening.asked.append(self.rfile.read(int(self.headers.get("content-length", 0))).decode())
            listening.answer(self)

        do_GET = do_POST  # noqa: N815  # as http.server wants it

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        listening = Listener(f"http://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield listening
        server.shutdown()
        thread.join()
