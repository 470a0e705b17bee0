"""What is kept from one run to the next: given back as it was put, or not at all."""

import errno
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel import cache as caches
from schakel.cache import Cache, Kept, NoCache, key_of
from schakel.errors import CacheLostError


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
    assert not later.has("stage", "name")


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


# ------------------------------------------------------------------------------------------------------------------- in another process


def test_another_process_opens_the_same_folder_and_knows_nothing_of_what_was_used_here(cache: Cache) -> None:
    unused = pickle.dumps(cache)
    cache.put("stage", "name", b"content")
    assert pickle.dumps(cache) == unused
    there: Cache = pickle.loads(unused)  # noqa: S301  # written here
    assert not there.has("stage", "name")
    assert there.get("stage", "name") == b"content"
    there.put("stage", "there", b"made there")
    assert not cache.has("stage", "there")
    cache.trust("stage", "there")
    assert (cache.has("stage", "there"), cache.kept("stage", "there")) == (True, b"made there")


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns after a moment."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty")
def test_it_can_be_sent_while_another_thread_uses_it(cache: Cache) -> None:
    begun, ended = Event(), Event()

    def use() -> None:
        number = 0
        while not ended.is_set():
            cache.trust("stage", str(number))
            number += 1
            if number == 5000:
                begun.set()

    thread = Thread(target=use)
    thread.start()
    try:
        assert begun.wait(300)
        for _ in range(300):
            pickle.dumps(Kept("stage", "name", cache, b"content"))
    finally:
        ended.set()
        thread.join()


# ------------------------------------------------------------------------------------------------------------------- where a result is kept


def in_cache(content: bytes, folder: Path) -> Kept:
    cache = Cache(folder)
    assert cache.put("stage", "name", content)
    return Kept("stage", "name", cache, content)


def in_no_cache(content: bytes, _: Path) -> Kept:
    return Kept("stage", "name", NoCache(), content)


def in_a_cache_that_cannot_be_written(content: bytes, folder: Path) -> Kept:
    folder.write_text("a file where the folder should be")
    cache = Cache(folder)
    assert not cache.put("stage", "name", content)
    return Kept("stage", "name", cache, content)


def in_a_cache_that_was_not_asked(content: bytes, folder: Path) -> Kept:
    return Kept("stage", "name", Cache(folder), content)


MAKERS = [in_cache, in_no_cache, in_a_cache_that_cannot_be_written, in_a_cache_that_was_not_asked]


@pytest.mark.parametrize("make", MAKERS)
@given(content=st.binary(max_size=80), begin=st.integers(0, 90), length=st.none() | st.integers(0, 90))
def test_a_result_is_given_whole_or_in_part_whether_held_or_not(
    tmp_path_factory: pytest.TempPathFactory, make: Callable[[bytes, Path], Kept], content: bytes, begin: int, length: int | None
) -> None:
    kept = make(content, tmp_path_factory.mktemp("kept") / "cache")
    end = None if length is None else begin + length
    for each in (kept, kept.let_go(), kept.let_go().let_go(), pickle.loads(pickle.dumps(kept.let_go()))):  # noqa: S301  # written here
        assert each.content() == content
        assert each.content(begin, end) == content[begin:end]


def test_what_the_cache_has_is_not_held_any_more(tmp_path: Path) -> None:
    let_go = in_cache(b"0123456789", tmp_path / "cache").let_go(4)
    assert let_go.held is None
    assert let_go.content() == b"0123456789"


@pytest.mark.parametrize("make", MAKERS[1:])
def test_of_what_no_cache_has_as_much_is_held_as_is_wanted(tmp_path: Path, make: Callable[[bytes, Path], Kept]) -> None:
    kept = make(b"0123456789", tmp_path / "cache")
    assert kept.let_go(4).held == b"0123"
    assert kept.let_go(4).content(1, 3) == b"12"
    assert kept.let_go().held == b"0123456789"


def test_what_was_removed_from_the_cache_is_held_still_or_told_to_be_lost(tmp_path: Path) -> None:
    kept = in_cache(b"content", tmp_path / "kept")
    let_go = kept.let_go()
    entry(tmp_path).unlink()
    assert kept.let_go().content() == b"content"
    with pytest.raises(CacheLostError):
        let_go.content()
    with pytest.raises(CacheLostError):
        let_go.let_go()
