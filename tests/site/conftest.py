"""What every page of every site must be: a parser of the specification takes it, its links and anchors lead somewhere, and it runs nothing of its own."""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element  # only the type: html5lib makes the trees
from zlib import crc32

import pytest
from html5lib import HTMLParser, treebuilders

# Tells what is wrong with a site, given its folder, its address, and the languages of its pages with the first at the top.
CheckSite: TypeAlias = Callable[[Path, str, Sequence[str]], list[str]]

SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
# Attributes that hold an address, and those that hold ids of the same page.
ADDRESSES = ("href", "src", "action", "{http://www.w3.org/1999/xlink}href")
IDS = ("for", "list", "form", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant")
# About so many pages of a site are read: a parser as strict as this one takes some seconds for them.
_READ = 200
# Kinds of script that are not run.
DATA = frozenset({"application/json", "application/ld+json"})
OF_CONTROL = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))


@dataclass
class _Page:
    """A page, taken apart."""

    errors: list[str]
    elements: list[Element]
    ids: set[str] = field(default_factory=set)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def links(self, relation: str) -> list[Element]:
        return [element for element in self.all("link") if relation in element.get("rel", "").split()]


def _read(path: Path) -> _Page:
    parser = HTMLParser(treebuilders.getTreeBuilder("etree"), namespaceHTMLElements=False)
    text = path.read_text("utf-8")
    tree = parser.parse(text)
    errors = [f"line {place[0]}: {code} {values}" for place, code, values in parser.errors]
    errors += [f"the character U+{ord(sign):04X}" for sign in OF_CONTROL & set(text)]
    page = _Page(errors, [element for element in tree.iter() if isinstance(element.tag, str)])
    page.ids = {element.get("id", "") for element in page.elements} - {""}
    return page


@pytest.fixture(scope="session")
def check_site() -> CheckSite:
    """Read the pages of a site; give a line for each thing that is wrong. Of a site of many pages one in so many is read, and every one at its top."""
    return lambda folder, address, languages: list(_problems(folder, address, languages))


def _problems(folder: Path, address: str, languages: Sequence[str]) -> Iterator[str]:
    read = cache(_read)
    pages = sorted(folder.rglob("*.html"))
    one_in = max(len(pages) // _READ, 1)
    for path in pages:
        if path.parent != folder and crc32(path.relative_to(folder).as_posix().encode()) % one_in:
            continue
        name = path.relative_to(folder).as_posix()
        # What is shown for any address that is not there cannot know where it stands.
        check = _check_head if name != "404.html" else _nothing
        for problem in (*_check_structure(read(path)), *check(read(path), name, address, languages), *_check_links(read, folder, name)):
            yield f"{name}: {problem}"


def _nothing(*_: object) -> Iterator[str]:
    return iter(())


def _check_structure(page: _Page) -> Iterator[str]:
    yield from page.errors
    for tag in ("html", "title", "main", "h1"):
        if len(page.all(tag)) != 1:
            yield f"has {len(page.all(tag))} of <{tag}>"
    if not page.all("html")[0].get("lang"):
        yield "has no language"
    if not "".join(page.all("title")[0].itertext()).strip():
        yield "has an empty title"
    seen: set[str] = set()
    for element in page.elements:
        yield from _check_element(element)
        identifier = element.get("id")
        if identifier is not None and (identifier in seen or not identifier or identifier.split() != [identifier]):
            yield f"has the id {identifier!r} twice, or it is none"
        seen.add(identifier or "")
        yield from (f"refers by {name} to {each!r}, which is not there" for name in IDS for each in element.get(name, "").split() if each not in page.ids)


def _check_element(element: Element) -> Iterator[str]:
    if element.tag == "style" or element.get("style") is not None:
        yield f"has style in <{element.tag}>"
    if element.tag == "script" and element.get("type") not in DATA and (element.get("src") is None or "".join(element.itertext()).strip()):
        yield "has a script in it"
    yield from (f"has {name} on <{element.tag}>" for name in element.attrib if str(name).startswith("on"))


def _check_head(page: _Page, name: str, address: str, languages: Sequence[str]) -> Iterator[str]:
    folders = {language: "" if language == languages[0] else f"{language.lower()}/" for language in languages}
    language = next((each for each, folder in folders.items() if folder and name.startswith(folder)), languages[0])
    rest = name.removeprefix(folders[language])
    if page.all("html")[0].get("lang") != language:
        yield f"is in {page.all('html')[0].get('lang')} and not in {language}"
    # A folder's page is at the address of the folder; `programme/cq-index.html` is no such page.
    path = rest.removesuffix("index.html") if rest == "index.html" or rest.endswith("/index.html") else rest
    addresses = {each: address + folder + path for each, folder in folders.items()}
    canonical = [unquote(link.get("href", "")) for link in page.links("canonical")]
    if canonical != [addresses[language]]:
        yield f"says that it is canonically {canonical}"
    alternates = {link.get("hreflang"): unquote(link.get("href", "")) for link in page.links("alternate") if link.get("hreflang")}
    if len(languages) > 1 and {tag: to for tag, to in alternates.items() if tag != "x-default"} != addresses:
        yield f"says that it is in other languages at {alternates}"


def _check_links(read: Callable[[Path], _Page], folder: Path, name: str) -> Iterator[str]:
    page = read(folder / name)
    for element in page.elements:
        for attribute in ADDRESSES:
            value = element.get(attribute)
            if value is not None:
                yield from (f'{problem}: {attribute}="{value[:200]}"' for problem in _check_link(read, folder, name, value))


def _check_link(read: Callable[[Path], _Page], folder: Path, name: str, value: str) -> Iterator[str]:
    parts = urlsplit(value)
    if parts.scheme or parts.netloc:
        if parts.scheme not in SAFE_SCHEMES and not value.startswith("data:,"):
            yield "leads to where nothing may lead"
        return
    path = unquote(parts.path)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    if target.startswith(("..", "/")):
        yield "leads out of the site"
        return
    file = folder / target / "index.html" if path.endswith("/") or (folder / target).is_dir() else folder / target
    # A machine with large and small letters alike would find what others do not.
    if not file.is_file() or file.name not in _names(file.parent):
        yield "leads nowhere"
    elif parts.fragment and file.suffix == ".html" and not parts.fragment.startswith(":~:") and not _has_anchor(read(file), unquote(parts.fragment)):
        yield "leads to no place of the page"


@cache
def _names(folder: Path) -> frozenset[str]:
    return frozenset(each.name for each in folder.iterdir())


def _has_anchor(page: _Page, fragment: str) -> bool:
    # What a script reads of an address is no place.
    return fragment in page.ids or "=" in fragment


@pytest.fixture(scope="session")
def parse_fragment() -> Callable[[str], Any]:
    """Parse a piece of HTML as a browser does; what is wrong with it fails the test."""

    def parse(text: str) -> Any:  # noqa: ANN401  # an element of whatever tree html5lib makes
        parser = HTMLParser(treebuilders.getTreeBuilder("etree"), namespaceHTMLElements=False)
        tree = parser.parseFragment(text)
        assert not parser.errors
        return tree

    return parse
