"""Instruments that measure a FastAPI app from inside a notebook.

    from fastapi_measured import LoopLag, burst, chart, claim, compare, load, predict, recap

Rooms: `instruments` measures, `chart` draws, `learning` talks to the learner; lessons import these three from here.
`keeping` makes and watches the course, and no lesson imports it; `labs`, `index`, `stability`, `upgrade` and `environment`
are its commands: python -m fastapi_measured.labs.
"""

from . import chart
from .instruments._bench import bench
from .instruments._call import call
from .instruments._lag import LoopLag
from .instruments._load import burst, closed, load
from .instruments._postgres import postgres
from .instruments._process import process
from .instruments._serve import serve
from .instruments._valkey import valkey
from .learning._browse import browse
from .learning._checks import Checks
from .learning._claims import claim
from .learning._knob import knob
from .learning._predict import compare, predict
from .learning._progress import progress
from .learning._recap import recap

__all__ = [
    "Checks",
    "LoopLag",
    "bench",
    "browse",
    "burst",
    "call",
    "chart",
    "claim",
    "closed",
    "compare",
    "knob",
    "load",
    "postgres",
    "predict",
    "process",
    "progress",
    "recap",
    "serve",
    "valkey",
]
