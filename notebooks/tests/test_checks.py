import asyncio
import contextvars

import httpx
import pytest
from fastapi import Depends, FastAPI

from fastapi_measured import Checks
from fastapi_measured.learning import _checks


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


@pytest.fixture
def panels(monkeypatch):
    """The HTML of what the checks showed."""
    seen = []
    monkeypatch.setattr(_checks, "display", lambda shown: seen.append(shown._repr_html_()))
    return seen


@pytest.mark.anyio
async def test_hints_are_folded_one_in_the_other_and_given_by_cause(panels):
    checks = make()
    checks.hints(
        the_title_is_right=[
            "gentle",
            (r"'wrong'", "for this title"),
            ("wrong again", "never"),
            "plain",
        ]
    )
    await checks.run(wrong)
    [panel] = panels
    assert panel.index("gentle") < panel.index("for this title") < panel.index("plain")
    assert panel.count("<details>") == 3
    assert "never" not in panel
    assert "0 of 1 checks pass" in panel


@pytest.mark.anyio
async def test_when_all_have_passed_it_says_what_was_learned_and_draws_before_and_after(capsys):
    checks = Checks(shipped, learned="Titles matter.")

    @checks.check
    async def the_title_is_right(app):
        assert app.title == "mended"

    @checks.before_and_after("Titles", "letters")
    async def letters(app):
        return {"title": len(app.title)}

    await checks.run(mended)
    told = capsys.readouterr().out
    assert "1 of 1 checks pass" in told
    assert "Titles matter." in told
    assert "title 8 before, 6 after" in told


@pytest.mark.anyio
async def test_a_single_check_can_be_run(capsys):
    checks = make()

    @checks.check
    async def another(app):
        raise AssertionError("never run")

    assert (await checks.run(mended, only="the_title_is_right")).passed == {"the title is right"}
    assert "1 of 1 checks pass" in capsys.readouterr().out


def fails_early() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def root() -> str:
        raise ValueError("no such table")

    return app


def fails_late() -> FastAPI:
    app = FastAPI()

    async def give_back():
        yield
        raise ValueError("given back twice")

    @app.get("/", dependencies=[Depends(give_back)])
    async def root() -> str:
        return "ok"

    return app


def answering(checks: Checks) -> Checks:
    @checks.check
    async def the_root_answers_200(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            status = (await client.get("/")).status_code
        assert status == 200, f"answered {status}, needed: 200"

    return checks


@pytest.mark.anyio
async def test_a_failed_check_shows_what_the_app_raised_and_where(capsys):
    await answering(Checks(shipped)).run(fails_early)
    told = capsys.readouterr().out
    assert "answered 500, needed: 200" in told
    assert "`ValueError: no such table`" in told
    assert '`raise ValueError("no such table")`' in told


@pytest.mark.anyio
async def test_an_error_after_a_good_answer_is_refused_unless_it_may_be(capsys):
    report = await answering(Checks(shipped)).run(fails_late)
    assert report.refused == {"the root answers 200"}
    told = capsys.readouterr().out
    assert "after it the app raised" in told
    assert "given back twice" in told
    assert (await answering(Checks(shipped, late_errors=False)).run(fails_late)).refused == set()


above = []


def keeps_it_above() -> FastAPI:
    app = FastAPI()
    app.state.names = above
    return app


@pytest.mark.anyio
async def test_a_second_process_shares_nothing_of_the_notebook():
    checks, found = Checks(shipped), []

    @checks.check
    async def two_processes(app):
        found.append(app.state.names is checks.second_process().state.names)

    await checks.run(keeps_it_above)
    assert found == [False]


@pytest.mark.anyio
async def test_each_step_can_be_made_to_fail_and_is_undone():
    class Table:
        async def insert(self, row):
            return row

    with Checks.failing(Table, "insert", OSError("the disk is full")) as calls:
        with pytest.raises(OSError, match="disk"):
            await Table().insert(1)
        assert calls == [1]
    assert await Table().insert(1) == 1


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


async def coroutine():
    return FastAPI()


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (coroutine, "coroutine returned a coroutine, needed: FastAPI. Write def, not async def"),
        (lambda: {"app": 1}, "returned dict, needed: FastAPI"),
        (lambda: FastAPI, "returned the class FastAPI, needed: what FastAPI() makes"),
        (FastAPI(), "there's FastAPI where a function should be: write a def that returns it"),
    ],
)
@pytest.mark.anyio
async def test_what_is_no_app_is_named(build, told, capsys):
    report = await make().run(build)
    assert report.refused == {"the title is right"}
    assert told in capsys.readouterr().out
