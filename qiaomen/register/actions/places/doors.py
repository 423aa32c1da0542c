"""A door is split in two, or two doors become one: from a day on, so that every day before adds up as it did."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, write_rows
from qiaomen.register.actions.household_events import move_residence, settle_households
from qiaomen.register.actions.places.labels import keep_labels
from qiaomen.register.models import Act, Dwelling, Household, Residence
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.doors.parts import floor_of

SPLIT, JOINED = "door_split", "doors_joined"
LONGEST_ROOM = 12


@transaction.atomic
def split_door(
    *, door: Dwelling, room: str, households: Sequence[Household], on_date: date, actor: Staff, reason: str = ""
) -> tuple[Dwelling, Act]:
    """Part of what was one door is a door of its own from a day on, with these households behind it.

    Raises NotYet, DoorGone, RoomTaken, NobodyChosen, BeforeItBegan.
    """
    room = room.strip().upper()
    _check(door, on_date)
    if not 0 < len(room) <= LONGEST_ROOM or Dwelling.objects.filter(entrance=door.entrance, room__iexact=room).exists():
        raise problems.RoomTaken(room=room)
    if not households or any(home.dwelling_id != door.pk for home in households):
        raise problems.NobodyChosen()
    act = _begin(door, actor, SPLIT, on_date, reason)
    building = door.entrance.building
    address = Address(building.compound.name, building.name, door.entrance.name, room)
    new = write_rows.make_doors(door.community, [address], act)[address]
    floor = floor_of(room) or door.floor
    if new.floor != floor:
        new.floor, new.walk_order = floor, write_rows.walk_order(door.entrance, floor, room)
        new.save(update_fields=["floor", "walk_order"])
    _move(act, door, new, households, on_date)
    return new, act


@transaction.atomic
def join_doors(*, stays: Dwelling, goes: Dwelling, on_date: date, actor: Staff, reason: str = "") -> Act:
    """Two doors of a building are one from a day on; what happened behind the one that goes stays with it.

    Raises NotYet, DoorGone, DoorsApart, BeforeItBegan.
    """
    _check(stays, on_date)
    _check(goes, on_date)
    if stays.pk == goes.pk or stays.entrance.building_id != goes.entrance.building_id:
        raise problems.DoorsApart()
    act = _begin(stays, actor, JOINED, on_date, reason)
    _move(act, goes, stays, list(Household.objects.filter(dwelling=goes)), on_date)
    acts.change(act, goes, joined_into=stays)
    acts.touch(act, stays)
    keep_labels(stays.community)
    return act


def _check(door: Dwelling, on_date: date) -> None:
    if on_date > clock.today():
        raise problems.NotYet(day=on_date)
    if door.joined_into_id:
        raise problems.DoorGone(door=door.door_label)


def _move(act: Act, away: Dwelling, to: Dwelling, households: Sequence[Household], day: date) -> None:
    """Let households and those of their people who live behind one door live behind another from a day on."""
    stays = Residence.objects.filter(dwelling=away, to_date=None, person__household__in=households)
    for stay in stays.select_related("person"):
        if stay.from_date and stay.from_date > day:
            raise problems.BeforeItBegan(name=stay.person.name, day=stay.from_date)
        move_residence(act, stay.person, to, day)
    for home in households:
        acts.change(act, home, dwelling=to)
    settle_households(act, *households)


def _begin(door: Dwelling, actor: Staff, kind: str, on_date: date, reason: str) -> Act:
    act = acts.begin(community=door.community, actor=actor, kind=kind, on_date=on_date, reason=reason)
    ledger.record(
        community=door.community,
        actor=actor,
        code="register.door-split" if kind == SPLIT else "register.doors-joined",
        subject=door,
        reason=act.reason,
        detail={"act": str(act.pk)},
    )
    return act
