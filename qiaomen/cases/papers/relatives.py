"""Telling a relative how far a matter is: only by a consent that stands, and each time it is used is a line."""

from django.utils.translation import gettext as _

from qiaomen.cases.actions.steps import check_not_near
from qiaomen.cases.models import Case
from qiaomen.cases.problems import NotUnderWay
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.kernel import clock
from qiaomen.kernel.texts import say_day
from qiaomen.needs.models import Owed
from qiaomen.needs.selectors import plain_title
from qiaomen.office.models import Staff
from qiaomen.register.actions import person_facts
from qiaomen.register.models import Consent
from qiaomen.register.problems import NoConsent

PURPOSE = "tell_relative"


def consents_of(case: Case) -> list[Consent]:
    """Return by which consents a relative may be told of a case today; none for a matter of a whole household."""
    if case.need.person is None:
        return []
    standing = person_facts.consents_standing(case.need.person, clock.today())
    return list(standing.filter(purpose=PURPOSE).order_by("given_at"))


def tell_relative(*, case: Case, consent: Consent, actor: Staff) -> str:
    """Use a consent and return the text for the relative: the matter in plain words and how it stands, no illness.

    That there is a result is said as told to its person only once it was. Raises NoConsent where it is another
    person's, for another purpose, over or withdrawn; NearRelativeActs; NotUnderWay for a matter that was taken back.
    """
    check_not_near(case, actor)
    if case.state == "taken_back":
        raise NotUnderWay()
    if consent.person_id != case.need.person_id or consent.purpose != PURPOSE:
        raise NoConsent(name=consent.person.name)
    person_facts.use_consent(consent=consent, actor=actor)
    words = {"name": consent.person.name, "kind": plain_title(case.need.kind), "community": case.community.name}
    if case.state in UNDER_WAY:
        said = _("{name}托我们办的{kind}正在办，{day}前给回话。{community}").format(day=say_day(case.due_on), **words)
    elif _is_told(case):
        said = _("{name}托我们办的{kind}有结果了，已经告诉本人。{community}").format(**words)
    else:
        said = _("{name}托我们办的{kind}有结果了，正在告诉本人。{community}").format(**words)
    return f"{said} {case.community.telephone}".strip()


def _is_told(case: Case) -> bool:
    """Say whether its person was told how a matter ended: the sentence owed since then was said, or they answered."""
    told = Owed.objects.filter(need=case.need_id, made_at__gte=case.closed_at or case.opened_at, told_at__isnull=False)
    return case.state == "confirmed" or told.exists()
