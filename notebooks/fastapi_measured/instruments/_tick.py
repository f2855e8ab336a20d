"""Keeps the stop button of a notebook working."""

import asyncio
import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def ticking(interval_s: float = 0.2) -> Iterator[None]:
    """Wake the running event loop now and then while the block runs.

    A kernel notices its stop button only when its loop does something; a cell that waits for a silent server does not.
    """
    loop = asyncio.get_running_loop()
    handle = None

    def tick() -> None:
        nonlocal handle
        handle = loop.call_later(interval_s, tick)

    tick()
    try:
        yield
    finally:
        handle.cancel()
