"""Load generators: an open loop, a burst and a closed loop, all giving a Run."""

import asyncio
import inspect
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from ._pure import due_times, percentile
from ._tick import ticking

Since = Literal["due", "sent"]


@dataclass(frozen=True)
class Run:
    """What became of every request of a run, in the order in which they were due.

    Each sequence has one entry a request. Times are in seconds from the start of the run. A request without an answer has
    status 0, a text in `problems`, and the moment it was given up as `done_s`: it is counted, never dropped.
    """

    name: str
    due_s: Sequence[float] = field(repr=False)
    sent_s: Sequence[float] = field(repr=False)
    done_s: Sequence[float] = field(repr=False)
    status: Sequence[int] = field(repr=False)
    problems: Sequence[str] = field(repr=False)

    def latency_ms(self, since: Since = "due") -> list[float]:
        """Milliseconds to the answer, from when each request was due (default) or from when it was really sent."""
        start = self.due_s if since == "due" else self.sent_s
        return [(done - begin) * 1000 for done, begin in zip(self.done_s, start, strict=True)]

    def percentile_ms(self, q: float, since: Since = "due") -> float:
        """The latency in milliseconds that q percent of the requests did not exceed."""
        return percentile(self.latency_ms(since), q)

    @property
    def lateness_ms(self) -> list[float]:
        """How many milliseconds after its due time each request was sent."""
        return [(sent - due) * 1000 for sent, due in zip(self.sent_s, self.due_s, strict=True)]

    @property
    def sent_per_s(self) -> float:
        """The rate at which requests really left, in requests per second."""
        return (
            (len(self.sent_s) - 1) / (max(self.sent_s) - min(self.sent_s))
            if len(self.sent_s) > 1
            else 0.0
        )

    @property
    def wall_s(self) -> float:
        """Seconds from the start of the run to its last answer."""
        return max(self.done_s)

    @property
    def statuses(self) -> Counter[int]:
        """How many answers had which status; 0 stands for no answer."""
        return Counter(self.status)

    @property
    def errors(self) -> int:
        """How many requests got no answer or a 5xx."""
        return sum(status == 0 or status >= 500 for status in self.status)

    def __str__(self) -> str:
        text = (
            f"{self.name}: {len(self.status)} requests, {dict(self.statuses)}, "
            f"p50 {self.percentile_ms(50):.1f} ms, p99 {self.percentile_ms(99):.1f} ms, {self.errors} errors"
        )
        first = next(filter(None, self.problems), "")
        return f"{text}\n  first problem: {first}" if first else text


class _Recorder:
    """Sends requests and notes what becomes of each."""

    def __init__(
        self, client: httpx.AsyncClient, path: str, n: int, method: str, json: Any, headers: Any
    ):
        if not inspect.iscoroutinefunction(getattr(client, "request", None)):
            raise TypeError(f"an httpx.AsyncClient is needed, not a {type(client).__name__}")
        if not client.base_url.host and not path.startswith(("http://", "https://")):
            raise ValueError(
                'the client has no base_url; give it one: httpx.AsyncClient(..., base_url="http://app")'
            )
        if n < 1:
            raise ValueError(f"at least one request is needed, not {n}")
        self.client, self.path, self.n = client, path, n
        self.method, self.options = method, {"json": json, "headers": headers}
        self.sent, self.done = [0.0] * n, [0.0] * n
        self.status, self.problems = [0] * n, ["not sent"] * n
        self.start = time.perf_counter()

    async def send(self, i: int) -> None:
        self.sent[i] = time.perf_counter() - self.start
        try:
            response = await self.client.request(self.method, self.path, **self.options)
            self.status[i], self.problems[i] = response.status_code, ""
        except asyncio.CancelledError as error:
            if asyncio.current_task().cancelling():
                self.problems[i] = "no answer within the time limit"
                raise
            self.problems[i] = _explain(error)  # the app's own
        except (Exception, BaseExceptionGroup, SystemExit) as error:  # noqa: BLE001 - all is counted
            self.problems[i] = _explain(error)
        finally:
            self.done[i] = time.perf_counter() - self.start

    def run(self, due: Sequence[float] | None = None) -> Run:
        now = time.perf_counter() - self.start
        for i, problem in enumerate(self.problems):
            if problem == "not sent":
                self.sent[i] = self.done[i] = now
        name = f"{self.method} {self.path}"
        return Run(
            name,
            tuple(due or self.sent),
            *map(tuple, (self.sent, self.done, self.status, self.problems)),
        )


