"""Search as you type, in the store and whole, against LIKE (and pg_trgm), with recall, on SQLite and PostgreSQL.

    python -m benchmarks.bench_search --n 13160 --n 1000000 [--queries 100] [--seed 1]

All people stand in one community: the hardest case, since no other key narrows the search. Rows go in by raw bulk
SQL; what is measured is the product's own question to its own tables. QM_BENCH_PG may name a PostgreSQL.

store: waited for the driver and the store; engine: without waiting for a core (CPU time of SQLite, PostgreSQL's own
planning and execution time); whole: search() with masking. On a busy machine only engine and ratios mean anything.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, TextIO
from urllib.parse import urlparse
from uuid import UUID

from benchmarks.worlds.sealed_numbers import sealed_numbers

KINDS = ("one character", "name part", "whole name", "full pinyin", "initials", "last four", "door", "name + last four")
GOALS = {"store": {13_160: 0.5, 1_000_000: 2.0}, "whole": {1_000_000: 10.0}}
COMMUNITY = UUID(int=1)
PERSON = (
    "id",
    "community_id",
    "household_id",
    "name",
    "former_name",
    "nickname",
    "relation",
    "is_head",
    "sex",
    "birth_date",
    "id_no",
    "id_no_bi",
    "phone",
    "phone_bi",
    "work_place",
    "state",
    "name_pinyin",
)
DOOR = ("id", "community_id", "entrance_id", "floor", "room", "door_label", "walk_order")
HOME = (
    "id",
    "community_id",
    "dwelling_id",
    "household_no",
    "head_name",
    "origin_town",
    "origin_village",
    "lifted_out",
    "registered_place",
    "version",
    "state",
)
PLAIN = ("id", "name", "pinyin", "initials", "phone_tail", "id_tail", "door")
FILES = {
    "register_dwelling": DOOR,
    "register_household": HOME,
    "register_person": PERSON,
    "register_searchentry": ("community_id", "token", "place", "person_id"),
    "plain": PLAIN,
}


def invent(folder: Path, n: int, seed: int) -> None:
    """Write n invented people, three behind each door, as one tab-separated file a table."""
    from qiaomen.kernel import sealing
    from qiaomen.linkage.sounds import sounds_of
    from qiaomen.register.rules.search.tokens import Known, tokens_of
    from simtown.world.people import AREA_CODE, DOUBLE, GIVEN, RARE, SURNAMES

    random = Random(seed)
    tails: dict[str, str] = {}

    def blind(tail: str) -> str:
        if tail not in tails:
            tails[tail] = sealing.blind(tail, f"register.searchentry.tail:{COMMUNITY}")[:20]
        return tails[tail]

    out: dict[str, TextIO] = {name: (folder / f"{name}.tsv").open("w", encoding="utf-8") for name in FILES}

    def write(table: str, *row: Any) -> None:
        out[table].write("\t".join(map(str, row)) + "\n")

    for number in range(n):
        key = UUID(int=random.getrandbits(128))
        home = UUID(int=10**12 + number // 3)
        building, inside = divmod(number // 3, 240)
        entrance, inside = divmod(inside, 80)
        door = f"{building + 1}-{entrance + 1}-{inside // 4 + 1}{inside % 4 + 1:02d}"
        surname = random.choice(DOUBLE) if random.random() < 0.01 else random.choice(SURNAMES)
        name = surname + "".join(random.sample(GIVEN, random.choice((1, 2, 2, 2))))
        name += random.choice(RARE) if random.random() < 0.01 else ""
        born = f"{random.randint(1930, 2020)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
        id_no = f"{AREA_CODE}{born}{random.randrange(1000):03d}{random.choice('0123456789X')}"
        phone = f"199{random.randrange(10**8):08d}" if random.random() < 0.7 else ""
        head = number % 3 == 0
        if head:
            where = UUID(int=2 * 10**12 + number // 3)
            write("register_dwelling", where, COMMUNITY, COMMUNITY, inside // 4 + 1, door, door, number)
            write("register_household", home, COMMUNITY, where, number, name, "", "", r"\N", "", 1, "living")
        sounds = sounds_of(name)
        sealed = sealed_numbers(key, COMMUNITY, id_no, phone)
        write(
            "register_person",
            key,
            COMMUNITY,
            home,
            name,
            "",
            "",
            "户主" if head else "家人",
            "t" if head else "f",
            "",
            f"{born[:4]}-{born[4:6]}-{born[6:]}",
            *sealed,
            "",
            "living",
            sounds[0],
        )
        write("plain", key, name, *sounds, phone[-4:], id_no[-4:], door)
        known = Known(name, phone=phone, door=door, compound="幸福苑", is_head=head)
        for token, place in tokens_of(known, blind).items():
            write("register_searchentry", COMMUNITY, token, place, key)
    for file in out.values():
        file.close()


def load(folder: Path) -> None:
    """Make the product's tables and fill them from the files."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from qiaomen.office.models import Organisation
    from qiaomen.register.models import Building, Compound, Entrance

    town = Organisation.objects.create(pk=COMMUNITY, kind="community", name="锦瑟社区", code="BENCH")
    compound = Compound.objects.create(pk=COMMUNITY, community=town, name="幸福苑")
    building = Building.objects.create(pk=COMMUNITY, community=town, compound=compound, name="1")
    Entrance.objects.create(pk=COMMUNITY, community=town, building=building, name="1")
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if not postgres:
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-3000000")
        else:  # eighteen million foreign keys are not what is measured
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("ALTER TABLE register_searchentry DROP CONSTRAINT register_searchentry_pkey")
        kind = "uuid" if postgres else "char(32)"
        cursor.execute(f"CREATE TABLE plain (id {kind} PRIMARY KEY, {', '.join(c + ' text' for c in PLAIN[1:])})")
        cursor.execute("DROP INDEX search_by_person")
        for table, columns in FILES.items():
            if postgres:
                with (
                    (folder / f"{table}.tsv").open("rb") as file,
                    cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
                ):
                    while block := file.read(1 << 20):
                        copy.write(block)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.execute("BEGIN")
                for chunk in rows_of(folder / f"{table}.tsv", columns):
                    cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", chunk)
                cursor.execute("COMMIT")
        if postgres:
            cursor.execute("ALTER TABLE register_searchentry ADD PRIMARY KEY (community_id, token, place, person_id)")
            cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("CREATE INDEX search_by_person ON register_searchentry (person_id, token)")
        cursor.execute("VACUUM ANALYZE" if postgres else "ANALYZE")
        if not postgres:
            cursor.execute("PRAGMA cache_size=-65536")  # as the product has it


