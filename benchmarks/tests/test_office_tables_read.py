"""Twenty-five office tables are read: nobody is silently taken wrongly. The seed is printed; the bench reads 200."""

import pytest

from benchmarks.bench_tables import judge_table
from benchmarks.worlds.office_judge import Verdict
from benchmarks.worlds.office_tables import make_tables

SEED, COUNT = 2026, 25


@pytest.mark.django_db
def test_twenty_five_office_tables() -> None:
    total = Verdict()
    for table in make_tables(SEED, COUNT):
        total.add(judge_table(table))
    print(
        f"seed {SEED}: households {total.households_exact}/{total.households}, "
        f"people {total.people_exact}/{total.people}"
    )
    assert not total.wrong, total.wrong[:10]
    assert total.asked <= 0.03 * total.people
