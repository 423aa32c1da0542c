"""Who stands in the register already, as columns to match rows against; numbers are matched sealed, by their marks."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, cast
from uuid import UUID

from qiaomen.office.fields import BlindIndex
from qiaomen.office.models import Organisation
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.rules.addresses import Address

GONE = {
    "died": "登记为已故",
    "left": "登记为已迁出",
    "away": "登记为已搬走",
    "merged": "的这份登记已并入另一份",
}
"""Why somebody who stands in the register is not one of its people now."""


class KnownPerson(NamedTuple):
    """One person as the register knows them; the number and the telephone stay sealed, `id_mark` and `phone_mark` match."""

    pk: UUID
    household: UUID
    name: str
    relation: str
    is_head: bool
    sex: str
    birth_date: date | None
    id_mark: str
    phone_mark: str
    state: str
    sounds: str
    former_name: str
    nickname: str


class KnownHousehold(NamedTuple):
    """A household and its door."""

    number: str
    head: str
    dwelling: UUID | None
    address: Address | None
    origin_town: str
    origin_village: str
    lifted_out: bool | None


def marks_of(community: Organisation, column: str, texts: list[str]) -> list[str]:
    """Return the blind marks of a column of plain texts in a community; `column`: id_no or phone."""
    return cast(BlindIndex, Person._meta.get_field(f"{column}_bi")).mark_many(texts, community.pk)


class RegisterSnapshot:
    """The people of a community, found by whatever a row tells of them."""

    def __init__(self, community: Organisation) -> None:
        self.community = community
        columns = ("pk", "household_id", "name", "relation", "is_head", "sex", "birth_date", "id_no_bi", "phone_bi",
                   "state", "name_pinyin", "former_name", "nickname")  # fmt: skip
        people = Person.objects.filter(community=community).order_by("pk")
        self.people = [KnownPerson(*row) for row in people.values_list(*columns)]

    @cached_property
    def homes(self) -> dict[UUID, KnownHousehold]:
        """The households with their doors."""
        names = ("entrance__building__compound__name", "entrance__building__name", "entrance__name", "room")
        doors = {pk: Address(*where) for pk, *where in Dwelling.objects.filter(
            community=self.community).values_list("pk", *names)}  # fmt: skip
        households = Household.objects.filter(community=self.community).values_list(
            "pk", "household_no", "head_name", "dwelling_id", "origin_town", "origin_village", "lifted_out"
        )
        return {
            pk: KnownHousehold(no, head, door, doors.get(door) if door else None, town, village, lifted)
            for pk, no, head, door, town, village, lifted in households
        }

    def address(self, one: KnownPerson) -> Address | None:
        """Return where somebody's household lives."""
        return self.homes[one.household].address

    def label(self, one: KnownPerson) -> str:
        """Return the door of somebody's household, "" when it has none."""
        address = self.address(one)
        return address.label if address else ""

    @cached_property
    def by_id(self) -> dict[str, KnownPerson]:
        """People by the mark of their number; a record merged into another gives way to one that stands."""
        found = {one.id_mark: one for one in self.people if one.id_mark and one.state == "merged"}
        found |= {one.id_mark: one for one in self.people if one.id_mark and one.state != "merged"}
        return found

    def _index(self, keys: Iterable[Any]) -> dict[Any, list[KnownPerson]]:
        found: dict[Any, list[KnownPerson]] = defaultdict(list)
        for key, one in zip(keys, self.people, strict=True):
            if one.state != "merged":
                found[key].append(one)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[KnownPerson]]:
        """People by name."""
        return self._index(one.name for one in self.people)