def rows_of(path: Path, columns: tuple[str, ...]) -> Iterator[list[list[Any]]]:
    """Yield rows in chunks, as SQLite keeps them: keys without dashes, truth as a number."""
    keys = [place for place, column in enumerate(columns) if column == "id" or column.endswith("_id")]
    head = columns.index("is_head") if "is_head" in columns else None
    with path.open(encoding="utf-8") as file:
        while lines := list(islice(file, 20000)):
            chunk = []
            for line in lines:
                row: list[Any] = [None if value == r"\N" else value for value in line.rstrip("\n").split("\t")]
                for place in keys:
                    row[place] = row[place].replace("-", "")
                if head is not None:
                    row[head] = row[head] == "t"
                chunk.append(row)
            yield chunk


def questions(folder: Path, n: int, each: int, seed: int) -> dict[str, list[tuple[str, str, list[str]]]]:
    """Return by kind: what is typed, and the same asked with LIKE (condition and values)."""
    random = Random(seed + 1)
    chosen = set(random.sample(range(n), min(n, 4 * each)))
    with (folder / "plain.tsv").open(encoding="utf-8") as file:
        people = [line.rstrip("\n").split("\t") for number, line in enumerate(file) if number in chosen]
    random.shuffle(people)
    asked: dict[str, list[tuple[str, str, list[str]]]] = {kind: [] for kind in KINDS}
    four = "(phone_tail = %s OR id_tail = %s)"
    for _, name, pinyin, initials, phone, tail, door in people:
        part = name[1:3] if len(name) > 2 else name[1:]
        last = phone or tail
        for kind, one in zip(
            KINDS,
            (
                (random.choice(name), "name LIKE %s", ["%{}%"]),
                (part, "name LIKE %s", [f"%{part}%"]),
                (name, "name LIKE %s", [f"%{name}%"]),
                (pinyin, "pinyin LIKE %s", [f"{pinyin}%"]),
                (initials, "initials LIKE %s", [f"{initials}%"]),
                (last, four, [last, last]),
                (door, "(door = %s OR door LIKE %s)", [door, f"%-{door}"]),
                (f"{name[0]} {last}", f"name LIKE %s AND {four}", [f"%{name[0]}%", last, last]),
            ),
            strict=True,
        ):
            typed, condition, values = one
            asked[kind].append((typed, condition, [value.replace("{}", typed) for value in values]))
    return {kind: found[:each] for kind, found in asked.items()}


