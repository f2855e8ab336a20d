"""The interview drill: questions as an interviewer asks them, spaced until your interview. Used in notebooks/drill.ipynb."""

from pathlib import Path

from IPython.display import display

from ._look import Shown, card, folded, marked
from .drilling import _log
from .drilling._cards import load
from .drilling._session import LEVELS, Session, chosen, mock_interview, set_date, today
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
        told = set_date(str(interview)) if has_front_end() else ""
    except ValueError as error:
        display(Shown(card(marked(str(error))), str(error)))
        return
    if told:
        display(Shown(card(marked(told)), told))
    _show(
        today(cards, minutes=minutes) if has_front_end() else Session(cards, list(cards), minutes)
    )


def mock(level: str) -> None:
    """A mock interview: ten mixed questions with follow-ups in 45 minutes, and at the end what to read.

        mock("mid")

    Args:
        level: "junior", "mid" or "senior". For mid and senior, three of the ten questions are of the levels below.
    """
    try:
        cards = load()
        session = (
            mock_interview(cards, level)
            if has_front_end()
            else Session(chosen(cards, (level,)), [], 45)
        )
    except ValueError as error:
        display(Shown(card(marked(str(error))), str(error)))
        return
    _show(session)


def export(to: str = "my-drill.jsonl") -> None:
    """Copy everything that you've drilled to a file next to this notebook, because Binder forgets.

    export("my-drill.jsonl")
    """
    told = _log.export(Path(to)) if has_front_end() else NEEDS_A_PERSON
    display(Shown(card(marked(told)), told))


def take_in(source: str = "my-drill.jsonl") -> None:
    """Take in a file that `export` has made, perhaps on another computer. Nothing is counted twice.

    take_in("my-drill.jsonl")
    """
    told = _log.merge(Path(source)) if has_front_end() else NEEDS_A_PERSON
    display(Shown(card(marked(told)), told))


def _show(session: Session) -> None:
    if has_front_end():
        from .drilling._screen import Screen

        display(Screen(session).box)
        return
    asked = next(iter(session.cards.values()))
    question = f"For example: {asked.ask}"
    answer = folded("The answer", f"<div>{marked(asked.answer)}</div>")
    display(Shown(card(NEEDS_BUTTONS, marked(question), answer), f"{NEEDS_BUTTONS}\n{question}"))
