"""How a chart gets into the notebook: its title, its picture, its figures as text."""

import base64
import contextlib
import contextvars
import html
import io
from collections.abc import Iterator
from typing import Any

from IPython.display import display
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from .._look import folded, marked
from ._style import DPI, STYLE, WIDTH_PX

Bundle = tuple[
    dict[str, Any], dict[str, Any]
]  # what an output holds by MIME type, and its metadata
_collecting: contextvars.ContextVar[list[Bundle] | None] = contextvars.ContextVar(
    "collecting", default=None
)


@contextlib.contextmanager
def collected() -> Iterator[list[Bundle]]:
    """Collect what charts would display while the block runs, for a place other than the cell's outputs."""
    bundles: list[Bundle] = []
    token = _collecting.set(bundles)
    try:
        yield bundles
    finally:
        _collecting.reset(token)


def put(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
    """Display one bundle, or collect it."""
    bundles = _collecting.get()
    if bundles is None:
        display(data, raw=True, metadata=metadata or {})
    else:
        bundles.append((data, metadata or {}))


def show(figure: Figure, figures: str, words: str = "") -> None:
    """Display a figure: its title, the picture at twice the resolution of the page, and the same as text.

    Args:
        figure: made by `axes`.
        figures: every figure of the picture as text, for those who can't see it; folded below it.
        words: the finding as a sentence, below the picture.
    """
    title = getattr(figure, "course_title", "")
    put(headline(title))
    with rc_context(STYLE):
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=DPI, transparent=True)
    data = {
        "image/png": base64.b64encode(_small(png)).decode(),
        "text/plain": f"{title}. {figures}",
    }
    put(data, {"image/png": {"width": WIDTH_PX, "alt": f"{title}. {words or figures}"}})
    put(below(figures, words))


def headline(title: str) -> dict[str, str]:
    """A chart's title as an output."""
    markup = f'<div style="font-weight:bold;font-size:115%;margin-top:6px">{marked(title)}</div>'
    return {"text/html": markup, "text/plain": title}


def below(figures: str, words: str) -> dict[str, str]:
    """What stands below a chart: the finding, and its figures folded."""
    text = f"<div>{html.escape(figures)}</div>"
    return {
        "text/html": sentence(words) + folded("The chart's figures", text),
        "text/plain": words or figures,
    }


def sentence(words: str) -> str:
    """The finding below a chart, as HTML; "" where there is none."""
    return f'<div style="margin:4px 0px">{marked(words)}</div>' if words else ""


def _small(png: io.BytesIO, most: int = 78_000) -> bytes:
    """The picture in as many colours as fit into `most` bytes: a third of the size, and it looks the same."""
    image = Image.open(png).convert("RGBA")
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        image.quantize(colours, method=Image.Quantize.FASTOCTREE).save(out, "png", optimize=True)
        if out.tell() <= most:
            break
    return out.getvalue()
