"""Checks of a lab: they judge the service that a learner built by how it behaves."""

import ast
import asyncio
import inspect
import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI

Build = Callable[[], FastAPI]
Check = Callable[[FastAPI], Awaitable[None]]


@dataclass(frozen=True)
class Report:
    """Which checks passed and which refused the app, by name; both are empty while nothing was attempted."""

    passed: frozenset[str]
    refused: frozenset[str]
    attempted: bool


class Checks:
    """The checks of one lab.

        checks = Checks(shipped)

        @checks.check("Who waits for whom?", "What does `await` need to wait for?")
        async def a_ping_is_answered_while_a_report_is_made(app):
            ...
            assert lag.longest_ms < 50, f"the loop stood still for {lag.longest_ms:.0f} ms, needed: under 50"

        report = await checks.run(build_app)

    Args:
        shipped: builds the service as the learner found it. While build_app has the same body, nothing was attempted.
        limit_s: seconds that one check may take.
    """

    def __init__(self, shipped: Build, *, limit_s: float = 20.0):
        self._shipped, self._limit_s = shipped, limit_s
        self._checks: dict[str, tuple[Check, tuple[str, ...]]] = {}
        self._failures: dict[str, int] = {}

    def check(self, *hints: str) -> Callable[[Check], Check]:
        """Add an async function that takes a fresh app and asserts. Its name reads as a sentence; hints are told one a failure."""

        def add(function: Check) -> Check:
            self._checks[function.__name__.replace("_", " ")] = function, hints
            return function

        return add

    async def run(self, build_app: Build) -> Report:
        """Run every check on an app of its own, print a line for each, and never raise."""
        attempted = (
            build_app is self._shipped
            or _body(build_app) != _body(self._shipped)
            or _body(build_app) is None
        )
        passed, refused = set(), set()
        for name, (function, hints) in self._checks.items():
            if not attempted:
                print(f"not attempted yet   {name}")
                continue
            if (problem := await self._problem(function, build_app)) is None:
                passed.add(name)
                print(f"passed              {name}")
            else:
                refused.add(name)
                print(f"failed              {name}\n{textwrap.indent(problem, ' ' * 20)}")
                if hints and build_app is not self._shipped:
                    seen = self._failures.get(name, 0)
                    self._failures[name] = seen + 1
                    print(f"{' ' * 20}hint: {hints[min(seen, len(hints) - 1)]}")
        return Report(frozenset(passed), frozenset(refused), attempted)

    async def _problem(self, function: Check, build_app: Build) -> str | None:
        try:
            app = build_app()
            if not isinstance(app, FastAPI):
                return f"build_app returned {type(app).__name__}, not a FastAPI app: is its last line `return app`?"
            async with asyncio.timeout(self._limit_s):
                await function(app)
        except AssertionError as error:
            return str(error) or "an assertion without a message"
        except TimeoutError:
            return f"no result within {self._limit_s:g} s: does something wait for ever?"
        except Exception as error:  # noqa: BLE001 - a learner's app may raise anything
            return f"{type(error).__name__}: {error}"
        return None


def _body(build: Build) -> str | None:
    """The function's code without its name, comments and layout; None where its source cannot be had."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(build)))
    except (OSError, TypeError, SyntaxError):
        return None
    return ast.dump(ast.Module(tree.body[0].body, []))
