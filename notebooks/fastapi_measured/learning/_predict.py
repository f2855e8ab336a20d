"""Predictions: asked before a measurement, kept, and compared with what was measured."""

import html
from collections.abc import Mapping

from IPython.display import display

from .._look import BAD, GOOD, NOTE, Shown, card, marked, verdict
from ._buttons import show_buttons
from ._prediction import (
    Guess,
    Prediction,
    checked,
    checked_sureness,
    is_right,
    said,
    still,
    told,
)
from ._store import has_front_end, keep, kept

_predictions: dict[str, Prediction] = {}


def predictions() -> dict[str, Prediction]:
    """All predictions of this kernel, by their key, in the order in which they were asked."""
    return _predictions


def latest_question() -> str:
    """The interview question that was asked last, "Q33"; "" where none was."""
    return next(reversed(_predictions), "").partition(" ")[0]


def predict(
    question: str,
    text: str,
    options: Mapping[str, str] | None = None,
    *,
    numbers: Mapping[str, str] | None = None,
    guess: str | Mapping[str, float] | None = None,
    sure: str | None = None,
) -> None:
    """Ask for a prediction before the measurement that settles it.

        predict("Q33", "How long does a ping wait beside a blocking call?", {"a": "no longer", "b": "until it ends"})
        predict("Q35", "How long do so many calls take?", numbers={"40 calls": "rounds", "41 calls": "rounds"})

    In JupyterLab and VS Code the question comes with buttons. Elsewhere, give the answer in the call: `guess="b"`, or
    `guess={"40 calls": 1, "41 calls": 2}`. Guesses are kept in `.learner/`, and preset when the notebook is run again.

    Args:
        question: the number of the interview question, "Q33"; a second prediction adds a word: "Q33 def". At the lesson's end
            "Q33 recall" asks for what was learned, and isn't counted as a prediction.
        text: what is asked, one sentence.
        options: answers by letter, one of which is right.
        numbers: up to three names of numbers, with their units; instead of options.
        guess: the answer, where there are no buttons.
        sure: how sure you are, one of "just guessing", "fairly sure", "sure".

    Raises ValueError unless there are options or one to three numbers, or when the guess is none of them.
    """
    options, numbers = dict(options or {}), dict(numbers or {})
    if bool(options) == bool(numbers) or len(numbers) > 3:
        raise ValueError(
            "a prediction asks for one of several options, or for one to three numbers"
        )
    asked = Prediction(question, text, options, numbers)
    if guess is not None:
        asked.guess, asked.sure = checked(guess, asked), checked_sureness(sure)
    elif has_front_end():
        asked.guess, asked.sure = _from_before(asked)
    _predictions[question] = asked
    if has_front_end() and guess is None and show_buttons(asked):
        return
    display(still(asked))


def compare(
    question: str,
    measured: str | Mapping[str, float],
    *,
    usual: str,
    words: str = "",
) -> None:
    """Say what was predicted, what was measured here, and what most people say and why.

        compare("Q33", "c", usual="Most people say b: they think of one call, and forget the four ahead of it.")

    Args:
        question: as in `predict`.
        measured: the letter of the right option, or the measured number for each name; computed by the cell.
        usual: what most people say, and why.
        words: the finding as a sentence, with its numbers.

    A number within a factor of two of the measured one is right. Without a prediction only what was measured is shown.
    Raises KeyError when nothing was asked under this question.
    """
    if question not in _predictions:
        raise KeyError(f"{question} wasn't asked yet: run its predict(...) cell first")
    asked = _predictions[question]
    measured = checked(measured, asked)
    asked.right, trouble = None, ""
    if asked.guess is not None:
        asked.right = is_right(asked.guess, measured)
        trouble = keep(
            "compared",
            question=question,
            text=asked.text,
            guess=asked.guess,
            measured=measured,
            sure=asked.sure,
            right=asked.right,
        )
        if asked.shown is not None:
            asked.shown.update(still(asked))
            asked.shown = None
    display(_comparison(asked, measured, usual, words, trouble))


def _from_before(asked: Prediction) -> tuple[Guess | None, str | None]:
    """The last guess for the same question, if its text hasn't changed."""
    for event in reversed(kept()):
        if event["kind"] == "guess" and event.get("question") == asked.question:
            try:
                return checked(event["guess"], asked), checked_sureness(event.get("sure"))
            except (ValueError, KeyError, TypeError):
                break
    return None, None


def _comparison(asked: Prediction, measured: Guess, usual: str, words: str, trouble: str) -> Shown:
    head = "The answer:" if asked.recalls else "Measured here:"
    found = f"<b>{head}</b> {told(measured, asked)}."
    text = [f"{head} {told(measured, asked, plain=True)}."]
    lines, colour = [found], NOTE
    if asked.right is not None:
        markup, plain = said(asked)
        lines.insert(0, f"{verdict(asked.right, 'right', 'not this time')} {markup}")
        text.insert(0, plain)
        colour = GOOD if asked.right else BAD
    lines += [marked(words), marked(usual), html.escape(trouble)]
    text += [line for line in (words, usual, trouble) if line]
    return Shown(card(*lines, colour=colour), "\n".join(text))
