import asyncio
import time

import pytest

from fastapi_measured import LoopLag

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("block_s", [0.02, 0.1])
async def test_a_block_is_one_stall_of_its_length(block_s):
    async with LoopLag() as lag:
        await asyncio.sleep(0.02)
        time.sleep(block_s)  # noqa: ASYNC251 - the stall that is to be measured
        await asyncio.sleep(0.02)
    assert lag.longest_ms >= block_s * 1000 - 3
    assert len(lag.stalls_ms(over_ms=block_s * 500)) >= 1


async def test_swallowed_ticks_count_in_percentiles():
    async with LoopLag() as lag:
        time.sleep(0.1)  # noqa: ASYNC251 - the stall that is to be measured
    assert lag.percentile_ms(50) > 20


async def test_a_block_at_the_very_end_is_seen():
    async with LoopLag() as lag:
        await asyncio.sleep(0.01)
        time.sleep(0.05)  # noqa: ASYNC251 - the stall that is to be measured
    assert lag.longest_ms > 45


async def test_waiting_is_no_stall():
    async with LoopLag() as lag:
        await asyncio.sleep(0.5)
    assert lag.percentile_ms(50) < 20
    seconds, late_ms = lag.timeline()
    assert len(seconds) == len(late_ms)


async def test_no_tick_is_left_after_a_failure():
    lag = LoopLag()
    with pytest.raises(KeyError):
        async with lag:
            raise KeyError
    ticks = len(lag.timeline()[0])
    await asyncio.sleep(0.02)
    assert len(lag.timeline()[0]) == ticks


async def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        LoopLag(0)
    with pytest.raises(RuntimeError, match="nothing measured yet"):
        LoopLag().longest_ms  # noqa: B018 - reading it is the test
