"""Rows of old lists are dropped when nobody needs them any more."""

from datetime import timedelta

from qiaomen.imports.models import ImportBatch, ImportPage, ImportRow
from qiaomen.kernel import clock
from qiaomen.register.actions import acts


def drop_old_lists() -> int:
    """Drop what lists of more than thirty days ago hold of people: rows shown with their cells, and a list that was
    never committed, whole. The counts and the acts stay. Return how many rows and lists went.

    Source: 个人信息保护法 第十九条 (no longer than needed).
    """
    old = ImportBatch.objects.filter(made_at__lt=clock.now() - timedelta(days=acts.UNDO_DAYS))
    ImportPage.objects.filter(batch__in=old.values("pk")).delete()
    rows, _by_model = ImportRow.objects.filter(batch__in=old.values("pk")).delete()
    lists, _by_model = old.exclude(state__in=("committed", "committing")).delete()
    return rows + lists
