import asyncio

import pytest

from fastapi_measured import chart, knob
from fastapi_measured.learning import _knob

pytestmark = pytest.mark.anyio


async def rounds(calls, threads):
    chart.bars({"rounds": calls / threads}, title=f"{calls} calls", unit="rounds")
    return f"{calls} calls need {-(-calls // threads)} rounds."


async def test_without_sliders_the_defaults_are_run_once(capsys):
    await knob("Try 41 calls.", rounds, calls=(1, 120, 41), threads=(10, 100, 40))
    told = capsys.readouterr().out
    assert "Shown here with calls = 41 and threads = 40" in told
    assert "41 calls need 2 rounds." in told


async def test_a_default_outside_of_its_slider_is_refused():
    with pytest.raises(ValueError, match="calls: the default 0 isn't between 1 and 9"):
        await knob("", rounds, calls=(1, 9, 0), threads=(1, 2, 1))


class Field:
    """A slider that tells what watches it."""

    def __init__(self, value):
        self.value, self.watch = value, None

    def observe(self, watch, names):
        self.watch = watch

    def turn(self, value):
        self.value = value
        self.watch({})


class Out:
    outputs = ()


async def test_turning_measures_again_and_only_the_newest_setting_waits():
    ran, go = [], asyncio.Event()

    async def measured(calls):
        ran.append(calls)
        await go.wait()
        return f"{calls}"

    field, out = Field(1), Out()
    _knob._connect(measured, {"calls": field}, out)
    field.turn(2)
    await asyncio.sleep(0)
    for value in (3, 4, 5):
        field.turn(value)
    go.set()
    await asyncio.gather(*_knob._running)
    assert ran == [2, 5]
    assert out.outputs[0]["data"]["text/plain"] == "5"


async def test_an_error_is_told_in_place_of_the_chart():
    async def fails(calls):
        raise KeyError("typo")

    [shown] = await _knob._measured(fails, {"calls": 1})
    assert "It didn't work: KeyError: 'typo'" in shown["data"]["text/plain"]
