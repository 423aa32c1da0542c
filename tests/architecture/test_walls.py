"""The walls of a house: its rooms, how many modules, what it may import, which pages its pages name."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from qiaomen.office.fields import BlindIndex, KeyedCode, SealedField

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "qiaomen"
STREET = settings.HOUSES
PURE = ["kernel", "criteria", "linkage", "planner", "workbooks", "redaction", "documents"]
SAME_LINE = [{"desk", "phone", "portal"}, {"bulletins", "publications", "imports", "sheets", "rights"}]
ROOMS = {"urls", "views", "forms", "actions", "selectors", "models", "rules"}
SIDE_ROOMS = {
    *("ledger", "figures", "lines", "today", "menu", "nightly", "jobs", "checks", "problems", "management"),
    "migrations",
    "tests",
}
OWN_ROOMS = {
    "office": {
        "access": "who may call what, and how a record is fetched",
        "accounts": "who works here: begins, changes, ends, and where somebody is signed in",
        "apps": "calls every house's declarations",
        "backups": "a backup that was restored before it counts, and restoring",
        "bulk_insert": "writes many rows at once",
        "devices": "whose phone this is",
        "disclosure": "looks at people's details, counted and stopped",
        "fields": "sealed columns and blind indexes",
        "file_lock": "one process at a time",
        "form_words": "the form every page is made of says what is wrong in a worker's words",
        "forgetting": "what a process has read of residents ends with the request",
        "handover": "what somebody holds goes to named people, for good or for days",
        "labels": "a name an office types, and the second person it needs",
        "middleware": "asks the permission table before every view",
        "occasions": "moments at which every house has something to do",
        "record_types": "what a row is called for good",
        "rekey": "moves what is sealed under the newest key",
        "shared": "records several houses share, with their pages",
        "sign_in": "stops one address that tries many names",
        "templatetags": "what every template may use",
    },
    "desk": {
        "context": "what the shell shows on every page",
        "frames": "in which frame a refusal stands",
        "making": "which communities of the demo are still to come",
        "middleware": "says a problem as a page",
        "named": "which pages and acts a text in the search box names",
        "navigation": "the doors, tabs and numbers of a reader's menu",
    },
    "cases": {
        "papers": "forms the office can change, filled and printed, and the page a receipt leads to",
        "proxy": "who lets us act, whose papers lie with us, what is still missing, who went",
    },
    "phone": {"apps": "has the first sealing key made with the tables"},
    "kernel": {
        "figures": "how houses join: numbers that open onto their lists, and what of them may be read together",
        "lines": "how houses join: lines, acts, links, holdings, outcomes",
    },
}
"""Rooms that one house has and no other. Each with its reason; a module that fits a room above belongs there."""
DECLARATIONS = {
    *("urls", "ledger", "figures", "lines", "today", "menu", "nightly", "jobs", "checks", "problems", "management")
}
"""Rooms that only declare: a house has one of each, so they say nothing about how much stands in it."""
MODULES = 25
CROWDED = {"register": 31, "kernel": 26}
"""Houses above 25 modules; the figure only falls."""
IN_A_PACKAGE = 8
"""Modules of a package inside a room, or of a room one house has alone: it is known by its name and counts as one."""
EDGE = {"urls", "frontdoor"}
"""What stands before the houses and is none: the routes of the site, and the server's front door."""


def modules_of(house: str) -> list[Path]:
    """Return a house's modules without tests, migrations and packages' own files."""
    found = sorted((PRODUCT / house).rglob("*.py"))
    return [p for p in found if p.name != "__init__.py" and not {"tests", "migrations"} & set(p.parts)]


def room_of(path: Path) -> str:
    """Return the room a module stands in: the first part below its house."""
    return path.relative_to(PRODUCT).with_suffix("").parts[1]


def unit_of(path: Path) -> Path:
    """Return what a reader has to know of: a module, or the package of modules on one thing that it belongs to.

    `rules/doors/words.py` is of `rules/doors`, `backups/file.py` of `backups`; `rules/addresses.py` is its own.
    """
    house, room, *more = path.relative_to(PRODUCT).with_suffix("").parts
    if room in OWN_ROOMS.get(house, {}):
        return PRODUCT / house / room
    return path.parent if len(more) > 1 and house not in PURE else path


def own_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("qiaomen.")]


@pytest.mark.parametrize("house", STREET)
def test_every_module_stands_in_a_known_room(house: str) -> None:
    known = ROOMS | SIDE_ROOMS | set(OWN_ROOMS.get(house, {}))
    strangers = [p.relative_to(PRODUCT).as_posix() for p in modules_of(house) if room_of(p) not in known]
    assert not strangers


def test_no_room_of_its_own_is_listed_that_is_not_there() -> None:
    missing = [
        f"{house}/{room}"
        for house, rooms in OWN_ROOMS.items()
        for room in rooms
        if not (PRODUCT / house / f"{room}.py").exists() and not (PRODUCT / house / room).is_dir()
    ]
    assert not missing


@pytest.mark.parametrize("house", [*STREET, *PURE])
def test_a_house_is_small_enough_to_know(house: str) -> None:
    standing = [path for path in modules_of(house) if house in PURE or room_of(path) not in DECLARATIONS]
    units = Counter(map(unit_of, standing))
    count = len(units)
    assert not {unit: size for unit, size in units.items() if size > IN_A_PACKAGE}, "a package is a house of its own"
    assert count <= CROWDED.get(house, MODULES), count
    assert house not in CROWDED or count > MODULES, "it is small enough now: take it from the list"


