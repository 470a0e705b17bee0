"""Content codings: what is sent is the same content, in the coding wanted, under a tag of its own, and packed once."""

import gzip
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import quote

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel import Settings
from schakel.serve.request_parsing import wanted_coding

# Of the conftest beside.
Front: TypeAlias = Any

UNPACKED: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
QUERY = quote("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 100")
TAGGED = ["/download/graph.nt", "/", "/tower/brandaris.html", "/queries/towers.csv", "/api/towers?format=csv", "/api/openapi.json"]
PATHS = [*TAGGED, f"/sparql?query={QUERY}", "/reconcile", "/reconcile/suggest/entity?prefix=tower"]


def vary(answer: Front) -> set[str]:
    return {each.strip().lower() for each in answer.headers["vary"].split(",")}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_the_same_comes_packed_for_who_takes_it(coding: str, path: str, front: Front) -> None:
    plain, packed = front.ask(path), front.ask(path, Accept_Encoding=coding)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == coding
    assert UNPACKED[coding](packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    # Nothing of the time is in it.
    assert coding != "gzip" or packed.body[4:8] == bytes(4)
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert vary(plain) == vary(packed) >= {"accept-encoding"}
    assert front.ask(path, Accept_Encoding=coding).body == packed.body
    head = front.ask(path, method="HEAD", Accept_Encoding=coding)
    assert (head.headers["content-length"], head.headers["content-encoding"], head.body) == (str(len(packed.body)), coding, b"")


@pytest.mark.parametrize("path", TAGGED)
def test_a_tag_is_of_one_coding(path: str, front: Front) -> None:
    tags = {coding: front.ask(path, Accept_Encoding=coding).headers["etag"] for coding in UNPACKED}
    assert len(set(tags.values())) == 3
    for coding, unpack in UNPACKED.items():
        for of, tag in tags.items():
            answer = front.ask(path, Accept_Encoding=coding, If_None_Match=f'"other", W/{tag}')
            if of != coding:
                assert answer.status == 200
                assert unpack(answer.body)
                continue
            assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
            assert "content-encoding" not in answer.headers
            assert "accept-encoding" in vary(answer)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR", "br"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("gzip;q=0.5, identity;q=0.6", "identity"),
        ("deflate", "identity"),
        ("", "identity"),
        ("gzip;q=0", "identity"),
        ("nonsense;;;=,", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("*;q=0, br", "br"),
    ],
)
def test_the_coding_wanted_most_is_sent(header: str, coding: str, front: Front) -> None:
    assert front.ask("/download/graph.nt", Accept_Encoding=header).headers.get("content-encoding", "identity") == coding


def test_what_is_small_is_sent_as_it_is(front: Front, towers: Settings) -> None:
    small = min((path for path in towers.publication.iterdir() if path.is_file()), key=lambda path: path.stat().st_size)
    assert small.stat().st_size < 1000
    assert "content-encoding" not in front.ask(f"/{small.name}", Accept_Encoding="br").headers


@given(
    header=st.one_of(
        st.text(max_size=40), st.lists(st.sampled_from(["br", "gzip", "identity", "*", ";q=0", ";q=0.5", ";q=1", ",", " "]), max_size=12).map("".join)
    )
)
def test_any_header_names_a_coding_that_is_taken(header: str) -> None:
    assert wanted_coding(header.encode("latin-1", "replace")) in {b"br", b"gzip", b"identity"}
