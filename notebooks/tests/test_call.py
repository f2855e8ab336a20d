import pytest
from fastapi import FastAPI, Request

from apps import answers, raises
from fastapi_measured import call

pytestmark = pytest.mark.anyio


async def test_a_request_by_hand_arrives_whole():
    app = FastAPI()

    @app.post("/items/{name}")
    async def echo(name: str, limit: int, request: Request) -> list[str | int]:
        return [name, limit, request.headers["x-id"], (await request.body()).decode()]

    answer = await call(
        app, "/items/a%20b?limit=5", method="POST", headers={"X-Id": "7"}, body=b"tea"
    )
    assert (answer.status, answer.body) == (200, b'["a b",5,"7","tea"]')
    assert answer.headers["content-type"] == "application/json"


async def test_a_bare_app_and_an_app_that_says_nothing():
    async def silent(scope, receive, send): ...

    assert (await call(answers, "/")).body == b"ok"
    assert (await call(silent, "/")).status == 0


async def test_what_the_app_raises_is_raised():
    with pytest.raises(KeyError, match="oops"):
        await call(raises, "/")
