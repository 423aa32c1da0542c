"""Matters that ran under a procedure in the last weeks: an errand, an application, a referral, a quarrel."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.office.access import staff_in
from qiaomen.office.models import Body, Organisation, Staff
from qiaomen.register.models import Household

BEGAN = 12
"""So many days before today they were heard."""
MATTERS = {
    "errand": ("errand", "errand", "腿不好，想请社区帮着把老年证补上。"),
    "dibao": ("benefit", "dibao", "男人病了以后家里没收入，想问能不能申请低保。"),
    "referral": ("repair", "general", "门口路灯归谁管，黑了半个月。"),
    "mediation": ("neighbours", "mediation", "和楼下因为漏水吵了几回。"),
}


def follow_procedures(community: Organisation, head: Staff, today: date) -> None:
    """Live through one matter of each kind, as far as it got by today."""
    found = Household.objects.filter(community=community, state="living", dwelling__isnull=False)
    homes = list(found.order_by("dwelling__walk_order", "pk")[3 : 3 + len(MATTERS)])
    if len(homes) < len(MATTERS):
        return
    for home, (name, (kind, procedure, words)) in zip(homes, MATTERS.items(), strict=True):
        with clock.at(moment(today, BEGAN)):
            _need, case = cases.receive_need(
                need_id=uuid.uuid5(home.pk, name),
                household=home,
                kind=kind,
                words=words,
                handling="office",
                origin="window",
                heard_at=clock.now(),
                heard_by=head,
                procedure=procedure,
            )
        assert case is not None
        LIVED[name](case, head, today)


def moment(today: date, days_ago: int) -> datetime:
    """Return the forenoon of a day before today."""
    return datetime.combine(today - timedelta(days=days_ago), time(9, 40), clock.SHANGHAI)


def _errand(case: Case, head: Staff, today: date) -> None:
    """A paper was missing for some days; a colleague is asked to go on with it."""
    with clock.at(moment(today, 11)):
        cases.record_part(case=case, actor=head, part="accept")
        until = clock.today() + timedelta(days=5)
        cases.pause_case(
            case=case, actor=head, kind="papers", until=until, reason="缺一张两寸照片，照好了打电话给我们。"
        )
    with clock.at(moment(today, 8)):
        cases.resume_case(case=case, actor=head, sentence="照片送来了。")
        cases.record_part(case=case, actor=head, part="send", number="柳湾窗口 0112")
    colleague = staff_in(case.community, "worker").order_by("login_name").first()
    if colleague is not None:
        with clock.at(moment(today, 1)):
            cases.offer_case(case=case, actor=head, to=colleague, sentence="取证这一趟你顺路。")


def _dibao(case: Case, head: Staff, today: date) -> None:
    """The street has looked into it; its opinion is posted."""
    for days, part, more in (
        (11, "hand_in", {}),
        (10, "accept", {"result": "accepted", "number": "柳湾低保受理 31"}),
        (5, "investigate", {}),
        (3, "post", {}),
    ):
        with clock.at(moment(today, days)):
            cases.record_part(case=case, actor=head, part=part, **more)


def _referral(case: Case, head: Staff, today: date) -> None:
    """It is the town's to mend: referred, and no answer yet."""
    body = Body.objects.filter(community=case.community, ended_at=None).order_by("name", "pk").first()
    if body is not None:
        with clock.at(moment(today, 9)):
            cases.refer_case(
                case=case, actor=head, body=body, sentence="路灯的事转给管的单位了，有答复告诉您。", agreed=True
            )


def _mediation(case: Case, head: Staff, today: date) -> None:
    """Both are willing, and each was heard."""
    with clock.at(moment(today, 10)):
        cases.record_part(case=case, actor=head, part="accept", result="agreed")
    with clock.at(moment(today, 6)):
        cases.record_part(case=case, actor=head, part="hear")


LIVED: dict[str, Callable[[Case, Staff, date], None]] = {
    "errand": _errand,
    "dibao": _dibao,
    "referral": _referral,
    "mediation": _mediation,
}
