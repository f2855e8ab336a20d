"""Claims: a sentence, what was measured, and the bound that decides whether the sentence stands."""

import html
import json
import os
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.display import display

from .._look import marked, number, verdict
from ._predict import latest_question
from ._store import notebook

_NOT_GIVEN = object()
_claims: dict[str, "Claim"] = {}


@dataclass(frozen=True)
class Claim:
    """A sentence with what it needs and what was measured, in words; question is where it stands, such as "Q33"."""

    text: str
    bound: str
    measured: str
    held: bool
    question: str = ""

    @property
    def check(self) -> str:
        """What was compared, in words."""
        if {self.measured, self.bound} <= {"yes", "no"}:
            return f"measured: {'as the sentence says' if self.held else 'the opposite'}"
        if self.measured == self.bound:
            return f"measured: {self.measured}, as needed"
        return f"measured: {self.measured}; needed: {self.bound}"

    def _repr_html_(self) -> str:
        again = (
            "Is the machine busy? Run the cell again. If it stays like this, you found something."
        )
        return (
            f'<div style="margin:3px 0px">{verdict(self.held, "holds", "does not hold")} {marked(self.text)}'
            f"{'' if self.held else f' <b>{again}</b>'}"
            f'<div style="font-size:85%;margin-left:14px">{html.escape(self.check)}</div></div>'
        )

    def __repr__(self) -> str:
        return f"{'holds' if self.held else 'DOES NOT HOLD'}: {self.text} | {self.check}"


def claims() -> tuple[Claim, ...]:
    """All claims of this kernel, in the order in which they first ran."""
    return tuple(_claims.values())


def claim(
    text: str,
    measured: Any,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    equals: Any = _NOT_GIVEN,
    unit: str = "",
) -> None:
    """Compare what was measured with a bound, and show whether the sentence stands.

        claim("One blocking call stops every request.", slow.wall_s / fast.wall_s, at_least=5, unit="x")

    For a learner a claim that doesn't hold is shown in red and the notebook goes on. Under pytest it fails its cell. With
    COURSE_CLAIM_LOG set to an absolute path, each claim appends one JSON line to that file.

    Args:
        text: the claim, a full sentence that can be read without its chart.
        measured: what the cell measured or computed.
        at_least, at_most, equals: the bound; give exactly one. Numbers for the first two, anything for the third.
        unit: what the figures count, such as "ms" or "threads"; "x" marks a ratio ("12 times"), whose margin the
            stability command works out.

    Raises ValueError unless exactly one bound is given, AssertionError under pytest when the claim doesn't hold.
    """
    bounds = {"at least": at_least, "at most": at_most}
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    if equals is not _NOT_GIVEN:
        given["exactly"] = equals
    if len(given) != 1:
        raise ValueError("a claim needs exactly one of at_least, at_most and equals")
    [(name, bound)] = given.items()
    held = bool(
        measured >= bound
        if name == "at least"
        else measured <= bound
        if name == "at most"
        else measured == bound,
    )
    needed = in_words(bound, unit) if name == "exactly" else f"{name} {in_words(bound, unit)}"
    before = _claims.get(text)
    question = before.question if before else latest_question()
    result = Claim(text, needed, in_words(measured, unit), held, question)
    _claims[text] = result
    _log(result, name, bound, measured, unit)
    if not held and "PYTEST_CURRENT_TEST" in os.environ:
        raise AssertionError(repr(result))
    display(result)


def in_words(value: Any, unit: str = "") -> str:
    """A value as a reader would say it.

    >>> in_words(2.5, "x"), in_words({"header": "a"}), in_words([1, None]), in_words(True), in_words([])
    ('2.5 times', 'header: a', '1, nothing', 'yes', 'none')
    """
    if value is None or value == "":
        return "nothing" if value is None else "an empty text"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{number(value)} {'times' if unit == 'x' else unit}".strip()
    if isinstance(value, Mapping):
        return "; ".join(f"{in_words(k)}: {in_words(v, unit)}" for k, v in value.items()) or "none"
    if isinstance(value, AbstractSet):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        parts = [in_words(part, unit) for part in value]
        if any("," in str(part) for part in value):
            parts = [f"'{part}'" for part in parts]  # else 'a, b' reads like two
        return ", ".join(parts) or "none"
    if isinstance(value, bytes):
        return value.decode(errors="replace") or "no bytes"
    return f"{value} {unit}".strip()


def _log(result: Claim, kind: str, bound: Any, measured: Any, unit: str) -> None:
    if path := os.environ.get("COURSE_CLAIM_LOG"):
        test = os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[0]
        line = {
            "text": result.text,
            "bound": result.bound,
            "measured": result.measured,
            "held": result.held,
            "notebook": test or notebook(),
            "kind": kind,
            "ratio": unit == "x",
        }
        if kind != "exactly":
            line |= {"bound_value": bound, "measured_value": measured}
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
