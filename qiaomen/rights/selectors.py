"""What a resident's own page shows: what is held, why and since when, and who looked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock, ledger_kinds
from qiaomen.kernel.lines import NEWS, Line, held_of, lines_of
from qiaomen.office import disclosure
from qiaomen.office.models import LedgerEntry, Staff
from qiaomen.register.lines.held import HELD
from qiaomen.register.models import Person
from qiaomen.register.selectors import packs
from qiaomen.rights.models import RightsRequest

PARTS = {
    "register": _lazy("登记了什么，为什么"),
    "groups": _lazy("在哪些服务对象里"),
    "visits": _lazy("走访"),
    "needs": _lazy("您说过的事"),
    "cases": _lazy("您的事怎么办的"),
}
"""What the parts of the page are called; a house that is not named here stands under 其他."""


def own_page(person: Person, staff: Staff) -> dict[str, Any]:
    """Return what every house holds on a person, why and since when, what is going on, and who looked or changed.

    For the person: their own data are named in full words, numbers stay masked (they know them; the paper may be lost).
    What is said of the household stands here, too, but for what somebody else in it told us or is about somebody else.
    Source: 个人信息保护法 第四十五条、第四十八条.
    """
    said = lines_of([person.household], staff, clock.today())
    return {
        "person": person,
        "held": [(PARTS.get(house, _("其他")), rows) for house, rows in held_of(person).items()],
        "lines": [line for line in said if _is_theirs(line, person)],
        "looks": looks_at(person),
        "requests": list(RightsRequest.objects.filter(person=person).order_by("-received_at")),
    }


def _is_theirs(line: Line, person: Person) -> bool:
    """Say whether a line is this person's to know; what they are stands above, under what is held."""
    if line.aspect == NEWS and line.subject[0] == Person.record_type:
        return False
    return person.pk in line.people or not (line.people or line.sealed)


def looks_at(person: Person, limit: int = 100) -> list[dict[str, Any]]:
    """Return the ledger lines about a person and their household: who, when, what, why; newest first."""
    apart = ledger_kinds.apart_of(person.pk, person.household_id)
    found = disclosure.lines_about(person.pk, person.household_id, *apart)
    entries = found.filter(community=person.community).order_by("-seq")
    return [
        {
            "at": entry.at,
            "who": entry.actor_name,
            "what": ledger_kinds.get(entry.code).sentence,
            "fields": field_words(entry),
            "reason": entry.why,
        }
        for entry in entries[:limit]
    ]


def field_words(entry: LedgerEntry) -> str:
    """Return the fields of a ledger line in words."""
    titles = {name: str(title) for name, title, _purpose in HELD} | {
        "note": _("走访内容"),
        "photo": _("照片"),
        "voice": _("录音"),
        "told_facts": _("记下的情况"),
        "group_choices": _("重点群体"),
        "words": _("说过的话"),
        "sentence": _("办理的经过"),
        "need_kind": _("诉求的类别"),
        "rights": _("资料申请"),
        "child_alone": _("只有孩子在家"),
    }
    known = packs.facts()
    words = [_(known[name].title) if name in known else titles.get(name, name) for name in entry.fields]
    return "、".join(dict.fromkeys(_("重点群体") if word.startswith("group:") else word for word in words))
