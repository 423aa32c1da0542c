"""1,000 communities over four weeks, a week told again, the month, and what the county reads: no number held back is
found out (QM_PROVE=1).

The attacker (kernel/tests/attacker.py) has every table and an integer solver; QM_SEED begins elsewhere. Beside it a
foreign referee that shares no line with it: the audit of Tau-Argus, with which statistics offices check their tables.
"""

import os
from pathlib import Path

import pytest
from pytauargus._tauargus import audit_jj

from qiaomen.kernel.tests.attacker import Attack
from qiaomen.kernel.tests.test_suppression import narrow, system_of

pytestmark = [pytest.mark.proof, pytest.mark.once]
MANY = 1_000 if os.environ.get("QM_PROVE") == "1" else 2


def test_no_number_held_back_is_found_out_in_a_thousand_communities() -> None:
    first, told, many = int(os.environ.get("QM_SEED", "1000")), 0, 0
    for seed in range(first, first + MANY):
        found, read, all_of_them = narrow(seed)
        assert not found, found
        told, many = told + read, many + all_of_them
    print(f"{MANY} communities from seed {first}: {told} of {many} numbers are read, none held back is found out")


def table_of(attack: Attack) -> tuple[str, list[tuple[int, int]]]:
    """Return every number, equation and reading as Tau-Argus reads a table (JJ format), and what must not be found out.

    Each cell is given the range a reader may take it for; the audit returns between what it can lie for all of them.
    """
    names = [*attack.values, *attack.secrets, *attack.others]
    at = {name: number for number, name in enumerate(names)}
    truth = {**attack.values, **attack.secrets, **attack.others}
    lines = ["0", str(len(names))]
    for name in names:
        low, high = attack.believed(name)
        lines.append(f"{at[name]} {truth[name]} 1 {'u' if attack.is_secret(name) else 'm'} {low:.0f} {high:.0f} 0 0 0")
    lines.append(str(len(attack.equations)))
    for terms in attack.equations:
        lines.append(f"0.0 {len(terms)} : " + " ".join(f"{at[name]} ({sign})" for sign, name in terms))
    return "\n".join(lines) + "\n", [(at[name], truth[name]) for name in names if attack.is_secret(name)]


def test_tau_argus_finds_no_hidden_number_either(tmp_path: Path) -> None:
    first, audited = int(os.environ.get("QM_SEED", "1000")), 0
    for seed in range(first, first + MANY):
        table, secrets = table_of(system_of(seed))
        file = tmp_path / "table.jj"
        file.write_text(table, "utf-8")
        found = {row["cell"]: (row["min"], row["max"]) for row in audit_jj(str(file))}
        for cell, value in secrets:
            low, high = found[cell]
            assert (low < 0.5 and high > 8.5) if value < 10 else high - low > 8.5, (seed, cell, value, low, high)
        audited += len(secrets)
    print(f"Tau-Argus audited {audited} hidden numbers of {MANY} communities: none found out")
