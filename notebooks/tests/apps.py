"""Tiny ASGI apps, named by what they do."""

import asyncio
import contextlib

from fastapi import FastAPI


async def answers(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


async def answers_500(scope, receive, send):
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b"no"})


async def raises(scope, receive, send):
    raise KeyError("oops")


async def exits(scope, receive, send):
    raise SystemExit(3)


async def cancels_itself(scope, receive, send):
    raise asyncio.CancelledError


async def swallows_cancellation(scope, receive, send):
    for _ in range(2):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(5)


async def never_answers(scope, receive, send):
    if scope["type"] == "http":
        await asyncio.Event().wait()


async def waits_50_ms(scope, receive, send):
    await asyncio.sleep(0.05)
    await answers(scope, receive, send)


async def streams_3_pieces(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for piece in (b"0", b"1", b"2"):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(0.1)
    await send({"type": "http.response.body", "body": b""})


def needs_its_lifespan() -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(app):
        app.state.words = ["ready"]
        yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def words() -> list[str]:
        return app.state.words

    return app


def fails_at_start() -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(app):
        raise OSError("no database")
        yield

    return FastAPI(lifespan=lifespan)


def starts_never() -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(app):
        await asyncio.Event().wait()
        yield

    return FastAPI(lifespan=lifespan)


def shop() -> FastAPI:
    app = FastAPI()

    @app.get("/items/{item_id}")
    async def item(item_id: int) -> int:
        return item_id

    return app
