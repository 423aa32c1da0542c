"""The call list as a phone carries it: names and numbers masked, what to say, when they answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from qiaomen.calls.selectors.call_lists import call_list, rows_of, who_may_be_rung_first
from qiaomen.kernel import clock
from qiaomen.kernel.masking import mask_name, mask_phone
from qiaomen.kernel.sensitivity import Field
from qiaomen.office import disclosure
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.problems import TooManyLooks
from qiaomen.register.models import Household, Person

MOST_CALLS = 40


def phone_calls(community: Organisation, staff: Staff, now: datetime) -> list[dict[str, Any]]:
    """Return whom somebody is to ring up today, at most MOST_CALLS; none for roles that may not read a number.

    Whom health puts on the list (an alert that tells of it) is a look: after too many they are left to the desk.
    """
    if staff.role not in READERS:
        return []
    asked = call_list(community, now.astimezone(clock.SHANGHAI).date()).asked
    asked = who_may_be_rung_first(community, asked, now)[:MOST_CALLS]
    if telling := [one.home for one in asked if one.telling]:
        fields = (Field("alert", "health"),)
        try:
            disclosure.show(viewer=staff, community=community, code="calls.list-looked", people=telling, fields=fields)
        except TooManyLooks:
            asked = [one for one in asked if not one.telling]
    rows = rows_of(community, asked, staff, now)
    numbers = _numbers([row["household"].pk for row in rows])
    return [_row(row, numbers) for row in rows]


def _row(row: dict[str, Any], numbers: dict[UUID, str]) -> dict[str, Any]:
    home: Household = row["household"]
    return {
        "household_id": str(home.pk),
        "dwelling_id": str(home.dwelling_id) if home.dwelling_id else "",
        "label": home.dwelling.label_within if home.dwelling else "",
        "compound": home.dwelling.entrance.building.compound.name if home.dwelling else "",
        "greet": mask_name(home.head_name),
        "phone_masked": mask_phone(numbers.get(home.pk, "")),
        "reason": row["reason"],
        "late": row["late"],
        "wait": str(row["wait"]),
        "answers_when": row["answers_when"],
        "tries": row["tries"],
        "wish": row["wish"],
        "say": [str(line) for line in row["say"]],
        "ask": [str(line) for line in row["ask"]],
        "go_between": str(row["go_between_kind"]),
    }


def _numbers(homes: list[UUID]) -> dict[UUID, str]:
    """Return the number that would be rung in each household: of the head, else of the eldest with one."""
    found: dict[UUID, str] = {}
    for person in Person.objects.living().filter(household__in=homes).order_by("-is_head", "birth_date", "pk"):
        if person.phone:
            found.setdefault(person.household_id, person.phone)
    return found
