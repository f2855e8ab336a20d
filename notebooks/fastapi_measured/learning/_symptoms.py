"""Error messages and symptoms: each is raised by a function, and shown with what it means and where it's taught."""

import asyncio
import contextlib
import html
import inspect
import logging
import os
import re
import warnings
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from IPython.display import display

from .._look import Shown, marked

LIMIT_S = 20
MOST = 170  # characters of a message that are shown
_PLACES = re.compile(
    r"(?<![:/\w])(?:/[\w.+-]+){2,}/?|0x[0-9a-f]{6,}"
)  # paths and addresses of one machine


@dataclass(frozen=True)
class Symptom:
    """What people paste into a search box, what it means, the lesson, and the function that makes it appear."""

    message: str
    means: str
    lesson: str
    provoke: Callable[[], Awaitable[object] | object]


@dataclass(frozen=True)
class Seen:
    """A symptom with the line in which it appeared; "" where it didn't."""

    symptom: Symptom
    line: str


class Symptoms:
    """A group of symptoms.

        tests = Symptoms("Tests")

        @tests.shows("Event loop is closed", "The loop was closed, and something still uses it.", "junior/05-testing")
        async def closed():
            asyncio.new_event_loop().close()
            ...

        await tests.table()

    A message counts as seen in an exception, a warning, a log line or what the function returns. A server that's started
    inside needs `log_config=None`, or it takes over its loggers.
    """

    def __init__(self, name: str):
        self.name, self.all = name, []

    def shows(self, message: str, means: str, lesson: str) -> Callable[[Callable], Callable]:
        """Add a symptom: the words that don't change, what they mean in a sentence, the lesson's path without its ending."""

        def add(provoke: Callable) -> Callable:
            self.all.append(Symptom(message, means, lesson, provoke))
            return provoke

        return add

    async def table(self) -> None:
        """Provoke every symptom, and show them. Under pytest it raises AssertionError if a message doesn't appear."""
        seen = [Seen(one, line_with(one.message, await what_appears(one))) for one in self.all]
        missing = [one.symptom.message for one in seen if not one.line]
        display(_shown(self.name, seen))
        if missing and "PYTEST_CURRENT_TEST" in os.environ:
            raise AssertionError(f"these don't appear here: {missing}")


async def what_appears(symptom: Symptom) -> str:
    """Everything that a symptom's function raises, warns, logs or returns, as text."""
    with _logged() as lines, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            async with asyncio.timeout(LIMIT_S):
                found = symptom.provoke()
                lines.append(str(await found if inspect.isawaitable(found) else found))
        except (Exception, SystemExit, asyncio.CancelledError) as error:  # noqa: BLE001 - it's the symptom
            lines.append(f"{type(error).__name__}: {error}")
    lines += [f"{one.category.__name__}: {one.message}" for one in warned]
    return "\n".join(lines)


def line_with(message: str, text: str) -> str:
    """The first line that has the message, without what's of one machine; "" where none has it."""
    for line in text.splitlines():
        if message in line:
            short = _PLACES.sub("…", _cut(line.strip(), message))
            return short if message in short else message
    return ""


def _cut(line: str, message: str) -> str:
    """A long line, cut between words around its message."""
    begin = line.index(message)
    begin = line.rfind(" ", 0, begin - MOST // 4) + 1 if begin > MOST // 3 else 0
    end = line.find(" ", max(begin + MOST, line.index(message) + len(message)))
    return ("… " if begin else "") + (line[begin:end] + " …" if end > 0 else line[begin:])


@contextlib.contextmanager
def _logged() -> Iterator[list[str]]:
    """The lines that are logged inside, whatever a logger would do with them."""
    lines: list[str] = []
    handler = logging.Handler()
    as_text = logging.Formatter("%(levelname)s: %(message)s")
    handler.emit = lambda record: lines.append(as_text.format(record))
    loggers = [logging.getLogger(name) for name in ("", "uvicorn.error", "asyncio")]
    before = [(one.handlers[:], one.propagate) for one in loggers]
    for one in loggers:
        one.handlers, one.propagate = [handler], False
    try:
        yield lines
    finally:
        for one, (handlers, propagate) in zip(loggers, before, strict=True):
            one.handlers, one.propagate = handlers, propagate


def _shown(name: str, seen: list[Seen]) -> Shown:
    rows, lines = [], [name]
    for one in seen:
        path = f"{one.symptom.lesson}.ipynb"
        number = Path(path).name[:2]
        line = one.line or f"{one.symptom.message} (didn't appear here)"
        text = html.escape(line)
        bold = text.replace(
            html.escape(one.symptom.message), f"<b>{html.escape(one.symptom.message)}</b>", 1
        )
        rows.append(
            f'<tr><td style="text-align:left"><code>{bold}</code></td>'
            f'<td style="text-align:left">{marked(one.symptom.means)}</td>'
            f'<td><a href="{html.escape(path)}">{number}</a></td></tr>'
        )
        lines.append(f"{line} | {one.symptom.means} | {number}")
    head = "".join(
        f'<th style="text-align:left">{text}</th>'
        for text in ("message", "what it means", "lesson")
    )
    return Shown(f"<table><tr>{head}</tr>{''.join(rows)}</table>", "\n".join(lines))
