"""The finding that opens README.md: its figures and its picture come from the committed run of lesson 07."""

import base64
import re
from pathlib import Path

import nbformat

LESSON = "07-async-def-or-def.ipynb"
_MOST = r"{path} from [^;]*?, at most ([\d.,]+)"


def finding(lesson: Path) -> tuple[str, bytes]:
    """A paragraph and a PNG, from the chart of pings in the outputs of a notebook.

    Raises ValueError when there is no such chart: run the lesson, and save it.
    """
    for cell in nbformat.read(lesson, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            worst = [
                re.search(_MOST.format(path=path), data.get("text/plain", ""))
                for path in ("/blocks-in-async", "/blocks-in-def")
            ]
            if all(worst) and "image/png" in data:
                blocked, threaded = (float(found[1].replace(",", "")) for found in worst)
                text = (
                    "From [lesson 07](notebooks/mid/07-async-def-or-def.ipynb): five calls of 80 ms arrive together. If they block in "
                    f"`async def`, an innocent `/ping` waits up to {blocked:.0f} ms. Without the word `async`, it's {threaded:.1f} ms. "
                    "(One machine's figures.)"
                )
                return text, base64.b64decode(data["image/png"])
    raise ValueError(f"{lesson.name} has no chart of pings in its outputs: run it, and save it")
