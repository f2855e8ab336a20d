"""Make what follows from the lessons: python -m fastapi_measured.index [--check]

The questions in 00-start-here with their one-breath answers, the line under the title and the last cell of each notebook, and in
README.md the table of lessons and the schedules. --check writes nothing and exits with 1 when one of them is out of step.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from .labs import ROOT, notebooks

START = "00-start-here.ipynb"
LEVELS = ("junior", "mid", "senior")
SCHEDULES = {
    "90 minutes": (["01", "07"], "Q3 in 01: a talk about Flask and Django can do without"),
    "half a day": (["01", "03", "07", "lab 07", "11"], "lab 07, then Q31 in 11"),
    "two days, the first": (
        ["01", "02", "03", "lab 03", "06", "07", "lab 07", "11"],
        "lab 03, then Q8 in 02",
    ),
    "two days, the second": (
        ["13", "14", "23", "lab 23", "26", "lab 26", "28"],
        "lab 23, then 14: its answers stand in the index",
    ),
}


@dataclass(frozen=True)
class Question:
    text: str
    in_one_breath: str


@dataclass(frozen=True)
class Lesson:
    """What a lesson and its solution say of themselves; minutes are for reading and running, or for solving the lab."""

    path: Path
    title: str
    level: str
    minutes: int
    lab_title: str
    lab_minutes: int
    measures: str
    questions: dict[int, Question]

    @property
    def name(self) -> str:
        return f"{self.path.stem[:2]} {self.title}"

    def link(self, to_notebooks: str) -> str:
        return f"[{self.name}]({to_notebooks}{self.level}/{self.path.name})"


def read_lessons(root: Path = ROOT) -> list[Lesson]:
    """All lessons of a course, in order. Raises ValueError with the place where one does not say what it has to."""
    return [_read(path, root) for path in notebooks("notebooks", root)]


def _read(path: Path, root: Path) -> Lesson:
    solution = root / "solutions" / path.parent.name / path.name
    number = path.name[:2]
    lesson_name, lab_name = path.relative_to(root), solution.relative_to(root)
    if not solution.exists():
        raise ValueError(f"{lesson_name} has no {lab_name}")
    of_lesson, of_solution = (nbformat.read(file, as_version=4) for file in (path, solution))
    return Lesson(
        path=path,
        title=_title(of_lesson, f"# {number} · ", lesson_name),
        level=path.parent.name,
        minutes=_told(of_lesson, "minutes", lesson_name),
        lab_title=_title(of_solution, f"# Lab {number} · ", lab_name),
        lab_minutes=_told(of_solution, "minutes", lab_name),
        measures=_told(of_lesson, "measures", lesson_name),
        questions=_questions(of_lesson, lesson_name),
    )


def _title(notebook: nbformat.NotebookNode, begin: str, name: Path) -> str:
    first = notebook.cells[0].source.partition("\n")[0]
    if not first.startswith(begin):
        raise ValueError(f"{name}: its first line must begin with `{begin}`, not `{first}`")
    return first.removeprefix(begin)


def _told(notebook: nbformat.NotebookNode, key: str, name: Path) -> Any:
    if key not in notebook.metadata.get("course", {}):
        raise ValueError(f"{name}: its notebook metadata needs `course` with `{key}`")
    return notebook.metadata.course[key]


def _questions(notebook: nbformat.NotebookNode, name: Path) -> dict[int, Question]:
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = {}
    for section in re.split(r"(?m)^(?=## )", prose):
        if head := re.match(r"## Q(\d+) · (.+)", section):
            answer = re.search(r"(?m)^> \*\*In one breath\.\*\* (.+(?:\n>.*)*)", section)
            if answer is None:
                raise ValueError(f"{name}: Q{head[1]} needs a line `> **In one breath.** ...`")
            found[int(head[1])] = Question(head[2], re.sub(r"\s*\n> ?", " ", answer[1]))
    return found


def lesson_line(lessons: list[Lesson], place: int) -> str:
    """The line under a lesson's title: level, minutes, questions, links."""
    lesson = lessons[place]
    parts = [
        f"{lesson.level.capitalize()} · {lesson.minutes} minutes",
        ", ".join(f"Q{number}" for number in lesson.questions),
        f"[index](../{START})",
    ]
    if place > 0:
        parts.append(f"before: {lessons[place - 1].link('../')}")
    if place + 1 < len(lessons):
        parts.append(f"next: {lessons[place + 1].link('../')}")
    parts.append(f"[lab](../../labs/{lesson.level}/{lesson.path.name})")
    return " · ".join(parts)


def closing(lessons: list[Lesson], place: int) -> str:
    """The last cell of a lesson: what to do next."""
    lesson = lessons[place]
    lab = f"[{lesson.lab_title}](../../labs/{lesson.level}/{lesson.path.name})"
    then = f"Then {lessons[place + 1].link('../')}. " if place + 1 < len(lessons) else ""
    return (
        "Before the next lesson choose *Kernel > Shut Down Kernel*: every open kernel keeps its memory.\n\n"
        f"Now the lab: {lab}. {then}Back to the [index](../{START})."
    )


