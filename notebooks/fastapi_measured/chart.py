"""One style for every chart: the takeaway as its title, axes with units, colours that can be told apart by everyone.

    chart.bars({"bare ASGI": 1.2, "FastAPI": 80.4}, title="The framework is not free", unit="us per request")

Each function shows a PNG together with the same figures in words, for readers who cannot see it.
"""

import base64
import io
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from IPython.display import display
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from PIL import Image

# Okabe and Ito's palette, which survives the common kinds of colour blindness.
BLUE, ORANGE, GREEN, VERMILLION, PURPLE, SKY, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#8A8A8A",
)
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, VERMILLION, SKY, GREY)
TINTS = {
    "good": "#BFE3D4",
    "odd": "#FCE3B0",
    "bad": "#F3C1B5",
    "info": "#C9DDF0",
    "none": "#E8E8E8",
    "blank": "#FFFFFF",
}
MARKERS = "osD^vPX"
STYLE = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def axes(title: str, x: str = "", y: str = "", *, height: float = 3.4) -> tuple[Figure, Axes]:
    """A figure in the course's style and its only axes, to draw on and hand to `show`. Height in inches, the width is fixed."""
    with rc_context(STYLE):
        figure = Figure(figsize=(9, height), layout="constrained")
        FigureCanvasAgg(figure)
        plot = figure.add_subplot()
        figure.suptitle(textwrap.fill(title, 84), x=0.01, ha="left", weight="bold", size=12)
        plot.set_xlabel(x)
        plot.set_ylabel(textwrap.fill(y, 34))
    return figure, plot


