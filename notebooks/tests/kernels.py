"""Cells as a learner's kernel runs them: saved as a notebook, stopped with the stop button, or killed with the kernel."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def saved(path: Path, *cells: str) -> Path:
    """A notebook of these code cells, without outputs."""
    code = list(map(nbformat.v4.new_code_cell, cells))
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    return path


@contextlib.asynccontextmanager
async def interrupted(cell: str) -> AsyncIterator[tuple[str, psutil.Process]]:
    """Run a cell in a real kernel until it prints; yield that line and the kernel's process; then press the stop button."""
    running = nbformat.v4.new_code_cell(textwrap.dedent(cell))
    notebook = nbformat.v4.new_notebook(cells=[running])
    client = NotebookClient(notebook, kernel_name="python3", timeout=30)
    async with client.async_setup_kernel():
        done = asyncio.create_task(client.async_execute_cell(running, 0))
        while not running.get("outputs"):  # noqa: ASYNC110 - until the cell prints
            await asyncio.sleep(0.05)
        yield running.outputs[0].text.strip(), psutil.Process(client.km.provisioner.pid)
        await client.km.interrupt_kernel()
        with pytest.raises(CellExecutionError, match=r"CancelledError|KeyboardInterrupt"):
            await asyncio.wait_for(done, 15)


@contextlib.contextmanager
def killed(cell: str) -> Iterator[tuple[str, psutil.Process]]:
    """Run a cell's code in a process until it prints; yield that line and the process; then send it SIGKILL."""
    lines = textwrap.indent(textwrap.dedent(cell), "    ")
    code = f"import asyncio\nasync def main():\n{lines}\nasyncio.run(main())"
    with subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE) as process:
        yield process.stdout.readline().decode().strip(), psutil.Process(process.pid)
        os.kill(process.pid, signal.SIGKILL)
