"""Rows of the lists that make no people: whom each speaks of, and what it tells that is not known yet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from qiaomen.criteria.facts import Fact
from qiaomen.imports.rules.list_kinds import OF_HOUSEHOLD, Column, Kind, facts_of, fixed_facts, reader_of
from qiaomen.imports.rules.reading.roster import Table
from qiaomen.imports.rules.records import RecordRow, Verdict
from qiaomen.imports.selectors.matching import Matcher, NobodyFound
from qiaomen.imports.selectors.register_snapshot import KnownPerson, RegisterSnapshot
from qiaomen.imports.selectors.visit_records import judge_visits
from qiaomen.kernel.masking import HIDDEN
from qiaomen.office.fields import open_value
from qiaomen.register.models import ToldFact
from qiaomen.register.rules.addresses import parse_origin
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.fields import field_of

Refused = list[tuple[int, list[str]]]
CHUNK = 500


@dataclass(frozen=True)
class FactChange:
    """What one row tells of a person. `shown`: (code, known now, told) in words.

    Of a sealed fact nothing stored is compared or shown: it is told whatever stands there, and the list that guesses
    learns nothing. What stands already is not written a second time (register.actions.person_facts).
    """

    table: Table
    place: int
    one: KnownPerson
    facts: Mapping[str, Any]
    household: Mapping[str, Any]
    shown: tuple[tuple[str, str, str], ...]


def _match(standing: RegisterSnapshot, table: Table, kind: Kind) -> tuple[dict[int, KnownPerson], Refused]:
    matcher = Matcher(standing, table, kind)
    found, refused = dict[int, KnownPerson](), Refused()
    tried: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for place in range(len(table)):
        if reasons := table.reasons.get(place):
            refused.append((place, reasons))
            continue
        if reason := _one_try_too_many(standing, table, place, tried):
            refused.append((place, [reason]))
            continue
        try:
            found[place] = matcher.find(place)
        except NobodyFound as reason:
            unread = [f"“{table.title(soft.field) or soft.field}”{soft.why}" for soft in table.soft.get(place, ())]
            refused.append((place, [*unread, str(reason)]))
    return found, refused


def _one_try_too_many(
    standing: RegisterSnapshot, table: Table, place: int, tried: dict[str, set[tuple[str, str]]]
) -> str:  # fmt: skip
    """Return why a row is not compared: its name stands here with more numbers than there are people of that name.

    Else a list of guesses would tell which telephone or identity number is the right one.
    """
    name = str(table.values["name"][place])
    numbers = tuple(str(table.values[code][place]) if code in table.values else "" for code in ("id_no", "phone"))
    mine, there = tried[name], len(standing.by_name.get(name, ()))
    if not any(numbers) or numbers in mine or len(mine) < max(there, 1):
        mine |= {(numbers[0], numbers[1])} if any(numbers) else set()
        return ""
    return f"这份名单里的“{name}”写了好几个不同的证件号或电话，登记里只有 {there} 位，请先核对"


class Reading:
    """Reads the told columns of a table, each distinct word once; a word nobody knows is a reason."""

    def __init__(self, table: Table, kind: Kind, today: date, facts: Mapping[str, Fact]) -> None:
        self.table, self.kind, self.today, self.facts = table, kind, today, facts
        self._known: dict[tuple[str, str], Any] = {}
        self._readers = {column.code: reader_of(column, facts.get(column.code)) for column in kind.told}

    def text(self, code: str, place: int) -> str:
        """Return a cell as clean text, "" when the list has no such column."""
        column = self.table.values.get(code)
        value = column[place] if column else ""
        return value if isinstance(value, str) else {True: "是", False: "否", None: ""}.get(value, str(value))

    def value(self, column: Column, text: str) -> Any:
        """Return what a cell means. Raises ValueError."""
        key = (column.code, text)
        if key not in self._known:
            try:
                found = facts_of(column, text) if column.tells else self._readers[column.code](text)
            except ValueError as error:
                found = error
            self._known[key] = found
        if isinstance(self._known[key], ValueError):
            raise self._known[key]
        return self._known[key]

    def told(self, place: int, reasons: list[str]) -> dict[str, Any]:
        """Return what a row tells, by fact, household field or field of a visit; unknown words become reasons."""
        told: dict[str, Any] = {}
        try:
            told |= fixed_facts(self.kind, self.text("ends", place), self.today)
        except ValueError:
            reasons.append(self._unclear("ends", place, "不是完整的日期"))
        only = self.kind.only_if
        if only is not None and "only_if" in self.table.fields and self.text("only_if", place) not in only.words:
            reasons.append(self._unclear("only_if", place, "，还没有批准，没有记"))
        for column in self.kind.told:
            text = self.text(column.code, place)
            if not text:
                continue
            try:
                value = self.value(column, text)
            except ValueError:
                reasons.append(self._unclear(column.code, place, "不认得，没有记"))
                continue
            told |= value if column.tells else {column.code: value}
        return told

    def _unclear(self, code: str, place: int, words: str) -> str:
        text = self.text(code, place)
        title = self.table.title(code) or next(
            (column.names[0] for column in (*self.kind.told, self.kind.ends, self.kind.only_if)
             if column is not None and column.code == code), code)  # fmt: skip
        return f"“{title}”里的“{text[:20]}”{words}" if text else f"没有写“{title}”"


def plan_facts(
    standing: RegisterSnapshot, table: Table, kind: Kind, today: date
) -> tuple[list[FactChange], int, Refused]:
    """Return what rows of a list would tell, how many tell nothing new, and which stay out."""
    facts = packs.facts()
    reading = Reading(table, kind, today, facts)
    found, refused = _match(standing, table, kind)
    known = _known_now([one.pk for one in found.values()])
    telling, same = list[FactChange](), 0
    for place, one in found.items():
        reasons: list[str] = []
        told = reading.told(place, reasons)
        told |= dict(zip(OF_HOUSEHOLD, parse_origin(told.pop("origin")), strict=False)) if "origin" in told else {}
        if not reasons and not told:
            reasons.append(f"这一行没有{kind.title}要记的内容")
        if reasons:
            refused.append((place, reasons))
            continue
        home = standing.homes[one.household]
        household = {code: told.pop(code) for code in OF_HOUSEHOLD if code in told}
        household = {
            code: value for code, value in household.items()
            if value not in ("", None) and (field_of(code).is_sealed or value != getattr(home, code))
        }  # fmt: skip
        new = {
            code: value for code, value in told.items()
            if field_of(code).is_sealed or known[one.pk].get(code) != facts[code].write(value)
        }  # fmt: skip
        if not new and not household:
            same += 1
            continue
        shown = [(code, _stands(code, _say(getattr(home, code))), _say(value)) for code, value in household.items()]
        for code, value in new.items():
            text = known[one.pk].get(code)
            stands = packs.say(facts[code], facts[code].read(text)) if text is not None else ""
            shown.append((code, _stands(code, stands), packs.say(facts[code], value)))
        telling.append(FactChange(table, place, one, new, household, tuple(shown)))
    return telling, same, refused


def _stands(code: str, text: str) -> str:
    """Return what is shown of what stands: of a sealed fact the same words, whatever and whether it is known."""
    return HIDDEN if field_of(code).is_sealed else text


def _say(value: Any) -> str:
    return {True: "是", False: "否", None: ""}.get(value, str(value))


def _known_now(people: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for start in range(0, len(people), CHUNK):
        rows = ToldFact.objects.filter(person__in=people[start : start + CHUNK], to_date=None)
        for person, code, pk, value in rows.values_list("person_id", "code", "pk", "value"):
            found[person][code] = open_value(value, pk)
    return found


def plan_visits(
    standing: RegisterSnapshot, table: Table, kind: Kind
) -> tuple[list[tuple[RecordRow, Verdict]], int, Refused]:
    """Return the rows that would become visits, how many are recorded already, and which stay out."""
    reading = Reading(table, kind, date.max, packs.facts())
    found, refused = _match(standing, table, kind)
    noted: list[tuple[int, RecordRow]] = []
    for place, one in found.items():
        reasons: list[str] = []
        told = reading.told(place, reasons)
        if reasons:
            refused.append((place, reasons))
            continue
        dwelling = standing.homes[one.household].dwelling
        row = RecordRow(table.sheet, table.row_nos[place], one.pk, one.household, dwelling, told)
        noted.append((place, row))
    new, same = list[tuple[RecordRow, Verdict]](), 0
    verdicts = judge_visits(standing.community, [row for _, row in noted])
    for (place, row), verdict in zip(noted, verdicts, strict=True):
        if verdict.reason:
            refused.append((place, [verdict.reason]))
        elif verdict.known:
            same += 1
        else:
            new.append((row, verdict))
    return new, same, refused
