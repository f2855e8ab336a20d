"""Charts with axes: bars, pairs, lines, and spans of time."""

from collections.abc import Iterable, Mapping, Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .._look import number
from ._show import show
from ._style import BLUE, COLOURS, COMPARED, FOCUS, INK, MARKERS, REST, STYLE, axes, tag

_PLAIN = FuncFormatter(lambda value, _: number(value))
Point = tuple[float, float, str]


def bars(
    values: Mapping[str, float],
    *,
    title: str,
    unit: str,
    highlight: Iterable[str] = (),
    bound: float | None = None,
    log: bool = False,
    words: str = "",
) -> None:
    """One horizontal bar a name, its figure beside it; on a logarithmic axis dots, since a bar's length would lie there.

        chart.bars({"bare ASGI": 1.2, "FastAPI": 80.4}, title="What does the framework cost?", unit="us per request")

    Args:
        values: a number for each name.
        title: the takeaway, if the figures can't contradict it; else the question.
        unit: what the numbers count.
        highlight: the names you should look at; the others are what they're compared with.
        bound: a dashed line, for a limit.
        log: a logarithmic axis.
        words: the finding as a sentence, made by the cell with its numbers.
    """
    names, figures, marked = list(values), list(values.values()), set(highlight)
    with rc_context(STYLE):
        figure, plot = axes(title, unit, height=0.75 + 0.4 * len(values))
        colours = [FOCUS if name in marked else COMPARED for name in names]
        rows = range(len(names))
        if log:
            plot.hlines(rows, min(figures) / 2, figures, colors=INK, linewidth=1, alpha=0.5)
            plot.scatter(figures, rows, color=colours, s=70, zorder=3)
            plot.set_xscale("log")
            plot.set_xlim(min(figures) / 2, max(figures) * 3)
            plot.xaxis.set_major_formatter(_PLAIN)
            for row, value in zip(rows, figures, strict=True):
                plot.annotate(
                    number(value), (value, row), xytext=(9, -4), textcoords="offset points"
                )
        else:
            drawn = plot.barh(rows, figures, color=colours, height=0.65)
            plot.bar_label(drawn, [number(value) for value in figures], padding=4, color=INK)
            plot.set_xlim(0, max([*figures, bound or 0]) * 1.12 or 1)
            if all(float(value).is_integer() for value in figures):
                plot.xaxis.set_major_locator(MaxNLocator(integer=True))
            plot.xaxis.set_major_formatter(_PLAIN)
        plot.set_yticks(rows, names)
        plot.set_ylim(len(names) - 0.5, -0.5)
        plot.tick_params(axis="y", length=0)
        if bound is not None:
            plot.axvline(bound, color=INK, linestyle="--")
            tag(plot, bound, -0.5, f"limit: {number(bound)}", REST, ha="center", va="bottom")
    show(figure, f"{unit}: " + "; ".join(f"{n} {number(v)}" for n, v in values.items()), words)


