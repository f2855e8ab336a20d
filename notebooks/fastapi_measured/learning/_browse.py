"""An app that stays up after its cell has ended, for a person with a browser."""

import contextlib
import html
import importlib.util
import os
from typing import Any

from IPython.display import display

from .._look import Shown, card
from ..instruments._serve import serve
from ._store import has_front_end

_open = contextlib.AsyncExitStack()


class BehindAProxy:
    """Tells the app where it is mounted when jupyter-server-proxy passes a request on, so that /docs finds its document."""

    def __init__(self, app: Any):
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        prefix = dict(scope.get("headers", ())).get(b"x-forwarded-context", b"").decode("latin-1")
        if prefix:
            scope = scope | {"root_path": prefix, "path": prefix + scope["path"]}
        await self.app(scope, receive, send)


async def browse(app: Any, *paths: str) -> None:
    """Keep an app running on a real server, and show links that open it in your browser.

        await browse(app, "/docs", "/openapi.json")

    It runs in this kernel until the next `browse`, and ends with the kernel. While a cell is busy, it doesn't answer. Without
    a person in front of the notebook the app is started and stopped again.

    Args:
        app: any ASGI app.
        paths: the pages to link to; "/docs" if there are none.

    Raises RuntimeError when the app's lifespan fails. Source: uvicorn for the server, and jupyter-server-proxy for browsers
    on another computer than the kernel, as on Binder, a hub or in a container.
    """
    paths = tuple("/" + path.lstrip("/") for path in paths) or ("/docs",)
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(BehindAProxy(app)))
        await _open.aclose()
        _open.push_async_callback(stack.pop_all().aclose)
    if has_front_end():
        display(Shown(links(url, paths), f"Your app is running: {url}{paths[0]}"))
        return
    await _open.aclose()
    told = f"Run this cell in JupyterLab. Then you can open {', '.join(paths)} from here."
    display(Shown(card(told), told))


def links(url: str, paths: tuple[str, ...]) -> str:
    """The links as HTML: to this computer, or through JupyterLab's own server where that is the way."""
    through = f"{base_url()}proxy/{url.rpartition(':')[2]}"
    here, there = (
        " &nbsp; ".join(
            f'<a href="{html.escape(start + path)}" target="_blank">{html.escape(path)}</a>'
            for path in paths
        )
        for start in (url, through)
    )
    if "JUPYTERHUB_SERVICE_PREFIX" in os.environ:
        return card(f"Your app is running. Open {there}")
    elsewhere = f"Does JupyterLab run on another computer? Then open {there}"
    has_proxy = importlib.util.find_spec("jupyter_server_proxy") is not None
    return card(f"Your app is running. Open {here}", elsewhere if has_proxy else "")


def base_url() -> str:
    """Where this kernel's Jupyter server is mounted, such as "/" or "/user/ada/"."""
    on_a_hub = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
    if on_a_hub:
        return on_a_hub
    with contextlib.suppress(ImportError, OSError):
        from jupyter_server.serverapp import list_running_servers

        for server in list_running_servers():
            if str(server.get("pid")) == os.environ.get("JPY_PARENT_PID"):
                return server["base_url"]
    return "/"
