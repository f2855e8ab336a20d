import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from fastapi_measured.drilling import _log
from fastapi_measured.drilling._cards import load
from fastapi_measured.drilling._rating import Spoken
from fastapi_measured.drilling._session import (
    MOCK_QUESTIONS,
    Session,
    chosen,
    mock_interview,
    set_date,
    today,
)

CARDS = load()
WELL, BADLY = Spoken(3, 3, 30, True), Spoken(0, 3, 30, True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".learner" / "drill.jsonl"


def test_what_is_kept_is_read_again(path):
    assert _log.read(path) == ([], "")
    assert _log.append({"kind": "review", "card": "Q1"}, path) == ""
    [event], trouble = _log.read(path)
    assert (event["card"], trouble) == ("Q1", "")


def test_a_killed_kernel_leaves_half_a_line_and_nothing_else_is_lost(path):
    _log.append({"kind": "review", "card": "Q1"}, path)
    with path.open("a") as file:
        file.write('{"id": "x", "at": "2026')
    assert [event["card"] for event in _log.read(path)[0]] == ["Q1"]
    _log.append({"kind": "review", "card": "Q2"}, path)
    events, _ = _log.read(path)
    assert [event["card"] for event in events] == ["Q1", "Q2"]


def test_damaged_lines_are_copied_aside_and_the_log_is_never_changed(path):
    _log.append({"kind": "review", "card": "Q1"}, path)
    damaged = b"\x00\xff rubbish\n" + path.read_bytes()
    path.write_bytes(damaged)
    events, trouble = _log.read(path)
    assert [event["card"] for event in events] == ["Q1"]
    assert trouble.startswith("1 lines of your log can't be read")
    [aside] = path.parent.glob("drill.damaged-*.jsonl")
    assert aside.name in trouble
    assert aside.read_bytes() == b"\x00\xff rubbish\n"
    assert path.read_bytes() == damaged
    assert _log.read(path) == (events, "")  # it's said once


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "1", "at": "2026-01-01T00:00:00+00:00", "kind": "review"}',
        '{"id": "1", "at": "2026-01-01T00:00:00+00:00", "kind": "review", "card": []}',
        '{"id": "1", "at": "0001-01-01T00:00:00+05:00", "kind": "review", "card": "Q1"}',
        '{"id": "1", "at": "2026-01-01T00:00:00+00:00", "kind": "review", "card": "Q1", "ticks": 1e999}',
        "[" * 100_000,
    ],
)
def test_no_odd_line_ends_the_drill(path, line):
    path.parent.mkdir()
    path.write_text(f"{line}\n")
    _log.append({"kind": "date", "date": None}, path)
    assert len(today(CARDS, minutes=20, path=path).queue) == 5


def test_a_full_or_locked_disk_is_said_and_nothing_raises(path):
    path.parent.write_text("a file where the folder should be")
    told = _log.append({"kind": "review", "card": "Q1"}, path)
    assert told.startswith("This wasn't kept")
    assert "check the disk" in told


def test_two_drills_at_once_don_t_mix_their_lines(path):
    def add(number):
        return _log.append({"kind": "review", "card": f"Q{number}", "filler": "x" * 2000}, path)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add, range(1, 71))) == {""}
    events, trouble = _log.read(path)
    assert (len(events), trouble) == (70, "")


def test_an_export_is_taken_in_once(path, tmp_path):
    assert "nothing to export" in _log.export(tmp_path / "mine.jsonl", path)
    for card in ("Q1", "Q2"):
        _log.append({"kind": "review", "card": card}, path)
    assert "2 events" in _log.export(tmp_path / "mine.jsonl", path)
    other = tmp_path / "other" / "drill.jsonl"
    assert _log.merge(tmp_path / "mine.jsonl", other) == "2 of 2 events were new."
    assert _log.merge(tmp_path / "mine.jsonl", other) == "0 of 2 events were new."
    here, there = ([event["id"] for event in _log.read(one)[0]] for one in (path, other))
    assert here == there
    _log.append({"kind": "review", "card": "Q3"}, other)
    assert "3 events" in _log.export(tmp_path / "mine.jsonl", other)
    assert "3 events" in _log.export(tmp_path / "mine.jsonl", path)  # what was exported stays
    (tmp_path / "photo.jsonl").write_bytes(b"\x89PNG\r\n")
    assert "holds no events" in _log.merge(tmp_path / "photo.jsonl", other)
    assert "upload it" in _log.merge(tmp_path / "nothing.jsonl", other)


