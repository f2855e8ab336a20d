"""How the course looks: a few inline styles that survive JupyterLab's sanitizer, and read well in both themes."""

import html
import math
from collections.abc import Mapping

# White text reaches a contrast of 4.5 on each of these, and each stands out from a white and from a black page.
GROUNDS = GOOD, BAD, NOTE, QUIET = "#00664f", "#b3261e", "#0b5cad", "#5f6368"
_PILL = "color:#ffffff;padding:1px 9px;border-radius:10px;font-weight:bold;font-size:90%;white-space:nowrap"


def pill(text: str, colour: str) -> str:
    """A word in white on a coloured ground."""
    return f'<span style="background-color:{colour};{_PILL}">{html.escape(text)}</span>'


def verdict(good: bool, yes: str, no: str) -> str:
    """A pill with a sign and a word, so that its colour isn't all that tells."""
    return pill(f"✓ {yes}", GOOD) if good else pill(f"✗ {no}", BAD)


def card(*lines: str, colour: str = NOTE) -> str:
    """Lines of HTML with a coloured edge."""
    inner = "".join(f'<div style="margin:3px 0px">{line}</div>' for line in lines if line)
    return (
        f'<div style="border-left:4px solid {colour};padding:2px 12px;margin:4px 0px">{inner}</div>'
    )


def folded(summary: str, inner: str) -> str:
    """HTML that unfolds at a click, without a kernel too."""
    return f"<details><summary>{html.escape(summary)}</summary>{inner}</details>"


class Shown:
    """Something to display: HTML where it can be drawn, text where it can't."""

    def __init__(self, markup: str, text: str):
        self._markup, self._text = markup, text

    def _repr_html_(self) -> str:
        return self._markup

    def __repr__(self) -> str:
        return self._text


def listed(options: Mapping[str, str]) -> str:
    """Options as an HTML list, each with its letter."""
    rows = (f"<div><b>{html.escape(k)}</b>&nbsp; {marked(v)}</div>" for k, v in options.items())
    return f'<div style="margin:2px 14px">{"".join(rows)}</div>'


def marked(text: str) -> str:
    """Escaped text in which `code` is set as code.

    >>> marked("a `def` & more")
    'a <code>def</code> &amp; more'
    """
    parts = html.escape(text, quote=False).split("`")
    return "".join(
        f"<code>{part}</code>" if i % 2 and i < len(parts) - 1 else ("`" * (i % 2) + part)
        for i, part in enumerate(parts)
    )


def number(value: float) -> str:
    """A figure as people write it: three digits that tell, or whole thousands.

    >>> number(0.1234), number(3.0), number(1234.5)
    ('0.123', '3', '1,234')
    """
    if not math.isfinite(value):
        return str(value)
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.6f}".rstrip("0")
