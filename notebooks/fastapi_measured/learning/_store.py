"""Where a learner's guesses and results are kept: one line an event in .learner/log.jsonl, never rewritten."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def log() -> Path:
    """The learner's log: in the course's folder, or in the folder that COURSE_LEARNER names."""
    folder = os.environ.get("COURSE_LEARNER") or Path(__file__).resolve().parents[3] / ".learner"
    return Path(folder, "log.jsonl")


def has_front_end() -> bool:
    """Whether a person is probably in front of this kernel: JupyterLab and VS Code say so, nbval and nbclient don't."""
    if "PYTEST_CURRENT_TEST" in os.environ or "COURSE_NOTEBOOK" in os.environ:
        return False
    return "JPY_SESSION_NAME" in os.environ or any(
        name.startswith("VSCODE_") for name in os.environ
    )


def notebook() -> str:
    """The running notebook's name without its ending, such as "07-async-def-or-def"; "" where the kernel can't know."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    known = shell.user_ns.get("__vsc_ipynb_file__") if shell else None
    name = os.environ.get("COURSE_NOTEBOOK") or os.environ.get("JPY_SESSION_NAME") or known or ""
    return Path(name).stem


def keep(kind: str, **what: Any) -> str:
    """Append one event for a person, and nothing without one. Returns "", or a sentence that says why it wasn't kept."""
    if not has_front_end():
        return ""
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "kind": kind, **what}
    try:
        log().parent.mkdir(parents=True, exist_ok=True)
        with log().open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as error:
        return f"This wasn't kept for later ({error.strerror}): check the disk and the rights of {log().parent.name}/."
    return ""


def kept(path: Path | None = None) -> list[dict[str, Any]]:
    """All events so far, oldest first. A line that can't be read, after a crash for example, is left out."""
    try:
        lines = (path or log()).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [event for event in map(_event, lines) if event]


def _event(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "kind" in event else None
