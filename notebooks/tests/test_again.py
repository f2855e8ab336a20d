"""A second process's copy: what lies one level above the factory must not be shared."""

import asyncio

import pytest

from fastapi_measured.learning._again import executed_again

lock = asyncio.Lock()
seen: dict[str, int] = {}
store = {"stands for": "a database"}


class Counter:
    calls = 0


def helper(cache={}):  # noqa: B006 - a default that remembers is what is looked for
    return lock, seen, cache


def build():
    return (*helper(), Counter, store, asyncio)


def test_locks_dicts_classes_and_defaults_are_made_anew():
    here, there = build(), executed_again(build, shared={"store"})()
    for mine, other in zip(here[:4], there[:4], strict=True):
        assert mine is not other
    assert here[4] is there[4]
    assert here[5] is there[5]


def test_each_time_it_is_another_process():
    one, two = (executed_again(build)() for _ in range(2))
    assert one[0] is not two[0]


def test_what_has_no_name_is_refused_with_what_to_do():
    with pytest.raises(RuntimeError, match="no cell defines <lambda>"):
        executed_again(lambda: None)
