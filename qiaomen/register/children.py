"""Records of children under 14 are for named roles: everybody else sees that there is a child, and no more."""

from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.masking import mask_name
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Staff
from qiaomen.register import packs, problems
from qiaomen.register.facts import age_on
from qiaomen.register.models import Person

SEAL_AGE = 14
"""Where no pack says otherwise (个人信息保护法 第二十八条)."""


def is_child(person: Person) -> bool:
    """Say whether a person is under 14 today; one whose birth is not known is taken for grown."""
    known = packs.parameters(clock.today()).get("child.seal_age")
    age = age_on(clock.today(), person.birth_date)
    return age is not None and age < (known.value if known and known.value is not None else SEAL_AGE)


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
