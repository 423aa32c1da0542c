"""The exceptions to the limits, which only shrink: `python -m tests.architecture.shrink` lowers them to what is
measured.

Each line of `exceptions.txt` is `limit  where  figure`. A limit that is measured above its line fails the tests; so
does a
line that measures less than it says, so that what was gained is kept. The command never adds a line and raises none.
"""

import re
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

from tests.architecture.measure import WRITTEN_BY_HAND, files, functions, length_of, name_of

FILE = Path(__file__).with_name("exceptions.txt")
MODULE_LINES, FUNCTION_LINES, LINE_LENGTH, COMPLEXITY = 400, 60, 120, 10
Excess = dict[tuple[str, str], int]


@lru_cache(maxsize=1)
def measured() -> Excess:
    """Return everything above a limit: (limit, where) -> figure."""
    return {**_long_modules(), **_long_functions(), **_long_lines(), **_packed(), **_complex()}


def _long_modules() -> Excess:
    """Modules and scripts: how many lines, where it is more than 400."""
    counted = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in files(*WRITTEN_BY_HAND)}
    return {("module", name): lines for name, lines in counted.items() if lines > MODULE_LINES}


def _long_functions() -> Excess:
    """Functions: how many lines, where it is more than 60."""
    found = {name: length_of(node) for path in files(".py") for name, node in functions(path)}
    return {("function", name): lines for name, lines in found.items() if lines > FUNCTION_LINES}


def _long_lines() -> Excess:
    """Files: how many lines have more than 120 characters."""
    found = {
        name_of(path): sum(len(line) > LINE_LENGTH for line in path.read_text("utf-8").splitlines())
        for path in files(*WRITTEN_BY_HAND)
    }
    return {("line", name): count for name, count in found.items() if count}


def _packed() -> Excess:
    """Files: how many statements the formatter is told to leave as they are."""
    mark = re.compile(r"#\s*fmt:\s*(skip|off)")
    found = {name_of(path): len(mark.findall(path.read_text("utf-8"))) for path in files(".py")}
    return {("packed", name): count for name, count in found.items() if count}


def _complex() -> Excess:
    """Files: how many functions ruff finds more complex than 10."""
    words = ["ruff", "check", "--isolated", "--select", "C901", "--output-format", "concise", "--exit-zero"]
    limit = ["--config", f"lint.mccabe.max-complexity={COMPLEXITY}"]
    names = [name_of(path) for path in files(".py")]
    told = subprocess.run([sys.executable, "-m", *words, *limit, *names], capture_output=True, text=True, check=True)
    found = Counter(line.split(":")[0] for line in told.stdout.splitlines() if " C901 " in line)
    return {("complexity", Path(name).as_posix()): count for name, count in found.items()}


def listed() -> Excess:
    """Return the exceptions as they stand in the list."""
    rows = [line.split() for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {(limit, where): int(figure) for limit, where, figure in rows}


def write(exceptions: Excess) -> None:
    """Write the list anew, in order."""
    head = (
        "# What is above a limit today; only `python -m tests.architecture.shrink` writes this, and only downwards.\n"
    )
    rows = sorted(exceptions.items())
    FILE.write_text(head + "".join(f"{limit} {where} {figure}\n" for (limit, where), figure in rows), "utf-8")


def main() -> int:
    """Lower the list to what is measured, and name what is above it."""
    found, old = measured(), listed()
    write({key: min(figure, old[key]) for key, figure in found.items() if key in old})
    above = {key: figure for key, figure in found.items() if figure > old.get(key, 0)}
    for (limit, where), figure in sorted(above.items()):
        print(f"{limit} {where}: {figure}, the list says {old.get((limit, where), 0)}")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
