import pytest

from fastapi_measured import chart


@pytest.fixture
def shown(monkeypatch):
    seen = []
    monkeypatch.setattr(chart, "display", lambda data, **_: seen.append(data))
    return seen


def draw_bars():
    chart.bars({"a": 1, "b": 20.5}, title="b is more", unit="ms", highlight=["b"], bound=15)


def draw_lines():
    chart.lines({"a": ([1, 2], [3.0, 4.0])}, title="it grows", x="requests", y="ms", log_y=True)


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


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (draw_bars, "b is more. ms: a 1; b 20.5"),
        (draw_lines, "ms against requests: a from 3 at 1 to 4 at 2"),
        (draw_spans, "one: 2 bars, the last ends at 2"),
        (draw_lanes, "one: 2 bars"),
        (draw_grid, "r / c: accepted (200)"),
        (draw_steps, "1 / b: first (in); 2 / a: then (out)"),
    ],
)
def test_a_chart_is_a_small_png_and_says_the_same_in_words(draw, words, shown):
    draw()
    [data] = shown
    assert data["image/png"].startswith("iVBOR")
    assert len(data["image/png"]) * 3 / 4 < 80_000
    assert words in data["text/plain"]


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (0.1234, "0.123"), (1234.5, "1,234")])
def test_numbers_are_short(value, text):
    assert chart._number(value) == text
