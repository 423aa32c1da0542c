"""A person's own tabs of the grid."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from qiaomen.office.models import Staff
from qiaomen.sheets.models import SavedView
from qiaomen.sheets.problems import CellsNotUnderstood
from qiaomen.sheets.selectors import grid
from qiaomen.sheets.selectors.columns import columns_of

MOST_TABS = 20


def saved_views(staff: Staff) -> list[SavedView]:
    """Return the tabs a person keeps."""
    return list(SavedView.objects.filter(owner=staff).order_by("name"))


@transaction.atomic
def save_view(*, staff: Staff, name: str, question: grid.Question) -> SavedView:
    """Keep a question as a tab; a name used before is written anew. Numbers somebody looked for are not kept.

    Raises NotUnderstood for an empty name or too many tabs.
    """
    name = name.strip()[:30]
    mine = SavedView.objects.filter(owner=staff)
    if not name or (mine.count() >= MOST_TABS and not mine.filter(name=name).exists()):
        raise CellsNotUnderstood()
    told = question.as_dict(sealed=False)
    kept = {
        "view": told["view"],
        "columns": told["columns"],
        "sort": told["sort"],
        "filters": json.dumps({"filters": told["filters"], "text": told["text"]}, ensure_ascii=False),
    }
    return SavedView.objects.update_or_create(owner=staff, name=name, defaults=kept)[0]


def question_of_view(saved: SavedView, staff: Staff) -> grid.Question:
    """Return what a tab asks. Raises NotUnderstood."""
    told = {"view": saved.view, "columns": saved.columns, "sort": saved.sort, **json.loads(saved.filters or "{}")}
    return grid.read_question(told, staff)


def filters_in_words(question: grid.Question) -> list[str]:
    """Return what a question asks, for a person who must decide on it."""
    known = columns_of(question.view.of)
    said = [
        _("{column}：{text}").format(column=known[code].title, text=text) for code, text in question.filters.items()
    ]
    return [*said, *([_("包含“{text}”").format(text=question.text)] if question.text else [])]
