"""What the page of a household and a resident's own page show; what is sealed stays masked until asked for."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.lines import Line, lines_of
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


def household_card(*, household: Household, staff: Staff) -> dict[str, Any]:
    """Return what the page of a household shows to this member of staff."""
    people = household.people.recorded().prefetch_related("told_facts")
    about: dict[Any, list[Line]] = {}
    for line in lines_of([household], staff, clock.today()):
        about.setdefault(line.subject, []).append(line)
    members = []
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
                "lines": [] if sealed else about.get((Person.record_type, person.pk), []),
                "id_no": "" if sealed else mask_id_no(person.id_no, beside_birthday=person.birth_date is not None),
                "phone": "" if sealed else mask_phone(person.phone),
                "revealable": revealable(facts),
            }
        )
    return {"household": household, "members": members, "dwelling": household.dwelling}


def timeline_of(household: Household, staff: Staff) -> list[dict[str, Any]]:
    """Return what happened to a household and its people, newest first."""
    people = {person.pk: person for person in household.people.all()}
    found = []
    for act in history_of([household.pk, *people]):
        touched = {change.row for change in act.changes.filter(row__in=list(people))}
        names = sorted(shown_name(people[pk], staff) for pk in touched)
        found.append(
            {
                "act": act,
                "word": ACT_WORDS.get(act.kind, act.kind),
                "people": names,
                "can_be_corrected": act.kind in LIVED,
                "homes": act.changes.filter(of_type="register.household").values("row").distinct().count()
                if act.kind == "grid"
                else 1,
            }
        )
    return found


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


def acts_of(household: Household) -> QuerySet[Act]:
    """Return the acts that worked on a household or its people: through its address no other is reached."""
    rows = [household.pk, *household.people.values_list("pk", flat=True)]
    return Act.objects.filter(pk__in=Change.objects.filter(row__in=rows).values("act"))


def history_of(rows: Iterable[UUID]) -> list[Act]:
    """Return the acts that worked on these rows, newest first."""
    acts = Act.objects.filter(changes__row__in=list(rows)).distinct().select_related("made_by", "undone_by")
    return list(acts.order_by("-made_at", "-id"))