def lab_line(lessons: list[Lesson], place: int) -> str:
    """The line under the title of a lab and of its solution."""
    lesson, notebooks = lessons[place], "../../notebooks/"
    parts = [
        f"{lesson.level.capitalize()} · {lesson.lab_minutes} minutes",
        f"belongs to {lesson.link(notebooks)}",
        f"[index]({notebooks}{START})",
    ]
    if place + 1 < len(lessons):
        parts.append(f"next: {lessons[place + 1].link(notebooks)}")
    parts.append(f"[solution](../../solutions/{lesson.level}/{lesson.path.name})")
    return " · ".join(parts)


def lab_closing(lesson: Lesson) -> str:
    """The last cell of a lab and of its solution."""
    return (
        f"All passed? Compare with the [solution](../../solutions/{lesson.level}/{lesson.path.name}), which also shows what "
        f"nearly works. To start over: `python -m fastapi_measured.labs {lesson.level}/{lesson.path.stem}`, then *File > "
        "Reload Notebook from Disk*."
    )


def question_tables(lessons: list[Lesson]) -> str:
    """All questions by level, in a table each, with the answers folded."""
    tables = []
    for level in LEVELS:
        found = {
            n: (lesson, q)
            for lesson in lessons
            if lesson.level == level
            for n, q in lesson.questions.items()
        }
        rows = [f"### {level.capitalize()}\n\n| | question | lesson | minutes |\n|---|---|---|---|"]
        for number, (lesson, question) in sorted(found.items()):
            answer = question.in_one_breath.replace("|", "\\|")
            rows.append(
                f"| Q{number} | {question.text}<details><summary>in one breath</summary>{answer}</details> "
                f"| {lesson.link('')} | {lesson.minutes} |"
            )
        tables.append("\n".join(rows))
    return "\n\n".join(tables)


def lesson_table(lessons: list[Lesson]) -> str:
    rows = ["| lesson | questions | minutes | what it measures |\n|---|---|---|---|"]
    for level in LEVELS:
        rows.append(f"| **{level.capitalize()}** | | | |")
        for lesson in lessons:
            if lesson.level == level:
                numbers = _ranges(list(lesson.questions))
                rows.append(
                    f"| {lesson.link('notebooks/')} | {numbers} | {lesson.minutes} | {lesson.measures} |"
                )
    return "\n".join(rows)


def _ranges(numbers: list[int]) -> str:
    """
    >>> _ranges([28, 29, 30, 22, 45])
    'Q22, Q28-Q30, Q45'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"Q{run[0]}-Q{run[-1]}" if len(run) > 2 else ", ".join(f"Q{n}" for n in run) for run in runs
    )


def schedule_table(lessons: list[Lesson]) -> str:
    by_number = {lesson.path.stem[:2]: lesson for lesson in lessons}
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


def put(text: str, name: str, made: str) -> str:
    """The text with what stands between <!-- name --> and <!-- end of name --> replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if not (begin in text and end in text.partition(begin)[2]):
        raise ValueError(f"README.md needs the lines {begin} and {end}")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{made}\n\n{end}{rest.partition(end)[2]}"


def make(root: Path = ROOT) -> dict[Path, str]:
    """All files that follow from the lessons, with the text that they should have."""
    lessons = read_lessons(root)
    made = {}
    for place, lesson in enumerate(lessons):
        made[lesson.path] = _with(lesson.path, lesson_line(lessons, place), closing(lessons, place))
        for folder in ("labs", "solutions"):
            path = root / folder / lesson.level / lesson.path.name
            made[path] = _with(path, lab_line(lessons, place), lab_closing(lesson))
    start = root / "notebooks" / START
    notebook = nbformat.read(start, as_version=4)
    for cell in notebook.cells:
        if cell.source.startswith("## The questions\n"):
            introduction = cell.source.partition("\n### ")[0].rstrip()
            cell.source = f"{introduction}\n\n{question_tables(lessons)}"
    made[start] = nbformat.writes(notebook) + "\n"
    readme = (root / "README.md").read_text(encoding="utf-8")
    readme = put(readme, "lessons", lesson_table(lessons))
    made[root / "README.md"] = put(readme, "schedules", schedule_table(lessons))
    return made


def _with(path: Path, line: str, last: str) -> str:
    """A notebook's text with another line under its title, and another last cell."""
    notebook = nbformat.read(path, as_version=4)
    title, _, below = notebook.cells[0].source.partition("\n\n")
    old, gap, rest = below.partition("\n\n")
    if old.split(" · ")[0].lower() not in LEVELS:
        raise ValueError(
            f"{path.name}: under its title stands a line that is made for you, such as `Senior · 1 minutes`, not `{old[:40]}`"
        )
    notebook.cells[0].source = f"{title}\n\n{line}{gap}{rest}"
    begin = " ".join(last.split()[:2])
    if not notebook.cells[-1].source.startswith(begin):
        raise ValueError(f"{path.name}: its last cell must be Markdown that begins with: {begin}")
    notebook.cells[-1].source = last
    return nbformat.writes(notebook) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fastapi_measured.index", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 when something is out of step",
    )
    args = parser.parse_args()
    try:
        made = make()
    except ValueError as error:
        sys.exit(str(error))
    stale = [path for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        name = path.relative_to(ROOT)
        if args.check:
            print(f"{name} is out of step: run python -m fastapi_measured.index")
        else:
            path.write_text(made[path], encoding="utf-8")
            print(f"made {name}")
    return 1 if args.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
