"""One request by hand, as a server would hand it to the app."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True)
class Answer:
    """What an app sent: its status (0 when it sent none), its headers in lower case, its body's bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def call(
    app: Any,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answer:
    """Call an ASGI app once, without a client and without a server, so that a figure holds the app's cost alone.

        answer = await call(app, "/items?limit=5")
        costs = await bench({"def": lambda: call(app, "/def"), "async def": lambda: call(app, "/async")})

    Args:
        app: any ASGI app. Its lifespan doesn't run.
        path: the path, with its query string if there is one.
        method: the HTTP method.
        headers: names and values as text; a body's content-type and length aren't added for you.
        body: the bytes of the request, handed over in one piece.

    Raises what the app raises. Source: the HTTP connection scope of the ASGI specification.
    """
    route, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(route),
        "raw_path": route.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
        "client": ("127.0.0.1", 1),
        "server": ("app", 80),
    }
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next((m for m in sent if m["type"] == "http.response.start"), None)
    if start is None:
        return Answer(0, {}, b"")
    names = {k.decode().lower(): v.decode("latin-1") for k, v in start["headers"]}
    return Answer(start["status"], names, b"".join(m.get("body", b"") for m in sent))
