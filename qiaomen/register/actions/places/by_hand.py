"""A person adds a place or a household by hand: asked where something is unclear, never made silently."""

from datetime import date
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, search_index, write_rows
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
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.doors.grammar import PROBLEMS, DoorReading, plain_part, read_door
from qiaomen.register.rules.doors.words import compound_name
from qiaomen.register.selectors.places.known import compound_names, doors_meant

ADDED = "places_added"


def read_address(community: Organisation, text: str) -> DoorReading:
    """Read an address typed by hand; a community's only compound need not be named. Raises AddressUnclear."""
    names = compound_names(community)
    reading = read_door(text, compound=names[0] if len(names) == 1 else "", known=names)
    if reading.key is None:
        raise problems.AddressUnclear(text=text, why=reading.explanation)
    return reading


def find_door(community: Organisation, text: str) -> Dwelling:
    """Return the door an address means. Raises AddressUnclear, NoSuchDoor, DoorNotOne."""
    reading = read_address(community, text)
    found = doors_meant(community, reading)
    if not found:
        raise problems.NoSuchDoor(door=reading.label)
    if len(found) > 1:
        raise problems.DoorNotOne(door=reading.label, doors="、".join(sorted(door.door_label for door in found)))
    return found[0]


@transaction.atomic
def add_door(
    *, community: Organisation, text: str, actor: Staff, new_compound: bool = False, reason: str = ""
) -> tuple[Dwelling, Act | None]:
    """Make the door of an address, with building and entrance where they are not there yet; return it and the act.

    The act is None when the door is there already, however it was spelt. A compound nobody knows is asked about unless
    `new_compound`. Raises AddressUnclear, NewCompound, DoorNotOne.
    """
    reading = read_address(community, text)
    found = doors_meant(community, reading)
    if len(found) > 1:
        raise problems.DoorNotOne(door=reading.label, doors="、".join(sorted(door.door_label for door in found)))
    if found:
        return found[0], None
    _check_compound(community, reading.compound, new_compound)
    act = _begin(community, actor, reason)
    address = Address(reading.compound, reading.building, reading.entrance, reading.room)
    door = write_rows.make_doors(community, [address], act, note_places=True)[address]
    if reading.floor is not None and reading.floor != door.floor:
        door.floor = reading.floor
        door.walk_order = write_rows.walk_order(door.entrance, reading.floor, door.room)
        door.save(update_fields=["floor", "walk_order"])
    _note(act, door)
    return door, act


@transaction.atomic
def add_place(
    *,
    community: Organisation,
    compound: str,
    building: str,
    entrance: str,
    actor: Staff,
    new_compound: bool = False,
    reason: str = "",
) -> Act:
    """Make a compound, or a building in it, or an entrance of that, whose doors are not known yet.

    Raises AddressUnclear, NewCompound, PlaceThere.
    """
    name = compound_name(compound.strip(), compound_names(community))
    if not name or len(name) > 60:
        raise problems.AddressUnclear(text=compound, why=PROBLEMS["no-compound"])
    if entrance and not building:
        raise problems.AddressUnclear(text=entrance, why=PROBLEMS["no-building"])
    _check_compound(community, name, new_compound)
    address = Address(name, plain_part(building.strip()), plain_part(entrance.strip()), "")
    act = _begin(community, actor, reason)
    made = write_rows.make_place(community, address, act)
    if not made:
        raise problems.PlaceThere(place=f"{name}{building}{entrance}")
    _note(act, made[-1])
    return act


@transaction.atomic
def add_household(
    *, door: Dwelling, on_date: date, actor: Staff, reason: str = "", household_no: str = "", **head: Any
) -> tuple[Household, Act]:
    """A household nobody had on a list lives behind a door from a day on; `head`: name, sex, birth_date, id_no, phone
    of its head, and `registered`.

    Whoever calls has asked whether it is somebody on record. Raises NotYet, BadIdNo, DoorGone.
    """
    if on_date > clock.today():
        raise problems.NotYet(day=on_date)
    if door.joined_into_id:
        raise problems.DoorGone(door=door.door_label)
    registered = head.pop("registered", True)
    check = check_id_no(head["id_no"]) if head.get("id_no") else None
    if check is not None:
        if not check.ok:
            raise problems.BadIdNo()
        head |= {"id_no": check.normalised, "birth_date": check.birth, "sex": check.sex}
    act = acts.begin(community=door.community, actor=actor, kind="household_added", on_date=on_date, reason=reason)
    home = Household.objects.create(
        community=door.community, dwelling=door, head_name=head["name"], household_no=household_no
    )
    person = Person(community=door.community, household=home, relation="户主", is_head=True, **head)
    acts.person_sounds(person)
    person.save()
    family = Family.objects.create(community=door.community)
    made: list[Any] = [home, person, family]
    made.append(Residence.objects.create(person=person, dwelling=door, from_date=on_date))
    made.append(FamilyMember.objects.create(person=person, family=family, from_date=on_date))
    if registered:
        made.append(Registration.objects.create(person=person, household=home, from_date=on_date))
    acts.note_made(act, made)
    search_index.renew([person.pk])
    ledger.record(
        community=door.community,
        actor=actor,
        code="register.household-created",
        subject=home,
        reason=act.reason,
        detail={"act": str(act.pk), "kind": act.kind},
    )
    return home, act


def _check_compound(community: Organisation, name: str, new_compound: bool) -> None:
    """Ask before a compound is made. Raises NewCompound."""
    names = compound_names(community)
    if name not in names and not new_compound:
        raise problems.NewCompound(name=name, known="、".join(names[:12]) or "—")


def _begin(community: Organisation, actor: Staff, reason: str) -> Act:
    return acts.begin(community=community, actor=actor, kind=ADDED, on_date=clock.today(), reason=reason)


def _note(act: Act, place: Any) -> None:
    ledger.record(
        community=act.community,
        actor=act.made_by,
        code="register.place-added",
        subject=place,
        reason=act.reason,
        detail={"act": str(act.pk)},
    )
