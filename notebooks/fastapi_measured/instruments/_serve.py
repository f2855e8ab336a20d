"""A real server inside the kernel."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator

import uvicorn


class _Server(uvicorn.Server):
    def capture_signals(self) -> contextlib.AbstractContextManager[None]:
        """The kernel keeps its own signals: the stop button must reach the cell, not the server."""
        return contextlib.nullcontext()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().serve(sockets=sockets)
        except SystemExit:  # uvicorn's answer to an app that cannot start would end the kernel
            raise RuntimeError("the app did not start: the log above says why") from None


@contextlib.asynccontextmanager
async def serve(app, *, port: int = 0, limit_s: float = 10.0, **options) -> AsyncIterator[str]:
    """Run an ASGI app on a real uvicorn on 127.0.0.1, in this kernel's own event loop, while the block runs.

        async with serve(app) as url, httpx.AsyncClient(base_url=url) as client:
            await client.get("/ping")

    For what ASGITransport cannot show: lifespan, streaming, disconnects, WebSockets.

    Args:
        app: any ASGI app.
        port: 0 takes a free one.
        limit_s: seconds allowed for start-up, and again for the end.
        options: passed to uvicorn.Config.

    Yields the server's address as `http://127.0.0.1:PORT`.
    Raises RuntimeError when the port is taken, or the app's lifespan fails or takes too long at start-up.
    """
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # else asyncio leaves Nagle's delay on
    if os.name == "posix":  # on Windows it would let two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise RuntimeError(
            f"port {port} cannot be used ({error.strerror}); leave port out to take a free one"
        ) from None
    config = uvicorn.Config(
        app, **{"log_level": "warning", "timeout_graceful_shutdown": 1, **options}
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        deadline = time.monotonic() + limit_s
        while not server.started:
            if running.done():
                await running
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"the app did not start within {limit_s} s: does its lifespan wait for something?"
                )
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.wait([running], timeout=limit_s if server.started else 0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        listener.close()
