"""The configurations in docs/hosting/ allow what the pages allow themselves, and know every kind of file of a site."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HOSTING = ROOT / "docs" / "hosting"
TEMPLATES = ROOT / "pipeline" / "schakel" / "site" / "templates"
CONFIGURATIONS = ("nginx.conf", "apache.htaccess", "Caddyfile")


def policies(text: str) -> set[str]:
    return set(re.findall(r'Content-Security-Policy" content="([^"]+)"', text))


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_header_allows_what_the_pages_do_and_keeps_frames_away(name: str) -> None:
    (of_pages,) = policies("".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.j2")) if path.name != "404.html.j2"))
    headers = set(re.findall(r'Content-Security-Policy "([^"]+)"', (HOSTING / name).read_text("utf-8")))
    assert headers == {f"{of_pages}; frame-ancestors 'self'"}


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("suffix", ["csv", "js", "jsonld", "nq", "nt", "rq", "trig", "ttl", "wasm"])
def test_a_file_that_servers_do_not_know_gets_its_media_type(name: str, suffix: str) -> None:
    text = (HOSTING / name).read_text("utf-8")
    assert re.search(rf"^\s*(?:[a-z]+/\S+\s+{suffix}\b|AddType \S+ \.{suffix}\b|@{suffix} path \*\.{suffix}\b)", text, re.MULTILINE)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_what_a_reader_must_change_is_marked(name: str) -> None:
    lines = (HOSTING / name).read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if "kg.example.org" in line or "/srv/schakel" in line:
            assert any("CHANGE" in near for near in lines[max(0, number - 6) : number + 1]), f"{name}:{number + 1}"
