"""A team is made, a round is planned, a visit is recorded once however often it is sent."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

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
from qiaomen.visits.actions import due, rounds
from qiaomen.visits.actions.weeks.promise import reconsider
from qiaomen.visits.models import Correction, Round, Team, Visit, VisitPhoto, VisitVoice
from qiaomen.visits.problems import (
    FutureVisit,
    NotAPhoto,
    NotYours,
    ReasonMissing,
    VisitTakenBack,
)
from qiaomen.visits.selectors.door_states import people_at

CLOCK_SLACK = timedelta(minutes=10)


@transaction.atomic
def make_team(
    *, community: Organisation, name: str, members: Iterable[Staff], actor: Staff, women: Iterable[Staff] = ()
) -> Team:
    """Make a knock team; a name that is there already gets these members."""
    team, _new = Team.objects.get_or_create(community=community, name=name)
    members = list(members)
    team.members.set(members)
    team.women.set([walker for walker in women if walker in members])
    ledger.record(community=community, actor=actor, code="visits.team-made", subject=team)
    return team


@transaction.atomic
def set_times(*, team: Team, weekdays: Iterable[int], starts_at: time, minutes: int, actor: Staff) -> None:
    """Set on which days of the week (0 is Monday), from which hour and for how many minutes a team goes out."""
    team.weekdays, team.starts_at, team.minutes = sorted(set(weekdays)), starts_at, minutes
    team.save(update_fields=["weekdays", "starts_at", "minutes"])
    ledger.record(community=team.community, actor=actor, code="visits.team-changed", subject=team)
    reconsider(team.community)


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
    rounds.leave_what_was_reached([visit for visit in visits if visit.pk in new])
    with ledger.together():
        for visit in visits:
            if visit.pk in new:
                detail = {"outcome": visit.outcome, "origin": visit.origin}
                ledger.record(
                    community=visit.community, actor=visit.staff, code="visits.recorded", subject=visit, detail=detail
                )
    return kept, new


TakenBack = Callable[[Visit, Staff], None]
_on_taken_back: list[TakenBack] = []


def when_taken_back(follow: TakenBack) -> None:
    """Have a house above follow when a visit is taken back: `(visit, actor)`, in the same transaction."""
    _on_taken_back.append(follow)


@transaction.atomic
def take_back(*, visit: Visit, actor: Staff) -> None:
    """Take a visit back: it stays where it is and counts nowhere, no hour agreed at it holds, and what was due there
    is due again; what somebody said at it in their own voice is gone, and what houses above made of it, too. Twice is
    once.
    """
    if visit.taken_back_at is None:
        visit.taken_back_at = clock.now()
        visit.save(update_fields=["taken_back_at"])
        ledger.record(community=visit.community, actor=actor, code="visits.taken-back", subject=visit)
        due.withdraw_request(community=visit.community, key=due.agreed_key(visit.pk))
        for follow in _on_taken_back:
            follow(visit, actor)
        due.refresh(visit.community, [visit.dwelling_id])
        for voice in VisitVoice.objects.filter(visit=visit).select_related("community"):
            drop_voice(voice=voice, actor=actor)


def may_change(visit: Visit, staff: Staff) -> bool:
    """Say whether somebody may put a visit right or take it back: who recorded it, and the head."""
    return visit.staff_id == staff.pk or staff.role == "head"


def _changeable(visit: Visit, actor: Staff) -> Visit:
    """Return a visit locked, also one that was taken back. Raises NotYours."""
    if not may_change(visit, actor):
        raise NotYours()
    return Visit.everything.select_for_update(of=("self",)).select_related("community").get(pk=visit.pk)


@transaction.atomic
def correct_visit(*, visit: Visit, outcome: str, note: str, reason: str, actor: Staff) -> None:
    """Put right what a visit says: the row shows what holds, the correction keeps what stood, with the reason.

    What is as it was changes nothing. Raises NotYours, ReasonMissing, VisitTakenBack.
    """
    if not reason.strip():
        raise ReasonMissing()
    locked = _changeable(visit, actor)
    if locked.taken_back_at is not None:
        raise VisitTakenBack()
    new = {"outcome": outcome, "note": note.strip()}
    before = {name: getattr(locked, name) for name, value in new.items() if getattr(locked, name) != value}
    if not before:
        return
    for name in before:
        setattr(locked, name, new[name])
    locked.save(update_fields=["outcome", "note"])
    Correction.objects.create(
        community=locked.community,
        visit=locked,
        staff=actor,
        reason=reason.strip(),
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps({name: new[name] for name in before}, ensure_ascii=False),
        made_at=clock.now(),
        received_at=clock.now(),
    )
    ledger.record(
        community=locked.community, actor=actor, code="visits.corrected", subject=locked, fields=sorted(before)
    )
    due.refresh(locked.community, [locked.dwelling_id])


@transaction.atomic
def take_back_at_desk(*, visit: Visit, actor: Staff) -> None:
    """Take a visit back at the desk: by who recorded it, or the head. The needs heard at it stay; twice is once.

    Raises NotYours.
    """
    take_back(visit=_changeable(visit, actor), actor=actor)


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


@transaction.atomic
def add_voice(
    *, visit: Visit, voice_id: uuid.UUID, content: bytes, actor: Staff, seconds: int, consented_at: datetime
) -> VisitVoice:
    """Keep a voice line of a visit under its maker's key; sent twice it is one.

    Raises NotAVoice; VisitTakenBack where no line is kept any more.
    """
    if Visit.everything.select_for_update(of=("self",)).get(pk=visit.pk).taken_back_at is not None:
        raise VisitTakenBack()
    kept = {
        "community": visit.community,
        "media": photo_files.media_of(content),
        "seconds": seconds,
        "size": len(content),
    }
    digest = hashlib.sha256(content).hexdigest()
    times = {"consented_at": consented_at, "received_at": clock.now()}
    voice, made = VisitVoice.objects.get_or_create(
        id=voice_id, visit=visit, defaults={**kept, **times, "sha256": digest}
    )
    if made:
        photo_files.store(voice_id, content, photo_files.VOICE)
        ledger.record(community=visit.community, actor=actor, code="visits.voice-added", subject=visit)
    return voice


@transaction.atomic
def drop_voice(*, voice: VisitVoice, actor: Staff) -> None:
    """Delete a voice line for good, its file with it; that it was there stays in the ledger. Twice is once."""
    key, deleted = voice.pk, VisitVoice.objects.filter(pk=voice.pk).delete()[0]
    if deleted:
        transaction.on_commit(lambda: photo_files.drop(key, photo_files.VOICE))
        visit = Visit.everything.get(pk=voice.visit_id)
        ledger.record(community=voice.community, actor=actor, code="visits.voice-dropped", subject=visit)


def open_voice(*, voice: VisitVoice, actor: Staff) -> bytes:
    """Return what was said, to be played; whoever lives behind that door was looked at.

    Raises FileNotFoundError, CannotUnseal, TooManyLooks.
    """
    content, home = photo_files.load(voice.pk, photo_files.VOICE), voice.visit.household_id
    disclosure.look(
        community=voice.community,
        actor=actor,
        code="visits.voice-heard",
        people=Person.objects.recorded().filter(household=home).values_list("pk", flat=True) if home else (),
        subject=voice,
        fields=["voice"],
        once=True,
    )
    return content


def files_of_voices() -> Iterator[str]:
    """Yield the file of every voice line."""
    for key in VisitVoice.objects.values_list("pk", flat=True).iterator():
        yield photo_files.file_name(key, photo_files.VOICE)


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
