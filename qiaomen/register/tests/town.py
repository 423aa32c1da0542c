"""Households for tests, written as a roster would write them but without a list."""

from typing import Any

from qiaomen.kernel.idcheck import check_id_no
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, write_rows
from qiaomen.register.models import Act, Dwelling, Family, Household, Person, Registration, Residence
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.doors.grammar import read_door
from qiaomen.register.rules.register_row import RegisterRow

FAMILY = [
    [1, "单志明", "户主", id_no(11), "139 0000 1234", "幸福苑小区3号楼2单元501室"],
    [2, "仇小兰", "配偶", id_no(22), "13900005678", ""],
    [3, "曾·艾力", "户主", id_no(33, "19480230"[:6] + "01"), "", "幸福苑3-2-502"],
]


def _address(text: str) -> Address | None:
    door = read_door(text).key
    return Address(*door) if door else None


def bring_in(community: Organisation, actor: Staff, rows: list[list[Any]]) -> Act:
    """Write rows of (number, name, relation, identity number, telephone, address) as new people, in one act.

    A blank address is that of the row above. Nobody is compared with who is there already.
    """
    found: list[RegisterRow] = []
    address: Address | None = None
    head = ""
    for place, (_number, name, relation, number, phone, where) in enumerate(rows, 1):
        address = _address(where) if where else address
        head = name if relation in ("户主", "本人") else head
        check = check_id_no(number)
        values = {
            "name": name,
            "former_name": "",
            "nickname": "",
            "relation": relation,
            "is_head": relation == "户主",
            "sex": check.sex or "",
            "birth_date": check.birth,
            "id_no": check.normalised if check.ok else "",
            "phone": phone.replace(" ", ""),
            "household_no": "",
            "head_name": head,
            "origin_town": "",
            "origin_village": "",
            "lifted_out": None,
        }
        found.append(RegisterRow("名册", place, values, address, f"{'/'.join(address or ())}/"))
    act = acts.begin(community=community, actor=actor, kind="import", reason="名册")
    doors = write_rows.make_doors(community, [row.address for row in found if row.address], act)
    households, created = write_rows.make_households(community, found, doors)
    acts.note_made(act, created)
    write_rows.make_people(act, found, households, doors, lambda _done: None)
    return act


def picture() -> dict[str, Any]:
    """Everything a page could show of the register, by hand-made key."""
    return {
        "people": sorted((p.name, p.phone, p.id_no, p.household.head_name, p.state) for p in Person.objects.all()),
        "doors": sorted(Dwelling.objects.values_list("door_label", flat=True)),
        "homes": Household.objects.count(),
        "families": Family.objects.count(),
        "living": sorted(Residence.objects.values_list("person__name", "dwelling__door_label", "to_date"), key=str),
        "registered": Registration.objects.count(),
    }
