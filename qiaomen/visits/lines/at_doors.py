"""What visits say of a household: why and when it is due, what was met last, and how it wants to be visited."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.groups.selectors.telling import field_of_group
from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    DUE,
    PROMISE_DUE,
    PROMISE_LATE,
    SAID,
    WISH,
    Holding,
    Line,
    Link,
    Ref,
)
from qiaomen.kernel.sensitivity import Field
from qiaomen.kernel.texts import say_day
from qiaomen.office.access import may_see_child
from qiaomen.office.disclosure import READERS
from qiaomen.office.fields import write_sealed
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household, Person
from qiaomen.visits.models import Conflict, DueVisit, Pause, Visit, VisitRequest, VisitWish
from qiaomen.visits.rules.due import need_of
from qiaomen.visits.rules.vocabulary import AGREED, SPOKEN
from qiaomen.visits.selectors.facts import wish_of
from qiaomen.visits.selectors.labels import outcome_title, reason_in_words, tells_care, wish_in_words
from qiaomen.visits.selectors.round_pages import why_broken

NOTE = Field("note", "plain")
SAID_DAYS = 180


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return what visits say of these households: six queries."""
    homes = {home.pk: home for home in households}
    doors = {home.dwelling_id: home.pk for home in households if home.dwelling_id}
    return [
        *_due_lines(doors, viewer, today),
        *_agreed_lines(VisitRequest.objects.filter(household__in=homes, kind__in=AGREED, open=True), today),
        *_last_lines(homes, viewer, today),
        *_wish_lines(homes, today),
        *_pause_lines(homes, today),
    ]


def _due_lines(doors: dict[UUID, UUID], viewer: Any, today: date) -> list[Line]:
    """Say of each door why and until when somebody is to come: what presses most; promises are said by who made
    them.
    """
    rows = DueVisit.objects.filter(dwelling__in=doors, state="open", opens_on__lte=today).exclude(clock="promise")
    most: dict[UUID, tuple[float, DueVisit]] = {}
    for row in rows.defer("history").order_by("due_on", "pk"):
        need = need_of(row.weight, row.opens_on, row.due_on, today)
        if row.dwelling_id not in most or need > most[row.dwelling_id][0]:
            most[row.dwelling_id] = need, row
    return [_due_line(row, doors[door], viewer, today) for door, (_need, row) in most.items()]


def _due_line(row: DueVisit, home: UUID, viewer: Any, today: date) -> Line:
    telling = tells_care(row.reason, row)
    named = viewer.role in READERS
    days = max(0, (today - row.since).days) if row.since else 0
    why = (
        _("重点探访")
        if telling and not named
        else reason_in_words(row.reason, days, with_children=named and may_see_child(viewer))
    )
    by = _by_when(row, today)
    text = _("{why}，{day}前去") if by else "{why}"
    if by and by < today:
        text = _("{why}，该在 {day}前去，过了 {n} 天")
    return Line(
        "visits.due",
        (DueVisit.record_type, row.pk),
        text.format(why=why, day=say_day(by or today), n=(today - (by or today)).days),
        due_on=row.due_on,
        since=row.since,
        part=DUE,
        fields=(field_of_group(row.reason),) if telling and named else (),
        household=home,
    )


def _by_when(row: DueVisit, today: date) -> date | None:
    """Return by when somebody is to come; past the cadence by when it was promised, None: it was not, and so is not
    late.
    """
    return row.due_on if row.due_on >= today else row.promised_on


def _agreed_lines(requests: Any, today: date) -> list[Line]:
    rows = list(requests.select_related("household").order_by("due_on", "pk"))
    why = why_broken([row for row in rows if row.due_on < today])
    return [_agreed_line(row, why.get(row.pk, ""), today) for row in rows]


def _agreed_line(row: VisitRequest, why: str, today: date, owner: Ref | None = None) -> Line:
    """Say what was agreed; of hours that passed with nobody there, why, and what to say first at the door."""
    late, day = row.due_on < today, say_day(row.due_on)
    text = _("约好 {day}来，还没有来").format(day=day) if late else _("约好 {day}来").format(day=day)
    spoken = _("上次约好今天来看您。") if row.due_on == today else ""
    return Line(
        "visits.agreed",
        (VisitRequest.record_type, row.pk),
        _("{text}（{why}）").format(text=text, why=why) if why else text,
        PROMISE_LATE if late else PROMISE_DUE,
        row.due_on,
        owner=owner,
        spoken=_("上次约好 {day}来，我们没有来成，对不起。").format(day=day) if late else spoken,
        household=row.household_id,
        promised=True,
    )


