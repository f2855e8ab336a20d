"""Instruments that measure a FastAPI app from inside a notebook.

    from fastapi_measured import LoopLag, burst, chart, claim, load, recap

Each takes an httpx.AsyncClient or an ASGI app that the notebook itself defines, and gives a frozen result.
"""

from . import chart
from ._bench import Bench, bench
from ._checks import Checks
from ._claims import claim, recap
from ._lag import LoopLag
from ._load import Run, burst, closed, load
from ._postgres import postgres
from ._process import process
from ._serve import serve
from ._valkey import valkey

__all__ = [
    "Bench",
    "Checks",
    "LoopLag",
    "Run",
    "bench",
    "burst",
    "chart",
    "claim",
    "closed",
    "load",
    "postgres",
    "process",
    "recap",
    "serve",
    "valkey",
]
