import asyncio
import sys

import psutil
import pytest
from valkey.asyncio import Valkey
from valkey.exceptions import ConnectionError

from fastapi_measured import valkey
from fastapi_measured.instruments import _valkey
from kernels import interrupted, killed

pytestmark = pytest.mark.anyio

CELL = """
import asyncio
from fastapi_measured import valkey
async with valkey() as url:
    print(url)
    await asyncio.sleep(60)
"""


def servers() -> list[psutil.Process]:
    family = psutil.Process().children(recursive=True)
    return [child for child in family if "valkey-server" in child.name()]


async def answers(url: str) -> bool:
    async with Valkey.from_url(url) as store:
        try:
            return await store.ping()
        except ConnectionError:
            return False


async def test_it_answers_is_empty_and_is_gone_afterwards():
    async with valkey() as url:
        store = Valkey.from_url(url)
        assert await store.dbsize() == 0
        assert await store.incr("count") == 1
        await store.aclose()
        assert len(servers()) == 1
    assert servers() == []
    assert not await answers(url)


async def test_two_at_once_know_nothing_of_each_other():
    async with valkey() as one, valkey() as other:
        assert one != other
        async with Valkey.from_url(one) as store:
            await store.set("key", "value")
        async with Valkey.from_url(other) as store:
            assert await store.get("key") is None


async def test_it_is_gone_when_the_block_is_cancelled():
    async def cell():
        async with valkey():
            await asyncio.sleep(60)

    running = asyncio.create_task(cell())
    while not servers():  # noqa: ASYNC110 - until it is up
        await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert servers() == []


async def test_it_is_gone_when_its_cell_is_interrupted():
    async with interrupted(CELL) as (url, _):
        assert await answers(url)
    assert not await answers(url)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
async def test_it_is_gone_when_its_kernel_is_killed():
    with killed(CELL) as (url, kernel):
        started = kernel.children(recursive=True)
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive
    assert not await answers(url)


async def test_an_existing_server_lends_an_empty_database(monkeypatch):
    async with valkey() as existing:
        async with Valkey.from_url(existing.replace("/0", "/15")) as theirs:
            await theirs.set("theirs", 1)
        monkeypatch.setenv("COURSE_VALKEY_URL", existing)
        async with valkey() as lent:
            assert lent.endswith("/14")
            async with Valkey.from_url(lent) as ours:
                await ours.set("ours", 1)
        async with Valkey.from_url(lent) as ours:
            assert await ours.dbsize() == 0
        async with Valkey.from_url(existing.replace("/0", "/15")) as theirs:
            assert await theirs.get("theirs") == b"1"


async def test_an_address_that_leads_nowhere_is_told(monkeypatch):
    monkeypatch.setenv("COURSE_VALKEY_URL", "redis://127.0.0.1:1")
    with pytest.raises(RuntimeError, match="COURSE_VALKEY_URL leads nowhere"):
        async with valkey():
            pass


async def test_without_the_wheel_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(_valkey, "_server_of_the_wheel", lambda: None)
    with pytest.raises(RuntimeError, match=r"Install the wheel.*COURSE_VALKEY_URL"):
        async with valkey():
            pass
