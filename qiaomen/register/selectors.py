"""Finding people and doors, and what a household page and a building page show."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.office.models import Organisation
from qiaomen.register import history
from qiaomen.register.models import (
    Act,
    Building,
    Dwelling,
    Household,
    ImportBatch,
    Person,
    Registration,
    Residence,
)


@dataclass(frozen=True)
class Hit:
    """One answer of the search box."""

    kind: str
    id: str
    title: str
    subtitle: str
    url: str


def _door_text(text: str) -> str | None:
    """Return a door label tail for 3-2-501, 3单元402, 3号楼2单元501室; None when it is no door."""
    folded = re.sub(r"(号楼|栋|幢|单元|#)", "-", re.sub(r"(室|号|户)$", "", text.strip()))
    return folded if re.fullmatch(r"(\d+[A-Za-z]?-){1,2}\d{2,4}[A-Za-z]?", folded) else None


def search(*, community: Organisation, text: str, limit: int = 20) -> list[Hit]:
    """Return people and doors of one community for whatever is known: name part, pinyin, initials, tails, door."""
    text = text.strip()
    if not text:
        return []
    if door := _door_text(text):
        dwellings = Dwelling.objects.filter(community=community).filter(
            Q(door_label=door) | Q(door_label__endswith="-" + door)
        )
        people = Person.objects.filter(household__dwelling__in=dwellings, is_head=True)
    else:
        low = text.lower().replace(" ", "")
        match = Q(name__contains=text) | Q(id_no_bi=text) | Q(phone_bi=text)
        if low.isascii() and low.isalpha():
            match |= Q(name_pinyin__startswith=low) | Q(name_initials__startswith=low)
        if re.fullmatch(r"\d{3}[\dXx]", text):
            match |= Q(phone_tail4=text) | Q(id_tail4=text.upper())
        people = Person.objects.filter(match)
    people = (
        people.filter(community=community)
        .exclude(state="merged")
        .select_related("household__dwelling__entrance__building__compound")
    )
    return [_hit(person) for person in people.order_by("name", "id")[:limit]]


def _hit(person: Person) -> Hit:
    dwelling = person.household.dwelling
    where = f"{dwelling.entrance.building.compound.name} {dwelling.door_label}" if dwelling else _("没有住址")
    subtitle = " · ".join(part for part in (where, person.relation, mask_phone(person.phone)) if part)
    url = reverse("register:household", args=[person.household_id])
    return Hit("person", str(person.pk), person.name, subtitle, url)


STATE_WORDS = {"away": _lazy("已搬走，户口在"), "left": _lazy("已迁出"), "died": _lazy("已故")}


def household_card(*, household: Household) -> dict[str, Any]:
    """Return what the page of a household shows; sealed fields masked."""
    people = household.people.exclude(state="merged").order_by("-is_head", "birth_date", "name")
    members = [
        {
            "state": STATE_WORDS.get(person.state, ""),
            "person": person,
            "id_no": mask_id_no(person.id_no),
            "phone": mask_phone(person.phone),
        }
        for person in people
    ]
    return {"household": household, "members": members, "dwelling": household.dwelling}


def totals_as_at(community: Organisation, day: date) -> dict[str, Any]:
    """Return who lived here on a day: households and people, by origin and by status; the parts add up to the whole."""
    stays = Residence.objects.filter(history.open_on(day), dwelling__community=community).exclude(
        person__state="merged"
    )
    living = Registration.objects.filter(history.open_on(day), person__in=stays.values("person"))
    by = {
        name: list(
            living.values(f"household__{column}")
            .annotate(households=Count("household", distinct=True), people=Count("person", distinct=True))
            .order_by(f"household__{column}")
            .values_list(f"household__{column}", "households", "people")
        )
        for name, column in (("town", "origin_town"), ("village", "origin_village"), ("lifted_out", "lifted_out"))
    }
    people = stays.values("person").distinct().count()
    registered = living.values("person").distinct().count()
    return {
        "day": day,
        "households": living.values("household").distinct().count(),
        "people": people,
        "unregistered": people - registered,
        "by": by,
    }


ACT_WORDS = {
    "import": _lazy("名册导入"), "moved_out": _lazy("搬走"), "moved_within": _lazy("在社区内搬家"), "moved_in": _lazy("搬入"),
    "born": _lazy("出生"), "married": _lazy("结婚入户"), "died": _lazy("去世"), "split": _lazy("分户"),
    "head_changed": _lazy("换户主"), "family_parted": _lazy("分开生活"), "corrected": _lazy("更正资料"), "merged": _lazy("合并重复"),
    "told": _lazy("记下情况"),
}  # fmt: skip


def timeline_of(household: Household) -> list[dict[str, Any]]:
    """Return what happened to a household and its people, newest first, with what changed field by field."""
    rows = [household.pk, *household.people.values_list("pk", flat=True)]
    names = {pk: name for pk, name in household.people.values_list("pk", "name")}
    found = []
    for act in history.history_of(rows):
        of_people = [one for one in act.changes.filter(row__in=rows) if one.row in names]
        people = sorted({names[one.row] for one in of_people})
        found.append({"act": act, "word": ACT_WORDS.get(act.kind, act.kind), "people": people})
    return found


def told_in(act: Act) -> dict[str, Any]:
    """Return what the form of an act was told, as far as a correction should start from it."""
    changes = list(act.changes.filter(table="person"))
    people = list(Person.objects.filter(pk__in=[one.row for one in changes]))
    made = {one.row for one in changes if not one.before}
    new = next((person for person in people if person.pk in made), None)
    joined = (
        {name: getattr(new, name) for name in ("name", "relation", "sex", "birth_date", "phone", "id_no")}
        if new
        else {}
    )
    return {
        "on_date": act.on_date,
        "reason": act.reason,
        "people": people,
        "person": next(iter(people), None),
        **joined,
    }


def buildings_of(community: Organisation) -> list[Building]:
    """Return the buildings in the order of compound and number, with their number of doors."""
    found = Building.objects.filter(community=community).select_related("compound")
    return list(found.annotate(door_total=Count("entrances__dwellings")).order_by("compound__name", "order", "name"))


def totals_of(community: Organisation) -> dict[str, Any]:
    """Return how much is known: households, people, doors, and the last roster."""
    return {
        "households": Household.objects.filter(community=community, state="living").count(),
        "people": Person.objects.filter(community=community, state="living").count(),
        "doors": Dwelling.objects.filter(community=community).count(),
        "last_import": ImportBatch.objects.filter(community=community).defer("workbook").order_by("-made_at").first(),
    }


@dataclass(frozen=True)
class Mark:
    """What a door shows: a sign, a word and a colour class, so that it reads in grey and aloud."""

    sign: str
    word: Any
    css: str


@dataclass(frozen=True)
class Tile:
    """One door in the picture."""

    x: int
    y: int
    room: str
    head: str
    mark: Mark
    url: str


@dataclass(frozen=True)
class Elevation:
    """The picture of one building: entrances as columns, floors as rows, the top floor first."""

    width: int
    height: int
    columns: list[tuple[int, str]]
    floors: list[tuple[int, int]]
    tiles: list[Tile]
    legend: list[tuple[Mark, int]]


KNOWN, EMPTY = Mark("·", _lazy("已登记"), "known"), Mark("–", _lazy("无住户"), "empty")
TILE_WIDTH, TILE_HEIGHT, GAP, LEFT, TOP = 88, 56, 6, 52, 34


def elevation_of(*, building: Building, marks: dict[Any, Mark] | None = None) -> Elevation:
    """Lay out one building; `marks` gives each dwelling's mark by key, else known or empty is shown."""
    living = Household.objects.filter(state="living")
    entrances = list(
        building.entrances.order_by("order", "name").prefetch_related(
            Prefetch("dwellings", Dwelling.objects.order_by("floor", "walk_order")),
            Prefetch("dwellings__households", living, to_attr="living_here"),
        )
    )
    floors = sorted({d.floor for e in entrances for d in e.dwellings.all()}, reverse=True)
    row_of = {floor: index for index, floor in enumerate(floors)}
    tiles: list[Tile] = []
    columns: list[tuple[int, str]] = []
    counts: dict[Mark, int] = {}
    left = LEFT
    for entrance in entrances:
        columns.append((left, entrance.name))
        used: dict[int, int] = {}
        for dwelling in entrance.dwellings.all():
            place = used.get(dwelling.floor, 0)
            used[dwelling.floor] = place + 1
            household = dwelling.living_here[0] if dwelling.living_here else None  # type: ignore[attr-defined]
            mark = (marks or {}).get(dwelling.pk) or (KNOWN if household else EMPTY)
            counts[mark] = counts.get(mark, 0) + 1
            url = reverse("register:household", args=[household.pk]) if household else ""
            x, y = left + place * (TILE_WIDTH + GAP), TOP + row_of[dwelling.floor] * (TILE_HEIGHT + GAP)
            tiles.append(Tile(x, y, dwelling.room, household.head_name[:1] if household else "", mark, url))
        left += max(used.values(), default=1) * (TILE_WIDTH + GAP) + 18
    height = TOP + len(floors) * (TILE_HEIGHT + GAP) + 8
    rows = [(TOP + row_of[floor] * (TILE_HEIGHT + GAP) + 34, floor) for floor in floors]
    return Elevation(left, height, columns, rows, tiles, sorted(counts.items(), key=lambda item: -item[1]))
