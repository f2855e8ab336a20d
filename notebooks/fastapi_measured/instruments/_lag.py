"""How long the event loop was held up."""

import asyncio
from typing import Self

from ._pure import fill_ticks, percentile


class LoopLag:
    """Measures, while its block runs, how late the event loop gets to what is due.

        async with LoopLag() as lag:
            await burst(client, "/report", 5)
        lag.longest_ms

    A callback is due every `interval` seconds on a schedule of its own. When it comes late, something held the loop. A stall
    of 500 ms is one stall, and the ticks it swallowed count in the percentiles. An idle loop is about 1 ms late: that is the
    resolution of asyncio's timers, the floor of this instrument.

    Args:
        interval: seconds between ticks. 1 ms sees a stall of 5 ms to within 3 ms; with 5 ms it does not.

    Raises ValueError when the interval is not above 0, RuntimeError when read before the block has begun.
    """

    def __init__(self, interval: float = 0.001):
        if not interval > 0:
            raise ValueError(f"interval is in seconds and must be above 0, not {interval}")
        self.interval = interval
        self._late: list[float] = []
        self._at: list[float] = []

    async def __aenter__(self) -> Self:
        self._late, self._at = [], []
        self._loop = asyncio.get_running_loop()
        self._start, self._ticks = self._loop.time(), 0
        self._schedule()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._handle.cancel()
        if (
            not self._late or self._loop.time() > self._due
        ):  # blocked to the very end: the tick that is due never ran
            self._note()

    def _schedule(self) -> None:
        self._ticks += 1
        self._due = self._start + self._ticks * self.interval
        self._handle = self._loop.call_at(self._due, self._tick)

    def _tick(self) -> None:
        self._note()
        self._schedule()

    def _note(self) -> None:
        late = max(0.0, self._loop.time() - self._due)
        self._late.append(late)
        self._at.append(self._due - self._start)
        self._ticks += int(late / self.interval)

    def _read(self) -> list[float]:
        if not self._late:
            raise RuntimeError("nothing measured yet: read it after `async with LoopLag() as lag:`")
        return self._late

    @property
    def longest_ms(self) -> float:
        """The longest time in milliseconds for which the loop got to nothing else."""
        return max(self._read()) * 1000

    def percentile_ms(self, q: float) -> float:
        """Lateness in milliseconds that q percent of all ticks did not exceed, swallowed ticks included."""
        return percentile(fill_ticks(self._read(), self.interval), q) * 1000

    def stalls_ms(self, over_ms: float = 10.0) -> list[float]:
        """Each stall longer than `over_ms`, in milliseconds, in order of time."""
        return [late * 1000 for late in self._read() if late * 1000 > over_ms]

    def blocked_ms(self, over_ms: float = 10.0) -> float:
        """Milliseconds in all stalls longer than `over_ms` together."""
        return sum(self.stalls_ms(over_ms))

    def timeline(self) -> tuple[list[float], list[float]]:
        """Seconds since the start at which each tick was due, and its lateness in milliseconds."""
        return list(self._at), [late * 1000 for late in self._read()]
