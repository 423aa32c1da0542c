"""Rows of a roster become places, households and people; each row made is noted, so that it can be taken back."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.register.actions import acts, household_events, search_index
from qiaomen.register.actions.household_events import move_residence
from qiaomen.register.actions.places.labels import keep_labels
from qiaomen.register.models import (
    Act,
    Building,
    Compound,
    Dwelling,
    Entrance,
    Family,
    FamilyMember,
    Household,
    Person,
    Registration,
    Residence,
)
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.doors.labels import DoorParts, door_label
from qiaomen.register.rules.register_row import RegisterRow

CHUNK = 500
NUMBER_DIGITS = 9
"""Digits of a name that order it: every database keeps so many in a whole number."""
STATES = {"died": "died", "left": "left", "away": "away"}
"""What a roster says of somebody who does not live here: written down, and counted where they still count."""

P = TypeVar("P", Compound, Building, Entrance)
FIELDS = ("name", "former_name", "nickname", "relation", "is_head", "sex", "birth_date", "id_no", "phone")


def _key(row: RegisterRow) -> str:
    return row.household_key


def _number(text: str) -> int:
    """Return the number in a name by which places stand in order; of more digits than a column holds the first."""
    digits = "".join(char for char in text if char.isdecimal())
    return int(digits[:NUMBER_DIGITS]) if digits else 0


def make_doors(
    community: Organisation, addresses: list[Address], act: Act, *, note_places: bool = False
) -> dict[Address, Dwelling]:
    """Make the places that are not there yet; return the dwelling of each address, of a joined door the one it became.

    `note_places`: compounds, buildings and entrances made are the act's, too, and go with it when it is taken back.
    """
    maker = _PlaceMaker(community, act if note_places else None)
    doors = doors_by_address(community)
    named = len({address.compound for address in (*doors, *addresses)}) > 1
    new: list[Dwelling] = []
    for address in dict.fromkeys(addresses):
        if address in doors:
            continue
        entrance = maker.entrance(address)
        doors[address] = Dwelling(
            community=community,
            entrance=entrance,
            floor=address.floor,
            room=address.room,
            door_label=door_label(DoorParts(*address), named=named),
            walk_order=walk_order(entrance, address.floor, address.room),
        )
        new.append(doors[address])
    Dwelling.objects.bulk_create(new, batch_size=CHUNK)
    acts.note_made(act, new)
    if named and new:
        keep_labels(community)
    return doors


def walk_order(entrance: Entrance, floor: int, room: str) -> int:
    """Return the place of a door on the way a team walks: building, entrance, floor, room."""
    return ((entrance.building.order * 100 + entrance.order) * 100 + max(floor, 0)) * 10000 + _number(room)


def doors_by_address(community: Organisation) -> dict[Address, Dwelling]:
    """Return every door by its address; under that of a door that was joined stands the one that took it up."""
    found = list(Dwelling.objects.filter(community=community).select_related("entrance__building__compound"))
    by_key = {door.pk: door for door in found}
    doors = {}
    for door in found:
        stands = door
        while stands.joined_into_id:
            stands = by_key[stands.joined_into_id]
        building = door.entrance.building
        doors[Address(building.compound.name, building.name, door.entrance.name, door.room)] = stands
    return doors


class _PlaceMaker:
    """Finds or makes the compound, the building and the entrance of an address."""

    def __init__(self, community: Organisation, act: Act | None) -> None:
        self.community, self.act = community, act
        self.compounds = {c.name: c for c in Compound.objects.filter(community=community)}
        buildings = Building.objects.filter(community=community).select_related("compound")
        self.buildings = {(b.compound.name, b.name): b for b in buildings}
        entrances = Entrance.objects.filter(community=community).select_related("building__compound")
        self.entrances = {(e.building.compound.name, e.building.name, e.name): e for e in entrances}

    def compound(self, name: str) -> Compound:
        """Return the compound of a name."""
        return self._kept(self.compounds, name, lambda: Compound(name=name, kind=kind_of(name)))

    def building(self, address: Address) -> Building:
        """Return the building of an address; a village's houses stand in one without a name."""
        compound, name = self.compound(address.compound), address.building
        key = (address.compound, name)
        return self._kept(self.buildings, key, lambda: Building(compound=compound, name=name, order=_number(name)))

    def entrance(self, address: Address) -> Entrance:
        """Return the entrance of an address."""
        building, name = self.building(address), address.entrance
        key = (address.compound, address.building, name)
        return self._kept(self.entrances, key, lambda: Entrance(building=building, name=name, order=_number(name)))

    def _kept(self, known: dict[Any, P], key: Any, make: Callable[[], P]) -> P:
        if key not in known:
            known[key] = make()
            known[key].community = self.community
            known[key].save(force_insert=True)
            if self.act is not None:
                acts.note_made(self.act, [known[key]])
        return known[key]


