"""The cards as an Anki deck, with genanki: a newer deck updates the cards and keeps your schedules."""

import html
import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from unittest import mock

import genanki

from .._look import marked
from ..drilling._cards import Card, date, picture

# Never change these: Anki finds a deck and a note type again by its number, and a note by its guid.
DECK_ID, MODEL_ID = 1_764_460_800, 1_764_460_801
DECK = "FastAPI, measured"
FIELDS = ("Id", "Ask", "Answer", "Must say", "Picture", "Follow-ups", "Lesson")
FRONT = '<div class="ask">{{Ask}}</div><div class="quiet">Say it aloud, in one breath.</div>'
BACK = (
    "{{FrontSide}}<hr id=answer><div>{{Answer}}</div><b>Must say</b>{{Must say}}<div>{{Picture}}</div>"
    '{{#Follow-ups}}<b>They\'ll ask next</b>{{Follow-ups}}{{/Follow-ups}}<div class="quiet">{{Id}} · {{Lesson}}</div>'
)
CSS = (
    ".card { font: 18px/1.4 sans-serif; max-width: 42em; margin: auto; text-align: left } "
    ".ask { font-size: 1.2em } .quiet { opacity: .7; font-size: .8em; margin-top: .6em } "
    "img { max-width: 100%; background: #fff } td, th { padding: 2px 8px }"
)


def write(cards: list[Card], path: Path, root: Path) -> None:
    """Write the deck. On one machine the same cards give the same bytes. Raises OSError when the file can't be written."""
    model = genanki.Model(
        MODEL_ID,
        DECK,
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Interview", "qfmt": FRONT, "afmt": BACK}],
        css=CSS,
    )
    deck = genanki.Deck(DECK_ID, DECK)
    with tempfile.TemporaryDirectory() as folder:
        media = []
        for card in sorted(cards, key=lambda card: card.number):
            shown, drawn = picture(card, root), ""
            if shown and shown.png:
                file = Path(folder, f"fastapi-measured-{card.id}.png")
                file.write_bytes(shown.png)
                media.append(str(file))
                drawn = f'<img src="{file.name}" alt="{html.escape(shown.words)}">'
            elif shown:
                drawn = shown.markup
            deck.add_note(_note(card, drawn, model))
        raw = io.BytesIO()
        stamp = datetime.fromisoformat(date()).timestamp()
        with mock.patch.object(tempfile, "tempdir", folder):  # it leaves a file behind
            genanki.Package(deck, media).write_to_file(raw, timestamp=stamp)
    path.write_bytes(_same_bytes(raw))


def _note(card: Card, drawn: str, model: genanki.Model) -> genanki.Note:
    points = "".join(f"<li>{marked(point)}</li>" for point in card.must_say)
    more = "".join(
        f"<details><summary>{marked(question)}</summary>{marked(answer)}</details>"
        for question, answer in card.follow_ups
    )
    fields = (
        card.id,
        marked(card.ask),
        marked(card.answer),
        f"<ul>{points}</ul>",
        drawn,
        more,
        card.lesson,
    )
    return genanki.Note(
        model,
        list(fields),
        guid=genanki.guid_for("fastapi-measured", card.id),
        tags=[card.level, f"lesson-{card.lesson[:2]}"],
        due=card.number,
    )


def _same_bytes(raw: io.BytesIO) -> bytes:
    """The package with one fixed time in it, instead of the times of its temporary files."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name), before.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
