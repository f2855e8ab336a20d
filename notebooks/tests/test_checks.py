import asyncio
import contextvars

import pytest
from fastapi import FastAPI

from fastapi_measured import Checks


def shipped() -> FastAPI:
    app = FastAPI(title="as found")
    return app


def untouched() -> FastAPI:
    app = FastAPI(title="as found")  # a comment changes nothing
    return app


def mended() -> FastAPI:
    app = FastAPI(title="mended")
    return app


def raising() -> FastAPI:
    raise KeyError("typo")


def nothing():
    FastAPI()


def make() -> Checks:
    checks = Checks(shipped, limit_s=0.1)

    @checks.check
    async def the_title_is_right(app):
        assert app.title == "mended", f"the title is {app.title!r}, needed: 'mended'"

    checks.hints(the_title_is_right=["first hint", "second hint"])
    return checks


@pytest.mark.anyio
async def test_the_shipped_app_is_not_attempted(capsys):
    report = await make().run(untouched)
    assert (report.passed, report.refused, report.attempted) == (set(), set(), False)
    assert "not attempted yet   the title is right" in capsys.readouterr().out


@pytest.mark.anyio
async def test_the_mended_app_passes(capsys):
    report = await make().run(mended)
    assert (report.passed, report.refused) == ({"the title is right"}, set())
    assert "passed" in capsys.readouterr().out


@pytest.mark.anyio
async def test_the_shipped_app_itself_is_refused(capsys):
    report = await make().run(shipped)
    assert report.refused == {"the title is right"}
    assert "hint" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("build", "told"), [(raising, "KeyError: 'typo'"), (nothing, "nothing returned nothing")]
)
@pytest.mark.anyio
async def test_a_wrong_app_is_refused_and_never_raises(build, told, capsys):
    report = await make().run(build)
    assert report.refused == {"the title is right"}
    assert told in capsys.readouterr().out


def wrong() -> FastAPI:
    return FastAPI(title="wrong")


def wrong_again() -> FastAPI:
    return FastAPI(title="wrong again")


@pytest.mark.anyio
async def test_changed_code_that_fails_is_told_the_next_hint(capsys):
    checks = make()
    for build, hint in (
        (wrong, "first hint"),
        (wrong, "first hint"),
        (wrong_again, "second hint"),
        (wrong, "second hint"),
    ):
        await checks.run(build)
        assert hint in capsys.readouterr().out


@pytest.mark.anyio
async def test_code_that_does_not_run_is_told_once_and_costs_no_hint(capsys):
    checks = make()
    report = await checks.run(raising)
    told = capsys.readouterr().out
    assert "does not run, KeyError: 'typo'" in told
    assert "hint" not in told
    assert report.refused == {"the title is right"}


@pytest.mark.anyio
async def test_a_check_that_hangs_is_given_up(capsys):
    checks = Checks(shipped, limit_s=0.1)

    @checks.check
    async def it_ends(app):
        await asyncio.Event().wait()

    assert (await checks.run(mended)).refused == {"it ends"}
    assert "does something wait for ever?" in capsys.readouterr().out


@pytest.mark.anyio
async def test_what_is_no_exception_and_a_timeout_of_the_app_are_told_as_they_are(capsys):
    checks = Checks(shipped)

    @checks.check
    async def it_exits(app):
        raise SystemExit("bye")

    @checks.check
    async def it_times_out(app):
        raise TimeoutError("pool exhausted")

    assert (await checks.run(lambda: FastAPI())).refused == {"it exits", "it times out"}
    told = capsys.readouterr().out
    assert "SystemExit: bye" in told
    assert "TimeoutError: pool exhausted" in told


def test_a_check_that_is_not_async_is_refused():
    with pytest.raises(TypeError, match="async def"):
        Checks(shipped).check(lambda app: None)


def test_a_hint_for_no_check_is_refused():
    with pytest.raises(KeyError, match="no check is called"):
        make().hints(the_title_is_left=["typo"])


@pytest.mark.anyio
async def test_what_one_check_sets_in_a_context_variable_the_next_does_not_see():
    who, seen = contextvars.ContextVar("who", default="nobody"), []
    checks = Checks(shipped)

    async def look_and_set():
        seen.append(who.get())
        who.set("ada")

    @checks.check
    async def the_first(app):
        await look_and_set()

    @checks.check
    async def the_second(app):
        await look_and_set()

    await checks.run(mended)
    assert seen == ["nobody", "nobody"]
