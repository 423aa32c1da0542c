"""A warning is typed in by somebody of the office, and ends by a name or by its day."""

from datetime import date, timedelta

from django.db import transaction

from qiaomen.calls.models import Alert
from qiaomen.calls.problems import AlertUnclear
from qiaomen.calls.selectors.labels import alerts
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Compound

LONGEST_DAYS = 30


@transaction.atomic
def give_alert(
    *,
    community: Organisation,
    kind: str,
    until: date,
    actor: Staff,
    compound: Compound | None = None,
    building: Building | None = None,
) -> Alert:
    """Give an alert for a community or a part of it; one of the kind that stands for the same part is prolonged.

    Raises AlertUnclear.
    """
    today = clock.today()
    if kind not in alerts() or not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise AlertUnclear()
    if building is not None:
        compound = building.compound
    standing = Alert.objects.filter(
        community=community, kind=kind, compound=compound, building=building, ended_at=None, until__gte=today
    ).first()
    if standing is not None:
        standing.until = max(standing.until, until)
        standing.save(update_fields=["until"])
        return standing
    made = Alert.objects.create(
        community=community,
        kind=kind,
        compound=compound,
        building=building,
        from_at=clock.now(),
        until=until,
        made_by=actor,
    )
    ledger.record(community=community, actor=actor, code="calls.alert-made", subject=made, detail={"kind": kind})
    return made


@transaction.atomic
def end_alert(*, alert: Alert, actor: Staff) -> None:
    """End an alert before its day; twice is once."""
    if alert.ended_at is None:
        alert.ended_at, alert.ended_by = clock.now(), actor
        alert.save(update_fields=["ended_at", "ended_by"])
        ledger.record(community=alert.community, actor=actor, code="calls.alert-ended", subject=alert)
