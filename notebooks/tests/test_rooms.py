"""The package's rooms: what a lesson imports never leans on what keeps the course."""

import ast
import re
from pathlib import Path

import fastapi_measured

PACKAGE = Path(fastapi_measured.__file__).parent
MAY_IMPORT = {
    "instruments": {"instruments"},
    "chart": {"chart", "_look"},
    "learning": {"learning", "chart", "instruments", "_look"},
    "drilling": {"drilling", "learning", "_look"},
    "keeping": {"keeping", "drilling", "learning", "chart", "instruments", "_look"},
}


def imports(path: Path) -> set[str]:
    """The rooms that a module of a room imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found.add(path.parent.name)
        elif isinstance(node, ast.ImportFrom) and node.level == 2:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found.update(name.split(".")[0] for name in names)
    return found


def test_arrows_go_one_way():
    for room, allowed in MAY_IMPORT.items():
        for path in (PACKAGE / room).glob("*.py"):
            assert imports(path) <= allowed, path


def test_every_module_can_be_read_in_one_sitting():
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 260} == {}


def test_what_is_public_has_an_example_and_there_is_little_of_it():
    assert len(fastapi_measured.__all__) <= 20
    for name in set(fastapi_measured.__all__) - {"chart"}:
        doc = getattr(fastapi_measured, name).__doc__
        assert re.search(r"\n    +\S", doc), f"{name} has no example"
