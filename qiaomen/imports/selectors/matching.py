"""Of whom does a row of a list speak? By number, else by name with door, telephone, household or birth date; else nobody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from qiaomen.imports.rules.list_kinds import Kind
from qiaomen.imports.rules.reading.roster import Table
from qiaomen.imports.selectors.register_snapshot import GONE, KnownPerson, RegisterSnapshot, marks_of
from qiaomen.kernel.masking import mask_name


class NobodyFound(Exception):
    """The row speaks of nobody who can be told; the message is the reason for a person to read."""


@dataclass
class Matcher:
    """Finds the person each row of a table speaks of."""

    standing: RegisterSnapshot
    table: Table
    kind: Kind

    @cached_property
    def id_marks(self) -> list[str]:
        """The marks of the column of identity numbers."""
        return marks_of(self.standing.community, "id_no", self.table.values["id_no"])

    @cached_property
    def phone_marks(self) -> list[str]:
        """The marks of the column of telephones."""
        return marks_of(self.standing.community, "phone", self.table.values["phone"])

    def find(self, place: int) -> KnownPerson:
        """Return the person. Raises NobodyFound."""
        name, mark = self.table.values["name"][place], self.id_marks[place]
        found = self.standing.by_id.get(mark) if mark else None
        if found is None:
            found = self._by_name(place, name)
        elif found.name != name:
            raise NobodyFound(f"这个身份证号登记的是 {mask_name(found.name)}，和这一行的姓名对不上，请核对")
        if found.state in GONE:
            raise NobodyFound(f"{found.name}{GONE[found.state]}，请先核对，再在户的页面上更正")
        return found

    def _by_name(self, place: int, name: str) -> KnownPerson:
        left = [one for one in self.standing.by_name.get(name, []) if not self._contradicts(one, place)]
        if not left:
            raise NobodyFound(
                f"登记里没有对得上的“{name}”：没有这个名字，或者证件、出生日期、性别不符；名单不新增居民，请先登记"
            )
        told = False
        for agrees in self._evidence(place):
            told = True
            agreeing = [one for one in left if agrees(one)]
            if len(agreeing) == 1:
                return agreeing[0]
            left = agreeing or left
        if not told and self.kind.name_is_enough and len(left) == 1:
            return left[0]
        if len(left) > 1:
            raise NobodyFound(f"登记里有 {len(left)} 位“{name}”，分不清是哪一位，请补上身份证号或门牌")
        if told:
            raise NobodyFound(f"登记里有一位“{name}”，但门牌、电话、户号和出生日期都对不上，请核对")
        raise NobodyFound(f"只有姓名“{name}”，认不准是谁，请补上身份证号、门牌、电话或出生日期")

    def _contradicts(self, one: KnownPerson, place: int) -> bool:
        """A number, a birth date or a sex that differs: somebody else of the same name."""
        values = self.table.values
        mark, birth, sex = self.id_marks[place], values["birth_date"][place], values["sex"][place]
        return bool(
            (mark and one.id_mark and mark != one.id_mark)
            or (birth and one.birth_date and birth != one.birth_date)
            or (sex and one.sex and sex != one.sex)
        )

    def _evidence(self, place: int) -> Iterator[Callable[[KnownPerson], bool]]:
        """Yield what the row tells beside the name, the surest first, as questions about a person."""
        values, address = self.table.values, self.table.addresses[place]
        phone, number, head = self.phone_marks[place], values["household_no"][place], values["head_name"][place]
        birth, homes = values["birth_date"][place], self.standing.homes
        if address is not None:
            yield lambda one: self.standing.address(one) == address
        if phone:
            yield lambda one: one.phone_mark == phone
        if number:
            yield lambda one: homes[one.household].number == number
        if head:
            yield lambda one: homes[one.household].head == head
        if birth:
            yield lambda one: one.birth_date == birth
