"""How often claims hold: python -m fastapi_measured.stability NOTEBOOK... [--rounds 5] [--busy] [--table FILE]

Runs each notebook in fresh kernels, with all cores kept busy if asked, and prints for each claim in how many rounds it held,
its bound, the worst and the median measured, and for ratios the margin: how much further from 1 the worst was than the bound
(2 means twice as far). For each notebook the longest run in seconds and the most memory of the kernel with its children.
With --table, a row for each notebook is put into that Markdown file, where other rows stay.
Exits with 1 when a claim did not hold or a cell failed.
"""

import argparse
import os
import platform
import re
import statistics
from pathlib import Path

from .runs import Rounds, run_rounds

_HEAD = """\
# How firmly the claims hold

Each notebook was run once or more, in fresh kernels: *idle* with nothing beside it, *busy* beside a process for each core that
does nothing but compute. *Held* counts claims over all rounds; *margin* is that of the thinnest ratio: how many times
further from 1 the worst measured lay than its bound. Seconds are those of the longest round, MB the most that the kernel took
with its children. Solutions have no claims: there *held* counts rounds in which every check and near miss came out as it should.

Made by `python -m fastapi_measured.stability --table notebooks/stability.md`, last on {machine}.

| notebook | held idle | margin | s | MB | held busy | margin | s | MB |
|---|---|---|---|---|---|---|---|---|
"""


def margin(kind: str, bound: float, worst: float) -> float:
    """How many times further from 1 the worst measured ratio lies than its bound; inf where it lies on the safe side of 1.

    >>> margin("at least", 5.0, 9.0)
    2.0
    """
    needed, had = (bound - 1, worst - 1) if kind == "at least" else (worst - 1, bound - 1)
    return had / needed if needed > 0 else float("inf")


def by_claim(rounds: Rounds) -> dict[str, list[dict]]:
    """The lines of each claim, by its text, in the order of the notebook."""
    groups: dict[str, list[dict]] = {}
    for line in rounds.claims:
        groups.setdefault(line["text"], []).append(line)
    return groups


def worst_of(group: list[dict]) -> float | None:
    """The measured value of a claim nearest to its bound, or beyond it; None where the bound is no number."""
    values = [line["measured_value"] for line in group if "measured_value" in line]
    if not values or group[0]["kind"] == "exactly":
        return None
    return min(values) if group[0]["kind"] == "at least" else max(values)


def margins(rounds: Rounds) -> list[float]:
    """The margin of each claim on a ratio."""
    return [
        margin(group[0]["kind"], group[0]["bound_value"], worst_of(group))
        for group in by_claim(rounds).values()
        if group[0]["ratio"] and worst_of(group) is not None
    ]


def failures(rounds: Rounds) -> int:
    """How many claims did not hold in each round, and cells failed."""
    return len(rounds.problems) + sum(
        sum(line["held"] for line in group) < max(rounds.count, len(group))
        for group in by_claim(rounds).values()
    )


def report(path: Path, rounds: Rounds, *, busy: bool) -> str:
    """The claims of a notebook, a line each."""
    lines = [
        f"\n{path}: {rounds.count} rounds{' busy' if busy else ''}, {rounds.seconds:.1f} s and {rounds.memory_mb:.0f} MB at most",
        *(f"  CELL FAILED {problem}" for problem in rounds.problems),
    ]
    for text, group in by_claim(rounds).items():
        held, worst = sum(line["held"] for line in group), worst_of(group)
        row = f"{held} of {max(rounds.count, len(group))}  {group[0]['bound']:<22}"
        if worst is not None:
            median = statistics.median(line["measured_value"] for line in group)
            row += f" worst {worst:<9.4g} median {median:<9.4g}"
            if group[0]["ratio"]:
                row += f" margin {margin(group[0]['kind'], group[0]['bound_value'], worst):.1f}"
        lines.append(f"  {row}  {text}")
    return "\n".join(lines)


def half_row(rounds: Rounds) -> list[str]:
    """Held, margin, seconds and MB of a notebook, as the table has them."""
    groups = by_claim(rounds).values()
    if groups:
        held = sum(line["held"] for line in rounds.claims)
        of = sum(max(rounds.count, len(group)) for group in groups)
    else:
        held, of = rounds.count - len(rounds.problems), rounds.count
    thinnest = min(margins(rounds), default=float("inf"))
    return [
        f"{held} of {of}",
        "" if thinnest == float("inf") else f"{thinnest:.1f}",
        f"{rounds.seconds:.0f}",
        f"{rounds.memory_mb:.0f}",
    ]


def with_row(table: str, notebook: str, half: list[str], *, busy: bool, machine: str) -> str:
    """The text of a table in which a notebook's idle or busy half is this one; an empty text makes a new table.

    Args:
        notebook: its path, as the table's file would link it.
        half: from half_row.
        machine: what it was run on.
    """
    rows = dict(re.findall(r"^\| \[[^]]*\]\(([^)]*)\) \|(.*)\|$", table, re.MULTILINE))
    cells = [cell.strip() for cell in rows.get(notebook, "|" * 7).split("|")]
    cells = cells[:4] + half if busy else half + cells[4:]
    rows[notebook] = "|".join(f" {cell} " for cell in cells)
    ordered = sorted(rows, key=lambda name: (name.startswith(".."), Path(name).name))
    return _HEAD.format(machine=machine) + "".join(
        f"| [{'solution ' * name.startswith('..')}{Path(name).stem}]({name}) |{rows[name]}|\n"
        for name in ordered
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fastapi_measured.stability", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--busy", action="store_true", help="keep every core busy meanwhile")
    parser.add_argument("--table", type=Path, help="a Markdown file that gets a row a notebook")
    args = parser.parse_args()
    machine = f"{os.cpu_count()} cores with Python {platform.python_version()}"
    bad = 0
    for path in args.notebooks:
        rounds = run_rounds(path, args.rounds, busy=args.busy)
        print(report(path, rounds, busy=args.busy), flush=True)
        bad += failures(rounds)
        if args.table:
            table = args.table.read_text(encoding="utf-8") if args.table.exists() else ""
            name = Path(os.path.relpath(path.resolve(), args.table.resolve().parent)).as_posix()
            new = with_row(table, name, half_row(rounds), busy=args.busy, machine=machine)
            args.table.write_text(new, encoding="utf-8")
    return 1 if bad else 0
