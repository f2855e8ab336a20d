"""One prediction: what is asked, what was answered, and when an answer counts as right."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._look import Shown, card, listed, marked, number

SURENESS = ("just guessing", "fairly sure", "sure")
Guess = str | dict[str, float]


@dataclass
class Prediction:
    """A question, what may be answered, and the answer so far.

    guess is an option's letter or a number for each name; sure is one of SURENESS. right is None until it was compared.
    """

    question: str
    text: str
    options: Mapping[str, str]
    numbers: Mapping[str, str]
    guess: Guess | None = None
    sure: str | None = None
    right: bool | None = None
    shown: Any = field(default=None, repr=False)

    @property
    def recalls(self) -> bool:
        """Whether it asks for what the lesson has shown already."""
        return self.question.endswith(" recall")

    @property
    def head(self) -> str:
        """What stands before the question."""
        return "Recall." if self.recalls else "Predict."


def is_right(guess: Guess, measured: Guess) -> bool:
    """Whether a guess counts as right: the same letter, or every number within a factor of two.

    >>> is_right({"calls": 30}, {"calls": 50}), is_right({"calls": 20}, {"calls": 50}), is_right("a", "b")
    (True, False, False)
    """
    if isinstance(guess, str) or isinstance(measured, str):
        return guess == measured
    return all(
        guess[name] == value or (guess[name] > 0 and value > 0 and 0.5 <= guess[name] / value <= 2)
        for name, value in measured.items()
    )


def checked(guess: str | Mapping[str, float], asked: Prediction) -> Guess:
    if asked.options:
        if guess not in asked.options:
            raise ValueError(f"{asked.question}: answer with one of {', '.join(asked.options)}")
        return guess
    if not isinstance(guess, Mapping) or guess.keys() != asked.numbers.keys():
        raise ValueError(f"{asked.question}: give a number for each of {', '.join(asked.numbers)}")
    return {name: float(value) for name, value in guess.items()}


def checked_sureness(sure: str | None) -> str | None:
    if sure is not None and sure not in SURENESS:
        raise ValueError(f"sure is one of {', '.join(SURENESS)}")
    return sure


def still(asked: Prediction) -> Shown:
    """The question without buttons: how it looks where nothing runs, and after it was compared."""
    lines = [f"<b>{asked.head}</b> {marked(asked.text)}"]
    text = [f"{asked.head} {asked.text}"]
    if asked.options:
        lines.append(listed(asked.options))
        text += [f"  {letter}  {option}" for letter, option in asked.options.items()]
    else:
        names = [f"{name}: how many {unit}?" for name, unit in asked.numbers.items()]
        lines.append("<br>".join(map(html.escape, names)))
        text += [f"  {name}" for name in names]
    if asked.guess is not None:
        markup, plain = said(asked)
        lines.append(markup)
        text.append(plain)
    return Shown(card(*lines), "\n".join(text))


def said(asked: Prediction) -> tuple[str, str]:
    """What was answered, as HTML and as text."""
    sure = f" ({asked.sure})" if asked.sure else ""
    markup = f"<b>You said</b> {told(asked.guess, asked)}{sure}."
    return markup, f"You said {told(asked.guess, asked, plain=True)}."


def told(guess: Guess, asked: Prediction, *, plain: bool = False) -> str:
    if isinstance(guess, str):
        answer = f"{guess}, {asked.options[guess]}".rstrip(".")
        return answer if plain else marked(answer)
    parts = (f"{name} {number(value)} {asked.numbers[name]}" for name, value in guess.items())
    return ", ".join(parts) if plain else html.escape(", ".join(parts))
