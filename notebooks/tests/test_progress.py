import json

import pytest

from fastapi_measured import progress
from fastapi_measured.learning._progress import counted, days


def test_nothing_yet(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_LEARNER", str(tmp_path / "not there"))
    assert "Nothing yet" in repr(progress())


def test_lessons_labs_and_the_last_answer_count(monkeypatch, tmp_path):
    events = [
        {"kind": "recap", "lesson": "07-async-def-or-def", "claims": 20},
        {"kind": "recap", "lesson": "02-parameters", "claims": 0},  # run before its claims
        {"kind": "lab", "lab": "02-parameters", "passed": 8, "checks": 9},
        {"kind": "lab", "lab": "07-async-def-or-def", "passed": 7, "checks": 7},
        {"kind": "compared", "question": "Q5", "text": "?", "right": False},
        {"kind": "compared", "question": "Q5", "text": "?", "right": True},
        {"kind": "compared", "question": "Q6", "text": "?", "right": False},
        {"kind": "compared", "question": "Q6 recall", "text": "?", "right": True},
    ]
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(map(json.dumps, events)))
    monkeypatch.setenv("COURSE_LEARNER", str(tmp_path))
    found = progress()
    assert found == counted(events)
    assert found.lessons == ("07-async-def-or-def",)
    assert found.labs == ("07-async-def-or-def",)
    assert found.lines == ["1 of 30 lessons", "1 of 30 labs", "1 of 2 predictions right"]


def test_a_plan_shows_what_is_done_and_what_is_next():
    plan = [
        {"title": "Day 1", "lessons": ["01"], "labs": [], "minutes": 55},
        {"title": "Day 2", "lessons": ["02"], "labs": ["01"], "minutes": 90},
        {"title": "Day 3", "lessons": ["03"], "labs": [], "minutes": 50},
    ]
    done = [
        {"kind": "recap", "lesson": "01-meet-fastapi", "claims": 24},
        {"kind": "recap", "lesson": "02-parameters", "claims": 46},
    ]
    assert days(plan, counted(done)) == [
        "✓ Day 1",
        "→ Day 2: lab 01 (90 minutes in all, done: lesson 02)",
        "○ Day 3: lesson 03 (50 minutes in all)",
    ]


def test_a_plan_that_does_not_exist_is_named():
    assert "→ Evening 1" in repr(progress("three evenings"))
    with pytest.raises(ValueError, match="'a month' isn't a plan: choose from three evenings"):
        progress("a month")
