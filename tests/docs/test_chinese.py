"""Chinese that a person reads goes through gettext; what does not is a word of data, listed, or a debt, counted."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "qiaomen"
MARKS = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "later"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DATA = {
    "register/rules/doors/grammar.py": "how a grammar reads what offices write",
    "register/rules/identity/decisions.py": "how a grammar reads what offices write",
    "register/rules/identity/facts.py": "how a grammar reads what offices write",
    "register/rules/doors/parts.py": "how a grammar reads what offices write",
    "register/rules/doors/words.py": "how a grammar reads what offices write",
    "register/rules/identity/household_rows.py": "how a grammar reads what offices write",
    "kernel/numerals.py": "how a grammar reads what offices write",
    "kernel/telephones.py": "how a grammar reads what offices write",
    "kernel/day_ways.py": "how a grammar reads what offices write",
    "kernel/days.py": "how a grammar reads what offices write",
    "kernel/documents.py": "how a grammar reads what offices write",
    "kernel/lunar.py": "how a grammar reads what offices write",
    "criteria/words.py": "collected by name (tests/catalogue.py)",
    "imports/rules/reading/columns.py": "how headers are read",
    "imports/rules/list_kinds.py": "titles by which a list is known",
    "imports/rules/reading/roster.py": "words of cells as offices write them",
    "kernel/masking.py": "年 after a year, as the mask of a day is written",
    "imports/selectors/preview/veils.py": "words by which a reason names a number",
    "imports/rules/reading/roster_words.py": "words of cells as offices write them",
    "imports/rules/reading/sheet_place.py": "how titles are read",
    "imports/rules/reading/sheet_rows.py": "how rows are read",
    "kernel/cells.py": "words of cells: 是, 否, 男, 女",
    "kernel/forbidden.py": "words that may not stand in a label",
    "linkage/sounds.py": "characters and their sounds",
    "register/actions/household_events/events.py": "户主, the relation as it is stored",
    "register/forms/person_facts.py": "reasons as the ledger keeps them; shown through gettext beside",
    "register/actions/write_rows.py": "by which endings a village, a courtyard and a street are known",
    "register/actions/places/by_hand.py": "户主, the relation as it is stored, and a mark between names",
    "register/rules/doors/asked.py": "how a door said in part is read",
    "register/rules/doors/labels.py": "how a door is written",
    "register/rules/search/facts.py": "how a query is read",
    "register/rules/search/readings.py": "how a query is read",
    "register/rules/addresses.py": "how an address is read",
    "register/rules/search/query.py": "how a query is read",
    "register/rules/search/tokens.py": "how a name is read",
    "register/selectors/packs.py": "a format of dates",
    "office/shared/communities.py": "how a grid is named, as it is stored",
    "settings.py": "the name of a language, in that language",
    "sheets/rules/grid_cells.py": "words of cells as offices write them",
    "sheets/selectors/filters.py": "how an address is read",
    "workbooks/xlsx_fast.py": "formats of dates in workbooks",
    "redaction/addresses.py": "how a grammar reads doors",
    "redaction/docx_reader.py": "how styles are named",
    "redaction/folding.py": "characters and the digits they stand for",
    "cases/rules/materials.py": "how the name of a paper is read",
    "cases/papers/fields.py": "names of fields as they stand in the templates of Chinese offices",
    "visits/selectors/teams/week_page.py": "how a stairwell is typed",
    "redaction/labels.py": "words that go into a Chinese publication",
    "redaction/numbers.py": "how numbers are read",
    "redaction/other_names.py": "how names are read",
    "redaction/situations.py": "how sentences are read, and words that go into a Chinese publication",
    "redaction/tables.py": "how headings are read",
    "redaction/words.py": "surnames, roles and everyday words",
    "redaction/writers.py": "names of files and fonts as they go out",
    "redaction/xlsx_reader.py": "words of cells: 是, 否",
    "lan.py": "the name of a certificate",
}
"""Modules whose Chinese is read or stored, not said."""
DEBT = {
    "office/checks.py": 2,
    "imports/nightly.py": 2,
    "imports/rules/reading/cell_values.py": 5,
    "imports/selectors/meaning/evidence.py": 2,
    "imports/selectors/plan_known.py": 6,
    "imports/selectors/preview/pages.py": 2,
    "imports/selectors/preview/rows.py": 2,
    "imports/selectors/meaning/understanding.py": 33,
    "imports/selectors/matching.py": 12,
    "imports/selectors/plan.py": 10,
    "imports/selectors/plan_lists.py": 14,
    "imports/selectors/read_tables.py": 18,
    "imports/selectors/register_snapshot.py": 4,
    "imports/selectors/visit_records.py": 21,
    "phone/management/commands/new_epoch.py": 3,
    "register/management/commands/reindex.py": 5,
    "sheets/actions/cell_edits.py": 1,
    "sheets/management/commands/trace.py": 13,
}
"""Texts said outside gettext: notes of an import, which are stored, and lines of commands. The figures only fall."""


def unmarked(path: Path) -> list[int]:
    """Return the lines of a module where Chinese stands outside gettext and outside docstrings."""
    tree, passed, found = ast.parse(path.read_text(encoding="utf-8")), set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MARKS:
            passed |= {id(part) for argument in node.args for part in ast.walk(argument)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and CHINESE.search(text) and id(node) not in passed:
            found.append(node.lineno)  # type: ignore[attr-defined]
    return found


@cache
def counted() -> Counter[str]:
    """Return how often each module says Chinese outside gettext; read once, for all the tests here."""
    modules = [p for p in PRODUCT.rglob("*.py") if not {"tests", "migrations"} & set(p.parts)]
    return Counter({p.relative_to(PRODUCT).as_posix(): len(unmarked(p)) for p in modules if unmarked(p)})


def test_chinese_in_code_goes_through_gettext() -> None:
    more = {name: n for name, n in counted().items() if name not in DATA and n > DEBT.get(name, 0)}
    assert not more, "wrap it in gettext, or in kernel.texts.later where Django is not known"


@pytest.mark.parametrize("name", [*DATA, *DEBT])
def test_no_exception_outlives_its_reason(name: str) -> None:
    found = counted()[name]
    assert found if name in DATA else found == DEBT[name], f"{name}: {found} left, lower the figure or take it out"
