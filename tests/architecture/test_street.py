"""The street keeps its order, beyond what import contracts can see."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from qiaomen.kernel.forbidden import IN_CODE, IN_LABELS

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "qiaomen"
STREET = settings.HOUSES
SAME_LINE = [{"desk", "phone", "portal"}, {"bulletins", "imports", "sheets", "rights"}]
FORBIDDEN_WORDS = [*IN_CODE, *IN_LABELS]
"""Words that may stand in no field, label or screen (street.md; promises.md 2.1)."""


def own_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("qiaomen.")]


def test_no_foreign_key_points_up_or_across_the_street() -> None:
    wrong = []
    for model in own_models():
        for field in model._meta.get_fields():  # type: ignore[attr-defined]
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target.__module__.startswith("qiaomen."):
                continue
            here, there = model._meta.app_label, target._meta.app_label  # type: ignore[attr-defined]
            crosses = here != there
            if STREET.index(there) > STREET.index(here) or (
                crosses and any({here, there} <= line for line in SAME_LINE)
            ):
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
            if crosses and not (field.remote_field.related_name or "").endswith("+"):
                wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")
    assert not wrong


@pytest.mark.parametrize("house", STREET)
def test_every_house_has_a_readme_and_a_docstring_only_init(house: str) -> None:
    assert (PRODUCT / house / "README.md").is_file()
    body = ast.parse((PRODUCT / house / "__init__.py").read_text(encoding="utf-8")).body
    assert len(body) == 1 and isinstance(body[0], ast.Expr)


def pure_modules() -> list[str]:
    files = [
        *PRODUCT.glob("kernel/*.py"),
        *PRODUCT.glob("kernel/lines/*.py"),
        *PRODUCT.glob("criteria/*.py"),
        *PRODUCT.glob("*/rules/*.py"),
        *(ROOT / "simtown" / "world").glob("*.py"),
    ]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files if path.name != "__init__.py"]


def test_rules_and_kernel_import_without_django() -> None:
    code = "import sys, importlib\nsys.modules['django'] = None\n" + "".join(
        f"importlib.import_module({name!r})\n" for name in pure_modules()
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_no_module_is_too_long_to_read() -> None:
    files = [*PRODUCT.rglob("*.py"), *(ROOT / "simtown").rglob("*.py"), ROOT / "start.py"]
    long = {str(p.relative_to(ROOT)): n for p in files if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert not {path: n for path, n in long.items() if "/tests/" not in path and "/migrations/" not in path}


def test_only_the_clock_reads_the_clock() -> None:
    wrong = []
    for path in [*PRODUCT.rglob("*.py"), *(ROOT / "simtown").rglob("*.py")]:
        if "tests" in path.parts or "migrations" in path.parts or path.name == "clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"date.today", "datetime.now", "timezone.now"}:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


def test_no_field_or_label_serves_control_of_people() -> None:
    wrong = []
    for model in own_models():
        for field in model._meta.get_fields():  # type: ignore[attr-defined]
            text = f"{field.name} {getattr(field, 'verbose_name', '')} {getattr(field, 'help_text', '')}".lower()
            wrong += [f"{model.__name__}.{field.name}: {word}" for word in FORBIDDEN_WORDS if word in text]
    for path in [*PRODUCT.rglob("*.html"), *PRODUCT.rglob("forms.py")]:
        text = path.read_text(encoding="utf-8").lower()
        wrong += [f"{path.relative_to(ROOT)}: {word}" for word in FORBIDDEN_WORDS if word in text]
    assert not wrong


def test_what_is_due_late_or_cancelled_hangs_on_no_person() -> None:
    """Nobody is late by name: no due visit, round or team points at one of the staff as the one who should have."""
    found = {
        model.__name__: sorted(
            field.name
            for field in model._meta.get_fields()  # type: ignore[attr-defined]
            if getattr(field, "related_model", None) is not None and field.related_model.__name__ == "Staff"
        )
        for model in own_models()
        if model.__name__ in {"DueVisit", "DueRun", "VisitRequest", "Round", "RoundDoor", "Team"}
    }
    assert found == {
        "DueVisit": [],
        "DueRun": [],
        "VisitRequest": [],
        "Round": [],
        "RoundDoor": ["walker"],
        "Team": ["members", "women"],
    }


def test_nothing_counts_or_sorts_visits_by_who_made_them() -> None:
    """No score can come from what nobody adds up: no query of the product groups or orders visits by staff."""
    wrong = []
    for path in [*PRODUCT.glob("*/*.py"), *PRODUCT.glob("*/*/*.py")]:
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                words = [one.value for one in node.args if isinstance(one, ast.Constant)]
                by_staff = any(str(word).lstrip("-").split("__")[0] in {"staff", "walker"} for word in words)
                if by_staff and node.func.attr in {"order_by", "values", "annotate", "aggregate"}:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong
