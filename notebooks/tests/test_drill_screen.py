"""The drill's screen, clicked through without a browser."""

import html
import json

import ipywidgets as widgets
import pytest

from fastapi_measured import drill as door
from fastapi_measured.drilling._cards import load
from fastapi_measured.drilling._screen import Screen
from fastapi_measured.drilling._session import Session, mock_interview

CARDS = load()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "drill.jsonl"


def inside(box):
    """All widgets in a box, from top to bottom."""
    for child in box.children:
        yield child
        yield from inside(child) if isinstance(child, widgets.Box) else ()


def click(screen, word):
    buttons = [one for one in inside(screen.box) if isinstance(one, widgets.Button)]
    next(one for one in buttons if word in one.description).click()


def tick(screen, count):
    boxes = [one for one in inside(screen.box) if isinstance(one, widgets.Checkbox)]
    for box in boxes[:count]:
        box.value = True


def page(screen):
    markup = "\n".join(one.value for one in inside(screen.box) if isinstance(one, widgets.HTML))
    return html.unescape(markup)


def started(session):
    """A screen on which Start was clicked."""
    screen = Screen(session)
    click(screen, "Start")
    return screen


def answer(screen, ticks, sure="Sure"):
    click(screen, sure)
    tick(screen, ticks)
    click(screen, "Rate")


def test_a_card_is_asked_answered_rated_and_kept(path):
    screen = started(Session(CARDS, ["Q33"], 20, path=path))
    card = CARDS["Q33"]
    assert "FastAPI runs it in a thread" not in page(screen)  # the answer isn't shown yet
    click(screen, "Guessing")
    assert "In one breath" in page(screen)
    assert any(isinstance(one, widgets.Image) for one in inside(screen.box))
    assert f'href="{card.path}"' in page(screen)
    tick(screen, 3)
    click(screen, "Rate")
    kept = json.loads(path.read_text())
    assert (kept["card"], kept["ticks"], kept["sure"], kept["rating"]) == ("Q33", 3, False, "hard")
    click(screen, "Show the answer")
    click(screen, "Next question")
    assert "Done." in page(screen)


def test_sure_and_wrong_shows_the_myth_and_brings_the_card_back(path):
    screen = started(Session(CARDS, ["Q10"], 20, path=path))
    answer(screen, 0)
    assert "Often said:" in page(screen)
    click(screen, "Next question")
    assert screen.session.said[-1][0].id == "Q10"
    answer(screen, 3)
    click(screen, "Next question")
    assert "1 question: 1 missed" in page(screen)
    assert json.loads(path.read_text().splitlines()[-1])["rating"] == "hard"


def test_a_second_click_does_nothing(path):
    screen = Screen(Session(CARDS, ["Q1", "Q2"], 20, path=path))
    for word in ("Start", "Sure", "Rate", "Next"):
        buttons = [one for one in inside(screen.box) if isinstance(one, widgets.Button)]
        button = next(one for one in buttons if word in one.description)
        button.click()
        button.click()
    assert len(path.read_text().splitlines()) == 1
    assert screen.session.said[0][0].id == "Q1"
    assert screen.session.queue == ["Q1"]


def test_what_is_not_shown_any_more_is_closed(path):
    screen = started(Session(CARDS, ["Q1", "Q2"], 60, path=path))
    click(screen, "Sure")
    shown = list(inside(screen.body))
    assert all(one.comm is not None for one in shown)
    click(screen, "Rate")
    assert all(one.comm is None for one in shown)


def test_who_wants_more_gets_more(path):
    screen = Screen(Session(CARDS, [], 20, path=path))
    assert "Nothing is due now" in page(screen)
    assert "0 of 70 cards" in page(screen)
    click(screen, "5 more new questions")
    answer(screen, 3)
    assert len(screen.session.said) == 1


def test_a_mock_interview_ends_with_what_to_do(path):
    screen = started(mock_interview(CARDS, "senior", seed=1, path=path))
    for number in range(10):
        answer(screen, 0 if number < 2 else 3)
        click(screen, "Next question")
    end = page(screen)
    assert "10 questions: 2 missed, 0 lacked a point" in end
    assert "Tomorrow: read" in end
    assert "the answer" in end


def test_an_interviewer_does_not_show_the_answers(path):
    screen = started(mock_interview(CARDS, "mid", seed=1, path=path))
    click(screen, "Sure")
    assert "In one breath" not in page(screen)
    assert not any(isinstance(one, widgets.Image) for one in inside(screen.box))


def test_what_cannot_be_kept_is_said_and_the_drill_goes_on(tmp_path):
    (tmp_path / "file").write_text("")
    screen = started(Session(CARDS, ["Q1", "Q2"], 20, path=tmp_path / "file" / "drill.jsonl"))
    answer(screen, 3)
    assert "This wasn't kept" in page(screen)
    click(screen, "Next question")
    answer(screen, 3)
    assert len(screen.session.said) == 2


def test_an_answer_that_has_changed_says_so(path):
    Session(CARDS, ["Q1"], 20, path=path)
    review = {"kind": "review", "id": "1", "at": "2026-01-01T00:00:00+00:00", "card": "Q1"}
    path.write_text(
        json.dumps(review | {"ticks": 3, "of": 3, "seconds": 9, "sure": True, "version": "old"})
        + "\n"
    )
    screen = started(Session(CARDS, ["Q1"], 20, path=path))
    click(screen, "Sure")
    assert "This answer has changed since you last saw it" in page(screen)


def test_without_buttons_a_sentence_says_what_to_do(monkeypatch):
    shown = []
    monkeypatch.setattr(door, "display", shown.append)
    door.drill()
    door.mock("mid")
    door.drill(levels=("expert",))
    door.drill(interview="tomorrow")
    assert all("open this notebook in JupyterLab" in str(one) for one in shown[:2])
    assert str(shown[2]) == "'expert' isn't a level: choose from junior, mid, senior."


def test_with_buttons_the_date_is_kept_and_the_screens_are_shown(monkeypatch, tmp_path):
    shown = []
    monkeypatch.setattr(door, "display", shown.append)
    monkeypatch.setattr(door, "has_front_end", lambda: True)
    monkeypatch.setenv("COURSE_LEARNER", str(tmp_path))
    door.drill(interview="2020-01-01", levels="junior")
    assert "2020-01-01 is over" in str(shown[0])
    assert isinstance(shown[1], widgets.VBox)
    door.drill(interview="tomorrow")
    assert "'tomorrow' isn't a date" in str(shown[2])
    door.mock("senior")
    assert isinstance(shown[3], widgets.VBox)
    door.export(str(tmp_path / "mine.jsonl"))
    assert "1 events are in mine.jsonl" in str(shown[4])
    door.take_in(str(tmp_path / "mine.jsonl"))
    assert "0 of 1 events were new" in str(shown[5])


def test_the_clock_waits_until_you_are_ready(path):
    ticking = iter(range(0, 9000, 1000))
    session = Session(CARDS, ["Q1", "Q2"], 30, path=path, clock=lambda: next(ticking))
    screen = Screen(session)
    assert "2 questions, 2 of them new, 30 minutes at most." in page(screen)
    assert session.begun is None
    click(screen, "Start")
    assert session.begun == 0
