"""What was drilled: one line an event in .learner/drill.jsonl, which is only ever appended to."""

import hashlib
import json
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..learning._store import log as learners_log

Event = dict[str, Any]


def drill_log() -> Path:
    """The log of the drill, in the learner's folder."""
    return learners_log().with_name("drill.jsonl")


def append(event: Event, path: Path | None = None) -> str:
    """Add an event with an id and its time. Returns "", or a sentence that says why it wasn't kept."""
    line = {"id": uuid.uuid4().hex, "at": datetime.now(UTC).isoformat(timespec="seconds"), **event}
    return _write([line], path or drill_log())


def read(path: Path | None = None) -> tuple[list[Event], str]:
    """All events in the order in which they were written, and "" or a sentence for the learner.

    A half-written last line, as a killed kernel leaves it, is skipped. Other lines that can't be read are skipped too, and
    copied to a file of their own: the log itself is never changed.
    """
    path = path or drill_log()
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], ""
    except OSError as error:
        return (
            [],
            f"Your log can't be read ({error.strerror}): check the rights of {path.parent.name}/.",
        )
    lines = [line for line in lines if line.strip()]
    found = [(line, _event(line)) for line in lines]
    damaged = [line for line, event in found[:-1] if event is None]
    by_id = {event["id"]: event for _, event in found if event}
    return list(by_id.values()), _copy_aside(path, damaged, len(by_id)) if damaged else ""


def export(to: Path, path: Path | None = None) -> str:
    """Add everything to a file that you keep; what was in it stays. Returns a sentence for the learner."""
    events, trouble = read(path)
    if not events:
        return trouble or "There's nothing to export yet: drill a card first."
    events = list({event["id"]: event for event in (*_events_of(to), *events)}.values())
    half = to.with_name(f"{to.name}.part")
    try:
        half.write_text(_text(events), encoding="utf-8")
        os.replace(half, to)
    except OSError as error:
        return f"{to.name} can't be written ({error.strerror}): choose another name."
    return f"{len(events)} events are in {to.name}. Download it, and keep it. {trouble}".strip()


def merge(source: Path, path: Path | None = None) -> str:
    """Take in the events of an exported file that aren't here yet. Returns a sentence for the learner."""
    if not source.exists():
        return f"There's no {source.name} here: upload it next to this notebook first."
    events = _events_of(source)
    if not events:
        return f"{source.name} holds no events of the drill. Choose the file that the drill has exported."
    here, trouble = read(path)
    known = {event["id"] for event in here}
    new = [event | {"merged": True} for event in events if event["id"] not in known]
    told = _write(new, path or drill_log()) or f"{len(new)} of {len(events)} events were new."
    return f"{told} {trouble}".strip()


def in_order(events: list[Event], now: datetime) -> list[tuple[datetime, Event]]:
    """The events with the times at which they happened, oldest first.

    What was written later happened later, whatever the clock said. An event that was merged from another computer keeps
    its own time. Nothing is in the future.
    """
    timed, latest = [], now
    for event in reversed(events):
        at = min(_time(event), now)
        if not event.get("merged"):
            at = latest = min(at, latest)
        timed.append((at, event))
    timed.reverse()  # events of one time stay in the order in which they were written
    return sorted(timed, key=lambda pair: pair[0])


def _time(event: Event) -> datetime:
    return datetime.fromisoformat(event["at"]).astimezone(UTC)


def _text(events: list[Event]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def _events_of(file: Path) -> list[Event]:
    """The events in a file; none where there's no file, or another one."""
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError:
        return []
    return [event for line in lines if line.strip() and (event := _event(line))]


def _write(events: list[Event], path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(
            "ab+"
        ) as file:  # one write at the end, so that two drills don't mix their lines
            start = "" if _ends_a_line(file) else "\n"
            file.write((start + _text(events)).encode())
    except OSError as error:
        return (
            f"This wasn't kept ({error.strerror}): check the disk and the rights of {path.parent.name}/. "
            "You can go on, and nothing that was kept before is lost."
        )
    return ""


def _ends_a_line(file: Any) -> bool:
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _event(line: bytes) -> Event | None:
    """The event on a line; None where it isn't one."""
    try:
        event = json.loads(line)
        _time(event)
        known = isinstance(event["id"], str) and isinstance(event["kind"], str)
        known = known and (event["kind"] != "review" or isinstance(event["card"], str))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return event if known else None


def _copy_aside(path: Path, damaged: list[bytes], left: int) -> str:
    """Copy lines that can't be read to a file named after them. Says so once, when the file is new."""
    name = hashlib.sha256(b"\n".join(damaged)).hexdigest()[:8]
    aside = path.with_name(f"{path.stem}.damaged-{name}{path.suffix}")
    try:
        with aside.open("xb") as file:
            file.write(b"\n".join(damaged) + b"\n")
    except (
        OSError
    ):  # it was said before, or there's no room for a copy: the lines are in the log anyway
        return ""
    return (
        f"{len(damaged)} lines of your log can't be read, perhaps because a kernel was killed. They're copied to {aside.name}, "
        f"and the other {left} events count."
    )
