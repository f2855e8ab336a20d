"""Runs a command, and ends it with all its children once standard input closes: also when the kernel was killed.

Run as a script, so that it imports nothing of the package: python _keeper.py COMMAND...
"""

import contextlib
import subprocess
import sys
import threading

import psutil


def end_family(process: psutil.Process, patience_s: float = 3.0) -> None:
    """Ask a process and all its descendants to end, and kill those that do not within `patience_s` seconds."""
    try:
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                ask(member)
        _, family = psutil.wait_procs(family, patience_s)


def main() -> int:
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def watch() -> None:
        sys.stdin.buffer.read()
        end_family(psutil.Process(child.pid))

    threading.Thread(target=watch, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
