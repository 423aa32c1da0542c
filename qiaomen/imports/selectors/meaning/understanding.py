"""How the rows of rosters were understood: which household and which person each means, and what a person is asked.

The decision itself is `register.rules.identity`; here a person's answers are laid over it, and what waits for what is
settled: rows whose compound is not known, members of a household whose head is asked about.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from qiaomen.imports.rules.reading.cell_values import Soft
from qiaomen.imports.rules.reading.roster import Table
from qiaomen.imports.selectors.meaning.evidence import (
    NOWHERE,
    UNREAD,
    Evidence,
    Place,
    gather,
    on_record,
    unknown_compounds,
)
from qiaomen.imports.selectors.meaning.guesses import hush_guesses
from qiaomen.imports.selectors.preview.veils import NUMBERS, kept_name
from qiaomen.imports.selectors.register_snapshot import RegisterSnapshot
from qiaomen.kernel.masking import mask_name
from qiaomen.kernel.texts import later as _
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.identity.decisions import Decision, decide_household, decide_rows
from qiaomen.register.rules.identity.facts import KnownPerson, OnRecord, Ref, RowEvidence
from qiaomen.register.rules.identity.household_rows import RowGroup, group_rows, with_company

Spot = tuple[str, int]
"""A sheet and a row of it (`Table.spot`): how a person's answer names a row."""

NEW, OUT, SAME, HOME = "new", "out", "same:", "home:"
"""Answers to a question about a row: somebody new (of a new household), leave out, this person, this household."""

NOT_THEIRS = ("id-other-name", "id-two-names", "many-numbers")
"""Questions about a number that may be another's: somebody new comes in without it."""

LEFT_OUT = "您选择了先不导入这一行"
WAITS = "和第 {row} 行是一户，等那一行定了再一起导入"
BECAUSE = {
    "id-other-name": "这个证件号登记的是 {known}，和这一行的姓名对不上，请核对",
    "id-two-names": "同一个证件号在这份名册里写在几个姓名下，请核对",
    "came-back": "{known}登记为已迁出，是不是迁回来了，请核对",
    "not-sure": "可能就是已登记的 {known}，证据不够，请核对",
    "several": "登记里有几位可能是这个人，请核对",
    "name-close": "这扇门里登记着 {known}，出生日期相同，只差一个字，请核对",
    "many-numbers": "这份名册里同名、同一天出生的写了好几个不同的证件号，没有和登记的比对，请先核对",
    "claimed-twice": "名册里有几行都像是 {known}，请核对",
    "row-alike": "和名册里另一行同名同门，看不出是不是两个人，请核对",
    "moved-maybe": "登记里有一位同名的 {known} 不在这份名册里，可能是搬过来的，请核对",
    "rows-unclear": "分不清这几行是不是一户：{why}",
    "no-door": "没有住址，不知道是哪一户，请核对",
    "no-household": "这几个人登记的户找不到，请核对",
    "part-moved": "这一户只有一部分人写在另一扇门，请核对是不是搬走或分户",
    "answered": str(_("您选了这是新的一户；已登记的人没有跟着搬，要一起搬请在户的页面上办搬家或分户")),
    "several-households": "这几个人登记在几个不同的户里，请核对",
    "people-unclear": "这一户里有人可能已经登记，请先核对",
    "same-door": "这扇门登记的那一户和名册这一户有些像，请核对",
    "home-moved-maybe": "别处登记着一户同户号、同户主的，可能是搬过来的，请核对",
}


@dataclass(frozen=True)
class Answers:
    """What a person said in the preview.

    `rows`: an answer to a row by its spot; `all_apart`: everybody asked about is somebody new.
    `take`: fields (spot, code) changed by hand that the list may overwrite all the same.
    """

    rows: Mapping[Spot, str] = field(default_factory=dict)
    all_apart: bool = False
    take: frozenset[tuple[str, int, str]] = frozenset()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Answers":
        """Read what a batch keeps."""
        rows = {(sheet, row): NEW for sheet, row in kept.get("apart", [])}
        rows |= {(sheet, row): OUT for sheet, row in kept.get("left_out", [])}
        rows |= {(sheet, row): said for sheet, row, said in kept.get("rows", [])}
        take = frozenset((sheet, row, code) for sheet, row, code in kept.get("take", []))
        return cls(rows, bool(kept.get("all_apart")), take)


