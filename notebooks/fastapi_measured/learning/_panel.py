"""What a lab shows after its checks ran: how many pass, a line a check, hints to unfold."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from .._look import BAD, GOOD, QUIET, Shown, card, folded, marked, pill, verdict


@dataclass(frozen=True)
class Line:
    """One check: its name as a sentence, what is wrong (None: it passed), what the app raised, hints for this cause."""

    name: str
    problem: str | None
    raised: str = ""
    hints: Sequence[str] = ()


def panel(lines: Sequence[Line], learned: str = "") -> Shown:
    """The whole report; `learned` is what to say when all checks have passed."""
    passed = sum(line.problem is None for line in lines)
    done = passed == len(lines)
    head = pill(
        f"{'✓' if done else '✗'} {passed} of {len(lines)} checks pass", GOOD if done else BAD
    )
    parts = [f'<div style="font-size:120%;margin:4px 0px">{head}</div>', *map(_markup, lines)]
    text = [f"{passed} of {len(lines)} checks pass", *map(_text, lines)]
    if done and learned:
        parts.append(card(f"<b>Well done.</b> {marked(learned)}", colour=GOOD))
        text.append(f"Well done. {learned}")
    return Shown("".join(parts), "\n".join(text))


def untouched(names: Sequence[str]) -> Shown:
    """What the checks say while nothing was attempted."""
    rows = "".join(
        f"<div>{pill('not attempted yet', QUIET)} {marked(name)}</div>" for name in names
    )
    return Shown(rows, "\n".join(f"not attempted yet   {name}" for name in names))


def nothing_runs(problem: str, count: int) -> Shown:
    """What is said of code that can't be built at all."""
    text = f"failed              all {count} checks: {problem}"
    return Shown(
        card(f"{pill(f'✗ 0 of {count} checks pass', BAD)} {marked(problem)}", colour=BAD), text
    )


def _markup(line: Line) -> str:
    good = line.problem is None
    row = f"{verdict(good, 'passed', 'failed')} {marked(line.name)}"
    if not good:
        told = html.escape(line.problem).replace("\n", "<br>")
        row += f'<div style="margin-left:14px">{told}</div>'
        if line.raised:
            row += f'<div style="margin-left:14px">The app raised {marked(line.raised)}</div>'
        if line.hints:
            row += f'<div style="margin-left:14px">{_hints(line.hints, 1)}</div>'
    return f'<div style="margin:5px 0px">{row}</div>'


def _hints(hints: Sequence[str], place: int) -> str:
    """Each hint unfolds the next."""
    inner = marked(hints[0]) + (_hints(hints[1:], place + 1) if hints[1:] else "")
    return folded(
        "Hint" if place == 1 else "Another hint", f'<div style="margin-left:14px">{inner}</div>'
    )


def _text(line: Line) -> str:
    if line.problem is None:
        return f"passed              {line.name}"
    told = [line.problem, *([f"The app raised {line.raised}"] if line.raised else [])]
    return f"failed              {line.name}\n" + "\n".join(
        " " * 20 + row for part in told for row in part.split("\n")
    )
