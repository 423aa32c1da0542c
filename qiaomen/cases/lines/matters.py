"""What matters say of a household, what of them somebody has to do, and what they offer at a household and a round."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.cases import actions
from qiaomen.cases.models import Case
from qiaomen.cases.rules.timing import SILENT_DAYS, UNDER_WAY, goes_to_head
from qiaomen.cases.selectors import under_way
from qiaomen.cases.selectors.sealed import shut_to
from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    ANSWER_OWED,
    NICE,
    PROMISE_DUE,
    PROMISE_LATE,
    Act,
    Line,
    Link,
    outcome_of,
)
from qiaomen.kernel.texts import say_day
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import plain_title, title_for
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import Round

NOBODY = UUID(int=0)
"""Stands for a key in the address of a page, which is looked up once for many rows."""
SHOWN = (
    *(
        "state",
        "opened_at",
        "due_on",
        "closed_at",
        "outcome",
        "owner__name",
        "offered_to__name",
        "paused_until",
        "waits",
    ),
    *("need__kind", "need__handling", "need__person__birth_date", "need__household"),
)
DIGEST_FROM = 3
"""So many late or silent matters are worth a line of their own; of fewer each says it itself."""
OVER = ("confirmed", "taken_back")
"""States of which nothing is left to say or do; one the resident confirmed is told for a while as a kept promise."""
KEPT_DAYS = 90
"""So long a kept promise is worth a word at the door."""


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return how each matter of these households stands that the viewer may open: two queries."""
    recent = Q(state="confirmed", closed_at__date__gte=today - timedelta(days=KEPT_DAYS))
    mine = Case.objects.filter(~Q(state__in=OVER) | recent, need__household__in=households).exclude(
        pk__in=shut_to(viewer)
    )
    waiting = _unheard(Need.objects.filter(household__in=households))
    return [*_lines(mine, viewer, today), *(_unheard_line(need, viewer) for need in waiting)]


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the matters under way or waiting for the resident's word, and the needs nobody has: two queries."""
    mine = Case.objects.filter(~Q(state__in=OVER), community=community).exclude(pk__in=shut_to(viewer))
    if owner is not None:
        found = _said(mine.filter(Q(owner=owner) | Q(offered_to=owner)))
        lines = [_line(case, viewer, today, _page()) for case in found if case.owner_id == owner]
        return [*lines, *(_offer_line(case, viewer) for case in found if case.offered_to_id == owner)]
    found = _said(mine)
    lines = [_line(case, viewer, today, _page()) for case in found]
    lines += [_offer_line(case, viewer) for case in found if case.offered_to_id]
    waiting = _unheard(Need.objects.filter(community=community))
    return [*lines, *(_unheard_line(need, viewer) for need in waiting), *_digest(community, found, viewer, today)]


def _said(cases: QuerySet[Case]) -> list[Case]:
    found = (
        cases.select_related("need__person", "owner", "offered_to")
        .annotate(last_step=Max("steps__at"))
        .order_by("due_on", "pk")
    )
    return list(found.only(*SHOWN))


def _page() -> str:
    return reverse("cases:detail", args=[NOBODY])


def _lines(cases: QuerySet[Case], viewer: Any, today: date) -> list[Line]:
    page = _page()
    return [_line(case, viewer, today, page) for case in _said(cases)]


def _digest(community: Organisation, cases: list[Case], viewer: Any, today: date) -> list[Line]:
    """Say to the head in one line a day what went past its day or lies silent: matters and clocks, nobody's name."""
    if viewer.role != "head":
        return []
    days = [case.due_on for case in cases if goes_to_head(case.state, case.due_on, today)]
    late = len(days)
    quiet = sum(_is_silent(case, today) for case in cases)
    if late + quiet < DIGEST_FROM:
        return []
    said = [_("逾期 {n} 件").format(n=late)] if late else []
    said += [_("{days} 天没有动静 {n} 件").format(days=SILENT_DAYS, n=quiet)] if quiet else []
    return [
        Line(
            "cases.digest",
            (Organisation.record_type, community.pk),
            _("{what}，先问缺什么").format(what=_("，").join(said)),
            ANSWER_OWED,
            since=min(days, default=today),
            owner=(Organisation.record_type, community.pk),
            url=f"{reverse('cases:list')}?tab={'late' if late else 'silent'}",
        )
    ]


