import asyncio
import itertools
import signal
import socket
import time

import httpx
import pytest

import apps
from fastapi_measured import serve

pytestmark = pytest.mark.anyio


async def assert_nothing_listens_at(url):
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)


async def test_serves_over_a_socket_with_its_lifespan():
    async with serve(apps.needs_its_lifespan()) as url, httpx.AsyncClient(base_url=url) as client:
        response = await client.get("/")
    assert response.json() == ["ready"]
    await assert_nothing_listens_at(url)


async def test_a_small_piece_of_a_stream_is_not_held_back():
    async with (
        serve(apps.streams_3_pieces, lifespan="off") as url,
        httpx.AsyncClient(base_url=url) as client,
    ):
        for _ in range(2):  # the first connection has more to do
            arrived = []
            async with client.stream("GET", "/") as response:
                async for _ in response.aiter_bytes():
                    arrived.append(time.monotonic())
    assert len(arrived) == 3
    assert min(later - earlier for earlier, later in itertools.pairwise(arrived)) > 0.015


async def test_leaves_signals_and_tasks_as_they_were():
    before = signal.getsignal(signal.SIGINT), asyncio.all_tasks()
    async with serve(apps.answers):
        assert signal.getsignal(signal.SIGINT) is before[0]
    assert (signal.getsignal(signal.SIGINT), asyncio.all_tasks()) == before


async def test_stops_when_its_block_fails():
    with pytest.raises(KeyError):
        async with serve(apps.answers) as url:
            raise KeyError
    await assert_nothing_listens_at(url)


async def test_stops_although_a_request_hangs():
    async with serve(apps.never_answers) as url, httpx.AsyncClient(base_url=url) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/", timeout=httpx.Timeout(5, read=0.1))


async def test_a_taken_port_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"port {port} cannot be used"):
            async with serve(apps.answers, port=port):
                pass


async def test_a_lifespan_that_fails_is_named_and_ends_nothing_else():
    with pytest.raises(RuntimeError, match="did not start"):
        async with serve(apps.fails_at_start(), log_level="critical"):
            pass


async def test_an_app_that_cannot_be_imported_ends_nothing_else():
    with pytest.raises(RuntimeError, match="did not start"):
        async with serve("no_such_module:app", log_level="critical"):
            pass


async def test_a_lifespan_that_hangs_is_given_up():
    with pytest.raises(RuntimeError, match=r"did not start within 0\.2 s"):
        async with serve(apps.starts_never(), limit_s=0.2):
            pass
