"""What an app raised while a check called it, which a client of the app doesn't see."""

import contextlib
import functools
import inspect
import linecache
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any


@dataclass
class Watch:
    """The exceptions that reached the server: all of them, and those raised after a good answer had begun."""

    raised: list[Exception] = field(default_factory=list)
    late: list[Exception] = field(default_factory=list)

    def on(self, built: Any) -> Any:
        """Watch what was built: an app, what wraps an app, or a function that creates apps."""
        if isinstance(built, FunctionType) and not inspect.iscoroutinefunction(built):

            @functools.wraps(built)
            def create(*args: Any, **options: Any) -> Any:
                return self.on(built(*args, **options))

            return create
        app = built
        while not hasattr(app, "build_middleware_stack") and hasattr(app, "app"):
            app = app.app
        if hasattr(app, "build_middleware_stack"):
            app.build_middleware_stack = functools.partial(self._stack, app.build_middleware_stack)
        return built

    def _stack(self, build: Any) -> Any:
        inner = build()

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            status = None

            async def noting(message: Any) -> None:
                nonlocal status
                status = message.get("status", status)
                await send(message)

            try:
                await inner(scope, receive, noting)
            except Exception as error:
                if scope["type"] == "http":
                    self.raised.append(error)
                    if status is not None and status < 500:
                        self.late.append(error)
                raise

        return watched


def told(error: Exception, filename: str) -> str:
    """An exception with the learner's line that led to it, or with the place in a library where no such line did.

    filename is that of the learner's cell.
    """
    kind = type(error)
    name = (
        kind.__name__
        if kind.__module__ in {"builtins", "__main__"}
        else f"{kind.__module__}.{kind.__name__}"
    )
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == filename]
    where = ""
    if own and (line := linecache.getline(filename, own[-1].lineno or 0).strip()):
        where = f", in line {own[-1].lineno} of its cell: `{line}`"
    elif frames:
        where = f", in `{frames[-1].name}` of {Path(frames[-1].filename).name}"
    return f"`{name}: {error}`{where}"


@contextlib.contextmanager
def failing(owner: Any, step: str, error: BaseException) -> Iterator[list[int]]:
    """Let every call of owner.step raise `error` while the block runs; yields a list with an entry a call.

        with checks.failing(Connection, "insert", OSError("the disk is full")) as calls: ...

    Raises AttributeError when there is no such step.
    """
    original, calls = getattr(owner, step), []

    def fail(*_: Any, **__: Any) -> None:
        calls.append(len(calls) + 1)
        raise error.with_traceback(None)

    async def fail_later(*args: Any, **options: Any) -> None:
        fail(*args, **options)

    was_own = step in vars(owner)
    setattr(owner, step, fail_later if inspect.iscoroutinefunction(original) else fail)
    try:
        yield calls
    finally:
        if was_own:
            setattr(owner, step, original)
        else:
            delattr(owner, step)
