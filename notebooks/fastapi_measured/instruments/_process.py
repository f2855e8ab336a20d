"""A server in a process of its own."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

import httpx
import psutil

from ._keeper import end_all
from ._tick import ticking


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.asynccontextmanager
async def process(
    argv: Sequence[str],
    *,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    limit_s: float = 20.0,
) -> AsyncIterator[str]:
    """Run a server as a child process on a free port of 127.0.0.1 while the block runs.

        command = [sys.executable, "-m", "uvicorn", "main:app", "--port", "{port}", "--workers", "2"]
        async with process(command, cwd=folder) as url:
            ...

    Its whole family of processes ends with the block, also when the cell fails or is interrupted, and with the kernel, also
    when that is killed.

    Args:
        argv: the command; "{port}" in it becomes the port.
        cwd: the folder to run it in, where its app lies.
        env: environment variables besides those of the kernel.
        limit_s: seconds until GET / must have been answered, with whatever status.

    Yields the server's address as `http://127.0.0.1:PORT`.
    Raises TypeError when argv is one string, ValueError when it names no "{port}", RuntimeError with the end of the server's
    output when it does not come up.
    """
    if isinstance(argv, str):
        raise TypeError("give the command as a list: ['uvicorn', 'main:app', '--port', '{port}']")
    if not any("{port}" in part for part in argv):
        raise ValueError('the command must say where its port goes: [..., "--port", "{port}"]')
    port = free_port()
    command = [part.replace("{port}", str(port)) for part in argv]
    url = f"http://127.0.0.1:{port}"
    async with kept(command, cwd=cwd, env=env) as (keeper, output):
        with ticking():
            async with httpx.AsyncClient(trust_env=False, timeout=None) as client:
                await until_up("the server", lambda: _answers(client, url), keeper, output, limit_s)
            yield url


@contextlib.asynccontextmanager
async def kept(
    command: Sequence[str],
    *,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[subprocess.Popen, IO[bytes]]]:
    """Run a command under a keeper, which ends it and all its children with the block or with the kernel.

    Yields the keeper, and the file that gets the command's output.
    """
    keeper = [sys.executable, str(Path(__file__).with_name("_keeper.py"))]
    with tempfile.TemporaryFile("a+b") as output:  # appended to, wherever it is being read
        child = subprocess.Popen(  # noqa: ASYNC220 - not asyncio's: its loop on Windows starts none
            [*keeper, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            start_new_session=True,  # the stop button signals the kernel's whole group: the cell ends it, in order
        )
        try:
            yield child, output
        finally:
            await _end(child)


async def until_up(
    what: str,
    is_up: Callable[[], Awaitable[bool]],
    keeper: subprocess.Popen,
    output: IO[bytes],
    limit_s: float,
) -> None:
    """Wait until a kept command is up. Raises RuntimeError with its last words when it ends or takes longer than `limit_s`."""
    try:
        async with asyncio.timeout(limit_s):
            while not await is_up():
                if keeper.poll() is not None:
                    why = "ended"
                    break
                await asyncio.sleep(0.02)
            else:
                return
    except TimeoutError:
        why = f"did not answer within {limit_s} s"
    raise RuntimeError(f"{what} {why}. Its last words:\n{said(output)[-1500:]}")


def said(output: IO[bytes]) -> str:
    """What a kept command has written so far."""
    output.seek(0)
    return output.read().decode(errors="replace").strip()


async def _end(keeper: subprocess.Popen) -> None:
    """Let the keeper end all that it keeps; end it the hard way when it does not, or when this is cancelled."""
    keeper.stdin.close()
    deadline = time.monotonic() + 14
    try:
        while keeper.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110 - it has none
            await asyncio.sleep(0.02)
    finally:
        if keeper.poll() is None:
            process = psutil.Process(keeper.pid)
            end_all([*process.children(recursive=True), process])
            keeper.wait()


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        await client.get(url)
    except httpx.TransportError:
        return False
    return True
