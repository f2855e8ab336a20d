"""One style for every chart: the takeaway or the question as its title, units on its axes, names on its lines.

    chart.bars({"bare ASGI": 1.2, "FastAPI": 80.4}, title="The framework isn't free", unit="us per request")

Orange is what you look at, blue what it's compared with, grey the rest. Good and bad carry a sign and a word. Pictures are
transparent, so that they fit a light and a dark page; their figures stand below them as text, folded.
"""

from ._plots import bars, lines, pairs, spans
from ._show import collected, show
from ._style import BLUE, COMPARED, FOCUS, GREEN, GREY, ORANGE, REST, axes
from ._tables import big, grid, steps

__all__ = [
    "BLUE",
    "COMPARED",
    "FOCUS",
    "GREEN",
    "GREY",
    "ORANGE",
    "REST",
    "axes",
    "bars",
    "big",
    "collected",
    "grid",
    "lines",
    "pairs",
    "show",
    "spans",
    "steps",
]
