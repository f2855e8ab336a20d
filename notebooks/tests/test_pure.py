import pytest

from fastapi_measured.instruments._pure import due_times, fill_ticks, percentile


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [
        ([5.0], 50, 5.0),
        ([10, 20, 30, 40], 50, 20),
        ([10, 20, 30, 40], 51, 30),
        ([40, 30, 20, 10], 100, 40),
        (list(range(1, 101)), 99, 99),
        ([1, 2], 0.1, 1),
    ],
)
def test_percentile_is_the_nearest_rank(values, q, expected):
    assert percentile(values, q) == expected


@pytest.mark.parametrize(("values", "q"), [([], 50), ([1], 0), ([1], 101)])
def test_percentile_refuses(values, q):
    with pytest.raises(ValueError, match=r"no values|percentile"):
        percentile(values, q)


@pytest.mark.parametrize(
    ("rate", "how_long", "expected"),
    [
        (2, {"count": 3}, [0.0, 0.5, 1.0]),
        (4, {"seconds": 1}, [0.0, 0.25, 0.5, 0.75]),
        (0.5, {"seconds": 4}, [0.0, 2.0]),
    ],
)
def test_due_times(rate, how_long, expected):
    assert due_times(rate, **how_long) == expected


def test_due_times_do_not_drift():
    assert due_times(3, count=3001)[3000] == 1000


@pytest.mark.parametrize(
    ("rate", "how_long", "message"),
    [
        (0, {"count": 1}, "above 0"),
        (-5, {"count": 1}, "above 0"),
        (float("nan"), {"count": 1}, "above 0"),
        (10, {}, "how long"),
        (10, {"count": 1, "seconds": 1}, "how long"),
        (10, {"seconds": 0.01}, "no request"),
        (10, {"count": 0}, "no request"),
    ],
)
def test_due_times_refuse(rate, how_long, message):
    with pytest.raises(ValueError, match=message):
        due_times(rate, **how_long)


@pytest.mark.parametrize(
    ("late", "interval", "expected"),
    [
        ([], 1.0, []),
        ([0.2, 0.9], 1.0, [0.2, 0.9]),
        ([3.5], 1.0, [3.5, 2.5, 1.5, 0.5]),
        ([2.0, 0.0], 1.0, [2.0, 1.0, 0.0, 0.0]),
    ],
)
def test_a_stall_makes_the_ticks_it_swallowed_late_too(late, interval, expected):
    assert fill_ticks(late, interval) == expected
