"""Claims: a sentence, a measured figure and the bound that decides whether the sentence stands."""

import html
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from IPython.display import display

_NOT_GIVEN = object()
_claims: dict[str, "Claim"] = {}


@dataclass(frozen=True)
class Claim:
    text: str
    bound: str
    measured: str
    held: bool

    @property
    def _verdict(self) -> str:
        colour, word = ("#00664f", "holds") if self.held else ("#b3261e", "does not hold")
        return f'<b style="color:{colour}">{word}</b>'

    def _repr_html_(self) -> str:
        same = self.bound in {self.measured, f"exactly {self.measured}"}
        told = f"measured {self.measured}" + ("" if same else f", needed {self.bound}")
        again = (
            "" if self.held else " Busy machine? Run the cell again. Still so? You found something."
        )
        return f"<div>{self._verdict}: {html.escape(self.text)} <i>({html.escape(told)})</i>{again}</div>"

    def __repr__(self) -> str:
        return f"{'holds' if self.held else 'DOES NOT HOLD'}: {self.text} | needed {self.bound} | measured {self.measured}"


@dataclass(frozen=True)
class Recap:
    claims: tuple[Claim, ...]

    def _repr_html_(self) -> str:
        rows = [("<b>claim</b>", "<b>needed</b>", "<b>measured here</b>", "")]
        for claim in self.claims:
            texts = map(html.escape, (claim.text, claim.bound, claim.measured))
            rows.append((*texts, claim._verdict))
        cells = (
            "".join(f'<td style="text-align:left">{cell}</td>' for cell in row) for row in rows
        )
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.claims)) or "no claims yet: run the cells above"


def claim(
    text: str,
    measured: Any,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    equals: Any = _NOT_GIVEN,
    unit: str = "",
) -> None:
    """Compare a measured figure with a bound and show whether the sentence stands.

        claim("One blocking call stops everyone", slow.wall_s / fast.wall_s, at_least=5, unit="x")

    For a learner a claim that does not hold is shown in red and the notebook goes on. Under pytest it fails its cell. With
    COURSE_CLAIM_LOG set to an absolute path, each claim appends one JSON line to that file.

    Args:
        text: the sentence that is claimed.
        measured: what the cell measured or computed.
        at_least, at_most, equals: the bound; give exactly one. Numbers for the first two, anything for the third.
        unit: shown after figures; "x" marks a ratio, whose margin the stability command works out.

    Raises ValueError unless exactly one bound is given, AssertionError under pytest when the claim does not hold.
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
    needed = _show(bound, unit) if isinstance(bound, bool) else f"{name} {_show(bound, unit)}"
    result = Claim(text, needed, _show(measured, unit), held)
    _claims[text] = result
    _log(result, name, bound, measured, unit)
    if not held and "PYTEST_CURRENT_TEST" in os.environ:
        raise AssertionError(repr(result))
    display(result)


def recap() -> Recap:
    """All claims of this notebook so far: the claim, what it needed, what was measured here, whether it holds."""
    return Recap(tuple(_claims.values()))


def _show(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, float):
        value = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    elif isinstance(value, str):
        value = repr(value)
    return f"{value} {unit}".strip()


def _log(result: Claim, kind: str, bound: Any, measured: Any, unit: str) -> None:
    if path := os.environ.get("COURSE_CLAIM_LOG"):
        test = os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[0]
        notebook = test or os.environ.get("JPY_SESSION_NAME", "")
        line = asdict(result) | {"notebook": notebook, "kind": kind, "ratio": unit == "x"}
        if kind != "exactly":
            line |= {"bound_value": bound, "measured_value": measured}
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
