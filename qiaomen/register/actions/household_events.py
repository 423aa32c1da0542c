"""What happens to a household: moving, birth, death, marriage, a split, a new head. Each is dated and can be taken
back.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, search_index
from qiaomen.register.models import (
    Act,
    Dwelling,
    Family,
    FamilyMember,
    Household,
    Person,
    Registration,
    Residence,
)
from qiaomen.register.selectors import minors

CORRECTABLE = ("name", "former_name", "nickname", "sex", "birth_date", "id_no", "phone", "relation", "work_place")


def _begin(household: Household, actor: Staff, kind: str, on_date: date, reason: str, corrects: Act | None) -> Act:
    if on_date > clock.today():
        raise problems.NotYet(day=on_date)
    act = acts.begin(
        community=household.community, actor=actor, kind=kind, on_date=on_date, reason=reason, corrects=corrects
    )
    ledger.record(
        community=household.community,
        actor=actor,
        code="register.household-changed",
        subject=household,
        reason=act.reason,
        detail={"act": str(act.pk), "kind": kind},
    )
    return act


def settle_households(act: Act, *households: Household) -> None:
    """Bring a household in line with its people: is anybody living here, and one more version for the phones."""
    for household in households:
        household.refresh_from_db()
        state = "living" if household.people.living().exists() else "gone"
        if not acts.change(act, household, state=state):
            acts.touch(act, household)
        household.version += 1
        household.save(update_fields=["version"])


def hand_over(act: Act, household: Household, leaving: Sequence[Person], new_head: Person | None) -> None:
    """Name the new head before the head leaves. Raises HeadNeeded when people stay without one."""
    gone = {person.pk for person in leaving}
    staying = [p for p in household.people.counted() if p.pk not in gone]
    if not staying or not any(person.is_head for person in leaving):
        return
    if new_head is None or new_head.pk not in {person.pk for person in staying}:
        raise problems.HeadNeeded(name=household.head_name)
    _make_head(act, household, new_head)


def _make_head(act: Act, household: Household, head: Person) -> None:
    for old in household.people.filter(is_head=True).exclude(pk=head.pk):
        acts.change(act, old, is_head=False)
    acts.change(act, head, is_head=True, relation="户主")
    acts.change(act, household, head_name=head.name)


def close_times(act: Act, person: Person, day: date, times: str) -> None:
    """End somebody's open registrations, residences or family times on a day. Raises BeforeItBegan."""
    for time in getattr(person, times).filter(to_date=None):
        if time.from_date and time.from_date > day:
            raise problems.BeforeItBegan(name=person.name, day=time.from_date)
        acts.change(act, time, to_date=day)


def enter_register(act: Act, person: Person, household: Household, day: date) -> None:
    """Write somebody into the register of a household from a day on."""
    acts.note_made(act, [Registration.objects.create(person=person, household=household, from_date=day)])


@transaction.atomic
def move_out(
    *,
    household: Household,
    people: Sequence[Person],
    on_date: date,
    actor: Staff,
    registration_goes: bool = False,
    new_head: Person | None = None,
    reason: str = "",
    corrects: Act | None = None,
) -> Act:
    """People no longer live here; with `registration_goes` they leave the register too.

    Raises NotYet, HeadNeeded, BeforeItBegan, NobodyChosen.
    """
    _need(people)
    minors.check_chosen(people, actor)
    act = _begin(household, actor, "moved_out", on_date, reason, corrects)
    if registration_goes:
        hand_over(act, household, people, new_head)
    for person in people:
        close_times(act, person, on_date, "residences")
        if registration_goes:
            close_times(act, person, on_date, "registrations")
        acts.change(act, person, state="left" if registration_goes else "away")
    settle_households(act, household)
    return act


@transaction.atomic
def move_within(
    *,
    household: Household,
    people: Sequence[Person],
    dwelling: Dwelling,
    on_date: date,
    actor: Staff,
    reason: str = "",
    corrects: Act | None = None,
) -> Act:
    """People of one household live behind another door from a day on. Raises NotYet, NobodyChosen."""
    _need(people)
    minors.check_chosen(people, actor)
    act = _begin(household, actor, "moved_within", on_date, reason, corrects)
    for person in people:
        move_residence(act, person, dwelling, on_date)
        if not acts.change(act, person, state="living"):
            acts.touch(act, person)
        if person.is_head:
            acts.change(act, household, dwelling=dwelling)
    settle_households(act, household)
    return act


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
    """Somebody joins a household: `kind` is moved_in, born or married. Raises NotYet, BadIdNo."""
    if kind not in ("moved_in", "born", "married"):
        raise ValueError(kind)
    act = _begin(household, actor, kind, on_date, reason, corrects)
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


def join_family(act: Act, person: Person, household: Household, day: date) -> None:
    """Let somebody live from one purse with a household from a day on."""
    standing = FamilyMember.objects.filter(person__household=household, to_date=None).order_by("-person__is_head")
    first = standing.select_related("family").first()
    family = first.family if first else Family.objects.create(community=household.community)
    acts.note_made(act, [FamilyMember.objects.create(person=person, family=family, from_date=day)])


