"""Predictions: asked before a measurement, kept, and compared with what was measured."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from IPython.display import display

from .._look import BAD, GOOD, NOTE, Shown, card, listed, marked, number, verdict
from ._store import has_front_end, keep, kept

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
        asked.guess, asked.sure = _checked(guess, asked), _sure(sure)
    elif has_front_end():
        asked.guess, asked.sure = _from_before(asked)
    _predictions[question] = asked
    if has_front_end() and guess is None and _show_widgets(asked):
        return
    display(_still(asked))


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
    measured = _checked(measured, asked)
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
            asked.shown.update(_still(asked))
            asked.shown = None
    display(_comparison(asked, measured, usual, words, trouble))


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


def _checked(guess: str | Mapping[str, float], asked: Prediction) -> Guess:
    if asked.options:
        if guess not in asked.options:
            raise ValueError(f"{asked.question}: answer with one of {', '.join(asked.options)}")
        return guess
    if not isinstance(guess, Mapping) or guess.keys() != asked.numbers.keys():
        raise ValueError(f"{asked.question}: give a number for each of {', '.join(asked.numbers)}")
    return {name: float(value) for name, value in guess.items()}


def _sure(sure: str | None) -> str | None:
    if sure is not None and sure not in SURENESS:
        raise ValueError(f"sure is one of {', '.join(SURENESS)}")
    return sure


def _from_before(asked: Prediction) -> tuple[Guess | None, str | None]:
    """The last guess for the same question, if its text hasn't changed."""
    for event in reversed(kept()):
        if event["kind"] == "guess" and event.get("question") == asked.question:
            try:
                return _checked(event["guess"], asked), _sure(event.get("sure"))
            except (ValueError, KeyError, TypeError):
                break
    return None, None


def _show_widgets(asked: Prediction) -> bool:
    """Show the question with buttons; False where ipywidgets isn't installed."""
    try:
        import ipywidgets as widgets
    except ImportError:
        return False
    told = widgets.HTML()
    wide = widgets.Layout(width="max-content")
    if asked.options:
        choices = [
            (f"{letter}   {text.replace('`', '')}", letter)
            for letter, text in asked.options.items()
        ]
        answer = widgets.RadioButtons(options=choices, value=asked.guess, layout=wide)
        fields = {"": answer}
    else:
        before = asked.guess or dict.fromkeys(asked.numbers, None)
        fields = {
            name: widgets.Text(
                value="" if before[name] is None else f"{before[name]:g}",
                placeholder=unit,
                description=f"{name} ({unit})",
                style={"description_width": "initial"},
                layout=wide,
            )
            for name, unit in asked.numbers.items()
        }
    sure = widgets.ToggleButtons(options=SURENESS, value=asked.sure, style={"button_width": "11em"})

    def note(_: object = None) -> None:
        asked.guess, problem = _read(asked, fields)
        asked.sure = sure.value
        if problem or asked.guess is None:
            told.value = problem
            return
        trouble = keep("guess", question=asked.question, guess=asked.guess, sure=asked.sure)
        told.value = trouble or "Kept. Now run the next cells."

    for widget in (*fields.values(), sure):
        widget.observe(note, names="value")
    question = widgets.HTML(f"<b>{asked.head}</b> {marked(asked.text)}")
    how_sure = widgets.HBox([widgets.Label("How sure are you?"), sure])
    asked.shown = display(
        widgets.VBox([question, *fields.values(), how_sure, told]), display_id=True
    )
    return True


def _read(asked: Prediction, fields: Mapping[str, Any]) -> tuple[Guess | None, str]:
    """The guess in the widgets, None while it isn't complete, and what is wrong with it."""
    if asked.options:
        return fields[""].value, ""
    found = {}
    for name, widget in fields.items():
        text = widget.value.strip().replace(",", ".")
        try:
            found[name] = float(text) if text else None
        except ValueError:
            return None, f"{html.escape(name)}: please write a number, such as 40 or 1.5."
    return (None if None in found.values() else found), ""


def _still(asked: Prediction) -> Shown:
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
        lines.append(f"<b>You said</b> {_told(asked.guess, asked)}{_how_sure(asked)}.")
        text.append(f"You said {_told(asked.guess, asked, plain=True)}.")
    return Shown(card(*lines), "\n".join(text))


def _comparison(asked: Prediction, measured: Guess, usual: str, words: str, trouble: str) -> Shown:
    head = "The answer:" if asked.recalls else "Measured here:"
    found = f"<b>{head}</b> {_told(measured, asked)}."
    text = [f"{head} {_told(measured, asked, plain=True)}."]
    lines, colour = [found], NOTE
    if asked.right is not None:
        said = f"<b>You said</b> {_told(asked.guess, asked)}{_how_sure(asked)}."
        lines.insert(0, f"{verdict(asked.right, 'right', 'not this time')} {said}")
        text.insert(0, f"You said {_told(asked.guess, asked, plain=True)}.")
        colour = GOOD if asked.right else BAD
    lines += [marked(words), marked(usual), html.escape(trouble)]
    text += [line for line in (words, usual, trouble) if line]
    return Shown(card(*lines, colour=colour), "\n".join(text))


def _told(guess: Guess, asked: Prediction, *, plain: bool = False) -> str:
    if isinstance(guess, str):
        said = f"{guess}, {asked.options[guess]}".rstrip(".")
        return said if plain else marked(said)
    told = (f"{name} {number(value)} {asked.numbers[name]}" for name, value in guess.items())
    return ", ".join(told) if plain else html.escape(", ".join(told))


def _how_sure(asked: Prediction) -> str:
    return f" ({asked.sure})" if asked.sure else ""
