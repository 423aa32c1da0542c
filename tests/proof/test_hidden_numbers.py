"""1,000 communities over four weeks, a week told again, and the month: no number held back is found out (QM_PROVE=1).

The attacker (kernel/tests/attacker.py) has every table and an integer solver; QM_SEED begins elsewhere.
"""

import os

import pytest

from qiaomen.kernel.tests.test_suppression import narrow

pytestmark = [pytest.mark.proof, pytest.mark.once]
MANY = 1_000 if os.environ.get("QM_PROVE") == "1" else 2


def test_no_number_held_back_is_found_out_in_a_thousand_communities() -> None:
    first, told, many = int(os.environ.get("QM_SEED", "1000")), 0, 0
    for seed in range(first, first + MANY):
        found, read, all_of_them = narrow(seed)
        assert not found, found
        told, many = told + read, many + all_of_them
    print(f"{MANY} communities from seed {first}: {told} of {many} numbers are read, none held back is found out")
