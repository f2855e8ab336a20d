import json

import pytest

from fastapi_measured import compare, predict, recap
from fastapi_measured.learning import _buttons, _claims, _predict, _prediction, _store

OPTIONS = {"a": "no longer than usual", "b": "until the `def` ends"}
NUMBERS = {"40 calls": "rounds", "41 calls": "rounds"}


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch):
    monkeypatch.setattr(_predict, "_predictions", {})
    monkeypatch.setattr(_claims, "_claims", {})


@pytest.fixture
def person(monkeypatch, tmp_path):
    """Someone in front of JupyterLab; gives the log of what they do."""
    for module in (_store, _predict):
        monkeypatch.setattr(module, "has_front_end", lambda: True)
    monkeypatch.setenv("COURSE_LEARNER", str(tmp_path / "new" / "folder"))
    return tmp_path / "new" / "folder" / "log.jsonl"


def test_without_a_guess_only_what_was_measured_is_shown(capsys):
    predict("Q33", "How long?", OPTIONS)
    compare("Q33", "b", usual="Most say a.")
    told = capsys.readouterr().out
    assert "b  until the `def` ends" in told
    assert "Measured here: b, until the `def` ends." in told
    assert "You said" not in told
    assert recap().compared == []


@pytest.mark.parametrize(("guess", "right"), [("b", True), ("a", False)])
def test_a_guess_in_the_call_is_compared(guess, right, capsys):
    predict("Q33", "How long?", OPTIONS, guess=guess, sure="sure")
    compare("Q33", "b", usual="Most say a.", words="It took 3 ms.")
    told = capsys.readouterr().out
    assert f"You said {guess}, " in told
    assert "It took 3 ms." in told
    assert [asked.right for asked in recap().predictions] == [right]


def test_the_recap_counts_right_predictions(capsys):
    predict("Q33", "How long?", OPTIONS, guess="b")
    predict("Q33 def", "And this?", OPTIONS, guess="a")
    compare("Q33", "b", usual="")
    compare("Q33 def", "b", usual="")
    assert "predicted" not in repr(recap())  # there are no claims yet
    _claims.claim("One holds.", 1, equals=1)
    assert recap().summary == ["1 of 1 claims hold here", "you predicted 1 of 2"]


@pytest.mark.parametrize(
    ("guess", "measured", "right"),
    [
        (1, 1, True),
        (30, 60, True),
        (29, 60, False),
        (120, 60, True),
        (121, 60, False),
        (0, 0, True),
        (0, 1, False),
    ],
)
def test_a_number_within_a_factor_of_two_is_right(guess, measured, right):
    assert _prediction.is_right({"n": float(guess)}, {"n": float(measured)}) == right


def test_every_number_has_to_be_right():
    assert not _prediction.is_right({"a": 1.0, "b": 9.0}, {"a": 1.0, "b": 2.0})


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({}, "one of several options"),
        ({"options": OPTIONS, "numbers": NUMBERS}, "one of several options"),
        ({"numbers": dict.fromkeys("abcd", "ms")}, "one to three numbers"),
        ({"options": OPTIONS, "guess": "c"}, "answer with one of a, b"),
        ({"numbers": NUMBERS, "guess": {"40 calls": 1}}, "a number for each of 40 calls, 41 calls"),
        ({"options": OPTIONS, "guess": "a", "sure": "very"}, "sure is one of just guessing"),
    ],
)
def test_what_cannot_be_asked_or_guessed_is_refused(how, told):
    with pytest.raises(ValueError, match=told):
        predict("Q33", "How long?", **how)


def test_what_was_not_asked_cannot_be_compared():
    with pytest.raises(KeyError, match="wasn't asked yet"):
        compare("Q99", "a", usual="")


@pytest.fixture
def widgets_of(monkeypatch):
    """Gives the fields, the sureness and the message of the prediction that was shown last."""
    pytest.importorskip("ipywidgets")
    shown = []
    for module in (_buttons, _predict):
        monkeypatch.setattr(module, "display", lambda what, **_: shown.append(what))

    def last():
        _, *fields, row, told = shown[-1].children
        return fields, row.children[1], told

    return last


def test_a_click_is_kept_and_preset_the_next_time(person, widgets_of):
    predict("Q33", "How long?", OPTIONS)
    [radio], sure, told = widgets_of()
    radio.value, sure.value = "a", "sure"
    assert told.value.startswith("Kept.")
    compare("Q33", "b", usual="")
    lines = [json.loads(line) for line in person.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["guess", "guess", "compared"]
    assert (lines[-1]["right"], lines[-1]["sure"]) == (False, "sure")
    predict("Q33", "How long?", OPTIONS)
    [radio], sure, _ = widgets_of()
    assert (radio.value, sure.value) == ("a", "sure")


def test_numbers_are_typed_and_a_word_is_refused_with_a_sentence(person, widgets_of):
    predict("Q35", "How long?", numbers=NUMBERS)
    fields, _, told = widgets_of()
    fields[0].value = "one"
    assert "please write a number" in told.value
    fields[0].value, fields[1].value = "1", "1,5"
    compare("Q35", {"40 calls": 1, "41 calls": 2}, usual="")
    assert [asked.right for asked in recap().predictions] == [True]


def test_a_damaged_log_and_a_full_disk_stop_no_lesson(person, widgets_of):
    person.parent.mkdir(parents=True)
    person.write_text('{"kind": "guess", "question": "Q33", "guess": "z"}\nnot json\n[1]\n')
    assert [event["kind"] for event in _store.kept()] == ["guess"]
    predict("Q33", "How long?", OPTIONS)  # an option that is no more
    person.unlink()
    person.mkdir()  # nothing can be written there
    assert "check the disk" in _store.keep("guess", question="Q33")


def test_without_a_person_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_LEARNER", str(tmp_path))
    predict("Q33", "How long?", OPTIONS, guess="a")
    compare("Q33", "b", usual="")
    recap()
    assert list(tmp_path.iterdir()) == []