def test_every_house_stands_in_the_contracts_and_on_the_street() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    by_name = {contract["name"]: contract for contract in contracts}
    assert {name.removeprefix("qiaomen.") for name in by_name["the rooms of a house"]["containers"]} == set(STREET)
    lines = [set(layer.split(" | ")) for layer in by_name["the street order"]["layers"]]
    order = {house: place for place, line in enumerate(reversed(lines)) for house in line}
    assert set(order) == {*STREET, *PURE, *EDGE}
    assert min(order[outside] for outside in EDGE) > max(order[house] for house in STREET)
    for here, there in pairwise(STREET):
        assert order[here] <= order[there], f"HOUSES names {there} above {here}, the contract does not"
    shared = [line for line in lines if len(line) > 1 and line <= set(STREET)]
    assert sorted(map(sorted, shared)) == sorted(map(sorted, SAME_LINE))


def pure_modules() -> list[str]:
    files = [path for house in PURE for path in modules_of(house)]
    files += [path for house in STREET for path in modules_of(house) if room_of(path) == "rules"]
    files += [path for path in (ROOT / "simtown" / "world").glob("*.py") if path.name != "__init__.py"]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]


def test_pure_modules_import_where_there_is_no_django_and_no_network() -> None:
    banned = ["django", "psycopg", "psycopg_pool", "sqlite3"]
    code = "import sys, importlib\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in banned)
    code += "".join(f"importlib.import_module({name!r})\n" for name in pure_modules())
    code += "assert not [name for name in sys.modules if name.startswith('qiaomen.') and '.models' in name]\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
    assert len(pure_modules()) > 60


def test_migrations_import_nothing_of_ours() -> None:
    """A migration made from living code changes its meaning when the code does."""
    wrong = []
    for path in PRODUCT.glob("*/migrations/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [f"{'.' * node.level}{node.module or ''}"] if isinstance(node, ast.ImportFrom) else []
            wrong += [
                f"{path.relative_to(ROOT)}: {name}" for name in names if name.startswith(("qiaomen", ".", "simtown"))
            ]
        if "'qiaomen." in path.read_text("utf-8").replace('"', "'"):
            wrong.append(f"{path.relative_to(ROOT)} names a module of ours")
    assert not wrong


NOT_YET = {"sheets/templates/sheets/grid.html names imports"}
"""Pages that name a route beside or above them, to be joined by links; it only shrinks."""


def test_templates_name_routes_only_downward() -> None:
    """A page of a house names its own routes and those of lower houses; what lies above joins by lines and links."""
    wrong = []
    for house in STREET:
        for path in (PRODUCT / house).rglob("*.html"):
            for there in re.findall(r"{%\s*url\s+['\"](\w+):", path.read_text(encoding="utf-8")):
                beside = any({house, there} <= line for line in SAME_LINE) and house != there
                if STREET.index(there) > STREET.index(house) or beside:
                    wrong.append(f"{path.relative_to(PRODUCT)} names {there}")
    assert set(wrong) == NOT_YET


FRAMES = {"desk", "portal/base.html"}
"""What a page of any house may stand in: the shell of the office and its parts, the frame of the public pages."""


def test_templates_include_only_downward_and_the_shell() -> None:
    """A page may stand in the shell's frame (`desk/base.html`) and use its small parts; of others only lower ones."""
    wrong = []
    for house in STREET:
        for path in (PRODUCT / house).rglob("*.html"):
            for there in re.findall(r"{%\s*(?:include|extends)\s+['\"](\w+)/", path.read_text(encoding="utf-8")):
                if not FRAMES & {there, f"{there}/base.html"} and STREET.index(there) > STREET.index(house):
                    wrong.append(f"{path.relative_to(PRODUCT)} uses {there}")
    assert not wrong


def test_python_names_routes_only_downward() -> None:
    """What a view, a selector or a menu reverses lies in its own house or below it."""
    wrong = []
    route = re.compile(r"\b(?:reverse|redirect|reverse_lazy)\(\s*f?['\"](\w+):")
    for house in STREET:
        for path in modules_of(house):
            for there in route.findall(path.read_text(encoding="utf-8")):
                if there in STREET and STREET.index(there) > STREET.index(house):
                    wrong.append(f"{path.relative_to(PRODUCT)} names {there}")
    assert not wrong


LABELS = Path(__file__).with_name("sealed_labels.txt")


def test_the_labels_of_sealed_columns_are_unique_and_never_change() -> None:
    """A label is written into every sealed value: a changed label is a column that nobody can open any more."""
    fields = [field for model in own_models() for field in model._meta.get_fields()]  # type: ignore[attr-defined]
    sealed = [field for field in fields if isinstance(field, SealedField | KeyedCode)]
    labels = [field.label for field in sealed]
    assert not [label for label, times in Counter(labels).items() if times > 1]
    pinned = [line for line in LABELS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len(set(pinned)) == len(pinned)
    assert set(labels) <= set(pinned), "a new sealed column: add its label at the end of the list, for good"
    gone = set(pinned) - set(labels)
    assert not gone, "a label that old backups hold is gone; a sealed column is emptied before it is dropped"


def test_a_blind_index_has_the_label_of_the_column_it_stands_for() -> None:
    for model in own_models():
        for field in model._meta.get_fields():  # type: ignore[attr-defined]
            if isinstance(field, BlindIndex):
                assert field.label == model._meta.get_field(field.of).label, field  # type: ignore[attr-defined]


def test_every_record_type_is_one_models_own() -> None:
    types = Counter(name for model in own_models() if (name := getattr(model, "record_type", None)))
    assert len(types) > 40 and not [name for name, times in types.items() if times > 1]
    assert not [model.__name__ for model in own_models() if not getattr(model, "record_type", None)]
