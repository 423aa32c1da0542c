"""Writes the pages of the reference that follow from the code: `python docs/reference.py`; a test compares.

Models, figures, problems, ledger kinds, routes with their permissions, commands and settings; and the purpose of every
stored field, whose sentences are kept in docs/reference/purposes.yaml.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
PAGES = ROOT / "docs" / "reference"
MADE = "Made by `python docs/reference.py`; change the code, not this page.\n"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    lines = [list(map(str, head))]
    lines.append(["---"] * len(lines[0]))
    lines += [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _by_house() -> Iterator[tuple[str, list[Any]]]:
    """Yield each house that keeps something, with its models in order of name."""
    from django.apps import apps
    from django.conf import settings

    for house in settings.HOUSES:
        models = sorted(apps.get_app_config(house).get_models(), key=lambda model: model.__name__)
        if models:
            yield house, models


def fields_of(model: Any) -> list[Any]:
    """Return the stored fields of a model."""
    return [*model._meta.concrete_fields, *model._meta.local_many_to_many]


def _said(text: Any) -> str:
    """Return a lazy text in its own language, Chinese."""
    return str(text)


def models_page() -> str:
    """Every table: what a row is, its fields, and why each is kept."""
    known, text = purposes(), f"# Models and what is kept of people\n\n{MADE}\n"
    text += "Why each field is kept, by which right, who reads it and for how long: [purposes.yaml](purposes.yaml).\n"
    for house, models in _by_house():
        text += f"\n## {house}\n"
        for model in models:
            entry = known.get(model.record_type, {})
            text += f"\n### {model.__name__} (`{model.record_type}`)\n\n{(model.__doc__ or '').strip()}\n\n"
            text += table(["Field", "Kind", "Purpose"], _field_rows(model, entry))
    return text


def _field_rows(model: Any, entry: dict[str, Any]) -> Iterator[list[str]]:
    for field in fields_of(model):
        target = f" → {field.related_model.__name__}" if field.related_model else ""
        purpose = (entry.get("fields") or {}).get(field.name) or entry.get("purpose", "")
        yield [f"`{field.name}`", f"{type(field).__name__}{target}", purpose]


def figures_page() -> str:
    """Every published number with its definition."""
    from qiaomen.kernel.figures import all_figures

    rows = [[f"`{one.code}`", _said(one.title), _said(one.definition), _said(one.unit)] for one in all_figures()]
    return f"# Figures\n\n{MADE}\n" + table(["Code", "Title", "Definition", "Unit"], rows)


def problems_page() -> str:
    """Every refusal: what happened, what is safe, what to do."""
    from importlib import import_module

    from django.conf import settings

    from qiaomen.kernel.problems import all_problems

    for house in ["frontdoor", *settings.HOUSES, "workbooks", "redaction", "documents"]:
        if (ROOT / "qiaomen" / house / "problems.py").exists():
            import_module(f"qiaomen.{house}.problems")
    rows = [
        [f"`{code}`", one.status, _said(one.title), _said(one.what), _said(one.safe), _said(one.do_next)]
        for code, one in sorted(all_problems().items())
        if one.__module__.startswith("qiaomen.") and one.title
    ]
    head = ["Code", "Status", "Title", "What happened", "What is safe", "What to do"]
    return f"# Problems\n\n{MADE}\n" + table(head, rows)


def ledger_page() -> str:
    """Every kind of ledger line and how what it names is erased."""
    from qiaomen.kernel.ledger_kinds import all_kinds

    rows = [
        [f"`{one.code}`", _said(one.sentence), ", ".join(one.personal_fields), _said(one.erased_by), one.is_look or ""]
        for one in all_kinds()
    ]
    head = ["Code", "Sentence", "Personal fields", "How it is erased", "Is a look"]
    return f"# Ledger kinds\n\n{MADE}\n" + table(head, rows)


def routes_page() -> str:
    """Every route, method and role."""
    from qiaomen.office.access import permission_table
    from qiaomen.office.models import ROLES

    order = [*ROLES, "public", "device"]
    lines = sorted(permission_table().items())
    rows = [
        [f"`{name}`", method, " ".join(sorted(one.roles, key=order.index)), one.relation]
        for (name, method), one in lines
    ]
    return f"# Routes\n\n{MADE}\n" + table(["Route", "Method", "Who", "Relation"], rows)


def houses_page() -> str:
    """What each house declares: menu, daily tasks, commands; and its modules."""
    from django.conf import settings

    from qiaomen.kernel.menu import all_entries, door_of
    from qiaomen.office.nightly import tasks

    text = f"# Houses\n\n{MADE}\n"
    rows = []
    for house in settings.HOUSES:
        folder = ROOT / "qiaomen" / house
        commands = sorted(p.stem for p in folder.glob("management/commands/*.py") if p.stem != "__init__")
        mine = [entry for entry in all_entries() if entry.route.startswith(f"{house}:")]
        menu = [f"{_said(door_of(entry).title)} › {_said(entry.title)}" for entry in mine]
        nightly = [f"{_said(one.title)} (`{one.code}`)" for one in tasks() if one.code.startswith(f"{house}.")]
        rows.append(
            [f"[{house}](../../qiaomen/{house}/README.md)", "、".join(menu), "；".join(nightly), ", ".join(commands)]
        )
    return text + table(["House", "Menu", "Daily tasks", "Commands"], rows)


def purposes() -> dict[str, Any]:
    """Return the purpose registry: record type -> what is kept and why."""
    import yaml

    return dict(yaml.safe_load((PAGES / "purposes.yaml").read_text(encoding="utf-8")) or {})


PAGES_MADE = {
    "models.md": models_page,
    "figures.md": figures_page,
    "problems.md": problems_page,
    "ledger-kinds.md": ledger_page,
    "routes.md": routes_page,
    "houses.md": houses_page,
}


def main() -> None:
    """Write the pages."""
    import django

    django.setup()
    for name, page in PAGES_MADE.items():
        (PAGES / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
