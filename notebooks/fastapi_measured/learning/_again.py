"""A second process's copy of what a learner wrote: the same source, executed once more."""

import ast
import linecache
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class _Statement:
    node: ast.stmt
    binds: frozenset[str]
    uses: frozenset[str]


def executed_again(build: Callable[[], Any], shared: Collection[str] = ()) -> Callable[[], Any]:
    """`build` as another process would have it: all that it uses is made anew from the cells that define it.

    A lock or a dict one level above the function is another one there, just as with two workers. Imported modules are the
    same; so are the names in `shared`, which stand for what lies outside of both processes, such as a database, and whatever
    was awaited at the top level of a cell.

    Raises RuntimeError when the source of `build` can't be found.
    """
    latest: dict[str, int] = {}
    statements = [statement for source in _sources(build) for statement in _statements(source)]
    for place, statement in enumerate(statements):
        latest |= dict.fromkeys(statement.binds, place)
    if build.__name__ not in latest:
        raise RuntimeError(f"no cell defines {build.__name__}: write it as def {build.__name__}():")
    wanted, chosen = [build.__name__], set()
    while wanted:
        name = wanted.pop()
        if name in shared or name not in latest or latest[name] in chosen:
            continue
        chosen.add(latest[name])
        wanted += statements[latest[name]].uses
    there = dict(build.__globals__)
    for place in sorted(chosen):
        code = compile(ast.Module([statements[place].node], []), build.__code__.co_filename, "exec")
        exec(code, there)  # noqa: S102 - the learner's own code
    return there[build.__name__]


def _sources(build: Callable[[], Any]) -> list[str]:
    """The cells that were run in this kernel, oldest first and build's own cell last; outside of a notebook its file.

    Every cell's source is in linecache, for tracebacks, under a name that lies next to the others; the history isn't used,
    since nbval keeps none.
    """
    own = build.__code__.co_filename
    if Path(own).exists():
        return [Path(own).read_text(encoding="utf-8")]
    names = [name for name in linecache.cache if Path(name).parent == Path(own).parent]
    names.sort(key=lambda name: name == own)
    cells = ["".join(linecache.getlines(name)) for name in names]
    if not any(cells):
        raise RuntimeError(f"the source of {build.__name__} can't be found")
    return cells


def _statements(source: str) -> list[_Statement]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, or a cell that never ran
        return []
    found = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) or _awaits(node):
            continue
        names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            binds = {node.name}
        else:
            binds = {n.id for n in names if isinstance(n.ctx, ast.Store)}
        uses = frozenset(n.id for n in names if isinstance(n.ctx, ast.Load))
        found.append(_Statement(node, frozenset(binds), uses))
    return found


def _awaits(node: ast.AST) -> bool:
    """Whether a statement awaits at the top level, outside of any function."""
    if isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor):
        return True
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
        return False
    return any(map(_awaits, ast.iter_child_nodes(node)))
