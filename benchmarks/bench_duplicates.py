"""Finding second records: ours and Splink 5 on DuckDB, on one invented register, in one run.

    python3 start.py bench duplicates --n 1000000 --baseline-n 200000

Both start from the same table in memory. Ours is timed from Python values, as a database driver hands them over:
reading them into columns, then searching. Splink is timed from the table in DuckDB, its training apart. Nothing is
compiled, so there is no warm-up; each of ours is run `--repeat` times and the least time is told. On shared cores the
clock also counts what others do: the core time beside it does not, and stands for the same work on a quiet machine.
"""

import argparse
import csv
import os
import platform
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from benchmarks.splink_duplicates import SplinkRun, run_splink
from benchmarks.worlds.duplicates import Town, make_town
from qiaomen.linkage.arrays import PairArrays, find_pairs_in, pairs_between
from qiaomen.linkage.columns import Columns
from qiaomen.linkage.weights import weights_for

FIELDS = ("name", "sounds", "sex", "birth", "id_no", "phone", "household", "door")


def store(town: Town) -> duckdb.DuckDBPyConnection:
    """Put a town into a table of DuckDB; what is not known is NULL."""
    connection = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("unique_id", *FIELDS))
            for place, (one, sounds) in enumerate(zip(town.records, town.sounds, strict=True)):
                rows.writerow((place, one.name, sounds, *(value or "" for value in one[1:])))
        kinds = {"unique_id": "BIGINT", **{field: "DATE" if field == "birth" else "VARCHAR" for field in FIELDS}}
        connection.execute(
            f"CREATE TABLE town AS SELECT * FROM read_csv('{path}', header=true, nullstr='', columns={kinds}) "
            "ORDER BY unique_id"
        )
    return connection


def read(connection: duckdb.DuckDBPyConnection, where: str = "true") -> dict[str, list[Any]]:
    """Fetch the rows as Python values, field by field, as a driver hands them over."""
    chosen = ", ".join(f if f == "birth" else f"coalesce({f}, '')" for f in FIELDS)
    rows = connection.execute(f"SELECT {chosen} FROM town WHERE {where} ORDER BY unique_id").fetchall()
    return dict(zip(FIELDS, map(list, zip(*rows, strict=True)), strict=True))


