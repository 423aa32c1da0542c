"""What the office has to do itself, what 今天 shows of it, and what it is called: staff, backup, ledgers, accounts."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    ANSWER_OWED,
    NICE,
    PROMISE_LATE,
    Act,
    Line,
    Name,
    News,
    Part,
    register_act,
    register_held,
    register_names,
    register_news,
    register_part,
)
from qiaomen.office import actions, disclosure, nightly
from qiaomen.office.access import below, communities_under, ledger_head
from qiaomen.office.accounts import people
from qiaomen.office.backups import backup
from qiaomen.office.handover import acts as handover
from qiaomen.office.models import (
    ROLES,
    Campaign,
    Handover,
    Job,
    LedgerEntry,
    LedgerHead,
    NightlyRun,
    Organisation,
    Staff,
)
from qiaomen.office.shared import bodies, campaigns

GIVEN_DAYS, MOST_GIVEN = 7, 20
"""So long, and so many, the county is told of accounts that were opened and codes that were given."""
KEEPER = "office.keep-children"
OUTSIDE = ("supervisor", "auditor", "admin")


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the office's own matters: the duty of 儿童主任, campaigns to agree to, bodies to ring, machines that fail."""
    if owner is not None:
        return _duties(community, owner)
    found = []
    if viewer.role in disclosure.READERS:
        found += [*_campaigns(community, viewer), *_stale_bodies(community, today)]
    if viewer.role == "head":
        found += [*_machines(community, today), *_stand_ins_gone(community, today)]
    return found


def _duties(community: Organisation, owner: UUID) -> list[Line]:
    keepers = Staff.objects.filter(pk=owner, keeps_children=True, is_active=True).select_related("organisation__parent")
    return [
        Line(
            "office.keeps-children",
            (Organisation.record_type, community.pk),
            _("儿童主任：看管不满 14 岁孩子的资料"),
            owner=(Staff.record_type, keeper.pk),
            url=reverse("office:duties"),
            act=KEEPER,
        )
        for keeper in keepers
        if keeper.community == community
    ]


def _campaigns(community: Organisation, viewer: Any) -> list[Line]:
    waiting = Campaign.objects.filter(community=community, state="asked").exclude(asked_by=viewer)
    return [
        Line(
            "office.campaign",
            (Campaign.record_type, campaign.pk),
            _("{who}提了专项工作“{title}”，等人同意").format(
                who=campaign.asked_by.name, title=campaigns.title_of(campaign)
            ),
            ANSWER_OWED,
            since=campaign.asked_at.astimezone(clock.SHANGHAI).date(),
            owner=(Organisation.record_type, community.pk),
            url=reverse("office:campaign", args=[campaign.pk]),
            act="office.decide-campaign",
        )
        for campaign in waiting.select_related("asked_by").order_by("asked_at", "pk")
    ]


def _stale_bodies(community: Organisation, today: date) -> list[Line]:
    stale = [body for body in bodies.bodies_of(community) if bodies.is_stale(body, today)]
    return [
        Line(
            "office.body",
            (body.record_type, body.pk),
            _("{name}的电话半年没有核实，打个电话问问").format(name=body.name),
            since=body.confirmed_on + timedelta(days=bodies.GOOD_FOR_DAYS),
            owner=(Organisation.record_type, community.pk),
            url=reverse("office:body", args=[body.pk]),
            act="office.confirm-body",
        )
        for body in stale
    ]


def _machines(community: Organisation, today: date) -> list[Line]:
    """Say what the machine did not do by itself: a backup that was restored, a nightly task."""
    office, found, state = (Organisation.record_type, community.pk), [], backup.state()
    if state.is_stale:
        since = state.at.astimezone(clock.SHANGHAI).date() if state.at else None
        text = (
            _("备份超过一天没有试着恢复过，请告诉系统管理员")
            if state.has_card
            else _("还没有备份：要先做恢复卡，请系统管理员运行 python -m qiaomen backup --card")
        )
        found.append(Line("office.backup", office, text, PROMISE_LATE, since=since, owner=office))
    for task in nightly.failed():
        text = _("每天自动做的“{title}”上一次没有做成，一小时后再试；明天还这样，请告诉系统管理员")
        found.append(Line("office.night", office, text.format(title=task.title), NICE, since=today, owner=office))
    return found


def _stand_ins_gone(community: Organisation, today: date) -> list[Line]:
    """Say who is away without anybody to do the work: whoever was to do it is gone, too."""
    return [
        Line(
            "office.stand-in",
            (Handover.record_type, absence.pk),
            _("{name}不在，代班的{who}也已经不在岗：请把手里的事交给别的同事").format(
                name=absence.staff.name, who=absence.stand_in.name if absence.stand_in else ""
            ),
            ANSWER_OWED,
            since=absence.from_date,
            owner=(Organisation.record_type, community.pk),
            url=reverse("office:handover", args=[absence.staff_id]),
        )
        for absence in handover.without_stand_in(community, today)
    ]


GIVEN = ("office.account-opened", "office.code-given", "office.account-reopened")
"""Whoever does one of these knows how to sign in as somebody: it is told to others."""


def _access_given(lines: QuerySet[LedgerEntry], most: int) -> list[dict[str, Any]]:
    """Return who opened whose account, or gave it a code, the newest first: two queries."""
    texts = {
        "office.account-opened": _("{who}给{name}开了账号"),
        "office.code-given": _("{who}给了{name}新的一次性密码"),
        "office.account-reopened": _("{who}重新启用了{name}的账号"),
    }
    rows = list(lines.filter(code__in=GIVEN).select_related("community").order_by("-at")[:most])
    named = {str(person.pk): person for person in Staff.objects.filter(pk__in={row.subject_id for row in rows})}
    return [
        {
            "at": row.at,
            "place": row.community,
            "text": texts[row.code].format(
                who=row.actor_name or _("系统管理员（命令行）"), name=named[row.subject_id].name
            ),
            "url": reverse("office:account", args=[row.subject_id]),
        }
        for row in rows
        if row.subject_id in named
    ]