def pairs(
    values: Mapping[str, tuple[float, float]],
    *,
    title: str,
    unit: str,
    names: tuple[str, str] = ("before", "after"),
    words: str = "",
) -> None:
    """Two bars a name, before and after: `values[name]` is (before, after).

        chart.pairs({"/orders": (480, 12)}, title="Beside a slow partner", unit="milliseconds")

    Args: as for `bars`; `names` says what the two of a pair are. The second is what you should look at.
    """
    with rc_context(STYLE):
        figure, plot = axes(title, unit, height=0.9 + 0.62 * len(values))
        both = list(zip(*values.values(), strict=True))
        most = max(max(side) for side in both) or 1
        for side, colour, shift, name in zip(
            both, (COMPARED, FOCUS), (-0.2, 0.2), names, strict=True
        ):
            places = [i + shift for i in range(len(values))]
            drawn = plot.barh(places, side, height=0.36, color=colour)
            labels = [f"{number(v)}  {name}" for v in side]
            plot.bar_label(drawn, labels, padding=4, color=INK)
        plot.set_xlim(0, most * 1.25)
        plot.set_yticks(range(len(values)), list(values))
        plot.set_ylim(len(values) - 0.5, -0.5)
        plot.tick_params(axis="y", length=0)
        plot.xaxis.set_major_formatter(_PLAIN)
    told = (f"{n} {number(a)} {names[0]}, {number(b)} {names[1]}" for n, (a, b) in values.items())
    show(figure, f"{unit}: " + "; ".join(told), words)


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
    focus: str | None = None,
    notes: Iterable[Point] = (),
    words: str = "",
) -> None:
    """One line with markers a name, from (xs, ys), with the name at its end.

        chart.lines({"in def": ([1, 2, 4], [40, 41, 44])}, title="Who waits?", x="requests at once", y="milliseconds")

    Args:
        series: the points of each line.
        title, words: as for `bars`.
        x, y: what the axes measure, with units.
        points_only: leave the lines away.
        log_x, log_y: logarithmic axes.
        bound: a dashed line, for a limit.
        focus: the line you should look at.
        notes: (x, y, text) at the points that matter.

    Raises ValueError for more than seven lines: they couldn't be told apart.
    """
    if len(series) > len(COLOURS):
        raise ValueError(f"{len(series)} lines can't be told apart: {len(COLOURS)} at most")
    with rc_context(STYLE):
        figure, plot = axes(title, x, y)
        colours = _roles(list(series), focus)
        for (name, (xs, ys)), marker in zip(series.items(), MARKERS, strict=False):
            plot.plot(
                *(xs, ys, marker),
                linestyle="" if points_only else "-",
                color=colours[name],
                markersize=3 if len(xs) > 60 else 5,
                zorder=3 if name == focus else 2,
            )
        for axis, place in ((plot.xaxis, 0), (plot.yaxis, 1)):
            if all(float(value).is_integer() for line in series.values() for value in line[place]):
                axis.set_major_locator(MaxNLocator(integer=True))
        for wanted, scale in ((log_x, plot.set_xscale), (log_y, plot.set_yscale)):
            if wanted:
                scale("log")
        if not log_y:
            plot.set_ylim(bottom=0)
        plot.xaxis.set_major_formatter(_PLAIN)
        plot.yaxis.set_major_formatter(_PLAIN)
        plot.grid(axis="y")
        if bound is not None:
            plot.axhline(bound, color=INK, linestyle="--")
            plot.annotate(f"limit: {number(bound)}", (0, bound), xycoords=("axes fraction", "data"))
        for at_x, at_y, text in notes:
            arrow = {"arrowstyle": "->", "color": INK}
            where = {"xytext": (24, 18), "textcoords": "offset points", "arrowprops": arrow}
            plot.annotate(text, (at_x, at_y), **where)
        _name_at_ends(plot, series, colours, log_y)
    ends = "; ".join(
        f"{name} from {number(ys[0])} at {number(xs[0])} to {number(ys[-1])} at {number(xs[-1])}, at most {number(max(ys))}"
        for name, (xs, ys) in series.items()
    )
    show(figure, f"{y} against {x}: {ends}", words)


def _roles(names: list[str], focus: str | None) -> dict[str, str]:
    if focus is None:
        return dict(zip(names, COLOURS, strict=False))
    rest = iter([colour for colour in COLOURS if colour != FOCUS])
    return {name: FOCUS if name == focus else next(rest) for name in names}


def _name_at_ends(plot: Axes, series: Mapping, colours: Mapping[str, str], log_y: bool) -> None:
    """Put each line's name right of the axes, at the height of its last point, apart from the others."""
    if len(series) < 2:
        return
    low, high = plot.get_ylim()
    plot.set_ylim(low, high)
    ends = {}
    for name, (_, ys) in series.items():
        value = max(ys[-1], low) if log_y else ys[-1]
        bottom, top, at = (plot.transData.transform((1, v))[1] for v in (low, high, value))
        ends[name] = (at - bottom) / (top - bottom)
    step, place = 0.115, -1.0
    for name in sorted(ends, key=lambda name: (round(ends[name], 1), max(series[name][1]))):
        place = max(ends[name], place + step)
        ends[name] = place
    over = max(ends.values()) - 1.02
    for name, at in ends.items():
        box = {"boxstyle": "round,pad=0.25", "facecolor": colours[name], "edgecolor": "none"}
        plot.annotate(
            name,
            (1.012, at - max(0.0, over)),
            xycoords="axes fraction",
            color="white",
            fontsize=10,
            va="center",
            bbox=box,
        )


def spans(
    rows: Mapping[str, Sequence[tuple[float, float]]],
    *,
    title: str,
    x: str,
    lanes: bool = False,
    words: str = "",
) -> None:
    """Bars from start to end: below each other for each name, such as the requests of one server, or in one lane a name.

    chart.spans({"one worker": [(0, 1), (1, 2)]}, title="Who waits?", x="seconds")
    """
    thick = 0.3 if lanes else 0.09
    places = sum(1 if lanes else len(intervals) for intervals in rows.values())
    thinnest = 0.006 * max(end for intervals in rows.values() for _, end in intervals)
    with rc_context(STYLE):
        figure, plot = axes(
            title, x, height=0.9 + thick * places + (0.05 if lanes else 0.25) * len(rows)
        )
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
        f"{name}: {len(intervals)} bars, the last ends at {number(max(end for _, end in intervals))}"
        for name, intervals in rows.items()
    )
    show(figure, f"{x}. {told}", words)
