"""What the limits are measured on: files, lines, functions and their branches. No Django."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("qiaomen", "simtown", "tests", "benchmarks")
SKIPPED = {"node_modules", "webroot", "__pycache__", ".venv"}
WRITTEN_BY_HAND = {".py", ".html", ".vue", ".ts", ".js", ".css"}
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.Assert, ast.comprehension)


def files(*endings: str) -> list[Path]:
    """Return the files of the project that people write and read; migrations are made by Django."""
    found = [ROOT / "start.py", ROOT / "conftest.py"]
    for folder in (*PYTHON, "web"):
        found += [path for path in (ROOT / folder).rglob("*") if path.suffix in WRITTEN_BY_HAND]
    return sorted(
        path
        for path in found
        if path.suffix in endings and not SKIPPED & set(path.parts) and "migrations" not in path.parts
    )


def name_of(path: Path) -> str:
    """Return a file's name from the root, as the lists write it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield every function of a module with its name in the list: file:Class.function."""

    def walk(node: ast.AST, above: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                own = f"{above}{child.name}"
                if not isinstance(child, ast.ClassDef):
                    yield f"{name_of(path)}:{own}", child
                yield from walk(child, f"{own}.")
            else:
                yield from walk(child, above)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), "")


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function takes, its docstring and decorators not counted."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    head = body[0].lineno - function.lineno if body else 0
    docstring = (function.body[0].end_lineno or 0) - function.body[0].lineno + 1 if body is not function.body else 0
    return head + (function.end_lineno or 0) - (body[0].lineno if body else function.lineno) + 1 - docstring
