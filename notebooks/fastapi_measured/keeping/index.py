"""Make what follows from the lessons: python -m fastapi_measured.index [--check]

The map in 00-start-here, the line under the title and the last cell of each notebook, the finding and the table of lessons in
README.md, the schedules in notebooks/teaching.md, the drill's cards, and the plans. --check writes nothing and exits with 1 when one of them is out of step.
"""

import argparse
import json
import sys
from pathlib import Path

import nbformat

from ..drilling._cards import CARDS
from ..learning._progress import COURSE
from . import cards, pages, plans
from .finding import LESSON, finding
from .labs import ROOT
from .lessons import LEVELS, read_lessons


def put(text: str, name: str, made: str, file: str = "README.md") -> str:
    """The text with what's between <!-- name --> and <!-- end of name --> replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if not (begin in text and end in text.partition(begin)[2]):
        raise ValueError(f"{file} needs the lines {begin} and {end}")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{made}\n\n{end}{rest.partition(end)[2]}"


def make(root: Path = ROOT) -> dict[Path, bytes]:
    """All files that follow from the lessons, with what they should hold.

    Raises ValueError with the place where a lesson doesn't say what it has to, or a page has no room for what is made.
    """
    lessons = read_lessons(root)
    made = {}
    for place, lesson in enumerate(lessons):
        line, last = pages.lesson_line(lessons, place), pages.closing(lessons, place)
        made[lesson.path] = _with(lesson.path, line, last)
        for folder in ("labs", "solutions"):
            path = root / folder / lesson.level / lesson.path.name
            line, last = pages.lab_line(lessons, place), pages.lab_closing(lessons, place)
            made[path] = _with(path, line, last)
    start = root / "notebooks" / pages.START
    made[start] = _map(start, lessons)
    readme, teaching = root / "README.md", root / "notebooks" / "teaching.md"
    text = put(readme.read_text(encoding="utf-8"), "lessons", pages.lesson_table(lessons))
    if found := [lesson.path for lesson in lessons if lesson.path.name == LESSON]:
        paragraph, picture = finding(found[0])
        text = put(text, "finding", paragraph)
        made[root / ".github" / "pings.png"] = picture
    made[readme] = text
    text = teaching.read_text(encoding="utf-8")
    made[teaching] = put(text, "schedules", pages.schedule_table(lessons), teaching.name)
    path = root / CARDS.relative_to(ROOT)
    made[path] = cards.text(lessons, path)
    told = {"lessons": len(lessons), "plans": plans.plan_data(lessons)}
    made[root / COURSE.relative_to(ROOT)] = json.dumps(told, indent=1) + "\n"
    return {p: m if isinstance(m, bytes) else m.encode() for p, m in made.items()}


def stale(made: dict[Path, bytes]) -> list[Path]:
    """The files that aren't as they should be."""
    return [path for path, data in made.items() if not path.exists() or path.read_bytes() != data]


def _map(path: Path, lessons: list) -> str:
    """The start page: below three of its headings follows what is made."""
    notebook = nbformat.read(path, as_version=4)
    parts = {
        "## The path": pages.path_table,
        "## Three plans": plans.plan_pages,
        "## The questions": pages.questions,
    }
    for cell in notebook.cells:
        title, _, rest = cell.source.partition("\n\n")
        if cell.cell_type == "markdown" and title in parts:
            introduction = rest.partition("\n\n")[0]
            cell.source = f"{title}\n\n{introduction}\n\n{parts.pop(title)(lessons)}"
    if parts:
        raise ValueError(
            f"{path.name} needs a cell that begins with the heading {', '.join(parts)}"
        )
    return nbformat.writes(notebook) + "\n"


def _with(path: Path, line: str, last: str) -> str:
    """A notebook's text with another line under its title, and another last cell."""
    notebook = nbformat.read(path, as_version=4)
    title, _, below = notebook.cells[0].source.partition("\n\n")
    old, gap, rest = below.partition("\n\n")
    if old.split(" · ")[0].lower() not in LEVELS:
        raise ValueError(
            f"{path.name}: under its title is a line that's made for you, such as `Senior · 1 minutes`, not `{old[:40]}`"
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
    found = stale(made)
    for path in found:
        name = path.relative_to(ROOT)
        if args.check:
            print(f"{name} is out of step: run python -m fastapi_measured.index")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made[path])
            print(f"made {name}")
    return 1 if args.check and found else 0
