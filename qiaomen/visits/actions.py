"""A team is made, a round is planned, a visit is recorded once however often it is sent."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger, looks
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits import photos, selectors
from qiaomen.visits.models import Round, RoundDoor, Team, Visit, VisitPhoto
from qiaomen.visits.problems import FutureVisit, NothingDue
from qiaomen.visits.rules.due import choose_doors

CLOCK_SLACK = timedelta(minutes=10)


@transaction.atomic
def make_team(*, community: Organisation, name: str, members: Iterable[Staff], actor: Staff) -> Team:
    """Make a knock team; a name that is there already gets these members."""
    team, _new = Team.objects.get_or_create(community=community, name=name)
    team.members.set(members)
    ledger.record(community=community, actor=actor, code="visits.team-made", subject=team)
    return team


@transaction.atomic
def plan_round(*, team: Team, day: date, actor: Staff, limit: int = 40) -> Round:
    """Choose the doors due on `day` and put them in walking order; a second call returns the same round.

    A door that another team's round of that day already has is left to it. Raises NothingDue.
    """
    made, new = Round.objects.get_or_create(team=team, day=day, defaults={"community": team.community})
    if not new:
        return made
    taken = RoundDoor.objects.filter(round__community=team.community, round__day=day).values_list("dwelling", flat=True)
    given = {str(key) for key in taken}
    facts = [fact for fact in selectors.door_facts(community=team.community) if fact.dwelling not in given]
    chosen = choose_doors(facts, day, limit)
    if not chosen:
        raise NothingDue()
    RoundDoor.objects.bulk_create(
        RoundDoor(round=made, dwelling_id=due.fact.dwelling, position=place, reason_code=due.reason_code, days=due.days)
        for place, due in enumerate(chosen, 1)
    )
    ledger.record(
        community=team.community, actor=actor, code="visits.round-planned", subject=made, detail={"doors": len(chosen)}
    )
    return made


@transaction.atomic
def record_visit(
    *,
    visit_id: uuid.UUID,
    dwelling: Dwelling,
    staff: Staff,
    outcome: str,
    happened_at: datetime,
    origin: str,
    note: str = "",
    household: Household | None = None,
    round: Round | None = None,
) -> tuple[Visit, bool]:
    """Record a visit under the key its maker gave it; the second sending returns the stored one and False.

    The primary key decides, so that two at once make one. Raises FutureVisit; Visit.DoesNotExist when the key
    is taken in another community.
    """
    now = clock.now()
    if happened_at > now + CLOCK_SLACK:
        raise FutureVisit()
    visit = Visit(
        id=visit_id, community=dwelling.community, dwelling=dwelling, household=household, round=round, staff=staff,
        outcome=outcome, happened_at=happened_at, received_at=now, note=note, origin=origin,
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        return Visit.objects.get(pk=visit_id, community=dwelling.community), False
    ledger.record(
        community=dwelling.community,
        actor=staff,
        code="visits.recorded",
        subject=visit,
        detail={"outcome": outcome, "origin": origin},
    )
    return visit, True


@transaction.atomic
def add_photo(
    *, visit: Visit, photo_id: uuid.UUID, sha256: str, content: bytes, actor: Staff
) -> tuple[VisitPhoto, bool]:
    """Keep a photo of a visit under its maker's key; sent twice it is one. Raises NotAPhoto."""
    if known := VisitPhoto.objects.filter(pk=photo_id, visit=visit).first():
        return known, False
    picture = photos.redraw(content)
    photo, made = VisitPhoto.objects.get_or_create(
        id=photo_id,
        visit=visit,
        defaults={"community": visit.community, "sha256": sha256, "received_at": clock.now(), "size": len(picture)},
    )
    if made:
        photos.store(photo_id, picture)
        ledger.record(community=visit.community, actor=actor, code="visits.photo-added", subject=visit)
    return photo, made


def note_look(*, household: Household, actor: Staff) -> None:
    """Write that somebody read what was said at a household's door. Raises TooManyLooks."""
    people = household.people.exclude(state="merged").values_list("pk", flat=True)
    looks.look(
        community=household.community,
        actor=actor,
        code="visits.looked",
        people=people,
        subject=household,
        fields=["note"],
    )


@transaction.atomic
def open_photo(*, photo: VisitPhoto, actor: Staff) -> bytes:
    """Return a picture as JPEG and write the look. Raises FileNotFoundError, CannotUnseal."""
    ledger.record(community=photo.community, actor=actor, code="visits.looked", subject=photo.visit, fields=["photo"])
    return photos.load(photo.pk)
