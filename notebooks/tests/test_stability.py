import os
import subprocess
import sys

import psutil
import pytest

from fastapi_measured.keeping.runs import Rounds, run_rounds
from fastapi_measured.keeping.stability import failures, half_row, margin, report, with_row
from kernels import saved

CELL = """
from fastapi_measured import claim
claim("One is more", 1.9, at_least=1.3, unit="x")
claim("Two is two", 2, equals=2)
"""


def notebook(folder, *cells):
    return saved(folder / "01-small.ipynb", *cells)


@pytest.mark.parametrize(
    ("kind", "bound", "worst", "expected"),
    [
        ("at least", 5.0, 9.0, 2.0),
        ("at least", 1.4, 1.8, 2.0),
        ("at most", 1.5, 1.25, 2.0),
        ("at most", 1.5, 0.9, float("inf")),
    ],
)
def test_margin_of_a_ratio(kind, bound, worst, expected):
    assert margin(kind, bound, worst) == pytest.approx(expected)


def test_each_round_of_a_notebook_is_counted(tmp_path):
    rounds = run_rounds(notebook(tmp_path, CELL), 2)
    assert failures(rounds) == 0
    assert half_row(rounds)[:2] == ["4 of 4", "3.0"]
    assert 0 < rounds.seconds < 60
    assert 20 < rounds.memory_mb < 300
    assert "2 of 2  at least 1.3 times" in report(tmp_path, rounds, busy=False)


def test_what_does_not_hold_and_what_fails_is_told(tmp_path):
    path = notebook(tmp_path, CELL.replace("1.9", "1.2"), "1 / 0", CELL)
    rounds = run_rounds(path, 1)
    assert failures(rounds) == 2
    assert half_row(rounds)[:2] == ["1 of 2", "0.7"]
    told = report(path, rounds, busy=True)
    assert "0 of 1  at least 1.3 times" in told
    assert "CELL FAILED ZeroDivisionError" in told


def test_busy_means_a_process_for_each_core(tmp_path):
    cell = """
    import os, psutil, time
    from fastapi_measured.keeping.runs import SPIN
    spinners = [p for p in psutil.process_iter(["cmdline"]) if SPIN in (p.info["cmdline"] or [])]
    assert len(spinners) >= os.cpu_count()
    time.sleep(1)
    assert sum(p.cpu_times().user for p in spinners) > 0.3
    """
    assert run_rounds(notebook(tmp_path, cell), 1, busy=True).problems == []


def test_no_core_stays_busy_when_the_command_is_killed():
    burn = "import time\nfrom fastapi_measured.keeping.runs import _busy_cores\nwith _busy_cores(True): print(flush=True); time.sleep(60)"
    command = subprocess.Popen([sys.executable, "-c", burn], stdout=subprocess.PIPE)
    command.stdout.readline()
    spinners = psutil.Process(command.pid).children()
    assert len(spinners) == os.cpu_count()
    command.kill()
    command.wait()
    left = psutil.wait_procs(spinners, timeout=10)[1]
    for spinner in left:
        spinner.kill()
    command.stdout.close()
    assert left == []


def test_a_table_keeps_the_other_half_and_the_other_rows():
    idle, busy, other = (
        ["4 of 4", "3.0", "5", "150"],
        ["4 of 4", "", "9", "151"],
        ["2 of 2", "", "1", "99"],
    )
    table = with_row("", "mid/02-b.ipynb", idle, busy=False, machine="one machine")
    table = with_row(table, "../solutions/mid/02-b.ipynb", other, busy=False, machine="another")
    table = with_row(table, "junior/01-a.ipynb", other, busy=True, machine="another")
    table = with_row(table, "mid/02-b.ipynb", busy, busy=True, machine="another")
    assert table.splitlines()[-3:] == [
        "| [01-a](junior/01-a.ipynb) |  |  |  |  | 2 of 2 |  | 1 | 99 |",
        "| [02-b](mid/02-b.ipynb) | 4 of 4 | 3.0 | 5 | 150 | 4 of 4 |  | 9 | 151 |",
        "| [solution 02-b](../solutions/mid/02-b.ipynb) | 2 of 2 |  | 1 | 99 |  |  |  |  |",
    ]
    assert "another" in table
    assert "one machine" not in table


def test_the_command_writes_the_table_and_tells_by_its_status(tmp_path):
    def run(cell):
        command = [sys.executable, "-m", "fastapi_measured.stability", notebook(tmp_path, cell)]
        options = ["--rounds", "1", "--table", tmp_path / "table.md"]
        return subprocess.run([*command, *options], check=False).returncode

    assert run(CELL) == 0
    assert "[01-small](01-small.ipynb) | 2 of 2 | 3.0 |" in (tmp_path / "table.md").read_text()
    assert run("1 / 0") == 1


def test_a_cell_that_failed_counts_its_round_as_not_held():
    assert half_row(Rounds(3, [], 2.0, 100.0, ["ValueError: no"]))[0] == "2 of 3"