def test_a_missed_card_returns_in_this_sitting_and_in_the_next(path):
    session = Session(CARDS, ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7"], 20, path=path)
    session.rate(session.next(), BADLY)
    asked = []
    while (card := session.next()) is not None:
        asked.append(card.id)
        session.rate(card, WELL)
    assert asked == ["Q2", "Q3", "Q4", "Q5", "Q6", "Q1", "Q7"]
    assert [card.id for card in session.missed()] == ["Q1"]
    again = Session(CARDS, ["Q9"], 20, path=path)
    again.rate(again.next(), BADLY)
    assert today(CARDS, minutes=20, path=path).queue[0] == "Q9"


def test_a_card_that_another_drill_has_asked_is_not_asked_again(path):
    now = datetime.now(UTC)
    here = Session(CARDS, ["Q1", "Q2"], 20, path=path, now=lambda: now - timedelta(hours=1))
    there = Session(CARDS, ["Q1"], 20, path=path)
    there.rate(there.next(), WELL)
    assert here.next().id == "Q2"


def test_when_the_time_is_over_the_rest_waits_for_the_next_sitting(path):
    times = iter((0.0, 0.0, 1300.0))
    session = Session(CARDS, ["Q1", "Q2"], 20, path=path, clock=lambda: next(times))
    session.start()
    assert session.next().id == "Q1"
    assert session.next() is None


def test_the_trouble_of_a_log_does_not_stop_the_drill(path):
    path.parent.write_text("a file where the folder should be")
    session = Session(CARDS, ["Q1"], 20, path=path)
    session.rate(session.next(), WELL)
    assert session.trouble.startswith("This wasn't kept")


def test_follow_ups_and_what_is_often_said_take_turns(path):
    session, asked = Session(CARDS, [], 20, path=path), []
    for _ in CARDS["Q1"].more:
        session.rate(CARDS["Q1"], WELL)
        asked.append(session.follow_up(CARDS["Q1"]))
    assert sorted(asked) == sorted(CARDS["Q1"].more)


@pytest.mark.parametrize("level", ["junior", "mid", "senior"])
def test_a_mock_interview_mixes_ten_questions(level, path):
    session = mock_interview(CARDS, level, path=path)
    levels = [CARDS[name].level for name in session.queue]
    assert len(set(session.queue)) == MOCK_QUESTIONS
    assert levels.count(level) == (10 if level == "junior" else 7)
    session.rate(session.next(), BADLY)
    assert len(session.queue) == 9  # nothing comes back in an interview


def test_a_mock_interview_asks_what_you_have_not_just_seen(path):
    drilled = Session(CARDS, ["Q13", "Q14", "Q15", "Q16"], 20, path=path)
    while (card := drilled.next()) is not None:
        drilled.rate(card, WELL)
    for seed in range(5):
        queue = mock_interview(CARDS, "mid", seed=seed, path=path).queue
        assert not set(queue) & {"Q13", "Q14", "Q15", "Q16"}


def test_levels_and_dates_that_do_not_exist_are_named(path):
    with pytest.raises(ValueError, match="'expert' isn't a level: choose from junior, mid, senior"):
        chosen(CARDS, ("expert",))
    with pytest.raises(ValueError, match=r"'31\.1\.2027' isn't a date: write it like 2027-01-31"):
        set_date("31.1.2027", path)


def test_a_date_is_kept_once_and_one_in_the_past_is_said(path):
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert set_date("2027-01-31", path, lambda: now) == "30 days until your interview."
    assert set_date("2027-01-31", path, lambda: now) == "30 days until your interview."
    assert "2026-12-01 is over" in set_date("2026-12-01", path, lambda: now)
    assert set_date("", path, lambda: now) == ""
    kinds = [json.loads(line)["date"] for line in path.read_text().splitlines()]
    assert kinds == ["2027-01-31", "2026-12-01", None]
