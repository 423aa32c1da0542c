"""Lists of cases, and what is late; one rule decides everywhere."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.rules import timing
from qiaomen.cases.selectors.near import near_by_household
from qiaomen.cases.selectors.sealed import is_inside, quiet_title, sealed_codes, shut_needs
from qiaomen.cases.selectors.standing_page import part_title, standing_page
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.texts import say_day
from qiaomen.kernel.timing import add_working_days
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import handling_title, kind_title
from qiaomen.office.access import staff_in
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.selectors import minors
from qiaomen.visits.models import Round

CHANGES = (
    *("closed", "solved", "not_solved"),
    *("recorded", "paused", "resumed", "extended", "referred", "replied", "chosen"),
)
"""Steps that changed how a case stands: of these only the last can be taken back."""
WRITTEN = ("step", "corrected")
"""Steps somebody wrote in words: they can be put right, and taken back at any time."""


def cases_in(community: Organisation) -> QuerySet[Case]:
    """Return a community's cases with what a row shows."""
    return Case.objects.filter(community=community).select_related("need__household__dwelling", "owner")


def under_way() -> Q:
    """The filter for cases somebody still works on."""
    return Q(state__in=timing.UNDER_WAY)


def late(today: date) -> Q:
    """The filter that is `timing.is_overdue` in the database; a test holds them together."""
    return under_way() & Q(due_on__lt=today)


def due_soon(today: date) -> Q:
    """The filter that is `timing.is_due_soon` in the database."""
    return under_way() & Q(due_on__gte=today, due_on__lte=add_working_days(today, timing.SOON_DAYS))


def waits(today: date) -> Q:
    """The filter for cases in which the office waits: paused, or the next step is somebody's outside."""
    return under_way() & (Q(waits=True) | Q(paused_until__gt=today))


def silent(today: date) -> Q:
    """The filter for cases of which nothing was written down for some days, and which do not wait for anybody."""
    since = datetime.combine(today - timedelta(days=timing.SILENT_DAYS - 1), time(), SHANGHAI)
    heard = CaseStep.objects.filter(case=OuterRef("pk"), at__gte=since)
    return under_way() & Q(opened_at__lt=since) & ~waits(today) & Q(~Exists(heard))


def _in_tab(tab: str, today: date) -> Q:
    tabs = {
        "under_way": under_way(),
        "offered": under_way() & Q(offered_to__isnull=False),
        "waiting": waits(today),
        "due_soon": due_soon(today),
        "late": late(today),
        "silent": silent(today),
        "callback": Q(state="closed"),
    }
    return tabs.get(tab, Q(state__in=["closed", "confirmed"]))


def tab_titles() -> dict[str, str]:
    """Return the tabs of the list with their titles, in their order."""
    return {
        "under_way": _("在办"),
        "offered": _("待接手"),
        "waiting": _("等别人"),
        "due_soon": _("将到期"),
        "late": _("逾期"),
        "silent": _("没有动静"),
        "callback": _("待回访"),
        "closed": _("已办结"),
    }


def tab_of(asked: str) -> str:
    """Return the tab that was asked for; the first where there is none of this name."""
    return asked if asked in tab_titles() else "under_way"


def counts_in(community: Organisation, tabs: Iterable[str], today: date, owner: Staff | None = None) -> dict[str, int]:
    """Return how many cases each tab holds: one query."""
    found = _of(owner, Case.objects.filter(community=community))
    return found.aggregate(**{tab: Count("pk", filter=_in_tab(tab, today)) for tab in tabs})


def listed(
    community: Organisation, tab: str, today: date, viewer: Staff, owner: Staff | None = None
) -> list[dict[str, Any]]:
    """Return the first 200 rows of one tab, the most pressing first; `owner`: only what this person holds."""
    order = "-closed_at" if tab == "closed" else "due_on"
    found = _of(owner, cases_in(community).filter(_in_tab(tab, today))).order_by(order, "pk")[:200]
    codes = sealed_codes()
    return [row_of(case, today, viewer, codes) for case in found]


def _of(owner: Staff | None, found: QuerySet[Case]) -> QuerySet[Case]:
    return found.filter(owner=owner) if owner is not None else found


def row_of(case: Case, today: date, viewer: Staff, codes: frozenset[str]) -> dict[str, Any]:
    """Return what a list shows of a case: what tells of health or money is 一件事 until it is opened. `codes`: the
    sealed procedures; `open`: whether the viewer may read whose matter it is.
    """
    return {
        "case": case,
        "open": case.procedure not in codes or is_inside(case, viewer),
        "kind": quiet_title(case.need, case.procedure in codes),
        "state": lane_title(case, today),
        "overdue": timing.is_overdue(case.state, case.due_on, today),
    }


def lane_title(case: Case, today: date) -> str:
    """Return the state in words, of a case under way whom it waits for."""
    if case.state in timing.UNDER_WAY:
        if case.paused_until and case.paused_until > today:
            return _("暂停到{day}").format(day=say_day(case.paused_until))
        if case.offered_to_id:
            return _("待同事接手")
        if case.waits:
            return _("在等外单位")
    return state_title(case)


def state_title(case: Case) -> str:
    """Return the state in words."""
    return {
        "open": _("在办"),
        "reopened": _("重新办理"),
        "closed": _("已办结，待居民答复"),
        "confirmed": _("居民说解决了"),
        "taken_back": _("已撤销：没有这件事"),
    }[case.state]