def make_place(community: Organisation, address: Address, act: Act) -> list[Any]:
    """Make the compound, the building and the entrance of an address, as far as it says them; return what was made."""
    maker = _PlaceMaker(community, act)
    before = set(act.changes.values_list("row", flat=True))
    place: Any = maker.compound(address.compound)
    if address.building:
        place = maker.building(address)
    if address.entrance:
        place = maker.entrance(address)
    return [place] if set(act.changes.values_list("row", flat=True)) - before else []


def kind_of(compound: str) -> str:
    """Return what a compound is by its name: 王家村 a village, 和平路8号院 a courtyard, 和平路 a street, else an estate."""
    if compound.endswith(("村", "屯", "庄", "寨", "组")) and not compound.endswith("新村"):
        return "village"
    if compound.endswith(("院", "大院", "胡同")):
        return "court"
    return "street" if compound.endswith(("路", "街", "巷", "道")) else "estate"


def make_households(
    community: Organisation, rows: list[RegisterRow], doors: dict[Address, Dwelling]
) -> tuple[dict[str, Household], list[Household]]:
    """Group rows into households by their key; return them by key, and the new ones.

    The key of a household on record is its own; any other key is a new household. A number is never a key: which
    household a row means is decided before.
    """
    wanted = {_key(row) for row in rows}
    found: dict[str, Household] = {}
    keys = sorted(key for key in wanted if _is_uuid(key))
    for start in range(0, len(keys), CHUNK):
        some = Household.objects.filter(community=community, pk__in=keys[start : start + CHUNK])
        found |= {str(household.pk): household for household in some}
    new: dict[str, Household] = {}
    for row in rows:
        if _key(row) in found or _key(row) in new:
            continue
        values = row.values
        new[_key(row)] = Household(
            community=community,
            dwelling=doors[row.address] if row.address else None,
            household_no=values["household_no"],
            head_name=values["head_name"] or values["name"],
            origin_town=values["origin_town"],
            origin_village=values["origin_village"],
            lifted_out=values["lifted_out"],
        )
    Household.objects.bulk_create(list(new.values()), batch_size=CHUNK)
    return {**found, **new}, list(new.values())


def _is_uuid(key: str) -> bool:
    return len(key) == 36 and key.count("-") == 4


def _person(community: Organisation, household: Household, row: RegisterRow) -> Person:
    person = Person(community=community, household=household, **{name: row.values[name] for name in FIELDS})
    person.state = STATES.get(row.values.get("status", ""), "living")
    acts.person_sounds(person)
    return person


