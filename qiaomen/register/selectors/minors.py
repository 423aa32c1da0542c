"""Records of children under 14 are for named roles: everybody else sees that there is a child, and no more."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.ages import years_before
from qiaomen.kernel.masking import mask_name
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.models import Act, Change, Person
from qiaomen.register.selectors import packs

OF_ONE = ("died", "corrected", "told", "grouped", "merged", "head_changed")
"""Acts that say something of the very people they name."""
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


def check_act(act: Act, staff: Staff) -> None:
    """Let an act be taken back, unless what it says is of a child whose record is sealed. Raises SealedChild.

    A move of a whole family is no child's act: it may be taken back by who may record it.
    """
    if act.kind in OF_ONE:
        for person in Person.objects.filter(pk__in=Change.objects.filter(act=act).values("row")):
            check_open(person, staff)


def check_chosen(people: Iterable[Person], staff: Staff) -> None:
    """Let an act be recorded of people who act together: with sealed children among them only beside somebody grown.

    Raises SealedChild.
    """
    chosen = list(people)
    if chosen and all(is_sealed(person, staff) for person in chosen):
        raise problems.SealedChild()


def check_open(person: Person, staff: Staff) -> None:
    """Let a look or a change go on. Raises SealedChild."""
    if is_sealed(person, staff):
        raise problems.SealedChild()
