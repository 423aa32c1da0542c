"""Draws the street from the imports into CONTRIBUTING.md: `python docs/street.py`; a test compares.

An arrow says that a house imports from another; what follows from two arrows is left out, so that the picture can be
read.
"""

import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- street: made by python docs/street.py -->", "<!-- /street -->"
NO_HOUSE = {"settings", "serving", "urls", "wsgi", "lan", "__main__"}


def imports() -> dict[str, set[str]]:
    """Return house -> the houses it imports from, tests and migrations left out."""
    sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph("qiaomen", cache_dir=None)
    found: dict[str, set[str]] = {}
    for module in sorted(graph.modules):
        parts = module.split(".")
        if len(parts) < 2 or parts[1] in NO_HOUSE or {"tests", "migrations"} & set(parts):
            continue
        mine = found.setdefault(parts[1], set())
        for other in graph.find_modules_directly_imported_by(module):
            there = other.split(".")[1] if other.count(".") else ""
            if there and there not in NO_HOUSE | {parts[1]}:
                mine.add(there)
    return found


def below(house: str, edges: dict[str, set[str]]) -> set[str]:
    """Return every house that can be reached from one."""
    found: set[str] = set()
    todo = list(edges.get(house, ()))
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += edges.get(here, ())
    return found


def reduced(edges: dict[str, set[str]]) -> dict[str, list[str]]:
    """Return the edges that follow from no others."""
    return {
        house: sorted(there for there in to if not any(there in below(other, edges) for other in to - {there}))
        for house, to in edges.items()
    }


def picture() -> str:
    """Return the street as a Mermaid drawing, the top of the street first."""
    edges = imports()
    order = sorted(edges, key=lambda house: (-len(below(house, edges)), house))
    lines = [f"  {house} --> {there}" for house in order for there in reduced(edges)[house]]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"])


def drawn(text: str) -> str:
    """Return the paper with the picture of today."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{picture()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAPER.write_text(drawn(PAPER.read_text("utf-8")), "utf-8")
