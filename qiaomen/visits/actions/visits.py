"""A team is made, a round is planned, a visit is recorded once however often it is sent."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from qiaomen.groups.models import CareGroup
from qiaomen.groups.selectors.telling import field_of_group, telling_groups
from qiaomen.kernel import clock
from qiaomen.office import disclosure, ledger
from qiaomen.office.bulk_insert import keep_first
from qiaomen.office.models import Organisation, Photo, Staff
from qiaomen.office.problems import NotAPicture
from qiaomen.office.shared import photo_files, photos
from qiaomen.register.models import Building, Dwelling, Household, Person
from qiaomen.visits.actions import due, rounds, wishes
from qiaomen.visits.models import Round, Team, Visit, VisitPhoto
from qiaomen.visits.problems import AgreedUnclear, FutureVisit, NotAPhoto, UnknownDoorCode
from qiaomen.visits.rules.door_code import find_doors, tidy
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors.door_states import people_at

CLOCK_SLACK = timedelta(minutes=10)


@transaction.atomic
def make_team(*, community: Organisation, name: str, members: Iterable[Staff], actor: Staff) -> Team:
    """Make a knock team; a name that is there already gets these members."""
    team, _new = Team.objects.get_or_create(community=community, name=name)
    team.members.set(members)
    ledger.record(community=community, actor=actor, code="visits.team-made", subject=team)
    return team


@transaction.atomic
def set_times(*, team: Team, weekdays: Iterable[int], starts_at: time, minutes: int, actor: Staff) -> None:
    """Set on which days of the week (0 is Monday), from which hour and for how many minutes a team goes out."""
    team.weekdays, team.starts_at, team.minutes = sorted(set(weekdays)), starts_at, minutes
    team.save(update_fields=["weekdays", "starts_at", "minutes"])
    ledger.record(community=team.community, actor=actor, code="visits.team-changed", subject=team)


class SheetLine(NamedTuple):
    """A line of a walked sheet as it was typed; `day`, `start`, `end`: hours agreed at the door, "" where none were."""

    code: str
    outcome: str
    note: str
    day: str = ""
    start: str = ""
    end: str = ""

    def hours(self) -> tuple[date, tuple[time, time | None]] | None:
        """Return the day and the hours that were agreed; None: none. Raises AgreedUnclear."""
        if not (self.day or self.start or self.end):
            return None
        try:
            ends = time.fromisoformat(self.end) if self.end else None
            return date.fromisoformat(self.day), (time.fromisoformat(self.start), ends)
        except ValueError as error:
            raise AgreedUnclear() from error


@transaction.atomic
def key_in_sheet(*, made: Round, actor: Staff, lines: Iterable[SheetLine]) -> int:
    """Record a walked paper sheet, a line a door; keyed in twice it is recorded once.

    Return how many are new. Raises UnknownDoorCode and AgreedUnclear, and then nothing is recorded.
    """
    lines = [line._replace(code=tidy(line.code)) for line in lines if line.outcome in OUTCOMES]
    minutes = dict(made.doors.values_list("dwelling", "arrive_minute"))
    dwellings = {dwelling.pk: dwelling for dwelling in Dwelling.objects.filter(community=made.community)}
    found = find_doors([line.code for line in lines], dwellings, minutes)
    if unknown := [line.code for line in lines if line.code not in found]:
        raise UnknownDoorCode(codes="、".join(unknown))
    begins, done = datetime.combine(made.day, made.starts_at, clock.SHANGHAI), 0
    for line in lines:
        dwelling = dwellings[found[line.code]]
        moment = begins + timedelta(minutes=minutes.get(dwelling.pk) or 0)
        visit, new = record_visit(
            visit_id=uuid.uuid5(made.pk, f"paper/{dwelling.pk}"),
            dwelling=dwelling,
            household=dwelling.households.filter(state="living").first(),
            round=made,
            staff=actor,
            outcome=line.outcome,
            note=line.note.strip()[:500],
            happened_at=min(moment, clock.now()),
            origin="paper",
        )
        done += new
        if new and visit.household is not None and (agreed := line.hours()):
            _agree_at(visit, *agreed)
    return done


def _agree_at(visit: Visit, day: date, hours: tuple[time, time | None]) -> None:
    """Keep the hours that were agreed at a visit, as of when it was. Raises AgreedUnclear."""
    assert visit.household is not None
    moment = visit.happened_at
    wishes.agree_hours(
        household=visit.household, key=visit.pk, day=day, hours=hours, actor=visit.staff, agreed_at=moment
    )


def plan_round(
    *, team: Team, day: date, actor: Staff, limit: int = rounds.MOST_DOORS, iterations: int | None = None
) -> Round:
    """Deal one team's round of a day; a second call returns the same round. Raises as plan_day."""
    made = rounds.plan_day(
        community=team.community, day=day, teams=[team], actor=actor, iterations=iterations, limit=limit
    )
    return made[0]


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
    visit = Visit(
        id=visit_id,
        community=dwelling.community,
        dwelling=dwelling,
        household=household,
        round=round,
        staff=staff,
        outcome=outcome,
        happened_at=happened_at,
        note=note,
        origin=origin,
    )
    kept, new = record_visits([visit])
    if visit_id not in kept:
        raise Visit.DoesNotExist
    return kept[visit_id], visit_id in new


