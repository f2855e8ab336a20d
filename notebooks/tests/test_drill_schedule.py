"""When cards are due: pure functions, and a simulated learner who forgets."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from fastapi_measured.drilling._cards import load
from fastapi_measured.drilling._rating import Spoken, rating
from fastapi_measured.drilling._schedule import (
    SECONDS_A_CARD,
    back,
    mixed,
    new_today,
    predicted_wrong,
    session,
    states,
)

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)
CARDS = load()


def review(card, at=NOW, ticks=3, sure=True, seconds=60):
    told = {"ticks": ticks, "of": 3, "sure": sure, "seconds": seconds, "version": "x"}
    return {"kind": "review", "id": f"{card}{at}", "at": at.isoformat(), "card": card, **told}


@pytest.mark.parametrize(
    ("ticks", "seconds", "sure", "name"),
    [
        (3, 30, True, "Easy"),
        (3, 90, True, "Good"),
        (3, 150, True, "Hard"),
        (3, 30, False, "Hard"),
        (2, 30, True, "Hard"),
        (1, 30, True, "Again"),
        (0, 30, False, "Again"),
    ],
)
def test_the_rating_comes_from_ticks_clock_and_sureness(ticks, seconds, sure, name):
    assert rating(Spoken(ticks, 3, seconds, sure)).name == name


def test_a_missed_card_is_due_at_once_and_a_known_card_later_and_later():
    assert states([review("Q1", ticks=1)], NOW)["Q1"].due == NOW
    once = states([review("Q1")], NOW)["Q1"]
    later = review("Q1", at=once.due)
    twice = states([review("Q1"), later], once.due)["Q1"]
    assert timedelta(days=1) <= once.due - NOW < twice.due - once.due


def test_no_card_waits_beyond_the_interview():
    day = (NOW + timedelta(days=10)).date()
    at, events = NOW, []
    while at.date() < day:
        events.append(review("Q1", at=at, seconds=20))
        known = states(events, at, day)["Q1"]
        assert known.due.date() <= day
        at = known.due
    over = (NOW - timedelta(days=1)).date()
    assert states([review("Q1")], NOW, over) == states([review("Q1")], NOW)


def test_a_clock_that_jumped_ahead_or_back_loses_nothing():
    ahead = [review("Q1", at=NOW + timedelta(days=400)), review("Q2", at=NOW)]
    later = NOW + timedelta(days=5)
    assert states(ahead, NOW)["Q1"].last_at == NOW
    assert states(ahead, later)["Q1"].last_at == NOW  # it was before what was written after it
    assert states(ahead, later)["Q1"].is_due(later)
    ahead = [review("Q1", at=NOW + timedelta(days=400), ticks=0), review("Q1", at=NOW)]
    assert not states(ahead, NOW)["Q1"].last.missed
    behind = [review("Q1", at=NOW), review("Q1", at=NOW - timedelta(days=3), ticks=0)]
    assert states(behind, NOW)["Q1"].last.missed


def test_what_was_merged_from_another_computer_keeps_its_time():
    merged = review("Q1", at=NOW - timedelta(days=30)) | {"merged": True}
    known = states([review("Q2", at=NOW - timedelta(days=1)), merged], NOW)
    assert known["Q2"].last_at == NOW - timedelta(days=1)
    assert known["Q1"].last_at == NOW - timedelta(days=30)


def test_what_was_missed_is_asked_in_the_next_sitting_also_when_it_was_right_on_its_return():
    old = NOW - timedelta(days=60)
    overdue = [review(f"Q{number}", at=old) for number in range(13, 43)]
    missed = [review("Q1", ticks=0, sure=False)]
    returned = [review("Q2", ticks=0, sure=False), review("Q2") | {"again": True, "id": "again"}]
    events = [*overdue, *missed, *returned]
    later = NOW + timedelta(hours=2)
    for day in (None, (NOW + timedelta(days=30)).date()):
        queue = session(CARDS, states(events, later, day), later, day=day, minutes=20)
        assert {"Q1", "Q2"} <= set(queue[:8])


def test_a_card_is_due_on_its_day_whatever_the_hour():
    known = states([review("Q1", ticks=2)], NOW)["Q1"]
    morning = known.due.replace(hour=6)
    assert known.is_due(morning)
    assert not known.is_due(morning - timedelta(days=1))


def test_sure_and_wrong_comes_first_and_new_cards_are_mixed_in():
    before = NOW - timedelta(days=30)
    events = [review(name, at=before) for name in ("Q1", "Q5", "Q9")]
    events += [
        review("Q33", at=before, ticks=0, sure=True),
        review("Q2", at=before, ticks=1, sure=False),
    ]
    queue = session(CARDS, states(events, NOW), NOW, minutes=20)
    assert queue[0] == "Q33"
    assert set(queue[:10]) > {"Q1", "Q2", "Q5", "Q9", "Q33"}
    assert len(queue) == len(set(queue)) <= 20 * 60 / SECONDS_A_CARD


def test_what_was_predicted_wrongly_and_surely_is_the_first_of_the_new():
    lessons = [
        {"kind": "compared", "question": "Q60 def", "text": "?", "sure": "sure", "right": False},
        {"kind": "compared", "question": "Q61", "text": "?", "sure": "fairly sure", "right": False},
        {"kind": "compared", "question": "Q62", "text": "?", "sure": "sure", "right": False},
        {"kind": "compared", "question": "Q62", "text": "?", "sure": "sure", "right": True},
        {"kind": "compared", "question": "Q5 recall", "text": "?", "sure": "sure", "right": False},
    ]
    wrong = predicted_wrong(lessons)
    assert wrong == ["Q60"]
    assert session(CARDS, {}, NOW, wrong=wrong)[0] == "Q60"


def test_a_missed_card_comes_back_after_five_others():
    assert back(list("abcdefg"), "X") == list("abcdeXfg")
    assert back(["a"], "X") == ["a", "X"]


def test_neighbours_come_from_different_lessons():
    names = mixed(list(CARDS), CARDS)
    assert sorted(names) == sorted(CARDS)
    first = [CARDS[name].lesson for name in names[:30]]
    assert len(set(first)) == 30


def test_new_cards_are_spread_and_all_started_before_the_interview():
    assert new_today(70, 0, None) == 5
    assert new_today(70, 5, None) == 0
    assert new_today(70, 0, 21) == 10
    assert new_today(60, 10, 21) == 0
    assert new_today(3, 0, 0) == 3


def simulate(days: int, seed: int, minutes: float) -> tuple[list[float], Counter]:
    """A learner who knows a third at first, and forgets with a half-life that grows with each success."""
    chance, start = random.Random(seed), NOW
    day = (start + timedelta(days=days)).date()
    events, half_life, last, took = [], {}, {}, []
    for number in range(days):
        now = start + timedelta(days=number)
        queue = session(CARDS, states(events, now, day), now, day=day, minutes=minutes)
        spent = 0.0
        while queue and spent < minutes * 60:
            name = queue.pop(0)
            at = now + timedelta(seconds=spent)
            known = 0.35
            if name in last:
                known = 0.5 ** ((at - last[name]) / timedelta(days=half_life[name]))
            right = chance.random() < known
            ticks = chance.choice((2, 3, 3)) if right else chance.choice((0, 1))
            old = half_life.get(name, 1.5)
            half_life[name], last[name] = (old * 2.2 if right else max(1.0, old * 0.7)), at
            seconds = chance.uniform(25, 110)
            events.append(review(name, at, ticks, chance.random() < 0.6, seconds))
            spent += seconds + 40
            if ticks < 2:
                queue = back(queue, name)
        took.append(spent / 60)
    return took, Counter(event["card"] for event in events)


@pytest.mark.parametrize("seed", range(5))
def test_in_three_weeks_each_card_is_seen_three_times_in_less_than_half_an_hour_a_day(seed):
    took, seen = simulate(days=21, seed=seed, minutes=25)
    assert max(took) < 30
    assert min(seen[name] for name in CARDS) >= 3
