"""Charts without axes, as HTML that can be selected and searched: grids, steps, one large number."""

import html
from collections.abc import Mapping, Sequence

from .._look import marked, number
from ._show import headline, put, sentence

# A ground for dark text, a sign, so that colour isn't all that tells.
KINDS = {
    "good": ("#BFE3D4", "✓"),
    "odd": ("#FCE3B0", "≈"),
    "bad": ("#F3C1B5", "✗"),
    "info": ("#C9DDF0", "•"),
    "none": ("#E4E4E4", "○"),
}
_CELL = "text-align:center;padding:3px 9px;color:#1a1a1a"
_HEAD = "text-align:left;padding:3px 9px"
Cells = Mapping[str, Mapping[str, tuple[str, str]]]


def grid(cells: Cells, *, title: str, kinds: Mapping[str, str], words: str = "") -> None:
    """A table whose cells carry a colour, a sign and a word. cells[row][column] is (kind, text).

        chart.grid({"?v=5": {"int": ("good", "5")}}, title="What gets through?", kinds={"good": "as written"})

    Args:
        cells: a kind and a text for each row and column. A kind is good, odd, bad, info, none or blank.
        title, words: as for `bars`.
        kinds: what each kind means here. A blank cell, without text, needs none.
    """
    columns = list(next(iter(cells.values())))
    legend = " &nbsp; ".join(
        f'<span style="background-color:{KINDS[kind][0]};{_CELL}">{KINDS[kind][1]} {html.escape(meaning)}</span>'
        for kind, meaning in kinds.items()
    )
    head = "".join(
        f'<th style="text-align:center">{marked(column)}</th>' for column in ("", *columns)
    )
    rows = "".join(
        f'<tr><td style="{_HEAD}">{marked(row)}</td>{"".join(_cell(*cell) for cell in line.values())}</tr>'
        for row, line in cells.items()
    )
    told = "; ".join(
        f"{row} / {column}: {kinds[kind]} ({text})"
        for row, line in cells.items()
        for column, (kind, text) in line.items()
        if text
    )
    table = f'<table><tr>{head}</tr>{rows}</table><div style="margin:4px 0px">{legend}</div>'
    put(headline(title))
    put({"text/html": table + sentence(words), "text/plain": f"{title}. {told}"})


def steps(
    lanes: Mapping[str, Sequence[tuple[str, str]]], *, title: str, kinds: Mapping[str, str]
) -> None:
    """What happened in which order, a column a lane: lanes[name] is a list of (kind, text), as in `grid`."""
    longest = max(map(len, lanes.values()))
    grid(
        {
            str(i + 1): {
                name: lane[i] if i < len(lane) else ("blank", "") for name, lane in lanes.items()
            }
            for i in range(longest)
        },
        title=title,
        kinds=kinds,
    )


def big(value: float, unit: str, *, title: str, words: str = "") -> None:
    """One large number, where two bars would say no more.

    chart.big(slow / fast, "times as long", title="What does a missing return type cost?")
    """
    put(headline(title))
    shown = number(value) if abs(value) < 10 else number(round(value))
    put(
        {
            "text/html": f'<div><span style="font-size:300%;font-weight:bold">{shown}</span> {marked(unit)}</div>',
            "text/plain": f"{title}: {shown} {unit}",
        }
    )
    if words:
        put({"text/html": f"<div>{marked(words)}</div>", "text/plain": words})


def _cell(kind: str, text: str) -> str:
    if kind == "blank":
        return "<td></td>"
    ground, sign = KINDS[kind]
    return f'<td style="background-color:{ground};{_CELL}">{sign} {html.escape(text)}</td>'
