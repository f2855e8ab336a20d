"""The seventy answers as a page to print."""

import html

from .._look import marked
from ..drilling._cards import Card

STYLE = """
body { font: 11pt/1.35 system-ui, sans-serif; color: #1a1a1a; max-width: 46em; margin: 2em auto; padding: 0 1em }
article { break-inside: avoid; border-top: 1px solid #999; padding: .6em 0 }
h2 { break-before: page } h2:first-of-type { break-before: auto }
h3 { font-size: 1em; margin: 0 0 .2em } p { margin: .2em 0 } ul { margin: .2em 0; padding-left: 1.2em }
.lesson { color: #555; font-size: .85em }
"""


def page(cards: list[Card]) -> str:
    """An HTML page without scripts: each question with its answer and its must-say points, by level."""
    parts, level = [], ""
    for card in sorted(cards, key=lambda card: card.number):
        if card.level != level:
            level = card.level
            parts.append(f"<h2>{level.capitalize()}</h2>")
        points = "".join(f"<li>{marked(point)}</li>" for point in card.must_say)
        parts.append(
            f"<article><h3>{card.id} {marked(card.ask)}</h3><p>{marked(card.answer)}</p><ul>{points}</ul>"
            f'<p class="lesson">{html.escape(card.lesson)}</p></article>'
        )
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>FastAPI, measured</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>FastAPI, measured</h1>\n{body}\n</body></html>\n"
    )
