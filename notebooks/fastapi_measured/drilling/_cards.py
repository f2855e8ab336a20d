"""The cards: seventy questions with what belongs to them, read from cards.json, which the index command makes."""

import base64
import hashlib
import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CARDS = Path(__file__).with_name("cards.json")
ROOT = Path(__file__).resolve().parents[3]
DAMAGED = "cards.json is missing, damaged or from another release: run python -m fastapi_measured.index in the course's folder."


@dataclass(frozen=True)
class Card:
    """One question: how an interviewer asks it, the answer, its three must-say points, follow-ups and myths.

    path leads from `notebooks/` to the lesson; picture is the id of the lesson's cell with the chart, or "", and drawn changes
    with what's in it.
    """

    id: str
    level: str
    lesson: str
    path: str
    question: str
    ask: str
    answer: str
    must_say: tuple[str, ...]
    follow_ups: tuple[tuple[str, str], ...]
    myths: tuple[tuple[str, str], ...]
    picture: str
    drawn: str

    @property
    def number(self) -> int:
        return int(self.id[1:])

    @property
    def more(self) -> tuple[tuple[str, str], ...]:
        """Follow-ups with their answers; what's often said is asked as a question, too."""
        myths = ((f'People say: "{said}" What do you answer?', true) for said, true in self.myths)
        return (*self.follow_ups, *myths)

    @property
    def version(self) -> str:
        """Changes when the answer or a must-say point does."""
        return hashlib.sha256("\n".join((self.answer, *self.must_say)).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Picture:
    """A chart: a PNG with what it shows as text, or HTML."""

    png: bytes
    markup: str
    words: str


def load(path: Path = CARDS) -> dict[str, Card]:
    """All cards by their id, "Q1" to "Q70". Raises ValueError, saying what to do, when the file is missing or damaged."""
    try:
        return {card.id: card for card in map(_card, _read(path)["cards"])}
    except (KeyError, TypeError, AttributeError):
        raise ValueError(DAMAGED) from None


def date(path: Path = CARDS) -> str:
    """When a card changed last, "2026-12-01T18:00:00+00:00"."""
    return _read(path)["date"]


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ValueError(DAMAGED) from None


def _card(told: dict[str, Any]) -> Card:
    pairs = {name: tuple(map(tuple, told[name])) for name in ("follow_ups", "myths")}
    return Card(**told | pairs | {"must_say": tuple(told["must_say"])})


def picture(card: Card, root: Path = ROOT) -> Picture | None:
    """The chart of a card, from the lesson's outputs; None where the lesson isn't here or its outputs were cleared."""
    try:
        notebook = json.loads((root / "notebooks" / card.path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    for cell in notebook.get("cells", []):
        if cell.get("id") == card.picture:
            return _drawn(cell.get("outputs", []))
    return None


def _drawn(outputs: list[dict[str, Any]]) -> Picture | None:
    """The first picture of a cell's outputs, or its first table."""
    title = ""
    for data in (output.get("data", {}) for output in outputs):
        markup, words = ("".join(data.get(f"text/{kind}", "")) for kind in ("html", "plain"))
        if "image/png" in data:
            return Picture(base64.b64decode("".join(data["image/png"])), "", words)
        if "<table" in markup or "font-size:300%" in markup:
            return Picture(b"", f"<div><b>{html.escape(title)}</b></div>{markup}", words)
        title = words.partition("\n")[0]
    return None
