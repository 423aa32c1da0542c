"""Visit records kept on paper or in a sheet come in through the register's door: who, which day, what came of it."""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.imports.rules.records import RecordRow, Verdict
from qiaomen.kernel import clock
from qiaomen.kernel.cells import parse_date
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import Visit

FIELDS: dict[str, Any] = {
    "visits.day": _("走访日期"), "visits.by": _("走访人"), "visits.outcome": _("走访结果"), "visits.said": _("走访内容"),
    "visits.trouble": _("存在问题"), "visits.done": _("处理措施"),
}  # fmt: skip
OUTCOME_TITLES = {
    "met": "见面", "no_answer": "无人应答", "refused": "拒访", "by_phone": "电话完成", "moved": "已迁出", "died": "已故",
    "wrong_address": "地址错误", "shortened": "见面（简短）",
}  # fmt: skip
SAID = (
    ("no_answer", "没人|无人|不在家|没在家|未见到|没见到|敲门未开"),
    ("refused", "拒访|拒绝走访|不愿开门|拒绝入户"),
    ("by_phone", "电话(联系|走访|完成|询问|了解|慰问|探访|沟通)|打电话|通过电话"),
)
"""What a record without a column of outcomes says of it; any other content was said by somebody who was met."""

SPACE = uuid.UUID("6f1f3a52-5a3e-5a8e-9c55-0f0c5b1f7a10")
"""The namespace of keys made of what a row says: the same row in next month's list is the same visit."""

LONGEST_NOTE = 2000
CHUNK = 500


def _outcome(values: Mapping[str, Any]) -> str:
    """Return the outcome a row tells, "" when it tells none."""
    if told := values.get("visits.outcome"):
        return str(told)
    said = "".join(str(values.get(code, "")) for code in ("visits.said", "visits.done"))
    return next((code for code, words in SAID if re.search(words, said)), "met" if said else "")


def _note(values: Mapping[str, Any], by_known: bool) -> str:
    parts = [str(values["visits.said"])] if values.get("visits.said") else []
    parts += [f"{FIELDS[code]}：{values[code]}" for code in ("visits.trouble", "visits.done") if values.get(code)]
    if values.get("visits.by") and not by_known:
        parts.append(f"走访人：{values['visits.by']}")
    return "；".join(parts)[:LONGEST_NOTE]


def _judge_one(row: RecordRow, staff: Mapping[str, Any], community: Organisation) -> Verdict:
    values = row.values
    day = parse_date(str(values.get("visits.day", "")))
    if day is None:
        written = values.get("visits.day")
        return Verdict(reason=f"走访日期“{written}”不是完整的日期" if written else "没有走访日期")
    if day > clock.today():
        return Verdict(reason=f"走访日期 {day} 还没有到")
    if row.dwelling is None:
        return Verdict(reason="这个人没有登记住址，走访记不到门上，请先补住址")
    outcome = _outcome(values)
    if not outcome:
        return Verdict(reason="没有写走访结果，也没有走访内容")
    by = str(values.get("visits.by", ""))
    note = _note(values, by in staff)
    key = uuid.uuid5(SPACE, "\t".join([str(community.pk), str(row.person), str(day), outcome, by, note]))
    shown = [("visits.day", str(day)), ("visits.outcome", OUTCOME_TITLES[outcome])]
    shown += [("visits.said", note)] if note else []
    record = {"day": day, "outcome": outcome, "note": note, "staff": staff.get(by)}
    return Verdict(key=key, shown=tuple(shown), record=record)


def judge_visits(community: Organisation, rows: Sequence[RecordRow]) -> list[Verdict]:
    """Give a verdict on each row: why not, recorded already, or new."""
    staff = {one.name: one.pk for one in Staff.objects.filter(organisation=community)}
    verdicts = [_judge_one(row, staff, community) for row in rows]
    keys = [one.key for one in verdicts if one.key]
    known = set()
    for start in range(0, len(keys), CHUNK):
        known |= set(Visit.objects.filter(pk__in=keys[start : start + CHUNK]).values_list("pk", flat=True))
    found, seen = list[Verdict](), dict[uuid.UUID, int]()
    for row, one in zip(rows, verdicts, strict=True):
        if one.key in known:
            one = Verdict(known=True)
        elif one.key in seen:
            one = Verdict(reason=f"与第 {seen[one.key]} 行一模一样")
        elif one.key:
            seen[one.key] = row.row_no
        found.append(one)
    return found


def kept_visits(keys: Sequence[uuid.UUID]) -> list[dict[str, str]]:
    """Say which visits an undo has kept: the door, the day, and where to look."""
    found = []
    for visit in Visit.objects.filter(pk__in=keys).select_related("dwelling").order_by("happened_at"):
        home = (
            visit.household_id or Household.objects.filter(dwelling=visit.dwelling).values_list("pk", flat=True).first()
        )
        day = visit.happened_at.astimezone(clock.SHANGHAI).date()
        title = f"{visit.dwelling.door_label} {day} {OUTCOME_TITLES[visit.outcome]}"
        found.append({"title": title, "url": reverse("register:household", args=[home]) if home else ""})
    return found