def least(repeat: int, work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the least seconds by the clock and on the cores of so many runs, and what the last one returned."""
    clock, cores, found = [], [], None
    for _ in range(repeat):
        began, busy = time.perf_counter(), time.process_time()
        found = work()
        clock.append(time.perf_counter() - began)
        cores.append(time.process_time() - busy)
    return min(clock), min(cores), found


def tell_machine(arguments: argparse.Namespace) -> None:
    """Print what the figures depend on."""
    import numba
    import splink

    versions = {
        "Python": platform.python_version(),
        "numpy": np.__version__,
        "DuckDB": duckdb.__version__,
        "Splink": splink.__version__,
        "numba (not used)": numba.__version__,
    }
    print(f"machine    {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the run")
    print("versions  ", ", ".join(f"{name} {version}" for name, version in versions.items()))
    print(f"seed       {arguments.seed}; persons {arguments.n:,}, 8 % of them second records")


def share(hits: int, of: int) -> str:
    """Write a share in per cent."""
    return f"{100 * hits / of:.3f} %" if of else "–"


def tell_found(town: Town, found: PairArrays) -> None:
    """Print recall and the precision of each band, then the recall for each kind of error."""
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    right = [pair in town.truth for pair in pairs]
    same = [is_right for is_right, band in zip(right, found.same.tolist(), strict=True) if band]
    ask = [is_right for is_right, band in zip(right, found.same.tolist(), strict=True) if not band]
    print(
        f"recall     {share(sum(right), len(town.truth))} of {len(town.truth):,} (goal ≥ 99 %), "
        f"{share(sum(same), len(town.truth))} of them as same"
    )
    print(
        f"precision  same {share(sum(same), len(same))} of {len(same):,} (goal ≥ 99.95 %); "
        f"ask {share(sum(ask), len(ask))} of {len(ask):,}; both {share(sum(right), len(right))}"
    )
    hit = Counter(town.truth[pair] for pair, is_right in zip(pairs, right, strict=True) if is_right)
    for kind, count in Counter(town.truth.values()).most_common():
        print(f"           {kind:24} {count:7,}   found {share(hit[kind], count)}")


def tell_ours(town: Town, connection: duckdb.DuckDBPyConnection, repeat: int) -> tuple[tuple[float, float], PairArrays]:
    """Run and print our search; returns its seconds (clock, cores), reading included, and what it found."""
    values, weights = read(connection), weights_for(len(town.records))
    reading, reading_cores, columns = least(repeat, lambda: Columns.of(**values))
    searching, searching_cores, found = least(repeat, lambda: find_pairs_in(columns, weights))
    print(
        f"\nOURS on {len(columns):,}: {reading + searching:.2f} s (goal ≤ 2 s for a million) = "
        f"values into columns {reading:.2f} s + search {searching:.2f} s\n"
        f"core time  {reading_cores:.2f} s + {searching_cores:.2f} s (the search uses every core), "
        f"load {os.getloadavg()[0]:.1f}"
    )
    tell_found(town, found)
    new, standing = read(connection, "unique_id % 76 = 0"), read(connection, "unique_id % 76 > 0")
    old = Columns.of(**standing)
    preview, _, shown = least(repeat, lambda: pairs_between(Columns.of(**new), old, weights))
    print(f"preview    {len(new['name']):,} new rows against {len(old):,}: {preview:.2f} s, {len(shown):,} pairs")
    return (reading + searching, reading_cores + searching_cores), found


def tell_splink(town: Town, ran: SplinkRun, ours: tuple[float, float], shown: int) -> None:
    """Print what Splink found at its usual thresholds and at as many pairs as ours, then the ratio of seconds."""
    pairs = len(ran.probabilities)
    print(
        f"\nSPLINK on {len(town.records):,}: predict {ran.predicting:.2f} s ({ran.cores:.2f} s core time), training {ran.training:.2f} s, "
        f"{pairs:,} pairs scored"
    )
    right = np.array([pair in town.truth for pair in ran.pairs], np.bool_)
    for words, count in (
        ("probability ≥ 0.5", int((ran.probabilities >= 0.5).sum())),
        ("probability ≥ 0.99", int((ran.probabilities >= 0.99).sum())),
        (f"its best {shown:,}, as many as ours shows", min(shown, pairs)),
    ):
        hits = int(right[:count].sum())
        print(f"           {words}: recall {share(hits, len(town.truth))}, precision {share(hits, count)}")
    clock, cores = ours
    print(
        f"RATIO      on the same rows, by the clock: predict alone {ran.predicting / clock:.1f} ×, with training "
        f"{(ran.predicting + ran.training) / clock:.1f} ×; core time of predict alone {ran.cores / cores:.1f} ×"
    )


def main(words: Sequence[str] | None = None) -> None:
    """Run both and print."""
    parser = argparse.ArgumentParser(prog="bench duplicates")
    parser.add_argument("--n", type=int, default=1_000_000, help="persons in the register")
    parser.add_argument("--baseline-n", type=int, default=0, help="fewer persons for Splink; 0: the same")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args(words)
    tell_machine(arguments)
    town = make_town(arguments.n, arguments.seed)
    connection = store(town)
    ours, found = tell_ours(town, connection, arguments.repeat)
    if 0 < arguments.baseline_n < arguments.n:
        print(f"\nSplink runs on {arguments.baseline_n:,} persons, as asked; ours again on the same:")
        town = make_town(arguments.baseline_n, arguments.seed)
        connection = store(town)
        ours, found = tell_ours(town, connection, arguments.repeat)
    tell_splink(town, run_splink(connection, arguments.seed), ours, len(found))
    print(
        f"\nmost memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB, town and Splink included"
    )


if __name__ == "__main__":
    main()
