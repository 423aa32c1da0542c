"""What happened in the register to a household and its people: moves, births, and what was put right, old → new."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel.lines import MOST_MOMENTS, Link, Moment
from qiaomen.kernel.masking import HIDDEN
from qiaomen.office.models import Staff
from qiaomen.register.lines.held import HELD
from qiaomen.register.models import Act, Change, Household, Person, ToldFact
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.fields import COLUMNS
from qiaomen.register.selectors.household_page import ACT_WORDS, LIVED, entered_at
from qiaomen.register.selectors.minors import is_sealed, shown_name

TITLES: dict[str, Any] = {name: title for name, title, _purpose in HELD} | {
    "head_name": _lazy("户主"),
    "household_no": _lazy("户号"),
    "registered_place": _lazy("户口地址"),
}
SEXES = {"male": _lazy("男"), "female": _lazy("女")}
Changed = tuple[Any, str, str]


def moments_of(household: Household, viewer: Staff) -> list[Moment]:
    """Return the latest acts on a household and its people, each with what it changed: five queries."""
    people = {person.pk: person for person in household.people.defer("id_no", "phone")}
    told = {fact.pk: fact for fact in ToldFact.objects.filter(person__in=people)}
    rows = {household.pk, *people, *told}
    found = Act.objects.filter(changes__row__in=rows).distinct().select_related("made_by", "undone_by")
    acts = list(found.order_by("-made_at", "-id")[:MOST_MOMENTS])
    changes: dict[UUID, list[Change]] = defaultdict(list)
    lived = Q(act__kind__in=LIVED, of_type__in=(Household.record_type, Person.record_type))
    for change in Change.objects.filter(Q(row__in=rows) | lived, act__in=acts).order_by("id"):
        changes[change.act_id].append(change)
    homes = _homes_in(acts)
    entered = {act.pk for act in acts if household.pk in entered_at(act, changes[act.pk])}
    mine = {act.pk: [change for change in changes[act.pk] if change.row in rows] for act in acts}
    tell = _Teller(viewer, people, told, entered)
    return [tell.moment(household, act, mine[act.pk], homes.get(act.pk, 1)) for act in acts]


def _homes_in(acts: Iterable[Act]) -> dict[UUID, int]:
    """Return how many households each act of the grid changed, so that nobody takes back more than they mean."""
    rows = Change.objects.filter(act__in=[act for act in acts if act.kind == "grid"], of_type=Household.record_type)
    return dict(rows.values_list("act").annotate(homes=Count("row", distinct=True)).order_by())


class _Teller:
    """Says acts in words, to one reader. `entered`: the acts entered at the household, which are corrected there."""

    def __init__(
        self, viewer: Staff, people: dict[UUID, Person], told: dict[UUID, ToldFact], entered: set[UUID]
    ) -> None:
        self.viewer, self.people, self.told, self.entered = viewer, people, told, entered

    def moment(self, household: Household, act: Act, changes: list[Change], homes: int) -> Moment:
        """Return one act as it stands in the timeline."""
        touched = dict.fromkeys(person for change in changes if (person := self._person_in(change)) is not None)
        names = sorted(shown_name(person, self.viewer) for person in touched)
        day = _("{day}起").format(day=packs.say_date(act.on_date)) if act.on_date else ""
        who = (_("由 {who} 撤销：{why}").format(who=act.undone_by.name, why=act.undo_reason)) if act.undone_by else ""
        return Moment(
            act.made_at,
            ACT_WORDS.get(act.kind, act.kind),
            " · ".join(text for text in (day, "、".join(names), act.reason) if text),
            act.made_by.name if act.made_by else "",
            changes=tuple(self._changes(changes)) if act.undone_at is None else (),
            undone=who,
            links=self._links(household, act),
            undo=self._undo(household, act, homes),
            household=household.pk,
        )

    def _links(self, household: Household, act: Act) -> tuple[Link, ...]:
        if act.undone_at is not None or act.kind not in LIVED or act.pk not in self.entered:
            return ()
        url = reverse("register:life", args=[household.pk, act.kind])
        return (Link(10, _("更正这一次"), f"{url}?corrects={act.pk}"),)

    def _undo(self, household: Household, act: Act, homes: int) -> tuple[str, Any] | None:
        if act.undone_at is not None or act.kind == "import":
            return None
        label = _("撤销这一批（共 {homes} 户）").format(homes=homes) if homes > 1 else _("撤销")
        return reverse("register:undo", args=[household.pk, act.pk]), label

    def _person_in(self, change: Change) -> Person | None:
        fact = self.told.get(change.row)
        return self.people.get(fact.person_id if fact is not None else change.row)

    def _changes(self, changes: list[Change]) -> Iterator[Changed]:
        """Yield what was put right, as far as it may be read: a sealed value stays hidden, so does all of a sealed
        child.
        """
        for change in changes:
            person = self._person_in(change)
            if person is not None and is_sealed(person, self.viewer):
                continue
            if change.row in self.told:
                yield from self._told(change, self.told[change.row])
            elif change.before not in ("", "{}"):
                yield from self._columns(change)

    def _columns(self, change: Change) -> Iterator[Changed]:
        before, after = json.loads(change.before), json.loads(change.after or "{}")
        for name, title in TITLES.items():
            if name not in after:
                continue
            if COLUMNS.get(name) in ("id_no", "phone"):
                yield title, HIDDEN, HIDDEN
            elif before.get(name) != after[name]:
                old, new = (str(SEXES.get(value, value) or "—") for value in (before.get(name), after[name]))
                yield title, old, new

    def _told(self, change: Change, row: ToldFact) -> Iterator[Changed]:
        fact = packs.facts().get(row.code)
        kept = json.loads(change.after or "{}")
        if fact is None or (change.before and not {"value", "to_date"} & set(kept)):
            return
        new = kept.get("value", row.value if not change.before else "")
        old = json.loads(change.before or "{}").get("value", "" if not change.before else row.value)
        if fact.sensitivity != "plain":
            yield _(fact.title), HIDDEN if old else "—", HIDDEN if new else "—"
        else:
            before, after = (packs.say(fact, fact.read(text)) if text else "—" for text in (old, new))
            yield _(fact.title), before, after
