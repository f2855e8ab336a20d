"""A second process's copy: what lies one level above the factory must not be shared."""

import asyncio
import textwrap

import nbformat
import pytest
from nbclient import NotebookClient

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


CELLS = (
    "from fastapi_measured.learning._again import executed_again",
    "seen = {}\nstore = {}",
    "def helper():\n    return seen",
    "def build():\n    return 'old'",
    "def build():\n    return helper(), store",
    """
    here, there = build(), executed_again(build, {"store"})()
    assert here[0] is not there[0]
    assert here[1] is there[1]
    """,
)


@pytest.mark.parametrize("history", [True, False])
def test_cells_of_a_notebook_are_found_with_and_without_a_history(history):
    cells = [nbformat.v4.new_code_cell(textwrap.dedent(cell)) for cell in CELLS]
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), kernel_name="python3")
    with client.setup_kernel():
        for place, cell in enumerate(cells):
            client.execute_cell(cell, place, store_history=history)
