"""The texts that are made from the lessons: lines, closings, the map, tables and schedules."""

from collections.abc import Callable

from .._look import marked
from .lessons import LEVELS, Lesson, ranges

START = "00-start-here.ipynb"
SCHEDULES = {
    "90 minutes": (["01", "07"], "Q3 in 01: a talk about Flask and Django can do without"),
    "half a day": (["01", "03", "07", "lab 07", "11"], "lab 07, then Q31 in 11"),
    "two days, the first": (
        ["01", "02", "03", "lab 03", "06", "07", "lab 07", "11"],
        "lab 03, then Q8 in 02",
    ),
    "two days, the second": (
        ["13", "14", "23", "lab 23", "26", "lab 26", "28"],
        "lab 23, then 14: its answers are on the start page",
    ),
}


def lesson_line(lessons: list[Lesson], place: int) -> str:
    """The line under a lesson's title: level, minutes, questions, links."""
    lesson = lessons[place]
    parts = [
        f"{lesson.level.capitalize()} · {lesson.minutes} minutes",
        ranges(list(lesson.questions)),
        f"[start page](../{START})",
    ]
    if place > 0:
        parts.append(f"before: {lessons[place - 1].link('../')}")
    if place + 1 < len(lessons):
        parts.append(f"next: {lessons[place + 1].link('../')}")
    parts.append(lesson.lab_link("../../", "lab"))
    return " · ".join(parts)


def closing(lessons: list[Lesson], place: int) -> str:
    """The last cell of a lesson: what to do next."""
    lesson = lessons[place]
    parts = [
        f"**Now the lab → {lesson.lab_link('../../')}**, {lesson.lab_minutes} minutes",
    ]
    if place + 1 < len(lessons):
        parts.append(f"**Then → {lessons[place + 1].link('../')}**")
    parts += ["[say it in the drill](../drill.ipynb)", f"[start page](../{START})"]
    return (
        "Before the next notebook, choose *Kernel > Shut Down Kernel*: every open kernel keeps its memory.\n\n"
        + " · ".join(parts)
    )


def lab_line(lessons: list[Lesson], place: int) -> str:
    """The line under the title of a lab and of its solution."""
    lesson, to_notebooks = lessons[place], "../../notebooks/"
    parts = [
        f"{lesson.level.capitalize()} · {lesson.lab_minutes} minutes",
        f"belongs to {lesson.link(to_notebooks)}",
        f"[start page]({to_notebooks}{START})",
    ]
    return " · ".join(parts)


def lab_closing(lessons: list[Lesson], place: int) -> str:
    """The last cell of a lab and of its solution."""
    lesson = lessons[place]
    solution = f"[solution](../../solutions/{lesson.level}/{lesson.path.name})"
    then = ""
    if place + 1 < len(lessons):
        then = f" Then go on to {lessons[place + 1].link('../../notebooks/')}."
    return (
        f"All passed? Compare with the {solution}, which also shows what nearly works.{then}\n\n"
        f"To start over, run `python -m fastapi_measured.labs {lesson.level}/{lesson.path.stem}` in a terminal, then choose "
        "*File > Reload Notebook from Disk*."
    )


def path_table(lessons: list[Lesson]) -> str:
    """The lessons on the start page: what you'll see, minutes, lab."""

    def row(lesson: Lesson) -> tuple[str, ...]:
        lab = f"{lesson.lab_link('../')} ({lesson.lab_minutes})"
        return lesson.link(""), lesson.measures, str(lesson.minutes), lab

    return _by_level(lessons, ("lesson", "what you'll see", "minutes", "lab"), row)


def lesson_table(lessons: list[Lesson]) -> str:
    """The lessons in README.md: questions, minutes, what you'll see."""

    def row(lesson: Lesson) -> tuple[str, ...]:
        numbers = ranges(list(lesson.questions))
        return lesson.link("notebooks/"), numbers, str(lesson.minutes), lesson.measures

    return _by_level(lessons, ("lesson", "questions", "minutes", "what you'll see"), row)


def _by_level(
    lessons: list[Lesson], head: tuple[str, ...], row: Callable[[Lesson], tuple[str, ...]]
) -> str:
    """A table with a row a lesson, and one before each level."""
    rows = [head, ("---",) * len(head)]
    for level in LEVELS:
        rows.append((f"**{level.capitalize()}**", *[""] * (len(head) - 1)))
        rows += [row(lesson) for lesson in lessons if lesson.level == level]
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  ", "| ") for cells in rows)


def questions(lessons: list[Lesson]) -> str:
    """All questions, by lesson; each unfolds its answer."""
    told = []
    for lesson in lessons:
        folds = [
            f"<details><summary><b>Q{number}</b> {marked(question.text)}</summary>\n\n{question.in_one_breath}\n</details>"
            for number, question in sorted(lesson.questions.items())
        ]
        told.append(f"### {lesson.link('')}\n\n" + "\n".join(folds))
    return "\n\n".join(told)


def schedule_table(lessons: list[Lesson]) -> str:
    """The schedules of teaching.md."""
    by_number = {lesson.number: lesson for lesson in lessons}
    rows = [
        "| time | lessons and labs, with their minutes | in all | skip first |\n|---|---|---|---|"
    ]
    for time, (parts, skip) in SCHEDULES.items():
        told, minutes = [], []
        for part in parts:
            lesson = by_number[part[-2:]]
            is_lab = part.startswith("lab ")
            minutes.append(lesson.lab_minutes if is_lab else lesson.minutes)
            told.append(f"{part if is_lab else lesson.name} ({minutes[-1]})")
        rows.append(f"| {time} | {', '.join(told)} | {sum(minutes)} | {skip} |")
    return "\n".join(rows)
