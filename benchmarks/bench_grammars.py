"""The grammars of cells and the decision of identity over an invented roster: processor seconds, no database.

    python -m benchmarks.bench_grammars [--n 13160] [--seed 1]

The budget of a preview is 0.5 s for all readers at 13,160 rows; every day, telephone and document is another one, so
what the caches save is little.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from qiaomen.kernel.days import read_day
from qiaomen.kernel.documents import read_documents
from qiaomen.kernel.idcheck import check_digit
from qiaomen.kernel.telephones import read_telephones
from qiaomen.register.rules.doors.grammar import read_door
from qiaomen.register.rules.identity.decisions import understand
from qiaomen.register.rules.identity.facts import KnownHousehold, KnownPerson, OnRecord, RowEvidence

BUDGET_SECONDS = 0.5
TODAY = date(2026, 11, 29)
T = TypeVar("T")


def roster(rows: int, chance: Random) -> list[tuple[str, ...]]:
    """Return rows of name, number, birth, telephone, door, relation and household number; all invented (990101)."""
    found: list[tuple[str, ...]] = []
    home = 0
    while len(found) < rows:
        home += 1
        compound = chance.choice(["幸福苑", "平安里", "翠湖名苑"])
        door = f"{compound}{home // 60 + 1}号楼{home % 60 // 15 + 1}单元{home % 15 // 3 + 1}0{home % 3 + 1}室"
        for place in range(min(chance.choice([1, 2, 3, 3, 4, 5]), rows - len(found))):
            born = date(1935, 1, 1) + timedelta(chance.randrange(32_000))
            first = f"990101{born:%Y%m%d}{chance.randrange(1, 999):03}"
            phone = f"13{chance.randrange(10**9):09}"
            written = f"{born.year}.{born.month}.{born.day}"
            relation = "户主" if place == 0 else "家人"
            found.append((f"居民{len(found)}", first + check_digit(first), written, phone, door, relation, str(home)))
    return found


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    """Do the work and print how long the processor took."""
    before = time.process_time()
    done = work()
    seconds = time.process_time() - before
    print(f"{name:<28}{seconds:8.3f} s")
    return done, seconds


def main() -> None:
    """Run all readers, then the decisions against an empty register and against the same people."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=13_160)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rows = roster(asked.n, Random(asked.seed))
    print(f"{len(rows)} rows, seed {asked.seed}")
    days, a = timed("days", lambda: [read_day(row[2], today=TODAY) for row in rows])
    phones, b = timed("telephones", lambda: [read_telephones(row[3]) for row in rows])
    papers, c = timed("documents", lambda: read_documents([row[1] for row in rows], today=TODAY))
    doors, d = timed("doors", lambda: [read_door(row[4]) for row in rows])
    print(f"{'all readers':<28}{a + b + c + d:8.3f} s (budget {BUDGET_SECONDS} s)")
    told = [
        RowEvidence(
            ("花名册", place),
            row[0],
            paper.number,
            paper.birth,
            day.day,
            None,
            paper.sex,
            frozenset(one.digits for one in phone if one.digits),
            row[5],
            None,
            row[6],
            "",
            door.key,
        )
        for place, (row, day, phone, paper, door) in enumerate(zip(rows, days, phones, papers, doors, strict=True), 2)
    ]
    first, _ = timed("identity, empty register", lambda: understand(told, OnRecord()))
    print(Counter(decision.answer for decision in first.people.values()), len(first.groups), "households")
    homes = tuple(KnownHousehold(f"h{n}", group.door, group.number) for n, group in enumerate(first.groups))
    of = {ref: f"h{n}" for n, group in enumerate(first.groups) for ref in group.refs}
    persons = tuple(
        KnownPerson(
            f"p{row.ref[1]}", row.name, of[row.ref], row.id_key, row.born, row.sex, row.phones, row.relation, row.heads
        )
        for row in told
    )
    again, _ = timed("identity, the same again", lambda: understand(told, OnRecord(persons, homes)))
    print(Counter(decision.answer for decision in again.people.values()))


if __name__ == "__main__":
    main()
