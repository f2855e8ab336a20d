"""What one call costs, compared fairly."""

import asyncio
import inspect
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# Processor time does not count what other programs take. Windows counts it in steps of 16 ms: too coarse to use.
_clock = (
    time.process_time
    if time.get_clock_info("process_time").resolution < 1e-4
    else time.perf_counter
)


@dataclass(frozen=True)
class Bench:
    """Cost per call of each arm: the minimum over all rounds, in microseconds of processor time."""

    us: Mapping[str, float]

    @property
    def ratio(self) -> dict[str, float]:
        """Each cost as a multiple of the first arm's."""
        first = next(iter(self.us.values()))
        return {name: us / first for name, us in self.us.items()}

    def __str__(self) -> str:
        width = max(map(len, self.us))
        return "\n".join(
            f"{name:<{width}} {us:>10.1f} us {self.ratio[name]:>7.2f} x"
            for name, us in self.us.items()
        )


async def bench(
    arms: Mapping[str, Callable[[], Any]],
    *,
    rounds: int = 20,
    round_s: float = 0.004,
    limit_s: float = 20.0,
) -> Bench:
    """Time functions against each other, interleaved (A B C, A B C, ...), and keep the fastest round of each.

        costs = await bench({"bare": lambda: call(bare), "fastapi": lambda: client.get("/")})
        costs.ratio["fastapi"]

    Args:
        arms: functions without arguments by name; what they return is awaited if it can be. The first is what the
            others are compared with.
        rounds: how often each arm gets its turn.
        round_s: about how many seconds one turn lasts; the number of calls in it follows from a first, unused turn.
        limit_s: seconds after which no further round begins. A call that waits for ever is given up after twice as
            long; one that never awaits cannot be.

    The minimum is the cost: noise only ever adds. Waiting costs nothing here; use `load` for latency.
    Raises ValueError without arms or rounds, TimeoutError when a call does not come back.
    """
    if not arms or rounds < 1:
        raise ValueError("bench needs at least one function and one round")
    begin, name = time.perf_counter(), ""
    best = dict.fromkeys(arms, float("inf"))
    try:
        async with asyncio.timeout(2 * limit_s) as limit:
            calls = {}
            for name, function in arms.items():
                await _spend(function, 3)
                calls[name] = max(
                    1, int(round_s / max(await _spend(function, 3, time.perf_counter), 1e-7))
                )
            for _ in range(rounds):
                for name, function in arms.items():
                    best[name] = min(best[name], await _spend(function, calls[name]))
                if time.perf_counter() - begin > limit_s:
                    break
    except TimeoutError:
        if not limit.expired():
            raise
        raise TimeoutError(
            f"{name!r} had not come back after {2 * limit_s} s: does it wait for something?"
        ) from None
    return Bench({name: cost * 1e6 for name, cost in best.items()})


async def _spend(
    function: Callable[[], Any], calls: int, clock: Callable[[], float] = _clock
) -> float:
    """Seconds per call, over `calls` calls."""
    begin = clock()
    if inspect.isawaitable(first := function()):
        await first
        for _ in range(calls - 1):
            await function()
    else:
        for _ in range(calls - 1):
            function()
    return (clock() - begin) / calls
