import asyncio
import importlib.util
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from fastapi_measured import postgres
from kernels import interrupted, killed

pytestmark = pytest.mark.anyio


def folder_of(url: str) -> Path:
    """Where a server that we started keeps its data."""
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def server_of(url: str) -> psutil.Process:
    return psutil.Process(int((folder_of(url) / "postmaster.pid").read_text().split()[0]))


def is_gone(server: psutil.Process) -> bool:
    _, alive = psutil.wait_procs([server], timeout=10)
    return not alive or all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


async def test_it_answers_each_driver_and_is_gone_afterwards():
    async with postgres() as url:
        server = server_of(url)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
        await engine.dispose()
    assert is_gone(server)
    assert not folder_of(url).exists()


async def test_two_at_once_know_nothing_of_each_other():
    async with postgres() as one, postgres() as other:
        with psycopg.connect(one) as connection:
            connection.execute("CREATE TABLE t (i int)")
        with psycopg.connect(other) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM t")


async def test_it_is_gone_when_the_block_is_cancelled():
    urls = []

    async def cell():
        async with postgres() as url:
            urls.append((url, server_of(url)))
            await asyncio.sleep(60)

    running = asyncio.create_task(cell())
    while not urls:  # noqa: ASYNC110 - until it is up
        await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    [(url, server)] = urls
    assert is_gone(server)
    assert not folder_of(url).exists()


CELL = """
import asyncio
from fastapi_measured import postgres
async with postgres() as url:
    print(url)
    await asyncio.sleep(60)
"""


async def test_it_is_gone_when_its_cell_is_interrupted():
    async with interrupted(CELL) as (url, _):
        server = server_of(url)
    assert is_gone(server)
    assert not folder_of(url).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
async def test_it_is_gone_when_its_kernel_is_killed():
    with killed(CELL) as (url, _):
        server = server_of(url)
    assert is_gone(server)
    for _ in range(50):
        if not folder_of(url).parent.exists():
            break
        await asyncio.sleep(0.1)
    assert not folder_of(url).parent.exists()


async def test_an_existing_server_lends_a_database_and_gets_it_back(monkeypatch):
    async with postgres() as existing:
        monkeypatch.setenv("COURSE_POSTGRES_URL", existing)
        async with postgres() as url:
            with psycopg.connect(url) as connection:
                [name] = connection.execute("SELECT current_database()").fetchone()
        assert name.startswith("course_")
        with psycopg.connect(existing) as connection:
            left = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert (name,) not in left


async def test_an_address_that_leads_nowhere_is_named(monkeypatch):
    monkeypatch.setenv("COURSE_POSTGRES_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(RuntimeError, match="COURSE_POSTGRES_URL leads nowhere"):
        async with postgres():
            pass


async def test_without_the_wheel_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match=r"Install the wheel.*COURSE_POSTGRES_URL"):
        async with postgres():
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="has no /bin/false")
async def test_a_server_that_does_not_start_is_told(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="PostgreSQL ended"):
        async with postgres():
            pass
