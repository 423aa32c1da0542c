"""Reads the published team-orienteering instances and the checked best plans (format: instances/top/README.md)."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qiaomen.planner.arrays import Facts, make_facts

FOLDER = Path(__file__).resolve().parents[1] / "instances" / "top"


@dataclass(frozen=True)
class Case:
    """One published case. Points: doors 1..N in the file are 0..N-1 here; `best` is the verified prize."""

    name: str
    facts: Facts
    best: float
    east: np.ndarray
    north: np.ndarray


def read_cases(pattern: str = "*") -> list[Case]:
    """Return the cases that have a checked best plan, in order of name."""
    return [read_case(path.stem) for path in sorted((FOLDER / "best").glob(f"{pattern}.json"))]


def read_case(name: str) -> Case:
    """Read one case; `pr04.m3` is the file pr04 with 3 teams."""
    best = json.loads((FOLDER / "best" / f"{name}.json").read_text())["prize"]
    return read_chao(name, best) if (FOLDER / "chao" / f"{name}.txt").exists() else read_toptw(name, best)


def read_chao(name: str, best: float) -> Case:
    """Chao, Golden & Wasil 1996: first point start, last point end, Euclidean legs, one limit for each route."""
    lines = (FOLDER / "chao" / f"{name}.txt").read_text().split("\n")
    teams, limit = int(lines[1].split()[1]), float(lines[2].split()[1])
    rows = np.array([[float(word) for word in line.split()] for line in lines[3:] if line.strip()])
    doors = rows[1:-1]
    spot = np.vstack([doors[:, :2], *[rows[[0, -1], :2]] * teams])
    travel = np.sqrt(((spot[:, None] - spot[None]) ** 2).sum(axis=2))
    return finish(
        name,
        best,
        travel,
        doors[:, 2],
        np.zeros(len(doors)),
        np.tile([0.0, limit], (len(doors), 1)),
        teams,
        limit,
        spot,
    )


def read_toptw(name: str, best: float) -> Case:
    """Solomon and Cordeau points with profits; legs cut after 1 decimal (c, r, rc) or 2 (pr)."""
    file, teams = name.split(".m")
    rows = []
    for line in (FOLDER / "toptw" / f"{file}.txt").read_text().split("\n")[2:]:
        words = [float(word) for word in line.split()]
        if len(words) >= 7:
            rows.append([*words[1:5], words[-2], words[-1]])
    table = np.array(rows)
    doors, limit = table[1:], table[0, 5]
    spot = np.vstack([doors[:, :2], *[table[[0, 0], :2]] * int(teams)])
    scale = 100.0 if file.startswith("pr") else 10.0
    travel = np.floor(np.sqrt(((spot[:, None] - spot[None]) ** 2).sum(axis=2)) * scale + 1e-9) / scale
    return finish(name, best, travel, doors[:, 3], doors[:, 2], doors[:, 4:6], int(teams), limit, spot)


def finish(
    name: str,
    best: float,
    travel: np.ndarray,
    prize: np.ndarray,
    minutes: np.ndarray,
    windows: np.ndarray,
    teams: int,
    limit: float,
    spot: np.ndarray,
) -> Case:
    """Lay a case out as the planner's arrays."""
    n = len(prize)
    opens = np.repeat(windows[:, None, None, 0], teams, axis=1)
    closes = np.repeat(windows[:, None, None, 1], teams, axis=1)
    facts = make_facts(
        travel=travel,
        minutes=minutes,
        prize=np.repeat(prize[:, None], teams, axis=1),
        windows=(opens, closes, np.ones((n, teams), dtype=np.int64)),
        must=np.zeros(n, dtype=np.bool_),
        limits=np.tile([0.0, limit], (teams, 1)),
    )
    return Case(name, facts, best, spot[:, 0], spot[:, 1])
