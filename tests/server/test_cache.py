"""The cache: one computation a key, bounded by bytes, replaced when the stamp moves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_plugin.cache import Cache

T = TypeVar("T")


def always(value: T) -> Callable[[T | None], T]:
    return lambda _: value


def test_many_threads_that_want_one_key_compute_it_once() -> None:
    cache: Cache[int] = Cache(100, lambda _: 1)
    computed: list[int | None] = []
    deadline = time.monotonic() + 20

    def compute(before: int | None) -> int:
        computed.append(before)
        while cache._flights["key"].wanted_by < 8 and time.monotonic() < deadline:
            pass  # until all of them have asked
        return 7

    def ask(_: int) -> int:
        return cache.get("key", 1, compute)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {7}
    assert computed == [None]


def test_two_keys_are_computed_at_the_same_time() -> None:
    """Each computation waits for the other to begin: with one lock for all of them this would never end."""
    cache: Cache[str] = Cache(100, lambda _: 1)
    both = threading.Barrier(2, timeout=10)

    def compute(key: str) -> str:
        both.wait()
        return key

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda key: cache.get(key, 0, lambda _: compute(key)), "ab")) == ["a", "b"]


def test_a_moved_stamp_is_computed_from_what_was_there() -> None:
    cache: Cache[list[int]] = Cache(100, lambda _: 1)

    assert cache.get("key", 1, lambda before: [*(before or []), 1]) == [1]
    assert cache.get("key", 2, lambda before: [*(before or []), 2]) == [1, 2]
    assert cache.get("key", 2, lambda before: []) == [1, 2]


def test_what_fails_is_raised_and_asked_for_again() -> None:
    cache: Cache[int] = Cache(100, lambda _: 1)

    def fail(before: int | None) -> int:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            cache.get("key", 1, fail)
    assert cache.get("key", 1, lambda _: 3) == 3


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60), st.integers(0, 2)), max_size=40))
def test_the_bound_holds_and_the_answer_is_always_right(asked: list[tuple[int, int, int]]) -> None:
    cache: Cache[tuple[int, int, int]] = Cache(100, lambda value: value[1])
    for key, size, stamp in asked:
        assert cache.get((key, size), stamp, always((key, size, stamp))) == (key, size, stamp)
        assert cache.nbytes <= 100


def test_the_least_recently_used_goes_first() -> None:
    cache: Cache[str] = Cache(2, lambda _: 1)
    for key in "abac":
        cache.get(key, 0, always(key))

    assert cache.get("a", 0, lambda _: "again") == "a"
    assert cache.get("b", 0, lambda _: "again") == "again"
