"""Changes one thing in a module at a time and sees whether the tests near it notice. Works on a copy of the tree.

What is changed: a comparison turned round or loosened by one, `and` and `or` exchanged, a `not` dropped, a number moved
by
one, a truth turned over, a condition forced, a returned value dropped. Strings, docstrings, types and logs are left
alone:
their mutants say nothing about behaviour. Source: DeMillo, Lipton, Sayward 1978, doi:10.1109/C-M.1978.218136.
"""

import ast
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGETS: dict[str, list[str]] = {
    "qiaomen/kernel/clock.py": ["qiaomen/kernel", "tests/stories/test_survivors.py"],
    "qiaomen/kernel/sealing.py": ["qiaomen/kernel", "qiaomen/office"],
    "qiaomen/office/access.py": [
        "qiaomen/office",
        "tests/architecture/test_permissions.py",
        "tests/architecture/test_relations.py",
        "qiaomen/desk/tests/test_today.py",
        "tests/stories/test_children.py",
    ],
    "qiaomen/office/ledger.py": ["qiaomen/office"],
    "qiaomen/phone/actions/inbox.py": ["qiaomen/phone", "tests/stories/test_survivors.py"],
}
"""Each module with the tests that must notice."""
LONGEST = 300
"""Seconds for the tests of one mutant; a mutant that never ends is noticed, too."""
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed: where, what, and its whole text."""

    module: str
    line: int
    change: str
    text: str


def places_of(module: str) -> list[tuple[int, int]]:
    """Return where a module can be changed: (place of the node in a walk, number of the change there)."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return [(place, number) for place, node in enumerate(ast.walk(tree)) for number, _ in enumerate(_changes(node))]


def mutant_at(module: str, place: int, number: int) -> Mutant:
    """Return the module with one change made."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == place)
    before, change = ast.unparse(node), list(_changes(node))[number]
    change()
    words = f"{before[:60]} -> {ast.unparse(node)[:60]}".replace("\n", " ")
    return Mutant(module, getattr(node, "lineno", 0), words, ast.unparse(ast.fix_missing_locations(tree)))


def _changes(node: ast.AST) -> Iterator[Callable[[], object]]:
    """Yield what can be changed in a node, as functions that do it."""
    if isinstance(node, ast.Compare):
        yield lambda: node.ops.__setitem__(0, TURNED[type(node.ops[0])]())
    if isinstance(node, ast.BoolOp):
        yield lambda: setattr(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield (
            lambda: (
                setattr(node, "op", ast.UAdd())
                or setattr(node, "operand", ast.Call(ast.Name("bool", ast.Load()), [node.operand], []))
            )
        )
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda: setattr(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield lambda: setattr(node, "value", node.value + 1)
    if isinstance(node, ast.If | ast.IfExp):
        yield lambda: setattr(node, "test", ast.Constant(True))
        yield lambda: setattr(node, "test", ast.Constant(False))
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield lambda: setattr(node, "value", ast.Constant(None))


def chosen(module: str, most: int, seed: int) -> list[Mutant]:
    """Return so many mutants of a module, drawn from a seed."""
    places = places_of(module)
    drawn = random.Random(f"{seed} {module}").sample(places, min(most, len(places)))
    return sorted((mutant_at(module, *place) for place in drawn), key=lambda mutant: mutant.line)


def copy_tree(to: Path) -> None:
    """Copy what the tests need, without data, packages and git."""
    left_out = shutil.ignore_patterns("node_modules", ".git", ".venv", "data", "__pycache__", "*.pyc", ".hypothesis")
    for name in ("qiaomen", "tests", "simtown", "packs", "contract", "benchmarks", "web", "docs"):
        shutil.copytree(ROOT / name, to / name, ignore=left_out)
    for name in ("pyproject.toml", "conftest.py", "start.py"):
        shutil.copy(ROOT / name, to / name)


def notices(tree: Path, mutant: Mutant | None, tests: list[str], data: Path) -> bool:
    """Put a mutant into a copy, run the tests that must notice, take it out again; None: nothing is changed."""
    here = tree / mutant.module if mutant else None
    before = here.read_text("utf-8") if here else ""
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not browser and not proof", *tests]
    env = {**os.environ, "QM_DATA": str(data), "DJANGO_SETTINGS_MODULE": "qiaomen.settings", "QM_LOG_LEVEL": "CRITICAL"}
    try:
        if here and mutant:
            here.write_text(mutant.text, "utf-8")
        done = subprocess.run(words, cwd=tree, env=env, capture_output=True, timeout=LONGEST)
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        if here:
            here.write_text(before, "utf-8")
