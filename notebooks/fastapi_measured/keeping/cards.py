"""Cards for the drill, made from the lessons; an Anki deck and a sheet to print: python -m fastapi_measured.cards --help"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from ..drilling._cards import CARDS, Card, load
from .labs import ROOT
from .lessons import Lesson, sections

_FOLD = re.compile(r"<details><summary>(.+?)</summary>\n\n(.+?)\n</details>", re.DOTALL)
# A sentence that points to what a card doesn't have; quotes stay.
_POINTS = re.compile(
    r"^(?!\*\")(?:Let's |Here(?:'s| are| is) |.*\b(?:above|below|charts?|tables?|rows?|columns?|bars?|grid)\b)"
)
_QUOTE = re.compile(r'\*"(.+?)"\*')
MIN_TRUTH_WORDS = 8  # below that, what's often said isn't answered in words


def cards(lesson: Lesson) -> Iterator[dict[str, Any]]:
    """A card for each question of a lesson. Raises ValueError with the place where a part is missing."""
    notebook = nbformat.read(lesson.path, as_version=4)
    for number, cells in sections(notebook).items():
        told = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        question = lesson.questions[number]
        ask = re.search(r'(?m)^> \*\*They ask\.\*\* "(.+)"$', told)
        must = re.search(r"\*\*Must say\.\*\*\n\n((?:- [^\n]+\n){3})", told + "\n")
        if not (ask and must):
            raise ValueError(f"{lesson.path.name}: Q{number} needs its ask line and Must say")
        yield {
            "id": f"Q{number}",
            "level": lesson.level,
            "lesson": lesson.name,
            "path": f"{lesson.level}/{lesson.path.name}",
            "question": question.text,
            "ask": ask[1],
            "answer": question.in_one_breath,
            "must_say": [line.removeprefix("- ") for line in must[1].strip().split("\n")],
            "follow_ups": [
                [_plain(q), _plain(a)] for q, a in _FOLD.findall(_after(told, "ask next"))
            ],
            "myths": _myths(cells),
            "picture": (chart := _picture(cells)) and chart.id,
            "drawn": _drawn(chart),
        }


def made(lessons: list[Lesson], before: Any, now: str | None = None) -> dict[str, Any]:
    """What cards.json holds. Its time only moves when a card has changed, so that Anki takes a newer deck for newer."""
    found = [card for lesson in lessons for card in cards(lesson)]
    found.sort(key=lambda card: int(card["id"][1:]))
    same = isinstance(before, dict) and before.get("cards") == found
    date = before["date"] if same else now or datetime.now(UTC).isoformat(timespec="seconds")
    return {"date": date, "cards": found}


def text(lessons: list[Lesson], path: Path) -> str:
    """The text of cards.json, from the lessons and from what it holds now."""
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}
    return json.dumps(made(lessons, before), ensure_ascii=False, indent=1) + "\n"


def _after(told: str, heading: str) -> str:
    """What follows a third-level heading that ends like this."""
    found = re.search(rf"(?m)^### .*{heading}\n(.*?)(?=^### |\Z)", told, re.DOTALL)
    return found[1] if found else ""


def _plain(markdown: str) -> str:
    """Markdown on one line: links become their text, and what a card doesn't have isn't pointed to."""
    text = re.sub(r"\s+", " ", re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", markdown)).strip()
    return re.sub(
        r",? as (?:the (?:table|chart|cell)|`[^`]+`)(?: above)?(?: shows| says)?\b", "", text
    )


def _myths(cells: list[nbformat.NotebookNode]) -> list[list[str]]:
    """What's often said, and what's true instead, where the lesson says so in words."""
    told, inside = [], False
    for cell in cells:
        if cell.cell_type != "markdown":
            continue
        for part in re.split(r"(?m)^(?=### )", cell.source):
            if part.startswith("### "):
                inside = part.startswith("### Often said")
            if inside:
                told.append(part.removeprefix("### Often said"))
    paragraphs = "\n\n".join(told).split("\n\n")
    pieces = _QUOTE.split(_plain(" ".join(map(_without_announcement, paragraphs))))
    pairs = zip(pieces[1::2], pieces[2::2], strict=True)
    myths = [
        [said, truth.lstrip(" .,:").rstrip(" ,:").removesuffix(" And")] for said, truth in pairs
    ]
    return [myth for myth in myths if len(myth[1].split()) >= MIN_TRUTH_WORDS]


def _without_announcement(paragraph: str) -> str:
    """A paragraph without what only leads to a cell: "Let's ask the package.", or a last sentence with a colon at its end."""
    paragraph = re.sub(r"(?m)^> .*$|\*\*In words:\*\*", "", paragraph).strip()
    sentences = re.split(r'(?<=[.?!"*])\s+', paragraph)
    if sentences[-1].endswith(":"):
        sentences.pop()
    return " ".join(s for s in sentences if not _POINTS.search(s))


def _picture(cells: list[nbformat.NotebookNode]) -> Any:
    """The cell whose chart answers the question: one that compares a prediction, or else the first; "" where there's none."""
    charts = [cell for cell in cells if cell.cell_type == "code" and "chart." in cell.source]
    charts = [cell for cell in charts if cell.outputs]
    compared = [cell for cell in charts if "compare(" in cell.source]
    return next(iter((*compared, *charts)), "")


def _drawn(cell: Any) -> str:
    """Changes with what the cell shows."""
    shown = [output.get("data", {}) for output in cell.outputs] if cell else []
    text = json.dumps([[data.get("image/png"), data.get("text/html")] for data in shown])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fastapi_measured.cards",
        description="The seventy answers as an Anki deck, or as a sheet to print.",
    )
    parser.add_argument("--anki", metavar="FILE", type=Path, help="write an Anki deck, FILE.apkg")
    parser.add_argument(
        "--sheet", metavar="FILE", type=Path, help="write a page to print, FILE.html"
    )
    args = parser.parse_args()
    if not (args.anki or args.sheet):
        parser.error("say what to write: --anki FILE or --sheet FILE")
    try:
        found: list[Card] = list(load().values())
        if args.anki:
            try:
                from . import anki
            except ImportError:
                sys.exit(
                    "The deck needs genanki: run pip install -e '.[anki]', then this command again."
                )

            anki.write(found, args.anki, ROOT)
            print(f"{args.anki}: {len(found)} cards. In Anki choose File > Import.")
        if args.sheet:
            from . import sheet

            args.sheet.write_text(sheet.page(found), encoding="utf-8")
            print(f"{args.sheet}: open it in a browser, and print it.")
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename} can't be written ({error.strerror}): choose another file.")
    return 0


__all__ = ["CARDS", "cards", "made", "main", "text"]
