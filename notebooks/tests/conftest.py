from collections.abc import Callable

import httpx
import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def client_of() -> Callable[..., httpx.AsyncClient]:
    """A client that calls an ASGI app in this process."""

    def make(app, base_url: str = "http://app") -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base_url)

    return make
