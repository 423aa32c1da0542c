"""Half a year of rounds: the office's own plan beside greedy, address order and a bound, on worlds short of hours.

    .venv/bin/python -m benchmarks.bench_season care 0.3 1 2 --into FILE     a world's seeds; lines are appended
    .venv/bin/python -m benchmarks.bench_season --table FILE                 the table of all lines

Neglect is what `visits.rules.due.need_of` counts, summed over all doors and days. "Greedy" takes the largest need for
its minutes, day by day, which is what the product did before; "ours" is what `visits.actions.round_plan.deal` calls
(rules.planner_input, doors_of, plan_near, find_spares), with tries in the place of seconds.
Nothing was tuned on seeds 1 to 5.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any

from benchmarks.season_bound import bound_season
from benchmarks.worlds.season import AddressOrder, Policy, Season
from qiaomen.planner.compounds import plan_near
from qiaomen.planner.facts import Door, Plan, PlanParams, Session, Stop
from qiaomen.planner.greedy import plan_greedily
from qiaomen.planner.spares import find_spares

TRIES = 3000
"""A day's budget; the product has 6,000 (round_plan.DAY_TRIES)."""
SEED, KEEP = 1, 2.5
NAMES = ("address order", "greedy, far prize", "ours", "bound")


def greedily(doors: Sequence[Door], sessions: Sequence[Session]) -> Plan:
    """Plan a day greedily over all doors, as before."""
    as_before = PlanParams(price_share=0.0, keep_ratio=2.5, stair_minutes=0.0, weighty_first=False)
    return plan_greedily(doors, sessions, as_before)


def searching(doors: Sequence[Door], sessions: Sequence[Session]) -> Plan:
    """Plan a day as the product does."""
    plan = plan_near(doors, sessions, PlanParams(price_share=0.0, keep_ratio=KEEP), seed=SEED, iterations=TRIES)
    return with_spares(plan, doors, sessions)


def with_spares(plan: Plan, doors: Sequence[Door], sessions: Sequence[Session]) -> Plan:
    """Return a plan whose rounds go on with the doors for the time that is left: the season's teams walk on until the
    next visit would not fit.
    """
    spares = find_spares(doors, sessions, plan)
    rounds = tuple(
        replace(walk, stops=walk.stops + tuple(Stop(key, 0.0, 0.0, 0.0, 0.0, "spare") for key in spares[walk.session]))
        for walk in plan.rounds
    )
    return replace(plan, rounds=rounds)


def play(seed: int, kind: str, share: float) -> dict[str, Any]:
    """Play one season under each policy; return neglect as a share of greedy's, and by tier."""
    began = process_time()
    base = Season(seed, kind, share).play(Policy("greedy", greedily, far=False))
    policies = (
        Policy(NAMES[0], AddressOrder(), far=False),
        Policy(NAMES[1], greedily, far=True),
        Policy(NAMES[2], searching, far=True),
    )
    found = {policy.name: Season(seed, kind, share).play(policy) for policy in policies}
    ours = found[NAMES[2]]
    shares = {name: outcome.neglect / base.neglect for name, outcome in found.items()}
    season = Season(seed, kind, share)
    return {
        "kind": kind,
        "share": share,
        "seed": seed,
        "doors": len(season.houses),
        "greedy": base.neglect,
        **shares,
        NAMES[3]: bound_season(season) / base.neglect,
        "met": [base.met, ours.met],
        "tiers": {code: ours.by_tier[code] / base.by_tier[code] for code in ours.by_tier},
        "cpu": process_time() - began,
    }


def print_table(rows: list[dict[str, Any]]) -> None:
    """Print each world's means over its seeds, the worst seed, and what became of each tier."""
    print(f"{'kind':<7}{'hours':>6}{'doors':>7}{'seeds':>7}", *(f"{name:>18}" for name in NAMES), f"{'worst':>7}")
    for kind, share in sorted({(row["kind"], row["share"]) for row in rows}):
        mine = [row for row in rows if (row["kind"], row["share"]) == (kind, share)]
        means = [mean(row[name] for row in mine) for name in NAMES]
        worst, doors = max(row["ours"] for row in mine), mean(row["doors"] for row in mine)
        print(
            f"{kind:<7}{share:>6.0%}{doors:>7.0f}{len(mine):>7}",
            *(f"{part:>18.3f}" for part in means),
            f"{worst:>7.3f}",
        )
        tiers = {code: mean(row["tiers"][code] for row in mine) for code in mine[0]["tiers"]}
        print("        ours by tier:", ", ".join(f"{code} {part:.2f}" for code, part in tiers.items()))
        print(
            "        seeds:",
            ", ".join(f"{row['seed']}: {row['ours']:.3f}" for row in sorted(mine, key=lambda r: r["seed"])),
        )


def main(words: list[str]) -> None:
    """Play the seeds of a world, or print the table of what was played."""
    if words[0] == "--table":
        lines = Path(words[1]).read_text("utf-8").splitlines()
        rows = {(row["kind"], row["share"], row["seed"]): row for row in map(json.loads, lines)}
        return print_table(list(rows.values()))
    kind, share, *seeds = words[: words.index("--into")]
    for seed in seeds:
        row = play(int(seed), kind, float(share))
        print(json.dumps(row), flush=True)
        with Path(words[words.index("--into") + 1]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
