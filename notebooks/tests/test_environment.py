import collections
import importlib.metadata
import sys

import psutil

from fastapi_measured.keeping import environment


def test_a_ready_machine_is_ok(capsys):
    assert environment.check()
    assert capsys.readouterr().out.startswith("OK")


def test_each_problem_says_what_to_do(monkeypatch, capsys):
    def version(name):
        if name == "flask":
            raise importlib.metadata.PackageNotFoundError
        return "0.1"

    memory = collections.namedtuple("memory", "available")
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory(100_000_000))
    assert not environment.check()
    told = capsys.readouterr().out
    for part in (
        "Python 3.10",
        "flask isn't installed",
        "fastapi is 0.1",
        "pip install",
        "100 MB",
    ):
        assert part in told
