"""Checks of a lab: they judge the service that a learner built by how it behaves."""

import ast
import asyncio
import inspect
import re
import textwrap
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from IPython.display import display

from .. import chart
from ._again import executed_again
from ._panel import Line, nothing_runs, panel, untouched
from ._store import keep, notebook
from ._watch import Watch, failing, told

Build = Callable[[], Any]
Check = Callable[[Any], Awaitable[None]]
Hint = str | tuple[str, str]


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
            assert lag.longest_ms < 50, f"the loop was blocked for {lag.longest_ms:.0f} ms, needed: under 50"

        checks.hints(a_ping_is_answered_while_a_report_is_made=["Where does an async def handler run?"])
        report = await checks.run(build_app)

    A check is also refused when the app raises after its answer has begun: no client sees that, and it's an error all the same.

    Args:
        shipped: builds what the learner found, mostly a FastAPI app. While build_app has the same body, nothing was attempted.
        limit_s: seconds that one check may take.
        shared: names that stand for what two processes share, such as a database; see `second_process`.
        late_errors: False where an app may raise after its answer.
        learned: what to say when all checks have passed.
    """

    failing = staticmethod(failing)

    def __init__(
        self,
        shipped: Build,
        *,
        limit_s: float = 20.0,
        shared: Collection[str] = (),
        late_errors: bool = True,
        learned: str = "",
    ):
        self._shipped, self._limit_s, self._shared = shipped, limit_s, shared
        self._late_errors, self._learned = late_errors, learned
        self._checks: dict[str, Check] = {}
        self._hints: dict[str, Sequence[Hint]] = {}
        self._figure: tuple[Callable[[Any], Awaitable[Mapping[str, float]]], str, str] | None = None
        self._building, self._watch = shipped, Watch()

    def check(self, function: Check) -> Check:
        """Add an async function that takes what was freshly built and asserts. Its name reads as a sentence."""
        if not inspect.iscoroutinefunction(function):
            raise TypeError(f"a check is an async def, and {function.__name__} is not")
        self._checks[function.__name__] = function
        return function

    def hints(self, **hints: Sequence[Hint]) -> None:
        """Hints by the name of their check, from the gentle to the plain; the learner unfolds them one by one.

        A hint is a text, or a pair (pattern, text): then it's only given where the regular expression is found in what went
        wrong or in the learner's code. Raises KeyError for an unknown name.
        """
        if unknown := hints.keys() - self._checks.keys():
            raise KeyError(f"no check is called {', '.join(sorted(unknown))}")
        self._hints.update(hints)

    def before_and_after(self, title: str, unit: str) -> Callable:
        """Mark the async function that measures an app for the figure shown when all checks have passed.

        It takes what was built and returns a number for each name, in `unit`.
        """

        def mark(function: Callable[[Any], Awaitable[Mapping[str, float]]]) -> Callable:
            self._figure = (function, title, unit)
            return function

        return mark

    def second_process(self) -> Any:
        """What a second process would have built: the learner's cell executed once more, and built.

        For use in a check. Locks and dicts of the notebook are others there; imports and the `shared` names are the same.
        """
        return self._watch.on(executed_again(self._building, self._shared)())

    async def run(self, build: Build, *, only: str | None = None) -> Report:
        """Run every check on something built for it alone, show what each found, and never raise.

        Args:
            build: what the learner wrote.
            only: the name of the single check to run, as a worked example does.

        Raises KeyError when no check is called `only`.
        """
        names = {key: key.replace("_", " ") for key in self._checks}
        if only is not None:
            names = {only: names[only]}
        body = _body(build)
        if build is not self._shipped and body is not None and body == _body(self._shipped):
            display(untouched(list(names.values())))
            return Report(frozenset(), frozenset(), attempted=False)
        if problem := _cannot_build(build, self._shipped):
            display(nothing_runs(problem, len(names)))
            return Report(frozenset(), frozenset(names.values()), attempted=True)
        lines = [await self._line(key, name, build) for key, name in names.items()]
        refused = frozenset(line.name for line in lines if line.problem is not None)
        display(panel(lines, "" if only else self._learned))
        if only is None:
            keep("lab", lab=notebook(), passed=len(lines) - len(refused), checks=len(lines))
            if not refused and build is not self._shipped:
                await self._show_before_and_after(build)
        return Report(frozenset(names.values()) - refused, refused, attempted=True)

    async def _line(self, key: str, name: str, build: Build) -> Line:
        # in a task of its own, so that the context variables that it sets end with it
        problem = await asyncio.create_task(self._problem(self._checks[key], build))
        if problem is None:
            return Line(name, None)
        filename = getattr(getattr(build, "__code__", None), "co_filename", "")
        raised = told(self._watch.raised[-1], filename) if self._watch.raised else ""
        if raised.split("`")[1:2] == [problem]:
            raised = ""
        given = self._hints.get(key, ()) if build is not self._shipped else ()
        seen = f"{problem}\n{raised}\n{_source(build)}"
        hints = [
            hint if isinstance(hint, str) else hint[1]
            for hint in given
            if isinstance(hint, str) or re.search(hint[0], seen)
        ]
        return Line(name, problem, raised, hints)

    async def _problem(self, function: Check, build: Build) -> str | None:
        self._building, self._watch = build, Watch()
        try:
            async with asyncio.timeout(self._limit_s) as limit:
                await function(self._watch.on(build()))
        except AssertionError as error:
            return str(error) or "an assertion without a message"
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise
        except BaseException as error:  # noqa: BLE001 - a learner's code may raise anything
            if limit.expired():
                return f"no result within {self._limit_s:g} s: does something wait for ever?"
            return f"{type(error).__name__}: {error}"
        if self._late_errors and self._watch.late:
            return "a good answer was sent, and after it the app raised: needed: no error, early or late"
        return None

    async def _show_before_and_after(self, build: Build) -> None:
        if self._figure is None:
            return
        measure, title, unit = self._figure
        self._building = self._shipped
        before = await measure(self._shipped())
        self._building = build
        after = await measure(build())
        chart.pairs({name: (before[name], after[name]) for name in before}, title=title, unit=unit)


def _cannot_build(build: Build, shipped: Build) -> str | None:
    """Why nothing can be checked; None where the build gives something of the right kind."""
    name = getattr(build, "__name__", None)
    if name is None or not callable(build):
        return f"there's {type(build).__name__} where a function should be: write a def that returns it"
    try:
        built, wanted = build(), type(shipped())
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a learner's code may raise anything
        return f"{name} does not run, {type(error).__name__}: {error}"
    if built is None:
        return f"{name} returned nothing: is its last line a return?"
    if inspect.iscoroutine(built):
        built.close()
        return f"{name} returned a coroutine, needed: {wanted.__name__}. Write def, not async def"
    if isinstance(built, type):
        return f"{name} returned the class {built.__name__}, needed: what {built.__name__}() makes"
    if not (isinstance(built, wanted) or callable(built)):
        return f"{name} returned {type(built).__name__}, needed: {wanted.__name__}"
    return None


def _source(build: Build) -> str:
    try:
        return textwrap.dedent(inspect.getsource(build))
    except (OSError, TypeError):
        return ""


def _body(build: Build) -> str | None:
    """The function's code without its name, comments and layout; None where its source can't be had."""
    try:
        tree = ast.parse(_source(build))
        [function] = tree.body
    except (SyntaxError, ValueError):
        return None
    return ast.dump(ast.Module(function.body, [])) if hasattr(function, "body") else ast.dump(tree)
