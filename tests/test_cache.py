"""What is kept from one run to the next: given back as it was put, or not at all."""

import errno
from pathlib import Path

import pytest

from schakel import cache as caches
from schakel.cache import Cache, NoCache, key_of


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept")


def entry(tmp_path: Path, name: str = "name") -> Path:
    return tmp_path / "kept" / "stage" / name


def test_what_was_put_comes_back(cache: Cache, tmp_path: Path) -> None:
    cache.put("stage", "name", b"content")
    cache.put("stage", "nothing", b"")
    assert Cache(tmp_path / "kept").get("stage", "name") == b"content"
    assert Cache(tmp_path / "kept").get("stage", "nothing") == b""
    assert cache.get("stage", "other") is None
    assert cache.get("other", "name") is None


@pytest.mark.parametrize(
    "damage",
    {
        "a byte changed": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        "a byte of the digest changed": lambda content: bytes([content[0] ^ 1]) + content[1:],
        "cut off": lambda content: content[:-3],
        "cut off in the digest": lambda content: content[:5],
        "emptied": lambda _: b"",
        "something else": lambda _: b"not what was put here\n" * 10,
        "more at its end": lambda content: content + b"more",
    }.items(),
    ids=lambda damage: damage[0],
)
def test_what_was_damaged_is_not_used(cache: Cache, tmp_path: Path, damage: tuple[str, object]) -> None:
    cache.put("stage", "name", b"content")
    path = entry(tmp_path)
    path.write_bytes(damage[1](path.read_bytes()))  # type: ignore[operator]
    assert cache.get("stage", "name") is None
    cache.put("stage", "name", b"content")
    assert cache.get("stage", "name") == b"content"


def test_what_was_put_under_another_name_or_stage_is_not_used(cache: Cache, tmp_path: Path) -> None:
    cache.put("stage", "name", b"content")
    entry(tmp_path, "another").write_bytes(entry(tmp_path).read_bytes())
    (tmp_path / "kept" / "elsewhere").mkdir()
    (tmp_path / "kept" / "elsewhere" / "name").write_bytes(entry(tmp_path).read_bytes())
    assert cache.get("stage", "another") is None
    assert cache.get("elsewhere", "name") is None


def test_what_another_version_made_is_not_used(cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put("stage", "name", b"content")
    monkeypatch.setattr(caches, "_makers", lambda: "another version")
    assert Cache(tmp_path / "kept").get("stage", "name") is None


def test_what_was_damaged_and_cannot_be_written_anew_is_not_used_either(cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put("stage", "name", b"content")
    entry(tmp_path).write_bytes(entry(tmp_path).read_bytes().replace(b"content", b"kontent"))
    later = Cache(tmp_path / "kept")
    assert later.get("stage", "name") is None

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caches.os, "replace", full)
    later.put("stage", "name", b"content")
    assert Cache(tmp_path / "kept").get("stage", "name") is None


def test_a_folder_that_cannot_be_used_is_as_if_there_were_none(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    cache = Cache(tmp_path / "kept")
    cache.put("stage", "name", b"content")
    assert cache.get("stage", "name") is None
    cache.tidy()


def test_a_folder_in_the_place_of_an_entry_is_as_if_there_were_none(cache: Cache, tmp_path: Path) -> None:
    entry(tmp_path).mkdir(parents=True)
    assert cache.get("stage", "name") is None
    cache.put("stage", "name", b"content")
    assert not list(entry(tmp_path).parent.glob("tmp*"))


def test_tidying_keeps_what_a_run_used_or_made(cache: Cache, tmp_path: Path) -> None:
    cache.put("stage", "used", b"1")
    cache.put("stage", "unused", b"2")
    later = Cache(tmp_path / "kept")
    assert later.get("stage", "used") == b"1"
    later.put("stage", "made", b"3")
    later.tidy()
    assert sorted(path.name for path in (tmp_path / "kept" / "stage").iterdir()) == ["made", "used"]


def test_clearing_leaves_nothing(cache: Cache, tmp_path: Path) -> None:
    cache.put("stage", "name", b"content")
    cache.clear()
    assert not (tmp_path / "kept").exists()
    cache.clear()


def test_without_a_cache_nothing_is_kept() -> None:
    cache = NoCache()
    cache.put("stage", "name", b"content")
    assert cache.get("stage", "name") is None
    cache.tidy()


def test_keys_differ_where_parts_differ() -> None:
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ([b"ab", b"c"], ""), ([b"abc"], [b""], "")]
    keys = [key_of(*each) for each in parts]
    assert keys[5] == keys[3], "how pieces are divided tells nothing"
    assert len({*keys[:5], keys[6]}) == 6
