"""Make the labs from their solutions: python -m fastapi_measured.labs [--check] [junior/01-meet-fastapi ...]

Without names all labs are made; with names only those, which is also how a lab is reset. --check writes nothing and exits
with 1 when a lab is not what its solution makes.

A solution's cells tagged `solution` vanish, but for the first that defines a function build_..., mostly build_app: there the
lab starts from a copy of `shipped`. Outputs are cleared.
"""

import argparse
import ast
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[3]


def notebooks(folder: str, root: Path = ROOT) -> list[Path]:
    """The numbered notebooks of `notebooks`, `labs` or `solutions`, in order."""
    return sorted((root / folder).glob("*/[0-9][0-9]-*.ipynb"), key=lambda path: path.name)


def make_lab(solution: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The lab that a solution makes, as a notebook of its own.

    Raises ValueError when no cell of the solution defines `shipped`, or none tagged `solution` defines a `build_...`.
    """
    lab = nbformat.from_dict(solution)
    shipped = next(filter(None, (_function(cell, "shipped") for cell in lab.cells)), None)
    if shipped is None:
        raise ValueError("no code cell defines shipped()")
    start = None
    for cell in lab.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if start is None and _is_solution(cell) and (mended := _function(cell, "build_")):
                name = mended.partition("(")[0].removeprefix("def ")
                cell.source = start = shipped.replace("def shipped(", f"def {name}(", 1)
                del cell.metadata["tags"]
    if start is None:
        raise ValueError("no cell tagged `solution` defines a build_...() function")
    lab.cells = [cell for cell in lab.cells if not _is_solution(cell)]
    return lab


def _is_solution(cell: nbformat.NotebookNode) -> bool:
    return "solution" in cell.metadata.get("tags", [])


def _function(cell: nbformat.NotebookNode, prefix: str) -> str | None:
    """The text of the first function in a cell whose name begins with `prefix`, if there is one."""
    try:
        tree = ast.parse(cell.source if cell.cell_type == "code" else "")
    except SyntaxError:  # a magic
        return None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith(prefix):
            return ast.get_source_segment(cell.source, node)
    return None


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fastapi_measured.labs", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument(
        "names", nargs="*", help="level/name of single labs, such as junior/01-meet-fastapi"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 when a lab is out of step"
    )
    args = parser.parse_args()
    names = [name.removesuffix(".ipynb") for name in args.names]
    solutions = [ROOT / "solutions" / f"{name}.ipynb" for name in names] or notebooks("solutions")
    stale = 0
    for path in solutions:
        if not path.exists():
            sys.exit(
                f"there is no solution {path.relative_to(ROOT)}; names look like junior/01-meet-fastapi"
            )
        lab = ROOT / "labs" / path.relative_to(ROOT / "solutions")
        try:
            made = nbformat.writes(make_lab(nbformat.read(path, as_version=4))) + "\n"
        except ValueError as error:
            sys.exit(f"{path.relative_to(ROOT)}: {error}")
        if lab.exists() and lab.read_text(encoding="utf-8") == made:
            continue
        stale += 1
        if args.check:
            print(
                f"{lab.relative_to(ROOT)} is not what its solution makes: run python -m fastapi_measured.labs"
            )
        else:
            lab.parent.mkdir(parents=True, exist_ok=True)
            lab.write_text(made, encoding="utf-8")
            print(f"made {lab.relative_to(ROOT)}")
    return 1 if args.check and stale else 0
