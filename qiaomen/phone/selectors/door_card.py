"""What is read before knocking: whom to greet, what was promised, what to say and to ask. Masked, and no narrative."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from qiaomen.calls.selectors.sweeps import phone_asks
from qiaomen.groups.models import Membership
from qiaomen.groups.selectors.questions import asks_of
from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.kernel.lines import MOST_SAID, Line, by_household, lines_of, said_at_door
from qiaomen.kernel.masking import mask_name, mask_phone
from qiaomen.linkage.sounds import readings_of, split_surname
from qiaomen.office.disclosure import READERS
from qiaomen.office.fields import open_value
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household, Person, ToldFact
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.minors import is_child
from qiaomen.visits.models import Round, RoundDoor, Visit
from qiaomen.visits.rules.due import Wish
from qiaomen.visits.rules.planner_input import own_hours
from qiaomen.visits.rules.vocabulary import OPENED
from qiaomen.visits.selectors.facts import Scope, wishes_at
from qiaomen.visits.selectors.labels import outcome_title, plain_reason, reason_in_words, wish_in_words
from qiaomen.visits.selectors.round_pages import doors_for

MOST_DOORS = 60
MOST_ASKED = 6
ANSWER_DUE = "case"
"""The reason of a door that was promised an answer by a day."""
OLD, CARED_FOR = 60, 70
"""Years from which somebody is an old person (老年人权益保障法 第二条), and is asked how they get on."""
HEARING, SIGHT, MOVING = ("hearing", "speech"), ("vision",), ("limb",)
COLD_MONTHS, WARM_MONTHS = (11, 12, 1, 2, 3), (6, 7, 8, 9)


@dataclass
class Known:
    """What is known of the doors of a round, read in a fixed number of queries."""

    homes: dict[UUID, Household] = field(default_factory=dict)
    visits: dict[UUID, list[Visit]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[UUID, list[Line]] = field(default_factory=dict)
    told: dict[UUID, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    cared_for: set[UUID] = field(default_factory=set)
    asks: dict[UUID, list[dict[str, Any]]] = field(default_factory=dict)
    wishes: dict[UUID, Wish] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def cards_of(chosen: Round, staff: Staff) -> list[dict[str, Any]]:
    """Return the cards of the doors of a round that somebody walks, in walking order, at most 60."""
    found = doors_for(chosen, staff).select_related("dwelling__entrance__building__compound")
    doors = list(found.order_by("position")[:MOST_DOORS])
    known = _read(chosen, [door.dwelling_id for door in doors], staff)
    cards = [_card(door, known, chosen) for door in doors]
    if staff.role in READERS:
        return cards
    return [_for_volunteer(card, door, known) for card, door in zip(cards, doors, strict=True)]


def _for_volunteer(card: dict[str, Any], door: RoundDoor, known: Known) -> dict[str, Any]:
    """Return a card without what tells of health or money: the group, the manners at the door, questions on either."""
    home, facts = known.homes.get(door.dwelling_id), packs.facts()
    asks = [one for one in card["ask"] if facts[one["code"]].sensitivity == "plain"]
    care = bool(home and _oldest(list(home.people.all())) >= CARED_FOR)
    return {**card, "reason": plain_reason(door), "notes": [], "ask": asks, "care": care}


def _read(chosen: Round, keys: list[UUID], staff: Staff) -> Known:
    known = Known(wishes=wishes_at(Scope(chosen.community, chosen.day, keys)))
    whom = Staff.objects.filter(pk__in={one.whom for one in known.wishes.values() if one.whom})
    known.names = {str(key): name for key, name in whom.values_list("pk", "name")}
    homes = Household.objects.filter(dwelling__in=keys, state="living").order_by("-pk")
    people = Prefetch("people", Person.objects.living().order_by("-is_head", "birth_date", "pk"))
    known.homes = {
        home.dwelling_id: home
        for home in homes.select_related("community").prefetch_related(people)
        if home.dwelling_id
    }
    mine = [home.pk for home in known.homes.values()]
    for visit in Visit.objects.filter(dwelling__in=keys).select_related("staff").order_by("happened_at"):
        known.visits[visit.dwelling_id].append(visit)
    known.lines = by_household(lines_of(list(known.homes.values()), staff, clock.today()))
    told = ToldFact.objects.filter(person__household__in=mine, to_date=None, code="disability_kind")
    for person, code, pk, value in told.values_list("person", "code", "pk", "value"):
        known.told[person][code] = open_value(value, pk)
    cared = Membership.objects.filter(person__household__in=mine, to_date=None)
    known.cared_for = set(cared.values_list("person__household", flat=True))
    known.asks, swept = asks_of(mine), phone_asks(chosen.community, mine, clock.today())
    for home, asks in swept.items():
        known.asks[home] = [*asks, *known.asks.get(home, [])][:MOST_ASKED]
    return known


def _card(door: RoundDoor, known: Known, chosen: Round) -> dict[str, Any]:
    dwelling, home = door.dwelling, known.homes.get(door.dwelling_id)
    people = list(home.people.all()) if home else []
    head = next((person for person in people if person.is_head), None)
    visits, lines = known.visits[door.dwelling_id], known.lines.get(home.pk, []) if home else []
    wish = known.wishes.get(door.dwelling_id, Wish())
    hours = own_hours(wish, chosen.starts_at, chosen.minutes)
    greet = _("{name}，{n} 口人").format(name=mask_name(home.head_name), n=len(people)) if home else ""
    return {
        "dwelling_id": str(dwelling.pk),
        "household_id": str(home.pk) if home else None,
        "position": door.position,
        "spare": door.is_spare,
        "building": str(dwelling.entrance.building),
        "compound": dwelling.entrance.building.compound.name,
        "entrance": dwelling.entrance.name,
        "floor": dwelling.floor,
        "room": dwelling.room,
        "label": dwelling.label_within,
        "reason": reason_in_words(door.reason_code, door.days),
        "greet": greet,
        "phone_masked": mask_phone(head.phone) if head else "",
        "last_visit": _last_visit(visits[-1]) if visits else None,
        "walked": _walked_today(visits),
        "last_promise": _last_promise(lines),
        "etiquette": _etiquette(people),
        "base_version": home.version if home else 0,
        "sounds": _surname_sounds(home.head_name) if home else [],
        "people": [_person(person) for person in people[:12]],
        "mark": _mark(visits, lines, agreed=hours is not None or door.reason_code == ANSWER_DUE),
        "hours": {"from": _clock(hours[0]), "to": _clock(hours[1])} if hours else None,
        "care": bool(home and (home.pk in known.cared_for or _oldest(people) >= CARED_FOR)),
        "notes": _notes([known.told[person.pk].get("disability_kind", "") for person in people]),
        "wishes": _wishes(visits, wish_in_words(wish, known.names)),
        "say": _say(lines, chosen.community),
        "ask": known.asks.get(home.pk, []) if home else [],
    }


def _person(person: Person) -> dict[str, str]:
    name = _("孩子") if is_child(person) else mask_name(person.name)
    return {"id": str(person.pk), "name": name, "relation": person.relation or (_("户主") if person.is_head else "")}


def _mark(visits: list[Visit], lines: list[Line], *, agreed: bool) -> str:
    """The one mark of a door before it is knocked on: urgent, declined, agreed, twice no one, or nothing more than due.

    Agreed: the household named its hours, or was promised an answer by a day; nobody else's hour is made up here.
    """
    if any(line.urgent for line in lines):
        return "urgent"
    if visits and visits[-1].outcome == "refused":
        return "declined"
    if agreed:
        return "agreed"
    if [visit.outcome for visit in visits[-2:]] == ["no_answer"] * 2:
        return "twice"
    return "due"


def _notes(kinds: list[str]) -> list[str]:
    found = []
    if set(kinds) & set(HEARING):
        found.append(_("家里有人听说不便：面对面慢慢说，可以写字。"))
    if set(kinds) & set(SIGHT):
        found.append(_("家里有人看不清：先出声报姓名，文件念给对方听。"))
    if set(kinds) & set(MOVING):
        found.append(_("家里有人行动不便：多等一会儿再敲。"))
    return found


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _wishes(visits: list[Visit], told: str) -> list[str]:
    if told:
        return [told]
    if visits and visits[-1].outcome == "refused":
        return [_("上次没有让进门：先问方不方便，不方便就走，不追问。")]
    return []


def _say(lines: list[Line], community: Organisation) -> list[str]:
    """Three things to say: what the houses have to say aloud, what the season asks for, how to reach the office."""
    said = said_at_door(lines)
    month = clock.today().month
    if month in COLD_MONTHS:
        said.append(_("烧炭烧煤取暖要开窗，烟囱要通，防煤气中毒。"))
    elif month in WARM_MONTHS:
        said.append(_("孩子不要独自到河边水边玩；雨大时不要出门。"))
    said.append(_("不认识的人要验证码、要转账，先给社区打电话。"))
    if len(said) < MOST_SAID and community.telephone:
        said.append(_("有事打社区电话 {telephone}，能上门办的不用您跑。").format(telephone=community.telephone))
    return said[:MOST_SAID]


def _surname_sounds(name: str) -> list[str]:
    """Return how a surname is read, for the search box on the phone: it knows no more of the name than the mask
    shows.
    """
    return ["".join(reading) for reading in readings_of(split_surname(name)[0])]


def _last_visit(visit: Visit) -> dict[str, Any]:
    day = visit.happened_at.astimezone(clock.SHANGHAI).date().isoformat()
    title = outcome_title(visit.outcome)
    return {"day": day, "outcome": visit.outcome, "outcome_title": title, "opened": visit.outcome in OPENED}


def _walked_today(visits: list[Visit]) -> dict[str, Any] | None:
    """Return who of us was at a door today and how it went, whatever phone it came from; None: nobody yet."""
    if not visits or visits[-1].happened_at.astimezone(clock.SHANGHAI).date() != clock.today():
        return None
    last = visits[-1]
    return {
        "by": last.staff.name,
        "at": last.happened_at.isoformat(),
        "outcome": last.outcome,
        "outcome_title": outcome_title(last.outcome),
    }


def _last_promise(lines: list[Line]) -> dict[str, Any] | None:
    """The promise to speak of first; kept is None while it can still be kept."""
    return next(({"text": str(line.text), "kept": line.kept} for line in lines if line.promised), None)


def _oldest(people: list[Person]) -> int:
    """Return the age of the oldest, 0 when no birth date is known."""
    born = min((one.birth_date for one in people if one.birth_date), default=None)
    return age_on(born, clock.today()) if born else 0


def _etiquette(people: list[Person]) -> str:
    if _oldest(people) >= OLD:
        return _("老人开门慢，敲三下后多等一会儿；先说姓名和社区。")
    return _("先说姓名和社区；不方便就改天，不进门也可以。")
