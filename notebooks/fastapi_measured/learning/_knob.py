"""Knobs: sliders that run the real measurement again."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from IPython.display import display

from .._look import Shown, marked
from ..chart import collected
from ._store import has_front_end

_running: set[asyncio.Task] = set()  # asyncio itself keeps only weak references


async def knob(
    text: str,
    function: Callable[..., Awaitable[str | None]],
    **sliders: tuple[int, int, int],
) -> None:
    """Let the reader turn a measurement's numbers and run it again, live.

        async def calls_in_threads(calls, threads): ...

        await knob("What if there are more threads?", calls_in_threads, calls=(1, 120, 41), threads=(10, 100, 40))

    The measurement runs once with the defaults, for those who only read. Each release of a slider runs it again; while it
    runs, only the newest setting waits.

    Args:
        text: what to try.
        function: an async function that measures for a second at most, draws with `chart`, and may return a sentence.
        sliders: the lowest and the highest value and the default of each of its parameters.

    Raises ValueError when a default lies outside its slider. What the function raises is shown in place of its chart.
    """
    for name, (low, high, default) in sliders.items():
        if not low <= default <= high:
            raise ValueError(f"{name}: the default {default} isn't between {low} and {high}")
    defaults = {name: default for name, (_, _, default) in sliders.items()}
    controls = _controls(sliders) if has_front_end() else None
    if controls is None:
        told = " and ".join(f"{name} = {value}" for name, value in defaults.items())
        still = f"Turn it: {text} Shown here with {told}; in JupyterLab there are sliders."
        display(Shown(f"<div>{marked(still)}</div>", still))
        for bundle in await _measured(function, defaults):
            display(bundle["data"], raw=True, metadata=bundle["metadata"])
        return
    widgets, fields = controls
    out = widgets.Output()
    out.outputs = await _measured(function, defaults)
    head = widgets.HTML(f"<b>Turn it.</b> {marked(text)}")
    _connect(function, fields, out)
    display(widgets.VBox([head, *fields.values(), out]))


def _controls(sliders: dict[str, tuple[int, int, int]]) -> tuple[Any, dict[str, Any]] | None:
    try:
        import ipywidgets
    except ImportError:
        return None
    fields = {
        name: ipywidgets.IntSlider(
            default,
            low,
            high,
            description=name.replace("_", " "),
            continuous_update=False,
            style={"description_width": "9em"},
            layout=ipywidgets.Layout(width="520px"),
        )
        for name, (low, high, default) in sliders.items()
    }
    return ipywidgets, fields


def _connect(
    function: Callable[..., Awaitable[str | None]], fields: dict[str, Any], out: Any
) -> None:
    """Run the measurement after each change; a change during a run starts one more with the newest values."""
    state = {"runs": False, "again": False}

    async def run() -> None:
        state["runs"] = True
        try:
            while True:
                state["again"] = False
                values = {name: field.value for name, field in fields.items()}
                out.outputs = await _measured(function, values)
                if not state["again"]:
                    return
        finally:
            state["runs"] = False

    def turned(_: object) -> None:
        state["again"] = True
        if not state["runs"]:
            task = asyncio.ensure_future(run())
            _running.add(task)
            task.add_done_callback(_running.discard)

    for field in fields.values():
        field.observe(turned, names="value")


async def _measured(
    function: Callable[..., Awaitable[str | None]], values: dict[str, int]
) -> tuple[dict[str, Any], ...]:
    """What one run of the measurement shows, as outputs of a cell."""
    with collected() as bundles:
        try:
            said = function(**values)
            said = await said if inspect.isawaitable(said) else said
        except Exception as error:  # noqa: BLE001 - a learner may have changed the function
            said = f"It didn't work: {type(error).__name__}: {error}"
        if said:
            bundles.append(({"text/html": f"<div>{marked(said)}</div>", "text/plain": said}, {}))
    return tuple(
        {"output_type": "display_data", "data": data, "metadata": metadata}
        for data, metadata in bundles
    )