def percentile(times: list[float], share: float) -> float:
    """Return the time (ms) that `share` of them do not exceed."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


Times = dict[str, list[float]]


class Timed:
    """A cursor that adds up the time spent in the driver and the store, and keeps the statements."""

    spent = cpu = 0.0
    told: list[tuple[str, Any]] = []

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.cursor, name)
        if name not in ("execute", "fetchone", "fetchmany", "fetchall"):
            return real

        def timed(*words: Any) -> Any:
            if name == "execute":
                Timed.told.append((words[0], words[1] if len(words) > 1 else None))
            began, cpu = time.perf_counter(), time.thread_time()
            try:
                return real(*words)
            finally:
                Timed.spent += time.perf_counter() - began
                Timed.cpu += time.thread_time() - cpu

        return timed

    def __enter__(self) -> "Timed":
        return self

    def __exit__(self, *_: object) -> None:
        self.cursor.close()


class Asker:
    """Asks the same question in three ways and times each."""

    def __init__(self) -> None:
        from django.db import connection

        from qiaomen.office.models import Organisation

        self.community = Organisation.objects.get(pk=COMMUNITY)
        self.connection = connection
        self.cursor = connection.cursor()
        self.plain_cursor = connection.make_cursor

    def store(self, text: str, size: int = 20) -> tuple[float, set[str]]:
        """Ask the product's question to the store; return the seconds in driver and store, and the people found."""
        from qiaomen.register.rules.search.query import parse
        from qiaomen.register.selectors.search.known import blind_tail
        from qiaomen.register.selectors.search.store import keys_of

        Timed.spent, Timed.cpu, Timed.told = 0.0, 0.0, []
        keys: set[str] = set()
        self.connection.make_cursor = lambda cursor: Timed(self.plain_cursor(cursor))
        for query in parse(text, lambda tail: blind_tail(COMMUNITY, tail)):
            found, _ = keys_of(self.community, query, size, None)
            keys |= {str(key).replace("-", "") for key in found}
        self.connection.make_cursor = self.plain_cursor
        return Timed.spent, keys

    def own(self) -> float:
        """Return the seconds of the last question without waiting for a core: SQLite's CPU time; with PostgreSQL what
        the server itself says that it needs to plan and run the statements."""
        if self.connection.vendor != "postgresql":
            return Timed.cpu
        total = 0.0
        for sql, values in Timed.told:
            self.cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql, values)
            (plan,) = self.cursor.fetchone()[0]
            total += plan["Planning Time"] + plan["Execution Time"]
        return total / 1000

    def whole(self, text: str) -> float:
        """Return the seconds of the product's whole answer."""
        from qiaomen.register.selectors.search.find import search

        began = time.perf_counter()
        search(community=self.community, text=text)
        return time.perf_counter() - began

    def like(self, condition: str, values: list[str], limit: str = " LIMIT 20") -> tuple[float, set[str]]:
        """Ask the plain table."""
        began = time.perf_counter()
        self.cursor.execute(f"SELECT id FROM plain WHERE {condition}{limit}", values)
        rows = self.cursor.fetchall()
        return time.perf_counter() - began, {str(key).replace("-", "") for (key,) in rows}