def heard_on(walk: Round, today: date, viewer: Staff) -> dict[str, Any]:
    """Return what a round heard: the numbers, and each need with its case, the holder and the day it is due; `open`:
    whether the viewer may read whose it is.
    """
    needs = Need.objects.filter(community=walk.community, visit__round=walk).select_related("household__dwelling")
    standing = cases_in(walk.community).filter(need__visit__round=walk).exclude(state="taken_back")
    cases, codes = {case.need_id: case for case in standing}, sealed_codes()
    shut = set(needs.filter(pk__in=shut_needs(viewer)).values_list("pk", flat=True))
    rows = [
        {
            "need": need,
            "open": need.pk not in shut,
            "kind": quiet_title(need, need.pk in shut),
            "handling": handling_title(need.handling),
            **(row_of(cases[need.pk], today, viewer, codes) if need.pk in cases else {}),
        }
        for need in needs.order_by("heard_at", "pk")
    ]
    way = sum(case.state in timing.UNDER_WAY for case in cases.values())
    return {
        "rows": rows,
        "heard": len(rows),
        "on_the_spot": len(rows) - len(cases),
        "under_way": way,
        "closed": len(cases) - way,
    }


def default_owner(
    need: Need, owners: list[Staff] | None = None, relatives: Mapping[UUID, set[UUID]] | None = None
) -> Staff:
    """Return who owns a new case: who heard it and said "mine"; what goes to the office is the head's to give out.

    A matter of a child under 14 goes to who may open it; one of a near relative goes to somebody else.

    `owners`: `possible_owners` of its community; `relatives`: near relatives of the office by household; None asks for
    them.
    """
    owners = possible_owners(need.community) if owners is None else owners
    near = near_of(need) if relatives is None else relatives.get(need.household_id, set())
    able = [staff for staff in owners if may_hold(need, staff)] or owners
    owners = [staff for staff in able if staff.pk not in near] or able
    if need.handling == "mine" and need.heard_by in owners:
        return need.heard_by
    heads = [staff for staff in owners if staff.role == "head"]
    return (heads or owners or [need.heard_by])[0]


def near_of(need: Need) -> set[UUID]:
    """Return who of the office is a near relative of somebody in the household of a need."""
    return near_by_household([need.household_id]).get(need.household_id, set())


def case_page(case: Case, today: date, viewer: Staff) -> dict[str, Any]:
    """Return what the page of one case shows, its history oldest first, with what its reader can put right."""
    found = list(case.steps.select_related("staff", "given_to", "offered_to", "body").order_by("at", "pk"))
    page = standing_page(case, found, today, viewer)
    back = {step.of_id for step in found if step.kind == "taken_back"}
    righted = {step.of_id for step in found if step.of_id is not None and step.pk not in back}
    changes = [step for step in found if step.kind in CHANGES and step.pk not in righted]
    free = {changes[-1].pk if changes else None, pending_offer(case, found)}
    stands = case.state != "taken_back"
    steps = [
        {
            "step": step,
            "title": part_title(page["procedure"], step) or step_title(step.kind),
            "to": step.given_to or step.offered_to or step.body,
            "righted": step.pk in righted,
            **_rights(step, viewer, free=stands and step.pk not in righted, last=free, near=page["is_near"]),
        }
        for step in found
    ]
    return {
        **row_of(case, today, viewer, frozenset()),
        **page,
        "kind": kind_title(case.need.kind),
        "steps": steps,
        "need": case.need,
        "under_way": case.state in timing.UNDER_WAY,
    }


def pending_offer(case: Case, steps: list[CaseStep]) -> int | None:
    """Return the step with which a colleague was asked who has not answered; `steps`: oldest first."""
    asked = [step for step in steps if step.kind == "offered" and step.offered_to_id == case.offered_to_id]
    return asked[-1].pk if asked and case.offered_to_id is not None else None


def _rights(step: CaseStep, viewer: Staff, *, free: bool, last: set[int | None], near: bool) -> dict[str, bool]:
    """Say what of a step this viewer can put right and take back: their own, the head everybody's.

    `last`: the changes on which nothing rests; `near`: a near relative takes nothing back but an offer.
    """
    mine = free and (step.staff_id == viewer.pk or viewer.role == "head")
    written = step.kind in WRITTEN
    barred = near and step.kind != "offered"
    return {"may_correct": mine and written, "may_take_back": mine and not barred and (written or step.pk in last)}


def step_title(kind: str) -> str:
    """Return the word for a step."""
    return {
        "opened": _("立项"),
        "step": _("办理"),
        "handed_over": _("转交"),
        "closed": _("办结，给居民的话"),
        "solved": _("居民说：解决了"),
        "not_solved": _("居民说：没有解决，重新办理"),
        "corrected": _("办理（更正）"),
        "taken_back": _("撤销"),
        "withdrawn": _("撤销：没有这件事"),
        "recorded": _("规程里的一步"),
        "paused": _("暂停，期限不走"),
        "resumed": _("接着办，期限接着走"),
        "extended": _("延期"),
        "referred": _("转给外单位"),
        "replied": _("外单位的答复"),
        "chosen": _("定了按哪个规程办"),
        "offered": _("请同事接手"),
        "accepted": _("接手了"),
        "declined": _("没有接手"),
    }[kind]


def may_hold(need: Need, staff: Staff) -> bool:
    """Say whether somebody can open, and so hold, a case of this need: one of a child is for named roles."""
    return need.person is None or not minors.is_sealed(need.person, staff)


def possible_owners(community: Organisation) -> list[Staff]:
    """Return who can own a case: the community's head and grid workers."""
    return list(staff_in(community, "head", "worker").order_by("role", "name"))