def _explain(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}"
    return (
        f"{text} (is the app's lifespan running?)"
        if "'State' object has no attribute" in text
        else text
    )


async def _finish(recorder: _Recorder, work: Callable, limit_s: float) -> None:
    """Run `work(tasks)`, wait for the tasks it adds, and leave none of them behind."""
    tasks: set[asyncio.Task] = set()
    try:
        with ticking():
            async with asyncio.timeout(limit_s):
                await work(tasks)
                if tasks:
                    await asyncio.wait(tasks)
    except TimeoutError:
        pass  # what is missing is told by the Run
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=1)  # an app may swallow its cancellation


async def load(
    client: httpx.AsyncClient,
    path: str,
    *,
    rate: float,
    seconds: float | None = None,
    count: int | None = None,
    method: str = "GET",
    json: Any = None,
    headers: dict[str, str] | None = None,
    limit_s: float = 20.0,
) -> Run:
    """Send requests in an open loop: request i is due at start + i / rate, whether or not earlier ones were answered.

        run = await load(client, "/ping", rate=200, seconds=1)
        run.percentile_ms(99)

    Args:
        client: an httpx.AsyncClient with a base_url.
        path: the path to ask for.
        rate: requests per second, above 0. People arrive like this: they do not wait for each other's answers.
        seconds, count: how long, as time or as a number of requests. Give one of them.
        method, json, headers: as httpx takes them.
        limit_s: seconds after the last due time at which unanswered requests are given up and counted as errors.
            ASGITransport ignores httpx's own timeouts.

    Raises ValueError for a rate that is not above 0 or a client without base_url, TypeError for a sync client.
    """
    due = due_times(rate, seconds=seconds, count=count)
    recorder = _Recorder(client, path, len(due), method, json, headers)

    async def work(tasks: set[asyncio.Task]) -> None:
        for i, at in enumerate(due):
            if (wait := at - (time.perf_counter() - recorder.start)) > 0:
                await asyncio.sleep(wait)
            tasks.add(asyncio.create_task(recorder.send(i)))

    await _finish(recorder, work, due[-1] + limit_s)
    return recorder.run(due)


async def burst(
    client: httpx.AsyncClient,
    path: str,
    n: int,
    *,
    method: str = "GET",
    json: Any = None,
    headers: dict[str, str] | None = None,
    limit_s: float = 20.0,
) -> Run:
    """Send n requests at once and wait for all of them.

        run = await burst(client, "/slow", 20)
        run.wall_s

    Args: as for `load`; limit_s counts from the start. Raises as `load` does.
    """
    recorder = _Recorder(client, path, n, method, json, headers)

    async def work(tasks: set[asyncio.Task]) -> None:
        tasks.update(asyncio.create_task(recorder.send(i)) for i in range(n))

    await _finish(recorder, work, limit_s)
    return recorder.run([0.0] * n)


async def closed(
    client: httpx.AsyncClient,
    path: str,
    concurrency: int,
    count: int,
    *,
    method: str = "GET",
    json: Any = None,
    headers: dict[str, str] | None = None,
    limit_s: float = 20.0,
) -> Run:
    """Send `count` requests by `concurrency` clients, each of which waits for its answer before it sends the next.

        run = await closed(client, "/ping", concurrency=4, count=200)

    A closed loop slows down with the app, so it cannot see how long requests would have queued: use `load` for latency.
    Due and sent are the same here. Args: as for `load`; limit_s counts from the start. Raises as `load` does.
    """
    if concurrency < 1:
        raise ValueError(f"at least one client is needed, not {concurrency}")
    recorder = _Recorder(client, path, count, method, json, headers)
    numbers = itertools.count()

    async def client_loop() -> None:
        while (i := next(numbers)) < count:
            await recorder.send(i)

    async def work(tasks: set[asyncio.Task]) -> None:
        tasks.update(asyncio.create_task(client_loop()) for _ in range(min(concurrency, count)))

    await _finish(recorder, work, limit_s)
    return recorder.run()
