import asyncio
import time

import httpx
import pytest

import apps
from fastapi_measured import burst, closed, load

pytestmark = pytest.mark.anyio


async def test_load_sends_all_at_their_due_times(client_of):
    run = await load(client_of(apps.answers), "/", rate=100, count=20)
    assert run.statuses == {200: 20}
    assert run.due_s == tuple(i / 100 for i in range(20))
    assert min(run.lateness_ms) >= 0
    assert run.errors == 0


async def test_load_does_not_wait_for_answers(client_of):
    run = await load(client_of(apps.waits_50_ms), "/", rate=200, count=10)
    assert max(run.sent_s) < min(run.done_s) + 0.05
    assert run.wall_s < 10 * 0.05


async def test_latency_counts_from_when_it_was_due_or_sent(client_of):
    async def stall():
        await asyncio.sleep(0.05)
        time.sleep(0.1)  # noqa: ASYNC251 - the stall that is to be seen

    stalled = asyncio.create_task(stall())
    run = await load(client_of(apps.answers), "/", rate=100, count=20)
    await stalled
    held_up = [ms for ms in run.latency_ms() if ms > 15]
    assert len(held_up) >= 5
    assert max(run.latency_ms("sent")) < max(run.latency_ms("due"))


async def test_burst_sends_all_at_once(client_of):
    run = await burst(client_of(apps.waits_50_ms), "/", 10)
    assert run.statuses == {200: 10}
    assert run.due_s == (0.0,) * 10
    assert run.wall_s < 10 * 0.05


async def test_closed_waits_for_each_answer(client_of):
    run = await closed(client_of(apps.waits_50_ms), "/", concurrency=2, count=6)
    assert run.statuses == {200: 6}
    assert run.wall_s >= 3 * 0.05
    assert run.latency_ms("due") == run.latency_ms("sent")


@pytest.mark.parametrize(
    ("app", "problem"),
    [
        (apps.raises, "KeyError: 'oops'"),
        (apps.answers_500, ""),
        (apps.exits, "SystemExit: 3"),
        (apps.cancels_itself, "CancelledError: "),
    ],
)
async def test_what_goes_wrong_is_counted(client_of, app, problem):
    run = await burst(client_of(app), "/", 3)
    assert run.errors == 3
    assert set(run.problems) == {problem}


async def test_an_app_that_never_answers_is_given_up(client_of):
    begin = time.monotonic()
    run = await load(client_of(apps.never_answers), "/", rate=100, count=5, limit_s=1)
    assert time.monotonic() - begin < 5
    assert run.statuses == {0: 5}
    assert set(run.problems) == {"no answer within the time limit"}
    assert min(run.latency_ms()) >= 150
    assert "no answer" in str(run)


async def test_an_app_that_swallows_its_cancellation_is_left_behind(client_of):
    begin = time.monotonic()
    run = await burst(client_of(apps.swallows_cancellation), "/", 2, limit_s=0.1)
    assert time.monotonic() - begin < 4
    assert run.errors == 2


async def test_what_could_not_be_sent_is_counted(client_of):
    run = await closed(client_of(apps.waits_50_ms), "/", concurrency=1, count=50, limit_s=0.12)
    assert len(run.status) == 50
    assert run.problems.count("not sent") > 40


async def test_a_missing_lifespan_is_suspected(client_of):
    run = await burst(client_of(apps.needs_its_lifespan()), "/", 1)
    assert "lifespan running?" in run.problems[0]


async def test_a_cancelled_run_leaves_no_request_behind(client_of):
    before = asyncio.all_tasks()
    run = asyncio.create_task(load(client_of(apps.never_answers), "/", rate=100, count=5))
    await asyncio.sleep(0.1)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert asyncio.all_tasks() == before


async def test_a_client_without_base_url_is_refused(client_of):
    with pytest.raises(ValueError, match="base_url"):
        await load(client_of(apps.answers, base_url=""), "/", rate=10, count=1)


async def test_a_sync_client_is_refused():
    with pytest.raises(TypeError, match="AsyncClient"):
        await burst(httpx.Client(base_url="http://app"), "/", 1)


async def test_nonsense_is_refused(client_of):
    client = client_of(apps.answers)
    with pytest.raises(ValueError, match="above 0"):
        await load(client, "/", rate=0, count=1)
    with pytest.raises(ValueError, match="at least one client"):
        await closed(client, "/", concurrency=0, count=1)
    with pytest.raises(ValueError, match="at least one request"):
        await burst(client, "/", 0)
