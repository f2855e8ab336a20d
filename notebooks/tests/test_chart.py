import base64
import html
import io

import pytest
from PIL import Image

from fastapi_measured import _look, chart
from fastapi_measured.chart import _style, _tables


def draw_bars():
    chart.bars({"a": 1, "b": 20.5}, title="b is more", unit="ms", highlight=["b"], bound=15)


def draw_lines():
    chart.lines({"a": ([1, 2], [3.0, 4.0])}, title="it grows", x="requests", y="ms", log_y=True)


def draw_logarithmic_lines():
    far = ([1, 10, 100], [2.0, 20.0, 400.0])
    chart.lines({"a": far, "b": far}, title="far", x="n", y="ms", log_x=True, log_y=True, focus="a")


def draw_spans():
    chart.spans({"one": [(0, 1), (1, 2)], "two": [(0, 1)]}, title="one waits", x="seconds")


def draw_lanes():
    chart.spans({"one": [(0, 1), (1, 2)]}, title="in one lane", x="seconds", lanes=True)


def draw_steps():
    chart.steps(
        {"a": [("good", "in"), ("odd", "out")], "b": [("good", "in")]},
        title="in order",
        kinds={"good": "first", "odd": "then"},
    )


def draw_grid():
    chart.grid({"r": {"c": ("good", "200")}}, title="all pass", kinds={"good": "accepted"})


def draw_pairs():
    chart.pairs({"/orders": (480, 12.5)}, title="quicker", unit="ms")


def draw_dots():
    chart.bars({"a": 1, "b": 900}, title="far apart", unit="ms", log=True)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (draw_bars, "b is more. ms: a 1; b 20.5"),
        (draw_dots, "far apart. ms: a 1; b 900"),
        (draw_lines, "ms against requests: a from 3 at 1 to 4 at 2"),
        (draw_logarithmic_lines, "a from 2 at 1 to 400 at 100"),
        (draw_pairs, "/orders 480 before, 12.5 after"),
        (draw_spans, "one: 2 bars, the last ends at 2"),
        (draw_lanes, "one: 2 bars"),
    ],
)
def test_a_picture_is_small_sharp_and_its_figures_follow_as_text(draw, words):
    with chart.collected() as bundles:
        draw()
    title, (picture, metadata), (below, _) = bundles
    image = base64.b64decode(picture["image/png"])
    assert len(image) < 80_000
    assert Image.open(io.BytesIO(image)).width == 2 * metadata["image/png"]["width"]
    assert words in picture["text/plain"]
    assert title[0]["text/plain"] in metadata["image/png"]["alt"]
    assert html.escape(words.partition(". ")[2] or words) in below["text/html"]


@pytest.mark.parametrize(
    ("draw", "words", "sign"),
    [
        (draw_grid, "r / c: accepted (200)", "✓ 200"),
        (draw_steps, "1 / b: first (in); 2 / a: then (out)", "≈ out"),
    ],
)
def test_a_grid_is_text_with_a_sign_and_a_word(draw, words, sign):
    with chart.collected() as bundles:
        draw()
    [_, (table, _)] = bundles
    assert words in table["text/plain"]
    assert sign in table["text/html"]


def test_one_large_number(capsys):
    chart.big(32.4, "times as long", title="What does it cost?", words="It costs a lot.")
    assert "What does it cost?: 32 times as long" in capsys.readouterr().out


def test_more_lines_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="can't be told apart"):
        chart.lines({str(i): ([1], [1]) for i in range(8)}, title="", x="", y="")


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [*_look.GROUNDS, *_style.COLOURS])
def test_white_text_can_be_read_on_every_pill_and_tag(colour):
    assert contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("colour", [*_style.COLOURS, _style.INK])
@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_inks_show_on_a_light_and_on_a_dark_page(colour, page):
    assert contrast(colour, page) >= 3


@pytest.mark.parametrize("kind", _tables.KINDS)
def test_a_grid_can_be_read(kind):
    assert contrast(_tables.KINDS[kind][0], "#1a1a1a") >= 4.5
