"""Records of children under 14 are for named roles: everybody else sees that there is a child, and no more."""

from datetime import date

from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.ages import years_before
from qiaomen.kernel.masking import mask_name
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.models import Person
from qiaomen.register.selectors import packs

SEAL_AGE = 14
"""Where no pack says otherwise (个人信息保护法 第二十八条)."""


def sealed_after(today: date) -> date:
    """Return the day: whoever was born after it is a child whose record is sealed."""
    known = packs.parameters(today).get("child.seal_age")
    return years_before(today, known.value if known and known.value is not None else SEAL_AGE)


def is_child(person: Person, today: date | None = None) -> bool:
    """Say whether a person is under 14 on a day; one whose birth is not known is taken for grown."""
    return is_child_born(person.birth_date, today)


def is_child_born(birth: date | None, today: date | None = None) -> bool:
    """Say the same of who was born on a day."""
    return birth is not None and birth > sealed_after(today or clock.today())


def is_sealed(person: Person, staff: Staff) -> bool:
    """Say whether this person's record is sealed to this member of staff."""
    return is_child(person) and not may_see_child(staff)


def shown_name(person: Person, staff: Staff) -> str:
    """Return the name as this member of staff may see it: 王**（儿童）for a sealed child."""
    return _("{name}（儿童）").format(name=mask_name(person.name)) if is_sealed(person, staff) else person.name


def check_open(person: Person, staff: Staff) -> None:
    """Let a look or a change go on. Raises SealedChild."""
    if is_sealed(person, staff):
        raise problems.SealedChild()
