"""A browser, and the site that it looks at: the repository's own content, built once and served from this machine.

`make test-browser` installs what these tests need, and sets SCHAKEL_BROWSER; without that they are skipped.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

import pytest

from schakel import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

# Serves a folder, and gives the address of its top.
Serve: TypeAlias = Callable[[Path], str]
# Opens a window that is watched: width, colours and scripts as Playwright names them.
OpenWindow: TypeAlias = Callable[..., "Page"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "SCHAKEL_BROWSER" not in os.environ:
        for item in items:
            if FOLDER in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="needs a browser: run `make test-browser`"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serve folders until the tests are over."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@pytest.fixture(scope="session")
def publication(published: Settings) -> Path:
    """The folder of the site."""
    return published.publication


@pytest.fixture(scope="session")
def site(publication: Path, serve: Serve) -> str:
    """The address of the site."""
    return serve(publication)


@pytest.fixture(scope="session")
def site_below(publication: Path, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the same site in a folder of another one."""
    top = tmp_path_factory.mktemp("host")
    (top / "some").mkdir()
    (top / "some" / "folder").symlink_to(publication, target_is_directory=True)
    return f"{serve(top)}some/folder/"


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium: that of the machine, else the one that Playwright has fetched. It finds no host but this machine."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # `make test` collects this file where Playwright is not installed

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_window(browser: "Browser") -> Iterator[OpenWindow]:
    """Open windows that are watched: at the end of the test none may have had an error, or asked another host for anything."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_one(**options: object) -> "Page":
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en", **options})
        contexts.append(context)
        page = context.new_page()
        _watch(page, problems)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not problems


def _watch(page: "Page", problems: list[str]) -> None:
    # A breach of the content security policy, and a file that is not there, are errors on the console.
    page.on("console", lambda message: message.type in {"error", "warning"} and problems.append(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("request", lambda request: _is_elsewhere(request.url) and problems.append(f"{page.url} asks for {request.url}"))
    page.set_default_timeout(300_000)


def _is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1"


@pytest.fixture
def page(open_window: OpenWindow) -> "Page":
    """A window as wide as a desk."""
    return open_window()


@pytest.fixture
def phone(open_window: OpenWindow) -> "Page":
    """A window as wide as a phone."""
    return open_window(viewport=PHONE, has_touch=True)


@pytest.fixture
def without_javascript(open_window: OpenWindow) -> "Page":
    """A window in which scripts are off."""
    return open_window(java_script_enabled=False)
