import asyncio
import contextlib
import sys

import httpx
import psutil
import pytest

from fastapi_measured import LoopLag, process
from kernels import interrupted, killed

pytestmark = pytest.mark.anyio

APP = """
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
"""
UVICORN = [sys.executable, "-m", "uvicorn", "main:app", "--lifespan", "off", "--port", "{port}"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "main.py").write_text(APP)
    return tmp_path


def family() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


async def test_a_server_with_workers_comes_up_and_is_gone_afterwards(folder):
    before = family()
    async with process([*UVICORN, "--workers", "2"], cwd=folder) as url:
        async with httpx.AsyncClient() as client:
            assert (await client.get(url)).text == "ok"
        assert len(family() - before) >= 4  # the keeper, the supervisor and two workers
    assert family() <= before


async def test_it_is_gone_when_the_block_is_cancelled(folder):
    before = family()

    async def cell():
        async with process(UVICORN, cwd=folder):
            await asyncio.sleep(60)

    running = asyncio.create_task(cell())
    await asyncio.sleep(1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert family() <= before


CELL = """
import asyncio
from fastapi_measured import process
async with process({command!r}, cwd={folder!r}) as url:
    print(url)
    await asyncio.sleep(60)
"""


async def test_it_is_gone_when_its_cell_is_interrupted(folder):
    async with interrupted(CELL.format(command=UVICORN, folder=str(folder))) as (_, kernel):
        started = kernel.children(recursive=True)
    _, alive = psutil.wait_procs(started, timeout=5)
    assert len(started) >= 2
    assert not alive


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
async def test_it_is_gone_when_its_kernel_is_killed(folder):
    with killed(CELL.format(command=UVICORN, folder=str(folder))) as (url, kernel):
        started = kernel.children(recursive=True)
    assert len(started) >= 2
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)


async def test_what_a_failing_server_said_is_told(folder):
    with pytest.raises(RuntimeError, match=r"(?s)ended.*no_such_module"):
        async with process([*UVICORN[:3], "no_such_module:app", "--port", "{port}"], cwd=folder):
            pass


async def test_a_server_that_does_not_answer_is_given_up(folder):
    before = family()
    sleeps = [sys.executable, "-c", "import time; time.sleep(60)", "{port}"]
    with pytest.raises(RuntimeError, match="did not answer within"):
        async with process(sleeps, cwd=folder, limit_s=0.5):
            pass
    assert family() <= before


async def test_a_server_that_outlives_its_parent_is_gone_too(folder):
    parent = "until [ -e up ]; do sleep 0.1; done"
    serve = f"{sys.executable} -m http.server {{port}} --bind 127.0.0.1 & {parent}"
    async with process(["sh", "-c", serve], cwd=folder) as url:
        (folder / "up").touch()  # now the parent ends
        await asyncio.sleep(1)
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)


async def test_a_proxy_of_the_machine_is_left_out(folder, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with process(UVICORN, cwd=folder) as url, httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(url)).text == "ok"


async def test_the_loop_goes_on_while_a_server_ends(folder):
    async with contextlib.AsyncExitStack() as stack:
        lag = await stack.enter_async_context(LoopLag())
        async with process(UVICORN, cwd=folder):
            starting = len(lag.timeline()[0])
    assert len(lag.timeline()[0]) - starting > 5  # a loop that is held has one or two ticks


async def test_a_wrong_command_is_refused():
    with pytest.raises(ValueError, match="port"):
        async with process(["true"]):
            pass
    with pytest.raises(TypeError, match="as a list"):
        async with process("uvicorn main:app --port {port}"):
            pass
