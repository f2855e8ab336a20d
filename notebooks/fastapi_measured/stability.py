"""How often claims hold: python -m fastapi_measured.stability NOTEBOOK... [--rounds 5] [--busy]

Runs each notebook in fresh kernels, with all cores kept busy if asked, and prints for each claim in how many rounds it held,
its bound, the worst and the median measured, and for ratios the margin: how much further from 1 the worst was than the bound
(2 means twice as far). For each notebook the longest run in seconds and the most memory of the kernel with its children.
Exits with 1 when a claim did not hold or a cell failed.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def margin(kind: str, bound: float, worst: float) -> float:
    """How many times further from 1 the worst measured ratio lies than its bound; inf where it lies on the safe side of 1.

    >>> margin("at least", 5.0, 9.0)
    2.0
    """
    needed, had = (bound - 1, worst - 1) if kind == "at least" else (worst - 1, bound - 1)
    return had / needed if needed > 0 else float("inf")


@contextlib.contextmanager
def busy_cores(busy: bool) -> Iterator[None]:
    """Keep every core busy with a process of its own while the block runs."""
    spinners = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() if busy else 0)
    ]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


class _Memory(threading.Thread):
    """The most resident memory in MB of a process with its children."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.process, self.peak_mb, self.stopped = psutil.Process(pid), 0.0, threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.05):
            with contextlib.suppress(psutil.Error):
                family = [self.process, *self.process.children(recursive=True)]
                self.peak_mb = max(
                    self.peak_mb, sum(process.memory_info().rss for process in family) / 1e6
                )


def run_once(path: Path, log: Path) -> tuple[float, float, str]:
    """Run a notebook in a fresh kernel; give seconds, peak memory in MB, and what failed ('' where nothing did)."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    begin, problem = time.monotonic(), ""
    with client.setup_kernel(
        env=env | {"COURSE_CLAIM_LOG": str(log), "JPY_SESSION_NAME": str(path)}
    ):
        memory = _Memory(client.km.provisioner.pid)
        memory.start()
        try:
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
        except CellExecutionError as error:
            problem = f"{error.ename}: {error.evalue}"
        except (CellTimeoutError, DeadKernelError) as error:
            problem = f"{type(error).__name__}: {error}"
        memory.stopped.set()
        memory.join()
    return time.monotonic() - begin, memory.peak_mb, problem


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fastapi_measured.stability", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--busy", action="store_true", help="keep every core busy meanwhile")
    args = parser.parse_args()
    bad = 0
    for path in args.notebooks:
        with tempfile.TemporaryDirectory() as folder, busy_cores(args.busy):
            log = Path(folder, "claims.jsonl").resolve()
            rounds = [run_once(path.resolve(), log) for _ in range(args.rounds)]
            lines = (
                [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
                if log.exists()
                else []
            )
        seconds, memory = max(round_[0] for round_ in rounds), max(round_[1] for round_ in rounds)
        print(
            f"\n{path}: {args.rounds} rounds{' busy' if args.busy else ''}, {seconds:.1f} s and {memory:.0f} MB at most"
        )
        for problem in filter(None, (round_[2] for round_ in rounds)):
            bad += 1
            print(f"  CELL FAILED {problem}")
        bad += _report(lines, args.rounds)
    return 1 if bad else 0


def _report(lines: list[dict], rounds: int) -> int:
    bad = 0
    for text in dict.fromkeys(line["text"] for line in lines):
        group = [line for line in lines if line["text"] == text]
        held = sum(line["held"] for line in group)
        bad += held < max(rounds, len(group))
        row = f"{held} of {max(rounds, len(group))}  {group[0]['bound']:<22}"
        values = [line["measured_value"] for line in group if "measured_value" in line]
        if values and group[0]["kind"] != "exactly":
            worst = min(values) if group[0]["kind"] == "at least" else max(values)
            row += f" worst {worst:<9.4g} median {statistics.median(values):<9.4g}"
            if group[0]["ratio"]:
                row += f" margin {margin(group[0]['kind'], group[0]['bound_value'], worst):.1f}"
        print(f"  {row}  {text}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