def broken_lines(community: Organisation, viewer: Any, today: date) -> list[Line]:
    """Return the hours agreed with households that we did not keep, with why: three queries.

    They have no day to be done by, so that they stand first on the office's day until somebody came.
    """
    if viewer.role not in READERS:
        return []
    rows = VisitRequest.objects.filter(community=community, kind__in=AGREED, open=True, due_on__lt=today)
    broken = list(rows.select_related("household").order_by("due_on", "pk"))
    why, office = why_broken(broken), (Organisation.record_type, community.pk)
    lines = [_agreed_line(row, why.get(row.pk, ""), today, office) for row in broken]
    return [replace(line, due_on=None, url=reverse("visits:rounds")) for line in lines]


def _last_lines(homes: dict[UUID, Household], viewer: Any, today: date) -> Iterable[Line]:
    """Say what was met at each household last, and what was written down when somebody last spoke there.

    Only the notes that are shown are opened.
    """
    rows = Visit.objects.filter(household__in=homes).order_by("happened_at", "pk")
    last: dict[Any, tuple[Any, ...]] = {}
    met: dict[Any, tuple[Any, ...]] = {}
    for home, *row in rows.values_list("household_id", "pk", "happened_at", "outcome", "staff__name"):
        last[home] = tuple(row)
        if row[2] in SPOKEN:
            met[home] = tuple(row)
    for home, (key, moment, outcome, who) in last.items():
        day = moment.astimezone(clock.SHANGHAI).date()
        text = _("上次 {day}：{outcome}（{who}）").format(day=say_day(day), outcome=outcome_title(outcome), who=who)
        yield Line("visits.last", (Visit.record_type, key), text, since=day, household=home, part=SAID)
    if viewer.role not in READERS:
        return
    since = clock.now() - timedelta(days=SAID_DAYS)
    spoken = {home: row for home, row in met.items() if row[1] >= since}
    keys = {key: home for home, (key, *_rest) in spoken.items()}
    for visit in Visit.objects.filter(pk__in=keys).only("note", "happened_at"):
        if visit.note:
            text = _("{day}记下：“{words}”").format(day=say_day(_day(visit)), words=visit.note)
            about = (Visit.record_type, visit.pk)
            yield Line(
                "visits.said", about, text, since=_day(visit), fields=(NOTE,), household=keys[visit.pk], part=SAID
            )


def _day(visit: Visit) -> date:
    return visit.happened_at.astimezone(clock.SHANGHAI).date()


def _wish_lines(homes: dict[UUID, Household], today: date) -> list[Line]:
    rows = VisitWish.objects.filter(household__in=homes, ended_at=None).exclude(until__lt=today)
    return [
        Line("visits.wish", (VisitWish.record_type, row.pk), words, household=row.household_id, part=WISH)
        for row in rows.select_related("whom")
        if (words := wish_in_words(wish_of(row), {str(row.whom_id): row.whom.name} if row.whom else {}))
    ]


def _pause_lines(homes: dict[UUID, Household], today: date) -> list[Line]:
    rows = Pause.objects.filter(household__in=homes, ended_at=None, until__gt=today)
    return [
        Line(
            "visits.pause",
            (Pause.record_type, row.pk),
            _("不在家，{day}以后再来").format(day=say_day(row.until)),
            since=row.until,
            part=WISH,
            household=row.household_id,
        )
        for row in rows
    ]


def held_of(person: Person) -> list[Holding]:
    """Return how often somebody was at this person's door, and how the household wants to be visited."""
    visits = Visit.objects.filter(household=person.household_id)
    last = visits.order_by("-happened_at").first()
    purpose, basis = _("知道什么时候来过、答应过什么"), _("社区工作职责")
    if last is None:
        return []
    times = _("{n} 次，最近一次 {day}").format(n=visits.count(), day=say_day(_day(last)))
    found = [Holding(_("上门走访"), times, purpose, basis)]
    wish = VisitWish.objects.filter(household=person.household_id, ended_at=None).select_related("whom").first()
    if wish is not None:
        words = wish_in_words(wish_of(wish), {str(wish.whom_id): wish.whom.name} if wish.whom else {})
        found.append(Holding(_("上门意愿"), words, _("照您说的时间和方式来"), basis, wish.said_at.date()))
    return found


def erase(person: Person, actor: Any) -> int:
    """Forget what was told at the door against what stands of somebody; what is not settled has nothing left to be."""
    gone, _by_model = Conflict.objects.filter(person=person, settled_at=None).delete()
    settled = [row for row in Conflict.objects.filter(person=person) if row.told]
    for row in settled:
        row.told = ""
    write_sealed(settled, ["told"])
    return gone + len(settled)


def at_household(household: Household, viewer: Any) -> list[Link]:
    """Offer the visits, the wishes about visits, and the building."""
    found = []
    if viewer.role != "volunteer":
        found.append(Link(20, _("走访记录"), reverse("visits:history", args=[household.pk])))
        found.append(Link(30, _("上门意愿"), reverse("visits:wish", args=[household.pk])))
    if household.dwelling is not None:
        building = household.dwelling.entrance.building_id
        found.append(Link(40, _("看这栋楼"), reverse("visits:building", args=[building])))
    return found
