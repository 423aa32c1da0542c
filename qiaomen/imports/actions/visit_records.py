"""Visits that a list tells of become rows, within the act of the import."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from qiaomen.imports.rules.records import RecordRow, Verdict
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.actions import acts
from qiaomen.register.models import Act
from qiaomen.visits.models import Visit

CHUNK = 500


def write_visits(act: Act, actor: Staff, rows: Sequence[tuple[RecordRow, Verdict]]) -> list[dict[str, Any]]:
    """Write the visits; whoever is not one of the staff stands in the note, and the importer answers for the row."""
    now, made = clock.now(), []
    for row, verdict in rows:
        assert row.dwelling is not None
        record = verdict.record
        noon = datetime.combine(record["day"], time(12), clock.SHANGHAI)
        made.append(Visit(
            id=verdict.key, community=act.community, dwelling_id=row.dwelling, household_id=row.household,
            staff_id=record["staff"] or actor.pk, outcome=record["outcome"], happened_at=min(noon, now), received_at=now,
            note=record["note"], origin="paper",
        ))  # fmt: skip
    Visit.objects.bulk_create(made, CHUNK)
    acts.note_made(act, made)
    return [
        {"code": "visits.recorded", "subject_type": "visits.visit", "subject_id": str(visit.pk),
         "detail": {"outcome": visit.outcome, "origin": "paper", "act": str(act.pk)}}
        for visit in made
    ]  # fmt: skip
