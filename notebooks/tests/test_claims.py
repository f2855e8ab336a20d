import json

import pytest

from fastapi_measured import claim, predict, recap
from fastapi_measured.learning import _claims, _predict


@pytest.fixture(autouse=True)
def no_claims(monkeypatch):
    monkeypatch.setattr(_claims, "_claims", {})
    monkeypatch.setattr(_predict, "_predictions", {})


@pytest.mark.parametrize(
    ("measured", "bound"),
    [
        (3, {"at_least": 3}),
        (1.5, {"at_most": 2}),
        ("a", {"equals": "a"}),
        (0, {"equals": 0}),
        (None, {"equals": None}),
    ],
)
def test_holds(measured, bound, capsys):
    claim("so it is", measured, **bound)
    assert recap().claims[0].held
    assert "holds: so it is" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("measured", "bound"), [(2.9, {"at_least": 3}), (2.1, {"at_most": 2}), ([1], {"equals": [2]})]
)
def test_fails_its_cell_under_pytest_and_is_shown_to_a_learner(
    measured, bound, monkeypatch, capsys
):
    with pytest.raises(AssertionError, match="DOES NOT HOLD: so it is"):
        claim("so it is", measured, **bound)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    claim("so it is", measured, **bound)
    assert "DOES NOT HOLD" in capsys.readouterr().out
    assert "Run the cell again" in recap().claims[0]._repr_html_()


def test_the_last_run_of_a_cell_counts():
    claim("so it is", 4, at_least=3)
    claim("so it is", 5, at_least=3)
    assert [row.measured for row in recap().claims] == ["5"]


@pytest.mark.parametrize("bounds", [{}, {"at_least": 1, "at_most": 2}])
def test_exactly_one_bound(bounds):
    with pytest.raises(ValueError, match="exactly one"):
        claim("so it is", 1, **bounds)


def test_each_claim_is_logged(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CLAIM_LOG", str(tmp_path / "log.jsonl"))
    claim("twice", 2.5, at_least=2, unit="x")
    claim("same", {1}, equals={1})
    first, second = map(json.loads, (tmp_path / "log.jsonl").read_text().splitlines())
    assert first["ratio"]
    assert (first["bound_value"], first["measured_value"], first["held"]) == (2, 2.5, True)
    assert first["notebook"].endswith("test_claims.py")
    assert "measured_value" not in second
    assert second["measured"] == "1"


def test_text_is_escaped():
    claim("<b> & co", 1, equals=1)
    assert "&lt;b&gt; &amp; co" in recap()._repr_html_()


def test_words_and_units_instead_of_literals():
    claim("a ratio", 12.25, at_least=5, unit="x")
    claim("a mapping", {"query": "b", "header": None}, equals={"query": "b", "header": None})
    claim("a set", set(), equals=set())
    claim("Nothing is there.", False, equals=False)
    assert [row.check for row in recap().claims] == [
        "measured: 12.2 times; needed: at least 5 times",
        "measured: query: b; header: nothing, as needed",
        "measured: none, as needed",
        "measured: as the sentence says",
    ]


def test_a_claim_stands_under_the_question_asked_before_it(capsys):
    predict("Q33", "Who waits?", {"a": "all", "b": "none"})
    claim("All wait.", 1, equals=1)
    predict("Q34", "And now?", {"a": "all", "b": "none"})
    claim("All wait.", 1, equals=1)  # run again, later
    assert [row.question for row in recap().claims] == ["Q33"]
    assert recap().summary == ["1 of 1 claims hold here", "no predictions yet"]
