"""Plans until an interview: what to do on each day, and what to leave out, made from the minutes of lessons and labs."""

import itertools
from dataclasses import dataclass
from typing import Any

from ..drilling._session import MOCK_MINUTES
from .lessons import Lesson

DRILL_MINUTES = 25
DAYS = 21


@dataclass(frozen=True)
class Day:
    """One day: its title, lessons and labs by number, whether it ends with a mock interview, and what to leave out first."""

    title: str
    lessons: tuple[str, ...]
    labs: tuple[str, ...] = ()
    mock: bool = False
    leave_out: str = ""

    def minutes(self, lessons: dict[str, Lesson]) -> int:
        """With the drill, or with the mock interview."""
        read = sum(lessons[number].minutes for number in self.lessons)
        solved = sum(lessons[number].lab_minutes for number in self.labs)
        return read + solved + (MOCK_MINUTES if self.mock else DRILL_MINUTES)


@dataclass(frozen=True)
class Plan:
    name: str
    promise: str
    days: tuple[Day, ...]


def plans(lessons: list[Lesson]) -> list[Plan]:
    """The three plans. Lessons that a course doesn't have are left out."""
    there = {lesson.number for lesson in lessons}
    return [
        Plan(
            "Three evenings",
            "What's asked most, and no labs. Leave everything folded.",
            tuple(_only(day, there) for day in EVENINGS),
        ),
        Plan(
            "A weekend",
            "Two long days: the same, and two labs that show how you'd find a fault.",
            tuple(_only(day, there) for day in WEEKEND),
        ),
        Plan(
            "Three weeks",
            "All of it, about two hours a day. Each lab waits until you've read one lesson more.",
            three_weeks(lessons),
        ),
    ]


EVENINGS = (
    Day("Evening 1", ("01", "02", "07"), leave_out="Q3 in 01, then Q8 in 02"),
    Day("Evening 2", ("09", "11"), leave_out="Q25 in 09, then Q31 in 11"),
    Day("Evening 3", ("14", "23", "26"), mock=True, leave_out="23: read its answers on this page"),
)
WEEKEND = (
    Day(
        "Saturday",
        ("01", "02", "03", "05", "07", "09", "11"),
        labs=("07",),
        leave_out="05, then Q25 in 09",
    ),
    Day(
        "Sunday",
        ("13", "14", "20", "23", "26", "28"),
        labs=("26",),
        mock=True,
        leave_out="20, then lab 26",
    ),
)


def three_weeks(lessons: list[Lesson], days: int = DAYS) -> tuple[Day, ...]:
    """All lessons and labs in order over so many days, about as long each; a lab comes after the lesson that follows its own."""
    steps: list[tuple[str, Lesson]] = []
    for before, lesson in itertools.pairwise([None, *lessons]):
        steps += [("lesson", lesson)] + ([("lab", before)] if before else [])
    steps += [("lab", lessons[-1])] if lessons else []
    whole = sum(_minutes(step) for step in steps)
    chosen: list[list[tuple[str, Lesson]]] = [[] for _ in range(days)]
    so_far = 0.0
    for step in steps:
        middle = so_far + _minutes(step) / 2
        chosen[min(days - 1, int(middle * days / whole))].append(step)
        so_far += _minutes(step)
    return tuple(_day(number, parts) for number, parts in enumerate(chosen, 1) if parts)


def _day(number: int, steps: list[tuple[str, Lesson]]) -> Day:
    read = tuple(lesson.number for kind, lesson in steps if kind == "lesson")
    solved = tuple(lesson.number for kind, lesson in steps if kind == "lab")
    skip = f"lab {solved[0]}" if solved else "what's folded"
    return Day(f"Day {number}", read, solved, mock=number % 7 == 0, leave_out=skip)


def _minutes(step: tuple[str, Lesson]) -> int:
    kind, lesson = step
    return lesson.minutes if kind == "lesson" else lesson.lab_minutes


def _only(day: Day, there: set[str]) -> Day:
    read, solved = ([n for n in numbers if n in there] for numbers in (day.lessons, day.labs))
    return Day(day.title, tuple(read), tuple(solved), day.mock, day.leave_out)


def plan_pages(lessons: list[Lesson]) -> str:
    """The plans on the start page, each a table that unfolds."""
    by_number = {lesson.number: lesson for lesson in lessons}
    told = []
    for plan in plans(lessons):
        rows = [
            "| day | lessons | labs | then | minutes | leave out first |",
            "|---|---|---|---|---|---|",
        ]
        for day in plan.days:
            read = ", ".join(by_number[number].link("") for number in day.lessons)
            solved = ", ".join(by_number[n].lab_link("../", f"lab {n}") for n in day.labs)
            then = "mock interview" if day.mock else "drill"
            cells = (day.title, read, solved, then, str(day.minutes(by_number)), day.leave_out)
            rows.append(f"| {' | '.join(cells)} |")
        fold = f"<details><summary><b>{plan.name}.</b> {plan.promise}</summary>"
        told.append(f"{fold}\n\n" + "\n".join(rows) + "\n\n</details>")
    return "\n\n".join(told)


def plan_data(lessons: list[Lesson]) -> list[dict[str, Any]]:
    """The plans for `progress`: names, and for each day its lessons and labs by number."""
    by_number = {lesson.number: lesson for lesson in lessons}
    return [
        {
            "name": plan.name,
            "days": [
                {
                    "title": day.title,
                    "lessons": list(day.lessons),
                    "labs": list(day.labs),
                    "minutes": day.minutes(by_number),
                }
                for day in plan.days
            ],
        }
        for plan in plans(lessons)
    ]
