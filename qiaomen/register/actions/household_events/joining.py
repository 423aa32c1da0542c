"""Who joins a household: by birth, by marriage, by moving in, by coming back; nobody gets a second record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, search_index
from qiaomen.register.actions.household_events.correcting import check_number, completed, put_right
from qiaomen.register.actions.household_events.events import (
    begin_event,
    close_times,
    enter_register,
    hand_over,
    make_head,
    move_residence,
    need_people,
    settle_households,
)
from qiaomen.register.models import (
    COUNTED,
    Act,
    Change,
    Family,
    FamilyMember,
    Household,
    Person,
)
from qiaomen.register.selectors import minors


@transaction.atomic
def come_back(
    *,
    household: Household,
    people: Sequence[Person],
    on_date: date,
    actor: Staff,
    kind: str = "came_back",
    registered: bool = True,
    relation: str = "",
    reason: str = "",
    corrects: Act | None = None,
    known: dict[str, Any] | None = None,
) -> Act:
    """People on record live with a household from a day on: they come back, or join from another one (`kind`).

    `registered`: they stand in its register from then on, where they do not yet. Times gone by stay as they are.
    `known`: what was told of the one who comes; it fills what their record does not say and corrects nothing.
    Raises NobodyChosen, BeforeBirth, NotYet, NotAway, BeforeItBegan, HeadNeeded, BadIdNo, NumberTaken.
    """
    need_people(people, on_date)
    minors.check_chosen(people, actor)
    act, left = begin_event(household, actor, kind, on_date, reason, corrects), dict[Any, Household]()
    for person in people:
        here = person.state == "living" and (kind == "came_back" or person.household_id == household.pk)
        if person.state not in (*COUNTED, "left") or here:
            raise problems.NotAway(name=person.name)
        if person.household_id != household.pk:
            left[person.household_id] = person.household
            hand_over(act, person.household, [person], None)
        _settle_in(act, person, household, on_date, registered)
        told = {"relation": relation} if relation else {}
        away = person.household_id != household.pk
        acts.change(act, person, state="living", **({"household": household, "is_head": False} if away else {}), **told)
        _fill_blanks(act, person, known or {})
    if not household.people.counted().filter(is_head=True).exists():
        make_head(act, household, people[0])
    settle_households(act, household, *left.values())
    return act


def _fill_blanks(act: Act, person: Person, known: dict[str, Any]) -> None:
    """Write what a record does not say yet. A number tells birth and sex. Raises BadIdNo, NumberTaken."""
    new = {name: value for name, value in known.items() if value and not getattr(person, name)}
    if new.get("id_no"):
        told = completed(new)
        check_number(Person(pk=person.pk, community=person.community, id_no=told["id_no"]))
        new |= {name: value for name, value in told.items() if name in new or not getattr(person, name)}
    if new:
        put_right(act, person, new)


def _settle_in(act: Act, person: Person, household: Household, day: date, registered: bool) -> None:
    """Open the times of somebody who comes to a household. Raises BeforeItBegan when they were elsewhere later."""
    for times in ("residences", "registrations"):
        last = getattr(person, times).filter(to_date__gt=day).order_by("to_date").last()
        if last is not None:
            raise problems.BeforeItBegan(name=person.name, day=last.to_date)
    open_one = person.registrations.filter(to_date=None).first()
    if registered and (open_one is None or open_one.household_id != household.pk):
        close_times(act, person, day, "registrations")
        enter_register(act, person, household, day)
    if household.dwelling:
        move_residence(act, person, household.dwelling, day)
    if person.household_id != household.pk or not person.family_times.filter(to_date=None).exists():
        close_times(act, person, day, "family_times")
        join_family(act, person, household, day)


@transaction.atomic
def add_person(
    *,
    household: Household,
    kind: str,
    on_date: date,
    actor: Staff,
    name: str,
    relation: str,
    sex: str = "",
    birth_date: date | None = None,
    id_no: str = "",
    phone: str = "",
    registered: bool = True,
    reason: str = "",
    corrects: Act | None = None,
    with_person: Person | None = None,
) -> Act:
    """Somebody joins a household: `kind` is moved_in, born or married.

    Raises NotYet, BadIdNo, NumberTaken, SaidBefore.
    """
    if kind not in ("moved_in", "born", "married"):
        raise ValueError(kind)
    _once(household, kind, on_date, name.strip(), relation.strip())
    act = begin_event(household, actor, kind, on_date, reason, corrects)
    check = check_id_no(id_no) if id_no else None
    if check and not check.ok:
        raise problems.BadIdNo()
    person = Person(
        community=household.community,
        household=household,
        name=name.strip(),
        relation=relation.strip(),
        sex=(check.sex if check else sex) or "",
        birth_date=check.birth if check else birth_date,
        id_no=check.normalised if check else "",
        phone=phone,
    )
    if person.id_no:
        check_number(person)
    acts.person_sounds(person)
    person.save()
    search_index.renew([person.pk])
    acts.note_made(act, [person])
    if registered:
        enter_register(act, person, household, on_date)
    if household.dwelling:
        move_residence(act, person, household.dwelling, on_date)
    join_family(act, person, household, on_date)
    if with_person:
        acts.touch(act, with_person)
    settle_households(act, household)
    return act


def _once(household: Household, kind: str, day: date, name: str, relation: str) -> None:
    """Let somebody join once, however often a button is pressed. Raises SaidBefore."""
    Household.objects.select_for_update().get(pk=household.pk)
    same = household.people.filter(name=name, relation=relation).values("pk")
    made = Change.objects.filter(row__in=same, act__kind=kind, act__on_date=day, act__undone_at=None)
    if made.exists():
        raise problems.SaidBefore(name=name)


def join_family(act: Act, person: Person, household: Household, day: date) -> None:
    """Let somebody live from one purse with a household from a day on."""
    standing = FamilyMember.objects.filter(person__household=household, to_date=None).order_by("-person__is_head")
    first = standing.select_related("family").first()
    family = first.family if first else Family.objects.create(community=household.community)
    acts.note_made(act, [FamilyMember.objects.create(person=person, family=family, from_date=day)])
