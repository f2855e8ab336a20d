"""The end of a lesson: how many claims hold here, and how many predictions were right."""

import html
from collections.abc import Iterable
from dataclasses import dataclass

from .._look import BAD, GOOD, NOTE, QUIET, folded, marked, pill, verdict
from ._claims import Claim, claims
from ._predict import predictions
from ._prediction import Prediction
from ._store import keep, notebook


@dataclass(frozen=True)
class Recap:
    """The claims and the predictions of one lesson."""

    claims: tuple[Claim, ...]
    predictions: tuple[Prediction, ...]

    @property
    def held(self) -> int:
        """How many claims hold."""
        return sum(claim.held for claim in self.claims)

    @property
    def compared(self) -> list[Prediction]:
        """The predictions that were made and compared; what was recalled at the end isn't among them."""
        return [
            asked for asked in self.predictions if asked.right is not None and not asked.recalls
        ]

    @property
    def recalled(self) -> list[Prediction]:
        """The recall questions that were answered."""
        return [asked for asked in self.predictions if asked.right is not None and asked.recalls]

    @property
    def summary(self) -> list[str]:
        """One line for the claims, one for the predictions."""
        if not self.claims:
            return ["No claims yet: run the cells above."]
        told = [f"{self.held} of {len(self.claims)} claims hold here"]
        if self.compared:
            right = sum(asked.right for asked in self.compared)
            told.append(f"you predicted {right} of {len(self.compared)}")
        elif self.predictions:
            told.append("no predictions yet")
        if self.recalled:
            right = sum(asked.right for asked in self.recalled)
            told.append(f"you recalled {right} of {len(self.recalled)}")
        return told

    def _repr_html_(self) -> str:
        if not self.claims:
            return self.summary[0]
        all_held = self.held == len(self.claims)
        first = pill(f"{'✓' if all_held else '✗'} {self.summary[0]}", GOOD if all_held else BAD)
        rest = [pill(line, NOTE if self.compared else QUIET) for line in self.summary[1:]]
        parts = [" ".join([f'<span style="font-size:120%">{first}</span>', *rest])]
        for question, of_it in _by_question(self.claims):
            name = html.escape(question)
            head = f'<b><a href="#Measure-{name}">{name}</a></b>' if question else ""
            rows = "".join(
                f'<div style="margin:2px 0px">{verdict(claim.held, "holds", "does not hold")} {marked(claim.text)}</div>'
                for claim in of_it
            )
            parts.append(f'<div style="margin-top:8px">{head}{rows}</div>')
        checks = "".join(
            f"<tr>{_cell(claim.text)}{_cell(claim.measured)}{_cell(claim.bound)}</tr>"
            for claim in self.claims
        )
        head = "<tr>" + "".join(map(_cell, ("claim", "measured here", "needed"))) + "</tr>"
        parts.append(folded("The exact checks", f"<table>{head}{checks}</table>"))
        return "".join(f"<div>{part}</div>" for part in parts)

    def __repr__(self) -> str:
        return "\n".join([*self.summary, *map(repr, self.claims)])


def recap() -> Recap:
    """How many claims of this lesson hold on this machine, and how many predictions were right so far.

    As the last expression of a cell:

        recap()

    The claims follow as sentences by question, each with a link to its heading `### Measure Q33`; the exact checks are folded.
    That the recap was run is kept for the start page.
    """
    result = Recap(claims(), tuple(predictions().values()))
    right = sum(bool(asked.right) for asked in result.compared)
    keep(
        "recap",
        lesson=notebook(),
        claims=len(result.claims),
        held=result.held,
        predicted=len(result.compared),
        right=right,
    )
    return result


def _by_question(found: Iterable[Claim]) -> list[tuple[str, list[Claim]]]:
    groups: dict[str, list[Claim]] = {}
    for claim in found:
        groups.setdefault(claim.question, []).append(claim)
    return list(groups.items())


def _cell(text: str) -> str:
    return f'<td style="text-align:left">{marked(text)}</td>'
