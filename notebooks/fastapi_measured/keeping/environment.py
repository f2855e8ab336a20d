"""Is this machine ready for the course? python -m fastapi_measured.environment"""

import importlib.metadata
import sys
from collections.abc import Iterator

import psutil
from packaging.requirements import Requirement

TRIED = ((3, 11), (3, 12), (3, 13), (3, 14))
NEEDED_MB = 300
INSTALL = f"run `{sys.executable} -m pip install -e .` in the course's folder."


def problems() -> Iterator[str]:
    """One sentence for each thing that is missing, saying what to do; none where all is ready."""
    major, minor = sys.version_info[:2]
    if (major, minor) not in TRIED:
        *most, last = (f"{major}.{minor}" for major, minor in TRIED)
        tried = f"{', '.join(most)} or {last}"
        yield f"The course wasn't tried on Python {major}.{minor}: install {tried}, and set it up again."
    for line in importlib.metadata.requires("fastapi-measured") or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{requirement.name} isn't installed: {INSTALL}"
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wanted = f"the course was checked on {requirement.specifier}"
            yield f"{requirement.name} is {version} and {wanted}: {INSTALL}"
    free = psutil.virtual_memory().available / 1e6
    if free < NEEDED_MB:
        yield (
            f"Only {free:.0f} MB of memory are free and a lesson takes up to {NEEDED_MB}: "
            "shut down other kernels (Kernel menu)."
        )


def check() -> bool:
    """Print OK, or what to do; True when the machine is ready."""
    found = list(problems())
    print("\n".join(found) or f"OK: Python {sys.version.split()[0]}, all packages, enough memory.")
    return not found


def main() -> int:
    return 0 if check() else 1