def make_people(
    act: Act,
    rows: Sequence[RegisterRow],
    households: dict[str, Household],
    doors: dict[Address, Dwelling],
    step: Callable[[int], None],
) -> list[Person]:
    """Make the people of the rows, with their three groupings: register, door and family; `step` hears of each chunk.

    Who has died or left stands in no grouping, who is away lives at no door here, and who is registered elsewhere
    (status split) stands in no register.
    """
    families = _families_of(households, rows)
    made: list[Person] = []
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        people = [_person(act.community, households[_key(row)], row) for row in chunk]
        new = {_key(row): Family(community=act.community) for row in chunk if _key(row) not in families}
        Family.objects.bulk_create(new.values())
        families |= new
        Person.objects.bulk_create(people)
        search_index.add(people)
        acts.note_made(act, people)
        pairs = [(row, p) for row, p in zip(chunk, people, strict=True) if p.state in ("living", "away")]
        Registration.objects.bulk_create(
            [Registration(person=p, household=p.household) for row, p in pairs if row.values.get("status") != "split"]
        )
        FamilyMember.objects.bulk_create([FamilyMember(person=p, family=families[_key(row)]) for row, p in pairs])
        Residence.objects.bulk_create(
            [Residence(person=p, dwelling=doors[row.address]) for row, p in pairs if row.address and p.state != "away"]
        )
        made += people
        step(len(chunk))
    return made


def _families_of(households: dict[str, Household], rows: Sequence[RegisterRow]) -> dict[str, Family]:
    """Return the open family of each household that stands already: who joins it lives from its purse."""
    standing = {key for key in {_key(row) for row in rows} if _is_uuid(key)}
    found: dict[str, Family] = {}
    keys = [UUID(key) for key in sorted(standing & set(households))]
    for start in range(0, len(keys), CHUNK):
        members = FamilyMember.objects.filter(person__household__in=keys[start : start + CHUNK], to_date=None)
        for member in members.select_related("family", "person").order_by("person__is_head"):
            found[str(member.person.household_id)] = member.family
    return found


def change_people(
    act: Act,
    changed: Sequence[tuple[Person, dict[str, Any]]],
    doors: dict[Address, Dwelling],
    step: Callable[[int], None],
) -> dict[UUID, Household]:
    """Change what the rows change; return the households touched.

    Under "address" stands the new door, under "household" the key of the household somebody has joined.
    """
    touched: dict[UUID, Household] = {}
    day = act.made_at.astimezone(clock.SHANGHAI).date()
    for start in range(0, len(changed), CHUNK):
        chunk = changed[start : start + CHUNK]
        columns = [
            (person, {name: value for name, value in changes.items() if name not in ("address", "household")})
            for person, changes in chunk
        ]
        with search_index.gathered():
            acts.change_many(act, columns)
            for person, changes in chunk:
                home = touched.setdefault(person.household_id, person.household)
                if "household" in changes:
                    home = _join(act, person, changes["household"], day, touched)
                if "address" in changes:
                    move_residence(act, person, doors[changes["address"]], day)
                    if person.is_head:
                        acts.change(act, home, dwelling=doors[changes["address"]])
                if person.is_head and home.head_name != person.name:
                    acts.change(act, home, head_name=person.name)
        step(len(chunk))
    return touched


def _join(act: Act, person: Person, key: UUID, day: date, touched: dict[UUID, Household]) -> Household:
    """Move somebody into another household from a day on: the register, the family, the household itself."""
    home = touched.get(key) or Household.objects.select_related("dwelling").get(pk=key, community=act.community)
    touched[home.pk] = home
    for times in ("registrations", "family_times"):
        household_events.close_times(act, person, day, times)
    acts.change(act, person, household=home)
    household_events.enter_register(act, person, home, day)
    household_events.join_family(act, person, home, day)
    return home


def settle_states(act: Act, homes: dict[UUID, Household]) -> dict[UUID, Household]:
    """Bring households in line with their people: is anybody living there? Return those whose state changed."""
    keys, living = list(homes), set[UUID]()
    for start in range(0, len(keys), CHUNK):
        people = Person.objects.filter(household__in=keys[start : start + CHUNK]).living()
        living |= set(people.values_list("household", flat=True))
    states = {key: "living" if key in living else "gone" for key in homes}
    changed = {key: home for key, home in homes.items() if home.state != states[key]}
    acts.change_many(act, [(home, {"state": states[key]}) for key, home in changed.items()])
    return changed


def raise_versions(touched: dict[UUID, Household]) -> None:
    """Give each household one more version, for the phones."""
    for household in touched.values():
        household.version += 1
    Household.objects.bulk_update(touched.values(), ["version"], batch_size=CHUNK)
