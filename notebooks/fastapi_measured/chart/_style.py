"""One style for every chart: transparent, so that it fits a light and a dark page, and inks that show on both."""

import textwrap

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Okabe and Ito's hues, darkened until white text on them reaches a contrast of 4.5; on black they still reach 3.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#C04F00", "#007F5C", "#A0527F", "#737373"
FOCUS, COMPARED, REST = ORANGE, BLUE, GREY  # what you look at, what it's compared with, the rest
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, GREY, "#5B5FC7", "#7A6A00")
INK = "#808080"  # as far from white as from black
MARKERS = "osD^vPX"
WIDTH_PX, WIDTH_IN, DPI = 810, 9, 180
STYLE = {
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": INK,
    "grid.alpha": 0.25,
}


def axes(title: str, x: str = "", y: str = "", *, height: float = 3.4) -> tuple[Figure, Axes]:
    """A figure in the course's style and its only axes, to draw on and hand to `show`.

    Args:
        title: the takeaway or the question; `show` puts it above the picture.
        x, y: what the axes measure, with units. y stands above its axis, where it can be read.
        height: in inches; the width is fixed.
    """
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
        FigureCanvasAgg(figure)
        figure.patch.set_alpha(0)
        plot = figure.add_subplot()
        plot.patch.set_alpha(0)
        plot.set_xlabel(x)
        plot.set_title(textwrap.fill(y, 90), loc="left", fontsize=11)
    figure.course_title = title
    return figure, plot


def tag(plot: Axes, x: float, y: float, text: str, colour: str, **options: object) -> None:
    """White text on a coloured ground, at a point of the data."""
    box = {"boxstyle": "round,pad=0.25", "facecolor": colour, "edgecolor": "none"}
    plot.annotate(
        text, (x, y), color="white", fontsize=10, bbox=box, annotation_clip=False, **options
    )
