import asyncio

import pytest

from fastapi_measured import bench

pytestmark = pytest.mark.anyio


async def test_costs_more_where_more_is_done():
    def little():
        return sum(range(100))

    async def much():
        return sum(range(2000))

    costs = await bench({"little": little, "much": much}, rounds=5)
    assert costs.ratio["little"] == 1
    assert costs.ratio["much"] > 3
    assert "much" in str(costs)


async def test_a_call_that_hangs_is_named():
    async def fine():
        pass

    async def hangs():
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError, match="hangs"):
        await bench({"fine": fine, "hangs": hangs}, limit_s=0.2)


async def test_a_timeout_of_the_call_itself_is_told_as_it_is():
    async def times_out():
        raise TimeoutError("pool exhausted")

    with pytest.raises(TimeoutError, match="pool exhausted"):
        await bench({"times out": times_out})


async def test_nothing_to_time_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        await bench({})