@transaction.atomic
def record_visits(visits: Sequence[Visit]) -> tuple[dict[uuid.UUID, Visit], set[uuid.UUID]]:
    """Record visits (unsaved rows, each with the key its maker gave it, none twice), all received now.

    Returns what is stored under each key, and the keys that are new; a key that is taken in another community is
    missing. The primary key decides, so that two at once make one. Raises FutureVisit, and then nothing is recorded.
    """
    now = clock.now()
    if any(visit.happened_at > now + CLOCK_SLACK for visit in visits):
        raise FutureVisit()
    for visit in visits:
        visit.received_at = now
    kept, new = keep_first(visits)
    with ledger.together():
        for visit in visits:
            if visit.pk in new:
                detail = {"outcome": visit.outcome, "origin": visit.origin}
                ledger.record(
                    community=visit.community, actor=visit.staff, code="visits.recorded", subject=visit, detail=detail
                )
    return kept, new


@transaction.atomic
def take_back(*, visit: Visit, actor: Staff) -> None:
    """Take a visit back: it stays where it is and counts nowhere, no hour agreed at it holds, and what was due there
    is due again. Twice is once.
    """
    if visit.taken_back_at is None:
        visit.taken_back_at = clock.now()
        visit.save(update_fields=["taken_back_at"])
        ledger.record(community=visit.community, actor=actor, code="visits.taken-back", subject=visit)
        due.withdraw_request(community=visit.community, key=due.agreed_key(visit.pk))
        due.refresh(visit.community, [visit.dwelling_id])


@transaction.atomic
def add_photo(
    *, visit: Visit, photo_id: uuid.UUID, sha256: str, content: bytes, actor: Staff
) -> tuple[VisitPhoto, bool]:
    """Keep a photo of a visit under its maker's key; sent twice it is one. Raises NotAPhoto."""
    if known := VisitPhoto.objects.filter(pk=photo_id, visit=visit).first():
        return known, False
    try:
        picture = photo_files.redraw(content)
    except NotAPicture as error:
        raise NotAPhoto() from error
    photo, made = VisitPhoto.objects.get_or_create(
        id=photo_id,
        visit=visit,
        defaults={"community": visit.community, "sha256": sha256, "received_at": clock.now(), "size": len(picture)},
    )
    if made:
        photo_files.store(photo_id, picture)
        ledger.record(community=visit.community, actor=actor, code="visits.photo-added", subject=visit)
    return photo, made


def note_group_shown(*, building: Building, group: str, doors: list[uuid.UUID], actor: Staff) -> None:
    """Write that somebody saw behind which doors of a building a telling group lives. Raises TooManyLooks."""
    people = people_at(building.community, actor, group, doors) if group else []
    telling = CareGroup.objects.filter(pk__in=telling_groups(building.community), code=group).exists()
    if telling:
        disclosure.show(
            viewer=actor,
            community=building.community,
            code="visits.group-shown",
            people=people,
            subject=building,
            fields=[field_of_group(group)],
        )


def note_look(*, household: Household, actor: Staff) -> None:
    """Write that somebody read what was said at a household's door. Raises TooManyLooks."""
    people = household.people.recorded().values_list("pk", flat=True)
    disclosure.look(
        community=household.community,
        actor=actor,
        code="visits.looked",
        people=people,
        subject=household,
        fields=["note"],
    )


@photos.shows
def people_on(photo: Photo) -> Iterable[uuid.UUID]:
    """Return who lives behind the door at which a picture was taken."""
    home = Household.objects.filter(pk__in=VisitPhoto.objects.filter(pk=photo.pk).values("visit__household"))
    return Person.objects.recorded().filter(household__in=home).values_list("pk", flat=True)
