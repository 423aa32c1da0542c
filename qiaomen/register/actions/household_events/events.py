"""What happens to a household: moving, death, a split, a new head. Each is dated and can be taken back."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
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


def begin_event(household: Household, actor: Staff, kind: str, on_date: date, reason: str, corrects: Act | None) -> Act:
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
    make_head(act, household, new_head)


def make_head(act: Act, household: Household, head: Person) -> None:
    """Make somebody the head as the rows stand now: what was read before may have changed within the act."""
    head.refresh_from_db()
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


def _cut_short(act: Act, person: Person, day: date, times: str) -> None:
    """End on a day what is known to have ended later. Raises BeforeItBegan when something began later still."""
    for time in getattr(person, times).filter(to_date__gt=day):
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
    need_people(people, on_date)
    minors.check_chosen(people, actor)
    act = begin_event(household, actor, "moved_out", on_date, reason, corrects)
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
    need_people(people, on_date)
    minors.check_chosen(people, actor)
    act = begin_event(household, actor, "moved_within", on_date, reason, corrects)
    for person in people:
        move_residence(act, person, dwelling, on_date)
        if not acts.change(act, person, state="living"):
            acts.touch(act, person)
        if person.is_head:
            acts.change(act, household, dwelling=dwelling)
    settle_households(act, household)
    return act


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

    What ended later, as by a move that was recorded first, ends that day too.
    Raises SealedChild, NotYet, HeadNeeded, BeforeItBegan, BeforeBirth.
    """
    minors.check_open(person, actor)
    need_people([person], on_date)
    act = begin_event(household, actor, "died", on_date, reason, corrects)
    hand_over(act, household, [person], new_head)
    for times in ("residences", "registrations", "family_times"):
        close_times(act, person, on_date, times)
        _cut_short(act, person, on_date, times)
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
    need_people(people, on_date)
    minors.check_chosen(people, actor)
    chosen = {person.pk for person in people}
    if new_head.pk not in chosen or not household.people.exclude(pk__in=chosen).exclude(state="died").exists():
        raise problems.HeadNeeded(name=household.head_name)
    act = begin_event(household, actor, "split", on_date, reason, corrects)
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
    make_head(act, new, new_head)
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
    act = begin_event(household, actor, "head_changed", on_date, reason, corrects)
    make_head(act, household, new_head)
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
    need_people(people, on_date)
    minors.check_chosen(people, actor)
    act = begin_event(household, actor, "family_parted", on_date, reason, corrects)
    family = Family.objects.create(community=household.community)
    for person in people:
        close_times(act, person, on_date, "family_times")
        acts.note_made(act, [FamilyMember.objects.create(person=person, family=family, from_date=on_date)])
        acts.touch(act, person)
    settle_households(act, household)
    return act


def need_people(people: Sequence[Person], day: date) -> None:
    """Let an act go on about people who were born by its day. Raises NobodyChosen, BeforeBirth."""
    if not people:
        raise problems.NobodyChosen()
    for person in people:
        if person.birth_date and day < person.birth_date:
            raise problems.BeforeBirth(name=person.name, day=person.birth_date)


def move_residence(act: Act, person: Person, dwelling: Dwelling | None, day: date) -> None:
    """Close where a person lives on a day and open the next door; None: nowhere here."""
    for stay in person.residences.filter(to_date=None):
        acts.change(act, stay, to_date=day)
    if dwelling is not None:
        acts.note_made(act, [Residence.objects.create(person=person, dwelling=dwelling, from_date=day)])
