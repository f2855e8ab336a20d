"""Checks of a lab: they judge the service that a learner built by how it behaves."""

import ast
import asyncio
import inspect
import textwrap
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

Build = Callable[[], Any]
Check = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Report:
    """Which checks passed and which refused the app, by name; both are empty while nothing was attempted."""

    passed: frozenset[str]
    refused: frozenset[str]
    attempted: bool


class Checks:
    """The checks of one lab.

        checks = Checks(shipped)

        @checks.check
        async def a_ping_is_answered_while_a_report_is_made(app):
            ...
            assert lag.longest_ms < 50, f"the loop stood still for {lag.longest_ms:.0f} ms, needed: under 50"

        checks.hints(a_ping_is_answered_while_a_report_is_made=["Who waits for whom?", "What can be awaited?"])
        report = await checks.run(build_app)

    Args:
        shipped: builds what the learner found, mostly a FastAPI app. While build_app has the same body, nothing was attempted.
        limit_s: seconds that one check may take.
    """

    def __init__(self, shipped: Build, *, limit_s: float = 20.0):
        self._shipped, self._limit_s = shipped, limit_s
        self._checks: dict[str, Check] = {}
        self._hints: dict[str, Sequence[str]] = {}
        self._told: dict[str, int] = {}
        self._last: str | None = None

    def check(self, function: Check) -> Check:
        """Add an async function that takes what was freshly built and asserts. Its name reads as a sentence."""
        if not inspect.iscoroutinefunction(function):
            raise TypeError(f"a check is an async def, and {function.__name__} is not")
        self._checks[function.__name__] = function
        return function

    def hints(self, **hints: Sequence[str]) -> None:
        """Hints by the name of their check, told one at a time as it fails for changed code. Raises KeyError for an unknown name."""
        if unknown := hints.keys() - self._checks.keys():
            raise KeyError(f"no check is called {', '.join(sorted(unknown))}")
        self._hints.update(hints)

    async def run(self, build: Build) -> Report:
        """Run every check on something built for it alone, print a line for each, and never raise."""
        names = {key: key.replace("_", " ") for key in self._checks}
        body = _body(build)
        if build is not self._shipped and body is not None and body == _body(self._shipped):
            print(*(f"not attempted yet   {name}" for name in names.values()), sep="\n")
            return Report(frozenset(), frozenset(), attempted=False)
        if problem := _cannot_build(build):
            print(f"failed              all {len(names)} checks: {problem}")
            return Report(frozenset(), frozenset(names.values()), attempted=True)
        changed, self._last = body is None or body != self._last, body
        passed, refused = set(), set()
        for key, name in names.items():
            judged = self._problem(self._checks[key], build)
            # in a task of its own, so that the context variables that it sets end with it
            if (problem := await asyncio.create_task(judged)) is None:
                passed.add(name)
                print(f"passed              {name}")
            else:
                refused.add(name)
                print(f"failed              {name}\n{textwrap.indent(problem, ' ' * 20)}")
                if build is not self._shipped and (hint := self._hint(key, changed)):
                    print(f"{' ' * 20}hint: {hint}")
        return Report(frozenset(passed), frozenset(refused), attempted=True)

    def _hint(self, key: str, changed: bool) -> str | None:
        """The next hint for changed code, the same one for the same code; the last one stays."""
        told = self._told[key] = self._told.get(key, 0) + changed
        hints = self._hints.get(key, ())
        return hints[min(max(told, 1), len(hints)) - 1] if hints else None

    async def _problem(self, function: Check, build: Build) -> str | None:
        try:
            async with asyncio.timeout(self._limit_s) as limit:
                await function(build())
        except AssertionError as error:
            return str(error) or "an assertion without a message"
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise
        except BaseException as error:  # noqa: BLE001 - a learner's code may raise anything
            if limit.expired():
                return f"no result within {self._limit_s:g} s: does something wait for ever?"
            return f"{type(error).__name__}: {error}"
        return None


def _cannot_build(build: Build) -> str | None:
    try:
        if build() is None:
            return f"{build.__name__} returned nothing: is its last line a return?"
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a learner's code may raise anything
        return f"{build.__name__} does not run, {type(error).__name__}: {error}"
    return None


def _body(build: Build) -> str | None:
    """The function's code without its name, comments and layout; None where its source cannot be had."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(build)))
    except (OSError, TypeError, SyntaxError):
        return None
    [function] = tree.body
    return ast.dump(ast.Module(function.body, [])) if hasattr(function, "body") else ast.dump(tree)
