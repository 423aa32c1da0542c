"""What the page of a household and a resident's own page show; what is sealed stays masked until asked for."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.kernel.lines import ASK, DUE, MATTER, NEWS, SAID, WISH, Line, by_aspect
from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.office.models import Staff
from qiaomen.register.models import Act, Change, Household, Person
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.minors import is_sealed, shown_name

STATE_WORDS = {"away": _lazy("已搬走，户口在"), "left": _lazy("已迁出"), "died": _lazy("已故")}
LIVED = (
    "moved_out",
    "moved_within",
    "moved_in",
    "born",
    "married",
    "died",
    "split",
    "head_changed",
    "family_parted",
    "came_back",
)
"""Acts with a form of their own, by which they are corrected."""
ACT_WORDS = {
    "import": _lazy("名册导入"),
    "moved_out": _lazy("搬走"),
    "moved_within": _lazy("在社区内搬家"),
    "moved_in": _lazy("搬入"),
    "born": _lazy("出生"),
    "married": _lazy("结婚入户"),
    "died": _lazy("去世"),
    "split": _lazy("分户"),
    "head_changed": _lazy("换户主"),
    "family_parted": _lazy("分开生活"),
    "came_back": _lazy("迁回"),
    "corrected": _lazy("更正资料"),
    "merged": _lazy("合并重复"),
    "told": _lazy("记下情况"),
    "grid": _lazy("台账批量修改"),
    "grouped": _lazy("加入或移出群体"),
    "household_added": _lazy("登记了一户"),
    "places_added": _lazy("添加地址"),
    "door_split": _lazy("一扇门分成两扇"),
    "doors_joined": _lazy("两扇门合成一扇"),
}


def facts_of(person: Person, *, sealed: bool) -> list[dict[str, Any]]:
    """Return what was told of a person: fact, words, since when; a sensitive value only says that it is known.

    `sealed`: the record is sealed to the reader, who sees nothing of it.
    """
    if sealed:
        return []
    known, found = packs.facts(), []
    for row in person.told_facts.all():
        fact = known.get(row.code)
        if fact is None or row.to_date is not None:
            continue
        plain = fact.sensitivity == "plain"
        found.append(
            {"fact": fact, "words": packs.say(fact, fact.read(row.value)) if plain else "", "since": row.from_date}
        )
    order = {code: n for n, code in enumerate(known)}
    return sorted(found, key=lambda fact: order[fact["fact"].code])


def revealable(facts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what can be shown once with a reason: identity number, telephone, and the sensitive facts known."""
    sensitive = [fact["fact"] for fact in facts if fact["fact"].sensitivity != "plain"]
    return [
        ("id_no", _("身份证号")),
        ("phone", _("电话")),
        *((fact.code, _(fact.title)) for fact in sensitive),
    ]


PARTS = {
    DUE: _lazy("为什么来"),
    MATTER: _lazy("没办完的事"),
    SAID: _lazy("上次"),
    WISH: _lazy("怎么上门"),
    ASK: _lazy("问一问"),
    NEWS: _lazy("近来"),
}
"""What whoever stands before the door needs, in this order."""


def household_card(*, household: Household, staff: Staff, lines: list[Line]) -> dict[str, Any]:
    """Return what the page of a household shows to this member of staff: the door first, then everybody in it.

    `lines`: what the houses say of the household to this reader; what is no more than news of one person stands beside
    that person.
    """
    people = household.people.recorded().prefetch_related("told_facts")
    beside: dict[Any, list[Line]] = {}
    for line in lines:
        if _is_beside(line):
            beside.setdefault(line.subject, []).append(line)
    members: list[dict[str, Any]] = []
    for person in people.order_by("-is_head", "birth_date", "name"):
        sealed = is_sealed(person, staff)
        facts = [] if staff.role == "volunteer" else facts_of(person, sealed=sealed)
        members.append(
            {
                "state": STATE_WORDS.get(person.state, ""),
                "person": person,
                "sealed": sealed,
                "facts": facts,
                "name": shown_name(person, staff),
                "lines": [] if sealed else beside.get((Person.record_type, person.pk), []),
                "id_no": "" if sealed else mask_id_no(person.id_no, beside_birthday=person.birth_date is not None),
                "phone": "" if sealed else mask_phone(person.phone),
                "revealable": revealable(facts),
            }
        )
    parts = by_aspect(line for line in lines if not _is_beside(line))
    return {
        "household": household,
        "members": members,
        "dwelling": household.dwelling,
        "who": [_who(member) for member in members if member["person"].state == "living"],
        "parts": [_part(code, parts[code]) for code in PARTS if code in parts],
    }


def _part(code: str, lines: list[Line]) -> dict[str, Any]:
    """Return one part of the page; `private`: it is not for paper, for its questions are on health, income or aid."""
    private = code == ASK and all(line.sealed for line in lines)
    return {"code": code, "title": PARTS[code], "lines": lines, "private": private}


def _is_beside(line: Line) -> bool:
    """Say whether a line only says what one person is: what is worth saying at the door stands on top."""
    return line.aspect == NEWS and line.subject[0] == Person.record_type and not line.spoken


def _who(member: dict[str, Any]) -> dict[str, Any]:
    person = member["person"]
    age = None if member["sealed"] else age_on(person.birth_date, clock.today())
    relation = person.relation or (_("户主") if person.is_head else "")
    return {"name": member["name"], "age": age, "relation": relation}


def newcomer_of(act: Act) -> Person | None:
    """Return the person an act brought into the register."""
    made = [change.row for change in act.changes.filter(of_type="register.person") if not change.before]
    return Person.objects.filter(pk__in=made).first()


def answers_in(act: Act) -> dict[str, Any]:
    """Return what was filled in on the form of an act, by field, so that a correction starts there; no sealed
    number.
    """
    people = list(Person.objects.filter(pk__in=act.changes.filter(of_type="register.person").values("row")))
    new = newcomer_of(act)
    joined = {name: getattr(new, name) for name in ("name", "relation", "sex", "birth_date")} if new else {}
    return {
        "on_date": act.on_date,
        "reason": act.reason,
        "people": people,
        "person": next(iter(people), None),
        **joined,
    }


def entered_at(act: Act, changes: Iterable[Change]) -> set[UUID]:
    """Return the household at which an act was entered, and where its correction begins.

    It is one that the act touched and did not make, and that nobody left by joining another one. `changes`: those of
    the act, at least of its households and people.
    """
    touched, others = set[UUID](), set[UUID]()
    for change in changes:
        if change.of_type == Household.record_type:
            (touched if change.before else others).add(change.row)
        elif change.of_type == Person.record_type and act.kind != "split":
            left = json.loads(change.before or "{}").get("household_id")
            others |= {UUID(left)} if left else set()
    return touched - others


def acts_of(household: Household) -> QuerySet[Act]:
    """Return the acts that worked on a household or its people: through its address no other is reached."""
    rows = [household.pk, *household.people.values_list("pk", flat=True)]
    return Act.objects.filter(pk__in=Change.objects.filter(row__in=rows).values("act"))
