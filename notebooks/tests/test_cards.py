"""Cards, the Anki deck, the sheet: made from the lessons, whole, and the same each time."""

import json
import re
import sqlite3
import sys
import zipfile

import pytest

from fastapi_measured import cards as command
from fastapi_measured.drilling._cards import ROOT, load, picture
from fastapi_measured.keeping import sheet
from fastapi_measured.keeping.cards import made
from fastapi_measured.keeping.lessons import read_lessons

CARDS = load()
# From Python 3.14 on, a package that genanki uses warns.
GENANKI = pytest.mark.filterwarnings("ignore:'asyncio.iscoroutinefunction':DeprecationWarning")


def test_each_question_has_a_whole_card():
    assert [card.number for card in CARDS.values()] == list(range(1, 71))
    for card in CARDS.values():
        assert len(card.must_say) == 3, card.id
        assert all((card.ask, card.answer, card.question)), card.id
        assert len(card.follow_ups) >= 2, card.id
        assert (ROOT / "notebooks" / card.path).exists(), card.id
    assert sum(len(card.follow_ups) for card in CARDS.values()) >= 200
    assert sum(len(card.myths) for card in CARDS.values()) >= 40


def test_nothing_on_a_card_points_to_what_it_does_not_have():
    for card in CARDS.values():
        for text in (card.ask, card.answer, *(part for pair in card.more for part in pair)):
            assert "](" not in text, card.id
            assert not re.search(r"(?i)the cell (above|below)", text), f"{card.id}: {text}"


def test_each_card_has_its_chart():
    shown = {name: picture(card) for name, card in CARDS.items()}
    assert [name for name, chart in shown.items() if chart is None] == []


def test_the_date_only_moves_when_a_card_changes():
    lessons = read_lessons()
    before = made(lessons, {}, now="2026-01-01T10:00:00+00:00")
    assert made(lessons, before, now="2026-01-01T11:00:00+00:00") == before
    before["cards"][0]["answer"] = "Something else."
    later = made(lessons, before, now="2026-01-01T11:00:00+00:00")
    assert later["date"] == "2026-01-01T11:00:00+00:00"
    before["cards"][0] = later["cards"][0] | {"drawn": "another chart"}
    assert made(lessons, before, now="2026-02-02T10:00:00+00:00")["date"] > later["date"]
    assert made(lessons, [], now="2026-02-02T10:00:00+00:00")["cards"] == later["cards"]


def test_cards_without_their_file_say_what_to_do(tmp_path):
    with pytest.raises(ValueError, match=r"run python -m fastapi_measured\.index"):
        load(tmp_path / "cards.json")


def test_the_sheet_holds_every_answer():
    page = sheet.page(list(CARDS.values()))
    assert page.count("<article>") == 70
    assert page.index("Junior") < page.index("Mid") < page.index("Senior")
    assert "<script" not in page


def test_the_command_says_what_it_needs(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["cards"])
    with pytest.raises(SystemExit):
        command.main()
    assert "--anki FILE or --sheet FILE" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["cards", "--sheet", str(tmp_path / "no folder" / "a.html")])
    with pytest.raises(SystemExit, match=r"can't be written .*: choose another file"):
        command.main()


@GENANKI
def test_two_builds_of_the_deck_give_the_same_bytes(tmp_path):
    anki = pytest.importorskip("fastapi_measured.keeping.anki", exc_type=ImportError)
    first, second = tmp_path / "a.apkg", tmp_path / "b.apkg"
    anki.write(list(CARDS.values()), first, ROOT)
    anki.write(list(reversed(CARDS.values())), second, ROOT)
    assert first.read_bytes() == second.read_bytes()


@GENANKI
def test_the_deck_keeps_its_ids_and_brings_its_pictures(tmp_path):
    anki = pytest.importorskip("fastapi_measured.keeping.anki", exc_type=ImportError)
    path = tmp_path / "a.apkg"
    anki.write(list(CARDS.values()), path, ROOT)
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki2", tmp_path)
        media = json.loads(package.read("media"))
    with sqlite3.connect(tmp_path / "collection.anki2") as database:
        notes = database.execute("select guid, mid, flds from notes").fetchall()
    database.close()
    assert {mid for _, mid, _ in notes} == {anki.MODEL_ID} == {1_764_460_801}
    by_id = {fields.split("\x1f")[0]: guid for guid, _, fields in notes}
    assert by_id["Q1"] == anki.genanki.guid_for("fastapi-measured", "Q1")
    assert len(by_id) == 70
    named = {name for _, _, fields in notes for name in re.findall(r'<img src="([^"]+)"', fields)}
    assert named == set(media.values())
    assert len(named) >= 40
