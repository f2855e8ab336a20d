"""What was drilled: one line an event in .learner/drill.jsonl, which is only ever appended to."""

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
    path = path or drill_log()
    line = {"id": uuid.uuid4().hex, "at": datetime.now(UTC).isoformat(timespec="seconds"), **event}
    return _write([line], path)


def read(path: Path | None = None) -> tuple[list[Event], str]:
    """All events in the order of their time, and "" or a sentence for the learner.

    A half-written last line, as a killed kernel leaves it, is skipped. A log with other damage is set aside under another
    name, and a new one gets what could be read.
    """
    path = path or drill_log()
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return [], ""
    except OSError as error:
        return (
            [],
            f"Your log can't be read ({error.strerror}): check the rights of {path.parent.name}/.",
        )
    lines = raw.split(b"\n")
    events = [_event(line) for line in lines if line.strip()]
    damaged = sum(event is None for event in events[:-1])
    found = _unique([event for event in events if event])
    return found, _set_aside(path, found, damaged) if damaged else ""


def export(to: Path, path: Path | None = None) -> str:
    """Copy the log to a file that you keep. Returns a sentence for the learner."""
    events, trouble = read(path)
    if trouble or not events:
        return trouble or "There's nothing to export yet: drill a card first."
    try:
        to.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    except OSError as error:
        return f"{to.name} can't be written ({error.strerror}): choose another name."
    return f"{len(events)} events are in {to.name}. Download it, and keep it."


def merge(source: Path, path: Path | None = None) -> str:
    """Take in the events of an exported file that aren't here yet. Returns a sentence for the learner."""
    try:
        lines = source.read_bytes().split(b"\n")
    except OSError as error:
        return f"{source.name} can't be read ({error.strerror}): upload it next to this notebook first."
    events = [event for line in lines if line.strip() and (event := _event(line))]
    if not events:
        return f"{source.name} holds no events of the drill. Choose the file that the drill has exported."
    here, trouble = read(path)
    known = {event["id"] for event in here}
    new = [event for event in events if event["id"] not in known]
    return (
        trouble
        or _write(new, path or drill_log())
        or f"{len(new)} of {len(events)} events were new."
    )


def _write(events: list[Event], path: Path) -> str:
    text = "".join(json.dumps(event) + "\n" for event in events)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(
            "ab+"
        ) as file:  # one write at the end, so that two drills don't mix their lines
            start = b"" if _ends_a_line(file) else b"\n"
            file.write(start + text.encode())
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
        datetime.fromisoformat(event["at"])
        known = isinstance(event["id"], str) and isinstance(event["kind"], str)
    except (ValueError, KeyError, TypeError):
        return None
    return event if known else None


def _unique(events: list[Event]) -> list[Event]:
    by_id = {event["id"]: event for event in events}
    return sorted(by_id.values(), key=lambda event: event["at"])


def _set_aside(path: Path, events: list[Event], damaged: int) -> str:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        return f"{damaged} lines of your log can't be read, and it can't be set aside ({error.strerror})."
    trouble = _write(events, path)
    return trouble or (
        f"{damaged} lines of your log couldn't be read. The file is now {aside.name}, and the other {len(events)} events were kept."
    )
