"""The interview drill: questions as an interviewer asks them, spaced until your interview. Used in notebooks/drill.ipynb."""

from pathlib import Path

from IPython.display import display

from ._look import Shown, card, folded, marked
from .drilling import _log
from .drilling._cards import Card, load
from .drilling._screen import Screen
from .drilling._session import LEVELS, chosen, mock_interview, set_date, today
from .learning._store import has_front_end

__all__ = ["drill", "export", "mock", "take_in"]
NEEDS_A_PERSON = "Run this cell in JupyterLab or VS Code: your log is only touched there."
NEEDS_BUTTONS = (
    "The drill needs buttons: open this notebook in JupyterLab or VS Code, and run this cell there."
)


def drill(*, interview: str = "", levels: tuple[str, ...] = LEVELS, minutes: float = 25) -> None:
    """Ask today's cards: what you were sure of and got wrong, what's due, and some new ones.

        drill(interview="2027-01-31", levels=("junior", "mid"), minutes=25)

    Args:
        interview: the date of your interview, year-month-day. No card's next turn is later than that day. "" for none.
        levels: the levels to ask from.
        minutes: how long this sitting may take. What's left comes next time.

    What you said is kept in `.learner/drill.jsonl`. A date or level that doesn't exist is named, and nothing is asked.
    Source: the spacing is FSRS, of the package fsrs.
    """
    try:
        cards = chosen(load(), (levels,) if isinstance(levels, str) else tuple(levels))
        if not has_front_end():
            _show_without_buttons(next(iter(cards.values())))
            return
        told = set_date(str(interview))
    except ValueError as error:
        _say(str(error))
        return
    if told:
        _say(told)
    display(Screen(today(cards, minutes=minutes)).box)


def mock(level: str) -> None:
    """A mock interview: ten mixed questions with follow-ups in 45 minutes, and at the end what to read.

        mock("mid")

    Args:
        level: "junior", "mid" or "senior". For mid and senior, three of the ten questions are of the levels below.
    """
    try:
        cards = load()
        own = chosen(cards, (level,))
        if not has_front_end():
            _show_without_buttons(next(iter(own.values())))
            return
        display(Screen(mock_interview(cards, level)).box)
    except ValueError as error:
        _say(str(error))


def export(to: str = "my-drill.jsonl") -> None:
    """Copy everything that you've drilled to a file next to this notebook, because Binder forgets.

    export("my-drill.jsonl")
    """
    _say(_log.export(Path(to)) if has_front_end() else NEEDS_A_PERSON)


def take_in(source: str = "my-drill.jsonl") -> None:
    """Take in a file that `export` has made, perhaps on another computer. Nothing is counted twice.

    take_in("my-drill.jsonl")
    """
    _say(_log.merge(Path(source)) if has_front_end() else NEEDS_A_PERSON)


def _show_without_buttons(example: Card) -> None:
    question = f"For example: {example.ask}"
    answer = folded("The answer", f"<div>{marked(example.answer)}</div>")
    display(Shown(card(NEEDS_BUTTONS, marked(question), answer), f"{NEEDS_BUTTONS}\n{question}"))


def _say(text: str) -> None:
    display(Shown(card(marked(text)), text))
