"""The page of symptoms: forty or more, each raised by a cell, each with a lesson that exists."""

import asyncio
import logging
import re
import warnings

import nbformat
import pytest

from fastapi_measured.keeping.labs import ROOT
from fastapi_measured.learning import _symptoms
from fastapi_measured.symptoms import Symptoms

pytestmark = pytest.mark.anyio
PAGE = nbformat.read(ROOT / "notebooks" / "symptoms.ipynb", as_version=4)


def told() -> list[str]:
    """The lines of all tables as text."""
    shown = [
        output.data["text/plain"]
        for cell in PAGE.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "<table" in output.get("data", {}).get("text/html", "")
    ]
    return [line for text in shown for line in text.split("\n")[1:]]


def test_there_are_forty_or_more_and_each_was_raised():
    lines = told()
    assert len(lines) >= 40
    assert [line for line in lines if "didn't appear" in line] == []


def test_each_leads_to_a_lesson_that_exists():
    source = "\n".join(cell.source for cell in PAGE.cells if cell.cell_type == "code")
    lessons = re.findall(r'"((?:junior|mid|senior)/[\w-]+)"\)', source)
    assert len(lessons) == len(told())
    assert [name for name in lessons if not (ROOT / "notebooks" / f"{name}.ipynb").exists()] == []


def test_each_group_that_was_promised_is_there():
    headings = [cell.source for cell in PAGE.cells if cell.cell_type == "markdown"]
    page = "\n".join(headings)
    for word in (
        "Tests",
        "Databases",
        "Pydantic",
        "CORS",
        "WebSockets",
        "deployment",
        "Memory",
        "Speed",
    ):
        assert re.search(rf"(?m)^## .*{word}", page), word


@pytest.fixture
def shown(monkeypatch):
    displayed = []
    monkeypatch.setattr(_symptoms, "display", displayed.append)
    return displayed


async def test_a_message_counts_in_an_error_a_warning_a_log_line_and_a_result(shown):
    group = Symptoms("Four")

    @group.shows("went wrong", "An error.", "junior/05-testing")
    def raises():
        raise OSError("it went wrong")

    @group.shows("soon gone", "A warning.", "junior/05-testing")
    def warns():
        warnings.warn("this is soon gone", DeprecationWarning, stacklevel=1)

    @group.shows("lost a worker", "A log line.", "junior/05-testing")
    async def logs():
        await asyncio.sleep(0)
        logging.getLogger("uvicorn.error").error("lost a worker")

    @group.shows("returned", "A result.", "junior/05-testing")
    def returns():
        return "returned"

    await group.table()
    markup = shown[0]._repr_html_()
    assert "OSError: it <b>went wrong</b>" in markup
    assert markup.count('href="junior/05-testing.ipynb"') == 4


async def test_a_message_that_does_not_appear_fails_and_is_named(shown):
    group = Symptoms("None")
    group.shows("went wrong", "An error.", "junior/05-testing")(lambda: "all is well")
    with pytest.raises(AssertionError, match="these don't appear here: \\['went wrong'\\]"):
        await group.table()
    assert "didn't appear here" in str(shown[0])


def test_what_belongs_to_one_machine_is_left_out():
    line = (
        "<Lock at 0x7f3a1b2c3d4e> in /home/ada/shop/main.py is locked, see https://example.org/e/a"
    )
    assert _symptoms.line_with("is locked", f"first\n{line}") == (
        "<Lock at …> in … is locked, see https://example.org/e/a"
    )
