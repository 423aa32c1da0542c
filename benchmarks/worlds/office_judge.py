"""What a reader made of an office table, held against what is true: exact, lost, asked, silently wrong.

The reader's own words are translated by the benchmark that calls this: doors as in TrueDoor, relations and statuses
as in office_truth, None for what was left open. Nothing here knows the reader.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from benchmarks.worlds.office_truth import OfficeTable, TrueDoor, TrueHousehold, TruePerson

FIELDS = ("relation", "sex", "birth", "document", "telephone", "status")


@dataclass(frozen=True)
class ReadPerson:
    """A person as the reader would write them down; None is left open."""

    name: str
    relation: str | None = None
    sex: str | None = None
    birth: date | None = None
    document: str | None = None
    telephone: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class ReadHousehold:
    """A household as the reader would make it; a door it could not place is None."""

    door: TrueDoor | None
    head: str | None
    members: tuple[ReadPerson, ...]


@dataclass
class Verdict:
    """Counts over one table or many; ``wrong`` and ``lost`` say what, for the report."""

    households: int = 0
    households_exact: int = 0
    people: int = 0
    people_exact: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        """Add the counts of another table."""
        for name in ("households", "households_exact", "people", "people_exact", "asked"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong += other.wrong
        self.lost += other.lost


def judge(table: OfficeTable, read: Sequence[ReadHousehold], asked: Collection[str], whole_asked: bool) -> Verdict:
    """Judge one reading. ``asked``: names put to a person; ``whole_asked``: the table waits for an answer as a whole.

    A question about the table as a whole that can be answered (which compound?) is answered from ``table.compounds``
    before reading on, and counts as one row; ``whole_asked`` is for a sheet that the reader will not take at all.
    A household about whose member a question was put, and a person asked about, are neither exact nor wrong.
    """
    verdict = Verdict(asked=len(table.people) if whole_asked else _rows_asked(table, asked))
    if whole_asked:
        verdict.households, verdict.people = len(table.truth), len(table.people)
        return verdict
    left = [(home, person) for home in read for person in home.members]
    open_homes = list(read)
    for household in table.truth:
        verdict.households += 1
        home = _same_household(household, open_homes)
        if home:
            open_homes.remove(home)
            verdict.households_exact += 1
        elif not any(person.name in asked for person in household.members):
            verdict.wrong.append(f"{table.name}: household of {household.head} at {household.door} was not made so")
        for person in household.members:
            verdict.people += 1
            _judge_person(table.name, household, person, left, asked, verdict)
    strangers = [person.name for _, person in left if person.name not in asked]
    verdict.wrong += [f"{table.name}: {name} is nobody in the table" for name in strangers]
    return verdict


def _rows_asked(table: OfficeTable, asked: Collection[str]) -> int:
    return sum(person.name in asked for person in table.people)


def _same_household(truth: TrueHousehold, read: Sequence[ReadHousehold]) -> ReadHousehold | None:
    """Find the household with this door, this head and exactly these names."""
    names = Counter(person.name for person in truth.members)
    for home in read:
        if home.door == truth.door and home.head == truth.head and Counter(p.name for p in home.members) == names:
            return home
    return None


def _judge_person(
    table: str,
    household: TrueHousehold,
    truth: TruePerson,
    left: list[tuple[ReadHousehold, ReadPerson]],
    asked: Collection[str],
    verdict: Verdict,
) -> None:
    """Pair a true person with the nearest reading of that name, and note every field that is not right."""
    namesakes = [pair for pair in left if pair[1].name == truth.name]
    if not namesakes:
        if truth.name not in asked:
            verdict.wrong.append(f"{table}: {truth.name} of {household.head}'s household is missing")
        return
    home, person = min(namesakes, key=lambda pair: (pair[0].door != household.door, len(_faults(truth, pair[1])[0])))
    left.remove((home, person))
    if truth.name in asked:
        return
    wrong, lost = _faults(truth, person)
    verdict.wrong += [f"{table}: {truth.name}: {fault}" for fault in wrong]
    verdict.lost += [f"{table}: {truth.name}: {fault}" for fault in lost]
    verdict.people_exact += not wrong and not lost


def _faults(truth: TruePerson, person: ReadPerson) -> tuple[list[str], list[str]]:
    """Give the fields that say something else than the truth, and those left open though the table shows them."""
    wrong, lost = [], []
    for name in FIELDS:
        value = getattr(person, name)
        right = _right_values(truth, name)
        if value is None or value == "":
            if name not in truth.blank_ok and None not in right:
                lost.append(f"{name} left open, is {getattr(truth, name)}")
        elif (value.isoformat() if isinstance(value, date) else value) not in right:
            wrong.append(f"{name} read as {value}, is {getattr(truth, name)}")
    return wrong, lost


def _right_values(truth: TruePerson, name: str) -> set[str | None]:
    """Give every value of this field that is right."""
    if name == "telephone":
        return {*truth.telephones} or {None}
    value = getattr(truth, name)
    right = value.isoformat() if isinstance(value, date) else value
    return {right, *(other for key, other in truth.also if key == name)}
