"""The decisions that need no clock: schedules and percentiles."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], q: float) -> float:
    """The smallest value that at least q percent of the values do not exceed (nearest rank).

    >>> percentile([10, 20, 30, 40], 50)
    20

    Raises ValueError when there are no values, or q is not in 0 < q <= 100.
    """
    if not values:
        raise ValueError("no values: did the run send any request?")
    if not 0 < q <= 100:
        raise ValueError(f"a percentile lies above 0 and at most at 100, not at {q}")
    return sorted(values)[math.ceil(q / 100 * len(values)) - 1]


def due_times(
    rate: float, *, seconds: float | None = None, count: int | None = None
) -> list[float]:
    """When each request of an open loop is due, in seconds from the start: i / rate, computed and never accumulated.

    >>> due_times(100, count=3)
    [0.0, 0.01, 0.02]

    Raises ValueError when the rate is not above 0, or when not exactly one of seconds and count is given.
    """
    if not rate > 0:
        raise ValueError(f"rate is in requests per second and must be above 0, not {rate}")
    if (seconds is None) == (count is None):
        raise ValueError("say how long: either seconds=... or count=...")
    n = count if count is not None else round(rate * seconds)
    if n < 1:
        raise ValueError(
            f"that is no request at all: rate={rate}, seconds={seconds}, count={count}"
        )
    return [i / rate for i in range(n)]


def fill_ticks(late: Sequence[float], interval: float) -> list[float]:
    """How late every tick was, the swallowed ones included.

    A clock that ticks every `interval` and is held up for `late` swallows the ticks due meanwhile. Each of them would have
    been late as well, by one interval less than the one before it.

    >>> fill_ticks([0.0, 3.5], interval=1.0)
    [0.0, 3.5, 2.5, 1.5, 0.5]
    """
    return [
        value - k * interval for value in late for k in range(max(0, int(value / interval)) + 1)
    ]