def with_trigrams(asker: Asker) -> bool:
    """Give the plain table trigram indexes where PostgreSQL has them."""
    if asker.connection.vendor != "postgresql":
        return False
    try:
        asker.cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except Exception:
        return False
    for column in ("name", "pinyin", "initials", "door"):
        asker.cursor.execute(f"CREATE INDEX ON plain USING gin ({column} gin_trgm_ops)")
    for column in ("phone_tail", "id_tail"):
        asker.cursor.execute(f"CREATE INDEX ON plain ({column})")
    asker.cursor.execute("VACUUM ANALYZE plain")
    return True


def measure(folder: Path, n: int, each: int, seed: int) -> None:
    """Fill the store, ask, print one table."""
    import django

    django.setup()
    from django.db import connection

    began = time.perf_counter()
    load(folder)
    asker = Asker()
    asker.cursor.execute("SELECT count(*) FROM register_searchentry")
    tokens = asker.cursor.fetchone()[0]
    asker.cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
    print(
        f"\n{connection.vendor} {asker.cursor.fetchone()[0]}, {n:,} people in one community, {tokens:,} tokens, "
        f"filled in {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    asked = questions(folder, n, each, seed)
    for found in asked.values():
        for typed, *_ in found[:5]:
            asker.store(typed), asker.whole(typed)
    stores, owns, wholes = ask_ours(asker, asked)
    likes = {kind: [asker.like(*one[1:])[0] for one in found[: max(20, each // 4)]] for kind, found in asked.items()}
    trigrams = None
    recall = missed(asker, asked, max(3, min(20, each // 5)))
    if with_trigrams(asker):
        trigrams = {
            kind: [asker.like(*one[1:])[0] for one in found[: max(20, each // 4)]] for kind, found in asked.items()
        }
    report(stores, owns, wholes, likes, trigrams, recall)
    verdict(n, stores, owns, wholes, likes)


def ask_ours(asker: Asker, asked: dict[str, Any]) -> tuple[Times, Times, Times]:
    """Time store, the engine's own share and whole answer, kind by kind."""
    stores: Times = {kind: [] for kind in asked}
    owns: Times = {kind: [] for kind in asked}
    for kind, found in asked.items():
        for typed, *_ in found:
            stores[kind].append(asker.store(typed)[0])
            owns[kind].append(asker.own())
    wholes = {kind: [asker.whole(typed) for typed, *_ in found] for kind, found in asked.items()}
    return stores, owns, wholes


def missed(asker: Asker, asked: dict[str, Any], each: int) -> dict[str, tuple[int, int]]:
    """Return by kind how many people LIKE finds and how many of them the store does not."""
    result = {}
    for kind, found in asked.items():
        wanted = lost = 0
        for typed, condition, values in found[:each]:
            _, right = asker.like(condition, values, "")
            _, ours = asker.store(typed, 10**7)
            wanted, lost = wanted + len(right), lost + len(right - ours)
        result[kind] = (wanted, lost)
    return result


def report(stores: Times, owns: Times, wholes: Times, likes: Times, trigrams: Times | None, recall: Any) -> None:
    """Print a line a kind: milliseconds."""
    print(
        f"{'':18}{'store p50':>10}{'p99':>8}{'engine p99':>12}{'whole p50':>11}{'p99':>8}{'LIKE p50':>10}{'p99':>8}"
        f"{'trgm p99':>10}{'LIKE/store':>12}{'recall':>18}"
    )
    for kind in KINDS:
        ours, theirs = percentile(stores[kind], 0.5), percentile(likes[kind], 0.5)
        own, trigram = [f"{percentile(one[kind], 0.99):.3f}" if one and one[kind] else "–" for one in (owns, trigrams)]
        wanted, lost = recall[kind]
        print(
            f"{kind:18}{ours:10.3f}{percentile(stores[kind], 0.99):8.3f}{own:>12}{percentile(wholes[kind], 0.5):11.2f}"
            f"{percentile(wholes[kind], 0.99):8.2f}{theirs:10.2f}{percentile(likes[kind], 0.99):8.1f}{trigram:>10}"
            f"{theirs / ours:11.1f}x{wanted - lost:>9}/{wanted}",
            flush=True,
        )


def verdict(n: int, stores: Times, owns: Times, wholes: Times, likes: Times) -> None:
    """Say over all kinds together whether the goals are met."""
    ours = [one for found in stores.values() for one in found]
    for name, times in (("store", stores), ("engine", owns), ("whole", wholes)):
        everything = [one for found in times.values() for one in found]
        if not everything:
            continue
        p99, goal = percentile(everything, 0.99), GOALS["store" if name == "engine" else name].get(n)
        said = "" if goal is None else f", goal {goal} ms: {'met' if p99 <= goal else 'MISSED'}"
        print(f"{name}: p50 {percentile(everything, 0.5):.3f} ms, p99 {p99:.3f} ms{said}", flush=True)
    base = [one for found in likes.values() for one in found]
    ratio = percentile(base, 0.99) / percentile(ours, 0.99)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    print(
        f"LIKE: p99 {percentile(base, 0.99):.1f} ms, {ratio:.1f} x the store's; load of the machine {load}", flush=True
    )


def postgres() -> Any:
    """Return a context that gives the address of a PostgreSQL."""
    if address := os.environ.get("QM_BENCH_PG"):
        return nullcontext(address)
    import start

    return start.postgres()


def main() -> None:
    """Invent the people once, then measure each engine in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, action="append")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.folder:
        measure(told.folder, told.n[0], told.queries, told.seed)
        return
    keys = "k1:" + "5a" * 32
    from qiaomen.kernel import sealing

    sealing.configure(keys)
    print(
        f"seed {told.seed}, {told.queries} questions a kind, Python {platform.python_version()}, {os.cpu_count()} cores"
    )
    for n in told.n or [13_160]:
        with tempfile.TemporaryDirectory(prefix="qiaomen-bench-") as name:
            folder = Path(name)
            began = time.perf_counter()
            invent(folder, n, told.seed)
            print(f"{n:,} people invented and indexed in {time.perf_counter() - began:.0f} s", flush=True)
            env = {**os.environ, "QM_DATA": name, "QM_MASTER_KEYS": keys, "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
            command = [
                sys.executable,
                "-m",
                "benchmarks.bench_search",
                "--folder",
                name,
                "--n",
                str(n),
                "--queries",
                str(told.queries),
                "--seed",
                str(told.seed),
            ]
            env.pop("QM_DATABASE_URL", None)
            subprocess.run(command, env=env, check=True)
            with postgres() as address, fresh_database(address) as own:
                subprocess.run(command, env={**env, "QM_DATABASE_URL": own}, check=True)


class fresh_database:
    """A database of its own beside the one at an address, dropped afterwards."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> str:
        self._do("DROP DATABASE IF EXISTS qiaomen_bench_search")
        self._do("CREATE DATABASE qiaomen_bench_search")
        return urlparse(self.address)._replace(path="/qiaomen_bench_search").geturl()

    def __exit__(self, *_: object) -> None:
        self._do("DROP DATABASE IF EXISTS qiaomen_bench_search")

    def _do(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