def show(figure: Figure, words: str) -> None:
    """Display a figure as PNG, with `words` as its text for screen readers and plain terminals."""
    png = io.BytesIO()
    with rc_context(STYLE):
        figure.savefig(png, format="png", dpi=90)
    few_colours, png = Image.open(png).convert("RGB").quantize(128), io.BytesIO()
    few_colours.save(png, "png", optimize=True)  # a third of the size, and looks the same
    data = {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": words}
    display(data, raw=True, metadata={"image/png": {"alt": words}})


def bars(
    values: Mapping[str, float],
    *,
    title: str,
    unit: str,
    highlight: Iterable[str] = (),
    bound: float | None = None,
    log: bool = False,
) -> None:
    """One labelled horizontal bar a name; those in `highlight` in orange, `bound` as a dashed line. `log` for a logarithmic axis."""
    figure, plot = axes(title, unit, height=1.3 + 0.42 * len(values))
    names, figures = list(values), list(values.values())
    marked = set(highlight)
    drawn = plot.barh(
        names, figures, color=[ORANGE if name in marked else BLUE for name in names], height=0.65
    )
    plot.bar_label(drawn, [_number(value) for value in figures], padding=4)
    plot.invert_yaxis()
    plot.tick_params(axis="y", length=0)
    if all(float(value).is_integer() for value in figures):
        plot.xaxis.set_major_locator(MaxNLocator(integer=True))
    if log:
        plot.set_xscale("log")
        plot.set_xlim(right=max(figures) * 2.5)
        plot.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    else:
        plot.set_xlim(0, max([*figures, bound or 0]) * 1.12 or 1)
    if bound is not None:
        plot.axvline(
            bound, color=VERMILLION, linestyle="--", label=f"bound of the claim: {_number(bound)}"
        )
        plot.legend(loc="lower right", frameon=False)
    show(
        figure,
        f"{title}. {unit}: "
        + "; ".join(f"{name} {_number(value)}" for name, value in values.items()),
    )


def lines(
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    title: str,
    x: str,
    y: str,
    points_only: bool = False,
    log_x: bool = False,
    log_y: bool = False,
    bound: float | None = None,
) -> None:
    """One line with markers a name, from (xs, ys); `points_only` leaves the lines away."""
    if len(series) > len(COLOURS):
        raise ValueError(f"{len(series)} lines cannot be told apart: {len(COLOURS)} at most")
    figure, plot = axes(title, x, y)
    for (name, (xs, ys)), colour, marker in zip(series.items(), COLOURS, MARKERS, strict=False):
        size = 3 if len(xs) > 60 else 5
        plot.plot(
            xs,
            ys,
            marker,
            linestyle="" if points_only else "-",
            color=colour,
            markersize=size,
            label=name,
            alpha=0.85,
        )
    for axis, place in ((plot.xaxis, 0), (plot.yaxis, 1)):
        if all(float(value).is_integer() for line in series.values() for value in line[place]):
            axis.set_major_locator(MaxNLocator(integer=True))
    plain = FuncFormatter(lambda value, _: _number(value))
    if log_x:
        plot.set_xscale("log")
        plot.xaxis.set_major_formatter(plain)
    if log_y:
        plot.set_yscale("log")
        plot.yaxis.set_major_formatter(plain)
    else:
        plot.set_ylim(bottom=0)
    if bound is not None:
        plot.axhline(
            bound, color=VERMILLION, linestyle="--", label=f"bound of the claim: {_number(bound)}"
        )
    if len(series) > 1 or bound is not None:
        plot.legend(frameon=False)
    ends = "; ".join(
        f"{name} from {_number(ys[0])} at {_number(xs[0])} to {_number(ys[-1])} at {_number(xs[-1])}, at most {_number(max(ys))}"
        for name, (xs, ys) in series.items()
    )
    show(figure, f"{title}. {y} against {x}: {ends}")


def spans(
    rows: Mapping[str, Sequence[tuple[float, float]]], *, title: str, x: str, lanes: bool = False
) -> None:
    """Bars from start to end: below each other for each name, such as the requests of one server, or in one lane a name."""
    thick = 0.3 if lanes else 0.09
    places = sum(1 if lanes else len(intervals) for intervals in rows.values())
    figure, plot = axes(
        title, x, height=1.4 + thick * places + (0.05 if lanes else 0.25) * len(rows)
    )
    thinnest = 0.006 * max(end for intervals in rows.values() for _, end in intervals)
    place, ticks = 0, []
    for i, intervals in enumerate(rows.values()):
        taken = 1 if lanes else len(intervals)
        for j, (start, end) in enumerate(intervals):
            at = place if lanes else place + j
            colour = BLUE if lanes else COLOURS[i % len(COLOURS)]
            plot.barh(at, max(end - start, thinnest), left=start, height=0.75, color=colour)
        ticks.append(place + (taken - 1) / 2)
        place += taken if lanes else taken + 2
    plot.set_yticks(ticks, list(rows))
    plot.tick_params(axis="y", length=0)
    plot.invert_yaxis()
    plot.set_xlim(left=0)
    told = "; ".join(
        f"{name}: {len(intervals)} bars, the last ends at {_number(max(end for _, end in intervals))}"
        for name, intervals in rows.items()
    )
    show(figure, f"{title}. {x}. {told}")


def grid(
    cells: Mapping[str, Mapping[str, tuple[str, str]]],
    *,
    title: str,
    kinds: Mapping[str, str],
) -> None:
    """A table in colour. cells[row][column] is (kind, text).

    A kind is one of TINTS: good, odd, bad, info, none, blank. `kinds` says what each one used means here, for the legend; a cell without text
    needs none.
    """
    rows, columns = list(cells), list(next(iter(cells.values())))
    figure, plot = axes(title, height=1.5 + 0.36 * len(rows))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            kind, text = cells[row][column]
            plot.add_patch(
                Rectangle((j, i), 1, 1, facecolor=TINTS[kind], edgecolor="white", linewidth=2)
            )
            plot.text(
                j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=9, parse_math=False
            )
    plot.set_xlim(0, len(columns))
    plot.set_ylim(len(rows), 0)
    plot.set_xticks([j + 0.5 for j in range(len(columns))], columns)
    plot.set_yticks([i + 0.5 for i in range(len(rows))], rows)
    plot.xaxis.tick_top()
    plot.tick_params(length=0)
    plot.spines[:].set_visible(False)
    legend = [Patch(facecolor=TINTS[kind], label=meaning) for kind, meaning in kinds.items()]
    figure.legend(handles=legend, loc="outside lower center", ncols=len(kinds), frameon=False)
    told = "; ".join(
        f"{row} / {column}: {kinds[kind]} ({text})"
        for row in rows
        for column, (kind, text) in cells[row].items()
        if text
    )
    show(figure, f"{title}. {told}")


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


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value)}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