@dataclass(frozen=True)
class Home:
    """One household as the rows tell it, with the decision about it and what looks odd."""

    group: RowGroup
    decision: Decision
    rows: tuple[Place, ...]

    @property
    def odd(self) -> list[str]:
        """What a person should look at first."""
        return [reason.words for reason in self.group.contradictions if reason.code != "number" or len(self.rows) > 1]


@dataclass(frozen=True)
class Asked:
    """A row that waits for a person: why, and who or which household it may be. `because`: "waits" for another row."""

    place: Place
    reason: str
    people: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    because: str = ""


@dataclass
class Understood:
    """The rows of the rosters of an upload, understood.

    `apart`: rows a person found to be somebody else than these. `create`, `same`: rows that come in, the latter with
    the person on record; `asked`, `refused`: rows that stay out.
    `nowhere`: rows of each sheet whose compound is not said; `strange`: compounds not on record, with near names.
    """

    homes: list[Home] = field(default_factory=list)
    create: list[Place] = field(default_factory=list)
    same: list[tuple[Place, str, str | None]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    apart: list[tuple[Place, tuple[str, ...]]] = field(default_factory=list)
    refused: list[tuple[Place, list[str]]] = field(default_factory=list)
    nowhere: Counter[str] = field(default_factory=Counter)
    strange: dict[str, list[str]] = field(default_factory=dict)
    strange_rows: Counter[str] = field(default_factory=Counter)
    record: OnRecord = field(default_factory=OnRecord)


def understand_tables(
    standing: RegisterSnapshot,
    tables: Sequence[Table],
    answers: Answers,
    compounds: Sequence[str],
    recorded: bool = False,
) -> Understood:
    """Decide all rows of the rosters. `compounds`: names on record, or that a person said are to be made;
    `recorded`: any stands on record, so that a new one is asked about."""
    evidence, record = gather(standing, tables), on_record(standing)
    found = Understood(record=record)
    for table in tables:
        found.refused += [((table, place), reasons) for place, reasons in sorted(table.reasons.items())]
    tried = hush_guesses(evidence, record)
    groups = group_rows(evidence.rows)
    told = {row.ref: row for row in with_company(evidence.rows, groups)}
    people = _answered(_ask_of(tried, decide_rows(told.values(), record)), evidence, answers, record)
    found.strange = unknown_compounds([group.door for group in groups for _ in group.refs], compounds, recorded)
    for group in groups:
        rows = tuple(evidence.places[ref] for ref in group.refs)
        if _waits_for_a_place(found, group, rows):
            continue
        found.homes.append(Home(group, _home(group, rows, told, people, record, answers), rows))
    for home in found.homes:
        _settle(found, home, people, told, answers)
    return found


def _ask_of(tried: frozenset[Ref], people: dict[Ref, Decision]) -> dict[Ref, Decision]:
    """Ask about each row of many that try numbers on one person, whatever else it tells."""
    asked = dict.fromkeys(tried, Decision("ask", "many-numbers"))
    return {ref: asked.get(ref, decision) for ref, decision in people.items()}


def _waits_for_a_place(found: Understood, group: RowGroup, rows: Sequence[Place]) -> bool:
    """Rows whose compound nobody knows wait for the question about the sheet or about the compound."""
    if group.door is None:
        return False
    if group.door.compound == UNREAD:
        found.asked += [Asked(place, _unread(*place)) for place in rows]
        return True
    if group.door.compound == NOWHERE:
        found.nowhere[rows[0][0].sheet] += len(rows)
        reason = "没有写小区：请先在上面选好这张表是哪个小区的"
    elif group.door.compound in found.strange:
        found.strange_rows[group.door.compound] += len(rows)
        reason = f"“{group.door.compound}”还没有登记：请先在上面选“建立”或“就是”哪个小区"
    else:
        return False
    found.refused += [(place, [reason]) for place in rows]
    return True


def _unread(table: Table, place: int) -> str:
    """Say which address could not be read, and why."""
    softs = [soft for soft in table.soft.get(place, ()) if soft.field == "address"]
    return next((f"住址“{soft.text}”{soft.why}" for soft in softs), BECAUSE["no-door"])


def _answered(
    people: dict[Ref, Decision], evidence: Evidence, answers: Answers, record: OnRecord
) -> dict[Ref, Decision]:
    """Lay a person's answers over the decisions; one person is claimed by one row."""
    taken = {decision.key for decision in people.values() if decision.answer == "same"}
    found = {}
    for ref, decision in people.items():
        table, place = evidence.places[ref]
        if decision.because == "number-doubtful":
            _without_number(table, place)
        said = answers.rows.get(table.spot(place), NEW if answers.all_apart and decision.answer == "ask" else "")
        if said == NEW and decision.answer == "ask":
            if decision.because in NOT_THEIRS:
                _without_number(table, place)
            decision = replace(decision, answer="new", because="answered")
        elif said.startswith(SAME) and (key := said.removeprefix(SAME)) in record.by_key and key not in taken:
            decision = replace(decision, answer="same", because="answered", key=key)
            taken.add(key)
        found[ref] = decision
    return found


def _without_number(table: Table, place: int) -> None:
    """Somebody new whose number is another's comes in without it; what the number told is not known either."""
    values = table.values
    values["id_no"][place] = ""
    if values["id_birth"][place] is not None:
        values["id_birth"][place], values["birth_date"][place] = None, values["told_birth"][place]
        values["sex"][place] = values["told_sex"][place]
    table.soften(place, Soft("id_no", "", "和另一个人的证件号相同，先空着，请对照证件"))


def _home(
    group: RowGroup,
    rows: Sequence[Place],
    told: Mapping[Ref, RowEvidence],
    people: Mapping[Ref, Decision],
    record: OnRecord,
    answers: Answers,
) -> Decision:
    """Decide which household a group is; a person's answer about any of its rows holds."""
    said = [answers.rows.get(table.spot(place), "") for table, place in rows]
    named = next((one.removeprefix(HOME) for one in said if one.startswith(HOME)), "")
    if named in record.homes:
        return Decision("same", "answered", named, contradictions=group.contradictions)
    sure = replace(group, answer="sure")
    decision = decide_household(group, told, people, record)
    if group.answer == "ask" and decision.because == "rows-unclear" and (NEW in said or answers.all_apart):
        decision = decide_household(sure, told, people, record)
    if decision.answer != "ask":
        return decision
    if NEW in said or answers.all_apart:
        return replace(decision, answer="new", because="answered")
    return decision


def _settle(
    found: Understood, home: Home, people: Mapping[Ref, Decision], told: Mapping[Ref, RowEvidence], answers: Answers
) -> None:
    """Sort the rows of one household: come in, known, asked, refused."""
    waits_for = _waits_for(home, people)
    known = {told[ref].name for ref in home.group.refs if people[ref].answer == "same"}
    for ref, place in zip(home.group.refs, home.rows, strict=True):
        decision = people[ref]
        out = answers.rows.get(place[0].spot(place[1])) == OUT
        if out and decision.answer != "new":
            found.refused.append((place, [LEFT_OUT]))
        elif decision.answer == "refuse":
            found.refused.append((place, [_refusal(decision, told[ref], found.record)]))
        elif decision.answer == "same":
            _take_known(found, home, place, decision)
        elif decision.answer == "ask":
            found.asked.append(_question(found, place, decision))
        elif waits_for is not None and waits_for != place:
            words = WAITS.format(row=waits_for[0].row_nos[waits_for[1]])
            found.asked.append(Asked(place, words, because="waits"))
        elif home.decision.answer == "ask":
            found.asked.append(_home_question(found.record, place, home))
        else:
            _come_in(found, home, place, decision)
            if home.decision.answer == "new" and place[0].values["head_name"][place[1]] in known:
                place[0].values["head_name"][place[1]] = ""  # the head on record heads another household


def _waits_for(home: Home, people: Mapping[Ref, Decision]) -> Place | None:
    """Return the row the new people of a household wait for: the first where the household is asked, an asked head."""
    new = [place for ref, place in zip(home.group.refs, home.rows, strict=True) if people[ref].answer == "new"]
    if home.decision.answer == "ask":
        return new[0] if new else None
    head = home.group.head
    if head is not None and people[head].answer == "ask" and home.decision.answer == "new":
        return home.rows[home.group.refs.index(head)]
    return None


def _come_in(found: Understood, home: Home, place: Place, decision: Decision) -> None:
    if _says_nothing(*place, home):
        found.refused.append((place, ["只有姓名，认不准是谁，请补上证件号、住址或电话"]))
        return
    _give_home(*place, home)
    found.create.append(place)
    if decision.because == "answered":
        found.apart.append((place, decision.candidates))


def _says_nothing(table: Table, place: int, home: Home) -> bool:
    values = table.values
    told = ("id_no", "birth_date", "phone", "household_no", "head_name")
    return home.group.door is None and len(home.rows) == 1 and not any(values[code][place] for code in told)


def _take_known(found: Understood, home: Home, place: Place, decision: Decision) -> None:
    """A person on record; only a household on record that is sure moves them."""
    key = home.decision.key if home.decision.answer == "same" else None
    table, spot = place
    if key is not None:
        _give_home(table, spot, home)
    else:
        table.addresses[spot] = None
        if table.doors[spot] is not None:
            table.soften(spot, Soft("address", "", _say_because(found.record, home.decision)))
    found.same.append((place, decision.key or "", key))


def _give_home(table: Table, place: int, home: Home) -> None:
    """Give a row what its household tells: the key, the door, the number and the name of the head."""
    group = home.group
    table.keys[place] = home.decision.key or f"new:{group.refs[0][0]}:{group.refs[0][1]}"
    if table.addresses[place] is None and group.door is not None:
        table.addresses[place] = Address(*group.door)
    values = table.values
    values["household_no"][place] = group.number
    head = next(
        (t.values["name"][p] for ref, (t, p) in zip(group.refs, home.rows, strict=True) if ref == group.head), ""
    )
    told = next((t.values["head_name"][p] for t, p in home.rows if t.values["head_name"][p]), "")
    values["head_name"][place] = head or told
    for code in ("origin_town", "origin_village", "lifted_out"):
        if values[code][place] in ("", None):
            values[code][place] = next(
                (t.values[code][p] for t, p in home.rows if t.values[code][p] not in ("", None)), values[code][place]
            )


def _refusal(decision: Decision, row: RowEvidence, record: OnRecord) -> str:
    if decision.because == "died":
        return f"{row.name}登记为已故，请先核对，再在户的页面上办迁入或更正"
    if decision.because == "row-twice":
        return f"同一个身份证号在这份名册里出现了不止一次：{_words(decision)}"
    return _words(decision) or "这一行不能导入"


def _words(decision: Decision) -> str:
    return "、".join(reason.words.replace("\x1f", " 第 ") for reason in decision.contradictions)


def _say_because(record: OnRecord, decision: Decision) -> str:
    known = record.by_key.get(decision.candidates[0]) if decision.candidates else None
    words = BECAUSE.get(decision.because, "请核对").format(
        known=_known_name(known, decision.because) if known else "", why=_words(decision) or "没有足够的根据"
    )
    told = "、".join(reason.words for reason in decision.reasons if reason.code not in {"name", *NUMBERS})
    return f"{words}（{told}）" if told and known and decision.because not in NOT_THEIRS else words


def _known_name(known: KnownPerson, because: str) -> str:
    """Return a stored name as a question may tell it: a number alone tells no more than the surname."""
    return mask_name(known.name) if because in NOT_THEIRS else kept_name(known.name, known.birth)


def _question(found: Understood, place: Place, decision: Decision) -> Asked:
    words = _say_because(found.record, decision)
    if decision.because == "id-two-names":
        number = place[0].values["id_no"][place[1]]
        others = [
            f"“{table.sheet}”第 {table.row_nos[n]} 行 {table.values['name'][n]}"
            for home in found.homes
            for table, n in home.rows
            if table.values["id_no"][n] == number and (table, n) != place
        ]
        words += f"：{'、'.join(others)}" if others else ""
    return Asked(place, words, people=decision.candidates, because=decision.because)


def _home_question(record: OnRecord, place: Place, home: Home) -> Asked:
    decision = home.decision
    because = "home-moved-maybe" if decision.because == "moved-maybe" else decision.because
    keys = tuple(key for key in decision.candidates if key in record.homes)
    words = _say_because(record, replace(decision, because=because, candidates=()))
    if because == "no-door":
        words = _unread(*place)
    return Asked(place, words, homes=keys)
