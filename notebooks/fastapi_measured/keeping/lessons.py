"""What the lessons and their solutions say of themselves: titles, minutes, questions, answers."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from .labs import ROOT, notebooks

LEVELS = ("junior", "mid", "senior")
WORDS_A_MINUTE, LINES_A_MINUTE, MINUTES_A_PREDICTION = 150, 20, 0.5


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
    def number(self) -> str:
        return self.path.stem[:2]

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}"

    def link(self, to_notebooks: str) -> str:
        return f"[{self.name}]({to_notebooks}{self.level}/{self.path.name})"

    def lab_link(self, to_root: str, name: str | None = None) -> str:
        return f"[{name or self.lab_title}]({to_root}labs/{self.level}/{self.path.name})"


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


def sections(notebook: nbformat.NotebookNode) -> dict[int, list[nbformat.NotebookNode]]:
    """The cells of each question, down to the next second-level heading."""
    found: dict[int, list[nbformat.NotebookNode]] = {}
    number = None
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (head := re.match(r"## (?:Q(\d+) · )?", cell.source)):
            number = head[1] and int(head[1])
        if number:
            found.setdefault(number, []).append(cell)
    return found


def reading_minutes(notebook: nbformat.NotebookNode) -> float:
    """How long it takes to read a lesson: its prose and what its cells say, its open code, its predictions.

    Folded code isn't read, and the recap repeats what was read.
    """
    words = lines = predictions = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            words += len(cell.source.split())
            continue
        predictions += len(re.findall(r"(?m)^predict\(", cell.source))
        if not cell.metadata.get("jupyter", {}).get("source_hidden"):
            lines += sum(bool(line.strip()) for line in cell.source.split("\n"))
        if "recap()" not in cell.source:
            words += sum(len(_said(output).split()) for output in cell.outputs)
    read = words / WORDS_A_MINUTE + lines / LINES_A_MINUTE
    return read + predictions * MINUTES_A_PREDICTION


def _said(output: nbformat.NotebookNode) -> str:
    """What an output says in words; a picture's figures are seen, not read."""
    data = output.get("data", {})
    return "" if "image/png" in data else output.get("text", "") or data.get("text/plain", "")


def ranges(numbers: list[int]) -> str:
    """Question numbers, with runs shortened.

    >>> ranges([28, 29, 30, 22, 45])
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
