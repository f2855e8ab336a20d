"""Runs a command, and ends it with all that it started once standard input closes: also when the kernel was killed.

Run as a script, so that it imports nothing of the package, and in a process group of its own: python _keeper.py COMMAND...
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

import psutil


def end_all(processes: list[psutil.Process], patience_s: float = 3.0) -> None:
    """Ask processes to end, and kill those that have not after `patience_s` seconds."""
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        for process in processes:
            with contextlib.suppress(psutil.Error):
                ask(process)
        _, processes = psutil.wait_procs(processes, patience_s)


def family() -> list[psutil.Process]:
    """All descendants of this process; on POSIX also those that outlived their parents in this group."""
    keeper = psutil.Process()
    members = set(keeper.children(recursive=True))
    if os.name == "posix":
        for other in psutil.process_iter():
            with contextlib.suppress(OSError):
                if os.getpgid(other.pid) == os.getpgid(0):
                    members.add(other)
    return list(members - {keeper})


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    over = threading.Event()

    def watch(wait) -> None:
        wait()
        over.set()

    for wait in (sys.stdin.buffer.read, child.wait):
        threading.Thread(target=watch, args=(wait,), daemon=True).start()
    over.wait()
    end_all(family(), patience_s=6.0)  # a database writes to its disk first
    return child.wait()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status & 0xFF)  # the thread that reads standard input would hold up a usual exit
