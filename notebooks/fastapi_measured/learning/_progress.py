"""What a learner has done so far, as the start page shows it."""

from dataclasses import dataclass
from typing import Any

from .._look import GOOD, NOTE, QUIET, pill
from ._store import kept

LESSONS = 30


@dataclass(frozen=True)
class Progress:
    """Names of finished lessons and solved labs; predictions that were right, and all that were compared."""

    lessons: tuple[str, ...]
    labs: tuple[str, ...]
    right: int
    predicted: int

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
        done = f"<div>Lessons: {', '.join(self.lessons)}</div>" if self.lessons else ""
        labs = f"<div>Labs: {', '.join(self.labs)}</div>" if self.labs else ""
        return f"<div>{pills}</div>{done}{labs}"

    def __repr__(self) -> str:
        return " | ".join(self.lines)


def progress() -> Progress:
    """What was done so far: lessons whose recap was run, labs whose checks passed, predictions.

        progress()

    Read from `.learner/`, which holds what this copy of the course has seen, and which git ignores.
    """
    return counted(kept())


def counted(events: list[dict[str, Any]]) -> Progress:
    """The progress in these events; of several answers to a question the last one counts."""
    lessons = {e.get("lesson") for e in events if e["kind"] == "recap" and e.get("claims")}
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
