"""Notebooks run in fresh kernels: how long each took, how much memory, and what its claims said."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


@dataclass(frozen=True)
class Rounds:
    """What came of running a notebook several times.

    claims: one dict a claim and round, as COURSE_CLAIM_LOG has them. seconds: of the longest round. memory_mb: the most that the
    kernel and its children took. problems: what failed, one text a failed round. ran: the notebook with the last round's outputs.
    """

    count: int
    claims: list[dict]
    seconds: float
    memory_mb: float
    problems: list[str]
    ran: nbformat.NotebookNode | None = None


def run_rounds(path: Path, count: int, *, busy: bool = False) -> Rounds:
    """Run a notebook `count` times, each in a fresh kernel, with every core kept busy meanwhile if asked."""
    with tempfile.TemporaryDirectory() as folder, _busy_cores(busy):
        log = Path(folder, "claims.jsonl").resolve()
        rounds = [run_once(path.resolve(), log) for _ in range(count)]
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return Rounds(
        count,
        [json.loads(line) for line in lines],
        max(run.seconds for run in rounds),
        max(run.memory_mb for run in rounds),
        [run.problem for run in rounds if run.problem],
        rounds[-1].ran,
    )


SPIN = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()  # until its starter is gone
while True: pass
"""


@contextlib.contextmanager
def _busy_cores(busy: bool) -> Iterator[None]:
    """Keep every core busy with a process of its own while the block runs, or this process, should it be killed."""
    spinners = [
        subprocess.Popen([sys.executable, "-c", SPIN], stdin=subprocess.PIPE)
        for _ in range(os.cpu_count() if busy else 0)
    ]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.communicate()


class _Memory(threading.Thread):
    """The most memory in MB that a process with its children took; on Linux pages that several share count once."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.process, self.peak_mb, self.stopped = psutil.Process(pid), 0.0, threading.Event()

    def run(self) -> None:
        while True:
            with contextlib.suppress(psutil.Error):
                family = [self.process, *self.process.children(recursive=True)]
                self.peak_mb = max(self.peak_mb, sum(map(_taken, family)) / 1e6)
            if self.stopped.wait(0.1):
                return


def _taken(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.Error:  # it has just ended
        return 0
    return getattr(memory, "pss", memory.rss)


@dataclass(frozen=True)
class Run:
    """One run of a notebook in a fresh kernel.

    problem: what failed, "" where nothing did. ran: the notebook with the outputs of this run.
    """

    seconds: float
    memory_mb: float
    problem: str
    ran: nbformat.NotebookNode


def run_once(path: Path, log: Path) -> Run:
    """Run a notebook in a fresh kernel; its claims are appended to `log`, an absolute path."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # not that local TCP is not encrypted
        resources={"metadata": {"path": str(path.parent)}},
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    begin, problem = time.monotonic(), ""
    with client.setup_kernel(
        env=env | {"COURSE_CLAIM_LOG": str(log), "COURSE_NOTEBOOK": str(path)}
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
    return Run(time.monotonic() - begin, memory.peak_mb, problem, notebook)
