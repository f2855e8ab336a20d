"""What a learner has done so far, as the start page shows it."""

import dataclasses
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._look import GOOD, NOTE, QUIET, pill
from ._store import kept

COURSE = Path(__file__).with_name("course.json")  # made by the index command
LESSONS = 30
NAME = re.compile(r"\d\d-[a-z-]+")


@dataclass(frozen=True)
class Progress:
    """Names of finished lessons and solved labs; predictions that were right, and all that were compared."""

    lessons: tuple[str, ...]
    labs: tuple[str, ...]
    right: int
    predicted: int
    plan: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """One line each for lessons, labs and predictions."""
        if not (self.lessons or self.labs or self.predicted):
            return ["Nothing yet. It fills as you run a lesson's recap, solve a lab, or predict."]
        told = [
            f"{len(self.lessons)} of {LESSONS} lessons",
            f"{len(self.labs)} of {LESSONS} labs",
        ]
        if self.predicted:
            told.append(f"{self.right} of {self.predicted} predictions right")
        return told

    def _repr_html_(self) -> str:
        colours = (GOOD, NOTE, QUIET) if len(self.lines) > 1 else (QUIET,)
        pills = " ".join(map(pill, self.lines, colours))
        names = {"Lessons": self.lessons, "Labs": self.labs}
        done, labs = (
            f"<div>{kind}: {html.escape(', '.join(found))}</div>" if found else ""
            for kind, found in names.items()
        )
        days = "".join(f"<div>{html.escape(line)}</div>" for line in self.plan)
        return f"<div>{pills}</div>{done}{labs}{days}"

    def __repr__(self) -> str:
        return "\n".join((" | ".join(self.lines), *self.plan))


def progress(plan: str = "") -> Progress:
    """What was done so far: lessons whose recap was run, labs whose checks passed, predictions.

        progress("three weeks")

    Args:
        plan: "three evenings", "a weekend" or "three weeks" also shows each day of that plan, and what's next.

    Read from `.learner/`, which holds what this copy of the course has seen, and which git ignores. Raises ValueError for a
    plan that doesn't exist.
    """
    found = counted(kept())
    if not plan:
        return found
    known = {
        one["name"].lower(): one["days"] for one in json.loads(COURSE.read_text("utf-8"))["plans"]
    }
    if plan.lower() not in known:
        raise ValueError(f"{plan!r} isn't a plan: choose from {', '.join(known)}.")
    return dataclasses.replace(found, plan=tuple(days(known[plan.lower()], found)))


def days(plan: list[dict[str, Any]], found: Progress) -> list[str]:
    """A line for each day of a plan: what's done, and where to go on."""
    done = {f"lesson {name[:2]}" for name in found.lessons} | {
        f"lab {name[:2]}" for name in found.labs
    }
    lines, first_open = [], True
    for day in plan:
        steps = [f"lesson {n}" for n in day["lessons"]] + [f"lab {n}" for n in day["labs"]]
        left = [step for step in steps if step not in done]
        if not left:
            lines.append(f"✓ {day['title']}")
            continue
        arrow, first_open = ("→" if first_open else "○"), False
        ready = (
            f", done: {', '.join(s for s in steps if s in done)}" if len(left) < len(steps) else ""
        )
        lines.append(
            f"{arrow} {day['title']}: {', '.join(left)} ({day['minutes']} minutes in all{ready})"
        )
    return lines


def counted(events: list[dict[str, Any]]) -> Progress:
    """The progress in these events; of several answers to a question the last one counts."""
    lessons = {e.get("lesson") for e in events if e["kind"] == "recap" and e.get("claims")}
    lessons = {name for name in lessons if NAME.fullmatch(str(name))}  # no copies
    labs = {
        e.get("lab")
        for e in events
        if e["kind"] == "lab" and e.get("checks") and e.get("passed") == e.get("checks")
    }
    compared = {
        (e.get("question"), e.get("text")): bool(e.get("right"))
        for e in events
        if e["kind"] == "compared" and not str(e.get("question")).endswith(" recall")
    }
    return Progress(
        tuple(sorted(filter(None, lessons))),
        tuple(sorted(filter(None, labs))),
        sum(compared.values()),
        len(compared),
    )
