"""A community in which everything an attacker could want is known of somebody: who is tried against the gate."""

from datetime import date
from typing import Any

from qiaomen.groups.actions import memberships
from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, person_facts
from qiaomen.register.models import Person
from qiaomen.register.tests.town import bring_in

KINDS = ("vision", "hearing", "speech", "limb", "intellect", "mental", "multiple")
FIRST = "赵钱孙李周吴郑王冯陈"
SECOND = "一二三四五六七八九十"


def rows_of(homes: int) -> list[list[Any]]:
    """Return two people a home: one old, one of working age; every tenth home has a child besides."""
    rows: list[list[Any]] = []
    child = f"{clock.today().year - 9}0101"
    for n in range(homes):
        door = f"学府里{n // 40 + 1}-1-{100 + n}"
        name = FIRST[n % 10] + SECOND[n // 10 % 10] + SECOND[n % 10]
        rows.append(
            [
                n,
                name,
                "户主",
                id_no(300 + n, f"19{40 + n % 10}0{1 + n % 9}1{n % 9}"),
                f"139{n:04d}{7919 * n % 10000:04d}",
                door,
            ]
        )
        rows.append(
            [
                n,
                f"柳{SECOND[n % 10]}{SECOND[n // 10 % 10]}",
                "配偶",
                id_no(600 + n, f"198{n % 10}0{1 + n % 9}2{n % 9}"),
                "",
                "",
            ]
        )
        if n % 10 == 0:
            rows.append([n, f"{FIRST[n % 10]}小{SECOND[n // 10 % 10]}", "孙子", id_no(100 + n // 10, child), "", ""])
    return rows


def make(homes: int = 110, code: str = "W1") -> dict[str, Any]:
    """Make the community with its staff, one of each role, and what was told of its people."""
    county = Organisation.objects.create(kind="county", name="拾光县", code=f"{code}-C")
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code=code, parent=county)
    low = ("head", "worker", "volunteer")
    staff = {
        role: Staff.objects.create_user(
            f"{code}-{role}", None, name=role, role=role, organisation=community if role in low else county
        )
        for role in (*low, "supervisor", "auditor", "admin")
    }
    bring_in(community, staff["head"], rows_of(homes))
    act = acts.begin(community=community, actor=staff["head"], kind="told", on_date=clock.today())
    grown = list(Person.objects.filter(community=community, birth_date__lt=date(2000, 1, 1)).order_by("pk"))
    told: list[tuple[Person, str, Any]] = []
    for n, person in enumerate(grown):
        if n % 2 == 0:
            told += [(person, "disability_card", True), (person, "disability_kind", KINDS[n % 7])]
        if n % 3 == 0:
            told.append((person, "receives_dibao", n % 6 == 0))
    for person in Person.objects.filter(community=community, relation="孙子"):
        told += [
            (person, "parents_away", "both"),
            (person, "guardian_name", "柳无名"),
            (person, "disability_card", True),
        ]
    person_facts.record_facts(act, told, clock.today())
    memberships.keep_current(community)
    return {"community": community, **staff}
