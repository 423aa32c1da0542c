"""`python -m tests.proof.writer DATABASE INIT NAME FIRST SEED`: writes and checkpoints until it is killed.

Prints the number of each row when its transaction is committed. A writer named `nightly` checkpoints with every step.
"""

import sys
from random import Random
from typing import Any

import qiaomen  # noqa: F401  takes the SQLite of the product


def main() -> None:
    """Write rows FIRST, FIRST + 1, … of NAME."""
    path, init, name, first, seed = sys.argv[1:]
    sqlite: Any = sys.modules["sqlite3"]
    line, dice, number = sqlite.connect(path, timeout=20, isolation_level=None), Random(seed), int(first)
    line.executescript(init)
    print("ready", sqlite.sqlite_version, flush=True)
    while True:
        line.execute("BEGIN IMMEDIATE")
        line.execute("INSERT INTO kept VALUES (?, ?)", (name, number))
        line.execute("INSERT INTO churn (words) VALUES (?)", ("字" * dice.randrange(6000),))
        line.execute(
            "DELETE FROM churn WHERE id % 3 = ? AND id < (SELECT max(id) FROM churn) - 50", (dice.randrange(3),)
        )
        line.execute("COMMIT")
        print(number, flush=True)
        number += 1
        if name == "nightly" or dice.random() < 0.1:
            line.execute(f"PRAGMA wal_checkpoint({dice.choice(('PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'))})").fetchall()


if __name__ == "__main__":
    main()
