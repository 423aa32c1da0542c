"""One line changed in access, ledger, sealing, inbox or clock is noticed: four of five at least, in `start.py
prove`.
"""

import ast
import os
from pathlib import Path

import pytest

from tests.proof.mutants import ROOT, TARGETS, Mutant, chosen, copy_tree, notices, places_of

pytestmark = pytest.mark.proof
LONG = os.environ.get("QM_PROVE") == "1"
SEED = int(os.environ.get("QM_SEED", "20260305"))
EACH, WANTED = 30, 0.8
CLOCK_TESTS = ["qiaomen/kernel/tests/test_kernel.py"]


def test_a_changed_line_is_noticed_and_an_unchanged_tree_is_not(tmp_path: Path) -> None:
    """The short form: the judge itself. Half past midnight in Shanghai is another day in Greenwich."""
    copy_tree(tmp_path)
    tests = ["tests/stories/test_survivors.py::test_the_day_begins_at_midnight_in_shanghai"]
    module = "qiaomen/kernel/clock.py"
    text = (ROOT / module).read_text("utf-8").replace('ZoneInfo("Asia/Shanghai")', 'ZoneInfo("UTC")')
    assert not notices(tmp_path, None, tests, tmp_path / "data")
    assert notices(tmp_path, Mutant(module, 10, "Shanghai -> UTC", text), tests, tmp_path / "data")


@pytest.mark.parametrize("module", TARGETS)
def test_every_module_has_mutants_that_are_python(module: str) -> None:
    assert len(places_of(module)) > 5
    for mutant in chosen(module, EACH, SEED):
        compile(mutant.text, module, "exec")
        assert mutant.text != ast.unparse(ast.parse((ROOT / module).read_text("utf-8"))), mutant.change


def test_four_of_five_mutants_are_noticed(tmp_path: Path) -> None:
    """`prove` takes an hour over all modules; the short form tries two mutants of the clock."""
    copy_tree(tmp_path)
    tried, lived = 0, []
    for module, tests in TARGETS.items() if LONG else [("qiaomen/kernel/clock.py", CLOCK_TESTS)]:
        assert not notices(tmp_path, None, tests, tmp_path / "data"), f"{module}: its tests fail as it is"
        for mutant in chosen(module, EACH if LONG else 2, SEED):
            tried += 1
            if not notices(tmp_path, mutant, tests, tmp_path / "data"):
                lived.append(f"{module}:{mutant.line} {mutant.change}")
                print("LIVED", lived[-1], flush=True)
    print(f"seed {SEED}: {tried - len(lived)} of {tried} noticed")
    assert tried - len(lived) >= WANTED * tried, "\n".join(lived)
