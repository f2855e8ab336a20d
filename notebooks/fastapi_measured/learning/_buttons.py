"""A prediction's buttons and fields, on ipywidgets."""

import html
from collections.abc import Mapping
from typing import Any

from IPython.display import display

from .._look import marked
from ._prediction import SURENESS, Guess, Prediction
from ._store import keep


def show_buttons(asked: Prediction) -> bool:
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