def _offer_line(case: Case, viewer: Any) -> Line:
    """Say to a colleague that they are asked to take a matter over, to others whom was asked."""
    kind, fields = title_for(case.need, viewer)
    asked = case.offered_to
    mine = asked is None or asked.pk == viewer.pk
    text = _("{who}请您接手：{kind}，{day}前办好") if mine else _("{who}请{to}接手：{kind}，{day}前办好")
    return Line(
        "cases.offered",
        (Case.record_type, case.pk),
        text.format(who=case.owner.name, to=asked and asked.name, kind=kind, day=say_day(case.due_on)),
        ANSWER_OWED,
        case.due_on,
        owner=(Staff.record_type, case.offered_to_id or case.owner_id),
        url=_page().replace(str(NOBODY), str(case.pk)) if viewer.role in READERS else "",
        fields=fields,
        household=case.need.household_id,
        people=(case.need.person_id,) if case.need.person_id else (),
        act="cases.take",
    )


def _is_silent(case: Case, today: date) -> bool:
    """Say whether nothing was written down for some days of a matter that waits for nobody outside."""
    return case.state in UNDER_WAY and not _stands_still(case, today) and _quiet_days(case, today) >= SILENT_DAYS


def _stands_still(case: Case, today: date) -> bool:
    return case.waits or (case.paused_until is not None and case.paused_until > today)


def _unheard(needs: QuerySet[Need]) -> Iterable[Need]:
    """Return the needs that were taken on and that nobody has: no case was opened for them."""
    waiting = needs.exclude(handling="on_the_spot").exclude(pk__in=Case.objects.values("need"))
    return waiting.select_related("person").defer("words").order_by("heard_at", "pk")


def _line(case: Case, viewer: Any, today: date, page: str) -> Line:
    (kind, fields), aloud = title_for(case.need, viewer), plain_title(case.need.kind)
    code, weight, due_on, text, spoken = _state(case, today)
    return Line(
        f"cases.{code}",
        (Case.record_type, case.pk),
        text.format(kind=kind, day=say_day(due_on), who=case.owner.name, n=_days(case, code, today)),
        weight,
        due_on if weight > NICE else None,
        since=_day(case.opened_at),
        owner=(Staff.record_type, case.owner_id) if weight > NICE else None,
        url=page.replace(str(NOBODY), str(case.pk)) if viewer.role in READERS else "",
        spoken=spoken.format(kind=aloud, day=say_day(due_on)),
        fields=fields,
        household=case.need.household_id,
        people=(case.need.person_id,) if case.need.person_id else (),
        promised=True,
        urgent=case.need.handling == "urgent" and case.state in UNDER_WAY,
        act="cases.ask" if code == "answer-owed" else "cases.work",
    )


def _state(case: Case, today: date) -> tuple[str, int, date, str, str]:
    """Return the code, the weight, the day, what the desk reads and what is said at the door."""
    if case.state not in UNDER_WAY:
        return _ended_state(case)
    if case.due_on < today:
        text = _("{kind}答应{day}前办好，晚了 {n} 天（{who}在办）")
        return "late", PROMISE_LATE, case.due_on, text, _("您说的{kind}还没办好，是我们晚了。")
    spoken = _("您说的{kind}正在办，{day}前给您回话。")
    if case.paused_until is not None and case.paused_until > today:
        text = _("{kind}暂停到{until}，{day}前办好（{who}在办）").replace("{until}", say_day(case.paused_until))
        return "paused", PROMISE_DUE, case.due_on, text, spoken
    if _is_silent(case, today):
        text = _("{kind}答应{day}前办好，{n} 天没有进展（{who}在办）")
        return "silent", PROMISE_DUE, case.due_on, text, spoken
    return "due", PROMISE_DUE, case.due_on, _("{kind}答应{day}前办好（{who}在办）"), spoken