@transaction.atomic
def record_death(
    *,
    household: Household,
    person: Person,
    on_date: date,
    actor: Staff,
    new_head: Person | None = None,
    reason: str = "",
    corrects: Act | None = None,
) -> Act:
    """A person has died; register, door and family end that day.

    Raises SealedChild, NotYet, HeadNeeded, BeforeItBegan.
    """
    minors.check_open(person, actor)
    act = _begin(household, actor, "died", on_date, reason, corrects)
    hand_over(act, household, [person], new_head)
    for times in ("residences", "registrations", "family_times"):
        close_times(act, person, on_date, times)
    acts.change(act, person, state="died")
    settle_households(act, household)
    return act


@transaction.atomic
def split_household(
    *,
    household: Household,
    people: Sequence[Person],
    new_head: Person,
    on_date: date,
    actor: Staff,
    household_no: str = "",
    remaining_head: Person | None = None,
    reason: str = "",
    corrects: Act | None = None,
) -> Act:
    """分户: some people make a household of their own; nobody moves by this. Raises NotYet, HeadNeeded, NobodyChosen."""
    _need(people)
    minors.check_chosen(people, actor)
    chosen = {person.pk for person in people}
    if new_head.pk not in chosen or not household.people.exclude(pk__in=chosen).exclude(state="died").exists():
        raise problems.HeadNeeded(name=household.head_name)
    act = _begin(household, actor, "split", on_date, reason, corrects)
    hand_over(act, household, people, remaining_head)
    new = Household.objects.create(
        community=household.community,
        dwelling=household.dwelling,
        household_no=household_no,
        head_name=new_head.name,
        origin_town=household.origin_town,
        origin_village=household.origin_village,
        lifted_out=household.lifted_out,
        registered_place=household.registered_place,
    )
    acts.note_made(act, [new])
    for person in people:
        close_times(act, person, on_date, "registrations")
        enter_register(act, person, new, on_date)
        acts.change(act, person, household=new)
    _make_head(act, new, new_head)
    settle_households(act, household, new)
    return act


@transaction.atomic
def change_head(
    *,
    household: Household,
    new_head: Person,
    on_date: date,
    actor: Staff,
    reason: str = "",
    corrects: Act | None = None,
) -> Act:
    """Another member becomes the head. Raises NotYet."""
    minors.check_open(new_head, actor)
    act = _begin(household, actor, "head_changed", on_date, reason, corrects)
    _make_head(act, household, new_head)
    settle_households(act, household)
    return act


@transaction.atomic
def part_family(
    *,
    household: Household,
    people: Sequence[Person],
    on_date: date,
    actor: Staff,
    reason: str = "",
    corrects: Act | None = None,
) -> Act:
    """These people live from a purse of their own from a day on; register and door stay. Raises NotYet,
    NobodyChosen.
    """
    _need(people)
    minors.check_chosen(people, actor)
    act = _begin(household, actor, "family_parted", on_date, reason, corrects)
    family = Family.objects.create(community=household.community)
    for person in people:
        close_times(act, person, on_date, "family_times")
        acts.note_made(act, [FamilyMember.objects.create(person=person, family=family, from_date=on_date)])
        acts.touch(act, person)
    settle_households(act, household)
    return act


@transaction.atomic
def correct_person(*, person: Person, actor: Staff, reason: str, **new: Any) -> Act | None:
    """Put right what is written of a person; the old value is kept. Return None when nothing differs. Raises
    BadIdNo.
    """
    new = completed(new)
    if all(getattr(person, name) == value for name, value in new.items()):
        return None
    act = _begin(person.household, actor, "corrected", clock.today(), reason, None)
    put_right(act, person, new)
    settle_households(act, person.household)
    return act


def completed(new: dict[str, Any]) -> dict[str, Any]:
    """Return a correction with what an identity number says of birth and sex. Raises BadIdNo, ValueError."""
    if set(new) - set(CORRECTABLE):
        raise ValueError(f"not correctable: {set(new) - set(CORRECTABLE)}")
    if not new.get("id_no"):
        return new
    check = check_id_no(new["id_no"])
    if not check.ok:
        raise problems.BadIdNo()
    return {**new, "id_no": check.normalised, "birth_date": check.birth, "sex": check.sex}


def put_right(act: Act, person: Person, new: dict[str, Any]) -> None:
    """Write a completed correction of one person within an act."""
    acts.change(act, person, **new)
    if person.is_head and "name" in new:
        acts.change(act, person.household, head_name=new["name"])


def _need(people: Sequence[Person]) -> None:
    if not people:
        raise problems.NobodyChosen()


def move_residence(act: Act, person: Person, dwelling: Dwelling | None, day: date) -> None:
    """Close where a person lives on a day and open the next door; None: nowhere here."""
    for stay in person.residences.filter(to_date=None):
        acts.change(act, stay, to_date=day)
    if dwelling is not None:
        acts.note_made(act, [Residence.objects.create(person=person, dwelling=dwelling, from_date=day)])
