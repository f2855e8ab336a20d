"""Which claims and outputs no longer hold on other releases: python -m fastapi_measured.upgrade [fastapi==0.166.* ...]

With requirements, an environment of its own is made, with those instead of the course's, and all lessons and solutions are run
in it, once; without, they are run in this one. Told are cells that fail, claims that do not hold, and printed outputs that are
not the committed ones, figures aside. Exits with 1 when there is any.
"""

import argparse
import importlib.metadata
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import nbformat
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .labs import ROOT, notebooks
from .runs import Rounds, run_rounds

_FIGURE = re.compile(r"\d+([.,]\d+)*(e[+-]?\d+)?")
_WORDS = re.compile(r"[^#\W]+")


def merged(ours: list[str], instead: list[str]) -> list[str]:
    """Our requirements, with those of the same name replaced, and new ones added.

    >>> merged(["fastapi>=0.165,<0.166", "httpx>=0.28"], ["FastAPI==0.166.1"])
    ['httpx>=0.28', 'FastAPI==0.166.1']
    """
    replaced = {canonicalize_name(Requirement(line).name) for line in instead}
    return [
        line for line in ours if canonicalize_name(Requirement(line).name) not in replaced
    ] + instead


def told(cell: nbformat.NotebookNode) -> str:
    """The text that a cell's outputs show, with `#` for each figure."""
    texts = []
    for output in cell.get("outputs", []):
        texts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return _FIGURE.sub("#", "\n".join(texts)).strip()


def changed(committed: nbformat.NotebookNode, ran: nbformat.NotebookNode) -> list[str]:
    """A line for each code cell whose outputs, figures aside, tell something else than those committed."""
    lines = []
    for before, after in zip(committed.cells, ran.cells, strict=True):
        was, now = told(before), told(after)
        if sorted(_WORDS.findall(was)) != sorted(_WORDS.findall(now)):
            gone = set(was.splitlines()) - set(now.splitlines())
            new = set(now.splitlines()) - set(was.splitlines())
            lines.append(f"OUTPUT CHANGED {sorted(gone)[:2]} -> {sorted(new)[:2]}")
    return lines


def findings(path: Path, rounds: Rounds) -> list[str]:
    """All that no longer holds of a notebook that was run."""
    lines = [f"CELL FAILED {problem}" for problem in rounds.problems]
    lines += [
        f"DOES NOT HOLD {line['text']} | needed {line['bound']} | measured {line['measured']}"
        for line in rounds.claims
        if not line["held"]
    ]
    if not rounds.problems:
        lines += changed(nbformat.read(path, as_version=4), rounds.ran)
    return lines


def in_this_environment(paths: list[Path]) -> int:
    bad = 0
    for path in paths:
        lines = findings(path, run_rounds(path, 1))
        bad += len(lines)
        verdict = "as committed" if not lines else f"{len(lines)} no longer hold"
        print(f"{'/'.join(path.with_suffix('').parts[-3:])}: {verdict}")
        print("".join(f"  {line}\n" for line in lines), end="", flush=True)
    return 1 if bad else 0


def in_another(instead: list[str], paths: list[Path]) -> int:
    ours = importlib.metadata.requires("fastapi-measured")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "Scripts" if sys.platform == "win32" else "bin", "python")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for what in (merged(ours, instead), ["--no-deps", "-e", str(ROOT)]):
            installed = subprocess.run([*pip, *what], check=False, capture_output=True, text=True)
            if installed.returncode:
                print(installed.stderr[-1500:])
                print(
                    "Could not be installed. If another package of the course is in the way, name it too."
                )
                return 1
        command = [str(python), "-m", "fastapi_measured.upgrade", "--notebooks", *map(str, paths)]
        return subprocess.run(command, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fastapi_measured.upgrade", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("requirements", nargs="*", help="such as fastapi==0.166.*")
    parser.add_argument(
        "--notebooks", nargs="+", type=Path, help="only these, instead of all lessons and solutions"
    )
    args = parser.parse_args()
    for line in args.requirements:
        try:
            Requirement(line)
        except InvalidRequirement:
            sys.exit(f"{line!r} is no requirement; one looks like fastapi==0.166.*")
    paths = args.notebooks or [
        ROOT / "notebooks" / "00-start-here.ipynb",
        *notebooks("notebooks"),
        *notebooks("solutions"),
    ]
    paths = [path.resolve() for path in paths]
    return in_another(args.requirements, paths) if args.requirements else in_this_environment(paths)