def _ended_state(case: Case) -> tuple[str, int, date, str, str]:
    """The same of a matter that was closed: one that could not be done is nowhere told as done."""
    closed, known = _day(case.closed_at or case.opened_at), outcome_of(case.outcome)
    done = known is None or known.is_done
    if case.state == "confirmed":
        text = _("{kind}，{day}办好，居民说解决了") if done else _("{kind}没能办成，{day}讲清了原因，居民说清楚了")
        return "kept", NICE, closed, text, ""
    by = closed + timedelta(days=actions.ASK_WITHIN_DAYS)
    if done:
        text, spoken = _("{kind}办好了，{day}前问问解决没有（{who}）"), _("您说的{kind}办好了，现在怎么样？")
    else:
        text = _("{kind}没能办成，讲了原因，{day}前问问居民怎么说（{who}）")
        spoken = _("您说的{kind}这次没能办成，来听听您怎么说。")
    return "answer-owed", ANSWER_OWED, by, text, spoken


def _days(case: Case, code: str, today: date) -> int:
    return _quiet_days(case, today) if code == "silent" else (today - case.due_on).days


def _quiet_days(case: Any, today: date) -> int:
    return (today - _day(case.last_step or case.opened_at)).days


def _day(moment: Any) -> date:
    found: date = moment.astimezone(clock.SHANGHAI).date()
    return found


def _unheard_line(need: Need, viewer: Any) -> Line:
    (kind, fields), aloud = title_for(need, viewer), plain_title(need.kind)
    return Line(
        "cases.unheard",
        (Need.record_type, need.pk),
        _("{day}说的{kind}还没有人接").format(day=say_day(_day(need.heard_at)), kind=kind),
        ANSWER_OWED,
        since=_day(need.heard_at),
        owner=(Organisation.record_type, need.community_id),
        url=reverse("needs:list") if viewer.role in READERS else "",
        spoken=_("您说的{kind}我们记着，这两天有人跟您联系。").format(kind=aloud),
        fields=fields,
        household=need.household_id,
        people=(need.person_id,) if need.person_id else (),
    )


def _may_work(viewer: Any) -> bool:
    return viewer.role in READERS


def give_matter(line: Line, to: Staff, actor: Staff) -> None:
    """Give a matter to a colleague; one that waits for the resident's word goes along with its owner.

    A matter of which two lines speak goes over once.
    """
    case = Case.objects.get(pk=line.subject[1])
    if case.owner_id != to.pk:
        actions.inherit(case=case, actor=actor, owner=to)


def _ask_another(line: Line, to: Staff, actor: Staff) -> None:
    """Ask somebody else to take a matter over, in the place of a colleague who leaves."""
    actions.offer_on(case=Case.objects.get(pk=line.subject[1]), actor=actor, to=to)


def at_household(household: Household, viewer: Any) -> list[Link]:
    """Offer to hear a need, and to register that a near relative lives here."""
    if viewer.role == "volunteer":
        return []
    return [
        Link(10, _("记一件诉求"), reverse("cases:hear", args=[household.pk]), primary=True),
        Link(95, _("这户有我的近亲属"), reverse("cases:near-of", args=[household.pk]), seldom=True),
    ]


def at_round(walked: Round, viewer: Any) -> list[Link]:
    """Offer what was heard on a round."""
    if viewer.role == "volunteer":
        return []
    return [Link(10, _("这一轮听到的事"), reverse("cases:heard-on", args=[walked.pk]), frame="heard-on")]


WORK = Act(
    "cases.work",
    _lazy("办理"),
    "cases:detail",
    opens=True,
    allowed=_may_work,
    reassign=give_matter,
    title=_lazy("在办的事"),
)
ASK = Act(
    "cases.ask",
    _lazy("记答复"),
    "cases:detail",
    opens=True,
    allowed=_may_work,
    reassign=give_matter,
    title=_lazy("等居民答复的事"),
)

TAKE = Act(
    "cases.take",
    _lazy("看一看"),
    "cases:detail",
    opens=True,
    allowed=_may_work,
    reassign=_ask_another,
    title=_lazy("请他接手的事"),
)


def at_staff(staff: Staff, viewer: Any) -> list[Link]:
    """Offer the list of what somebody holds: an account is not closed over it unseen."""
    if viewer.community is None or viewer.community != staff.community:
        return []
    held = Case.objects.filter(under_way(), owner=staff).count()
    if not held:
        return []
    return [Link(10, _("手上 {n} 件事没有办完").format(n=held), f"{reverse('cases:list')}?owner={staff.pk}")]