def news_of(community: Organisation, viewer: Any, since: datetime, most: int) -> Iterable[News]:
    """Return to the head who was given access here, and which work stayed with a stand-in: three queries."""
    if viewer.role != "head":
        return []
    given = LedgerEntry.objects.filter(community=community, at__gte=since)
    told = [News(row["at"], row["text"], url=row["url"]) for row in _access_given(given, most)]
    return told + [
        News(
            absence.ended_at or since,
            _("{name}已经不在岗，代班到期，事情留在{who}手里").format(
                name=absence.staff.name, who=absence.stand_in.name if absence.stand_in else ""
            ),
            url=reverse("office:handover", args=[absence.stand_in_id]) if absence.stand_in_id else "",
        )
        for absence in handover.kept_by_stand_ins(community, since)[:most]
    ]


def _give_duty(line: Line, to: Staff, actor: Staff) -> None:
    assert line.owner is not None
    actions.name_child_keeper(staff=to, keeps=True, actor=actor)
    actions.name_child_keeper(staff=Staff.objects.get(pk=line.owner[1]), keeps=False, actor=actor)


def names_of(keys: Iterable[UUID], viewer: Any) -> dict[UUID, Name]:
    """Return the names of members of staff: one query."""
    return {key: Name(name) for key, name in Staff.objects.filter(pk__in=list(keys)).values_list("pk", "name")}


def brakes(viewer: Any, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return who was stopped for looking at too many people; polled, so the part is there without any."""
    if community is None:
        return {"brakes": disclosure.all_brakes(viewer), "county": True}
    return {"brakes": disclosure.brakes_in(community)}


def chain_head(viewer: Any, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return the head of the own ledger to be printed, and the good backup."""
    if community is None:
        return None
    state = backup.state()
    return {"ledger_head": ledger_head(community), "backup": None if state.is_stale else state}


def ledgers(viewer: Any, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return how each community's ledger stands: its last line, when it was last verified and whether it held."""
    last: dict[UUID, tuple[Any, dict[str, Any]]] = {}
    checks = LedgerEntry.objects.filter(code="office.ledger-verified", at__gte=clock.now() - timedelta(days=90))
    for home, at, detail in checks.order_by("at").values_list("community", "at", "detail"):
        last[home] = (at, detail)
    heads = LedgerHead.objects.select_related("community").filter(community__in=communities_under(viewer))
    rows = [
        {
            "community": head.community,
            "seq": head.seq,
            "holds": head.holds,
            "verified_at": last.get(head.community_id, (None, {}))[0],
            "ok": last.get(head.community_id, (None, {"ok": None}))[1].get("ok"),
        }
        for head in heads.order_by("community__code")
    ]
    return {"rows": rows}


def accounts(viewer: Any, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return the accounts by role, those nobody uses, and the health of what runs by itself."""
    kept = people.accounts_of(viewer).filter(is_active=True)
    counts = Counter(kept.values_list("role", flat=True))
    unused = people.Filter(state="unused").apply(kept).order_by("name", "pk")
    runs = {run.code: run for run in NightlyRun.objects.all()}
    failed = Job.objects.filter(failed=True, ended_at__gte=clock.now() - timedelta(days=7)).select_related("community")
    return {
        "roles": [{"title": title, "count": counts[role]} for role, title in ROLES.items()],
        "idle": people.rows_of(list(unused)),
        "tasks": [{"task": task, "run": runs.get(task.code)} for task in nightly.tasks()],
        "failed": list(failed.order_by("-ended_at")[:20]),
        "backup": backup.state(),
        "idle_days": people.UNUSED_DAYS,
        "given": _access_given(
            LedgerEntry.objects.filter(
                below(viewer.organisation, "community__"), at__gte=clock.now() - timedelta(days=GIVEN_DAYS)
            ),
            MOST_GIVEN,
        ),
    }


def communities(viewer: Any, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return the communities, each with what the houses offer of it to the public."""
    return {"communities": list(communities_under(viewer))}


register_act(Act(KEEPER, _lazy("看岗位"), "office:duties", reassign=_give_duty, title=_lazy("儿童主任"), lent=False))
register_act(
    Act(
        "office.decide-campaign",
        _lazy("去看"),
        "office:campaign",
        opens=True,
        allowed=lambda viewer: viewer.role in disclosure.READERS,
    )
)
register_act(
    Act(
        "office.confirm-body",
        _lazy("打过电话，都对"),
        "office:body-confirm",
        allowed=lambda viewer: viewer.role in disclosure.READERS,
    )
)
register_held("office", lines_held)
register_news("office", news_of)
register_names(Staff.record_type, names_of)
register_part(Part("office.brakes", "top", 10, "office/today_brakes.html", brakes, frozenset({"head", "admin"})))
register_part(Part("office.ledgers", "top", 20, "office/today_ledgers.html", ledgers, frozenset({"auditor"})))
register_part(Part("office.accounts", "top", 30, "office/today_accounts.html", accounts, frozenset({"admin"})))
register_part(Part("office.head", "foot", 90, "office/today_head.html", chain_head, frozenset({"head"})))
register_part(Part("office.communities", "foot", 80, "office/today_communities.html", communities, frozenset(OUTSIDE)))
