"""Which rows of a sheet form one household: number, head, door and order are weighed together, none is a key.

How to call it: `group_rows(rows)` with the evidence of the rows of one sheet, doors and numbers as written in each row
(blank where the cell is blank); the order of the rows is that of their numbers, whatever order they come in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from qiaomen.register.rules.doors.grammar import DoorKey
from qiaomen.register.rules.identity.facts import Reason, Ref, RowEvidence, doors_agree, household_number

LARGE = 12
"""A household of so many is looked at: two may have run together."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that form one household. `answer`: sure or ask; `number` is "" where it numbers nothing; `head`: its row."""

    refs: tuple[Ref, ...]
    number: str
    door: DoorKey | None
    head: Ref | None
    answer: str = "sure"
    reasons: tuple[Reason, ...] = ()
    contradictions: tuple[Reason, ...] = ()


@dataclass(slots=True)
class _Block:
    """Rows that belong together so far."""

    rows: list[RowEvidence] = field(default_factory=list)
    number: str = ""
    door: DoorKey | None = None
    head: RowEvidence | None = None
    head_name: str = ""
    against: list[Reason] = field(default_factory=list)
    for_it: list[Reason] = field(default_factory=list)
    asked: bool = False

    def add(self, row: RowEvidence, number: str) -> None:
        self.rows.append(row)
        self.number = self.number or number
        self.door = row.door if self.door is None else self.door
        if row.heads and self.head is None:
            self.head = row
        self.head_name = self.head_name or row.head_name or (row.name if row.heads else "")

    def join(self, other: "_Block", why: Reason) -> None:
        for row in other.rows:
            self.add(row, other.number)
        self.against += other.against
        self.for_it.append(why)
        self.asked = self.asked or other.asked


def group_rows(rows: Iterable[RowEvidence]) -> tuple[RowGroup, ...]:
    """Return the households of the rows of one sheet (of several, each by itself), in the order of their first rows."""
    sheets: dict[str, list[RowEvidence]] = defaultdict(list)
    for row in rows:
        sheets[row.ref[0]].append(row)
    return tuple(group for name in sorted(sheets) for group in _of_sheet(sorted(sheets[name], key=lambda row: row.ref)))


def _of_sheet(rows: Sequence[RowEvidence]) -> list[RowGroup]:
    serial = _counts_rows(rows)
    blocks: list[_Block] = []
    for row in rows:
        number = "" if serial else household_number(row.household_no)
        if not blocks or _starts_new(row, number, blocks[-1]):
            blocks.append(_Block())
        blocks[-1].add(row, number)
    _take_the_door_above(blocks)
    heads_named = any(row.relation or row.head_name or row.is_head is not None for row in rows)
    blocks = _join_apart(blocks, heads_named)
    _say_odd(blocks, heads_named)
    if serial:
        for block in blocks:
            block.against.append(Reason("number", "户号一行一个，像是序号，没有当户号用"))
    return [_group(block) for block in blocks]


WRITTEN_ONCE = 5
"""Households at least of which members show that a sheet writes a door once and leaves it blank until the next one."""


def _take_the_door_above(blocks: Sequence[_Block]) -> None:
    """Where a sheet writes each door once, a household without one lives behind the door above it: two at one door.

    The sheet must show that it does: members of many households leave the door blank, none repeats it, and no door
    comes a second time. Such a household is among those that look odd.
    """
    silent = sum(len(block.rows) > 1 and block.rows[0].door is not None for block in blocks)
    repeats = any(row.door is not None for block in blocks for row in block.rows[1:])
    doors = [block.door for block in blocks if block.door]
    bare = [place for place, block in enumerate(blocks) if block.door is None and place]
    if silent < WRITTEN_ONCE or repeats or len(set(doors)) < len(doors) or len(bare) * WRITTEN_ONCE > len(blocks):
        return
    for place in bare:
        blocks[place].door = blocks[place - 1].door
        blocks[place].for_it.append(Reason("door", "没有另写住址，和上面一户同一扇门"))


def _counts_rows(rows: Sequence[RowEvidence]) -> bool:
    """Say whether the numbers count rows: each member's is one more than above, and none comes twice at one door."""
    seen = set[tuple[str, DoorKey | None]]()
    door: DoorKey | None = None
    before, members = "", 0
    for row in rows:
        number, door = household_number(row.household_no), row.door or door
        if number and (number, door) in seen:
            return False
        if number and row.relation and not row.heads:
            if not (number.isdecimal() and before.isdecimal() and int(number) == int(before) + 1):
                return False
            members += 1
        seen.add((number, door))
        before = number
    return members > 0


def _starts_new(row: RowEvidence, number: str, block: _Block) -> bool:
    """Say whether a row begins another household than the rows above it."""
    if number and block.number and number != block.number:
        return True
    if doors_agree(row.door, block.door) is False:
        return True
    if row.heads:
        headless = block.head is None and (bool(number and number == block.number) or block.head_name == row.name)
        return not headless
    return bool(row.head_name and block.head_name and row.head_name != block.head_name)


def _join_apart(blocks: list[_Block], heads_named: bool) -> list[_Block]:
    """Join blocks that do not stand together: by number and door, by door and head, a headless one by its door."""
    by_mark: dict[tuple[str, object, str], _Block] = {}
    kept: list[_Block] = []
    for block in blocks:
        marks = [("number", block.door, block.number)] if block.number and block.door else []
        marks += [("head", block.door, block.head_name)] if block.head_name and block.door else []
        earlier = next((by_mark[mark] for mark in marks if mark in by_mark and _may_join(by_mark[mark], block)), None)
        if earlier is None:
            kept.append(block)
            earlier = block
        else:
            earlier.join(block, Reason("door", "户号或户主与住址都相同"))
        for mark in marks:
            by_mark.setdefault(mark, earlier)
    return _place_headless(kept, heads_named)


def _may_join(block: _Block, other: _Block) -> bool:
    if block.head and other.head:
        return False
    return not (block.head_name and other.head_name and block.head_name != other.head_name)


def _place_headless(blocks: list[_Block], heads_named: bool) -> list[_Block]:
    """Give rows without a head to the only household with one at their door."""
    at_door: dict[DoorKey, list[_Block]] = defaultdict(list)
    for block in blocks:
        if block.door and (block.head or not heads_named):
            at_door[block.door].append(block)
    kept: list[_Block] = []
    for block in blocks:
        homes = at_door.get(block.door, []) if block.door else []
        fits = [home for home in homes if home is not block and _numbers_fit(home, block) and _may_join(home, block)]
        if block.head or not homes:
            kept.append(block)
        elif not heads_named and homes[0] is not block and _numbers_fit(homes[0], block):
            homes[0].join(block, Reason("door", "住址相同"))
        elif heads_named and len(fits) == 1 and len(homes) == 1:
            fits[0].join(block, Reason("door", "住址相同，只有一户"))
        else:
            kept.append(block)
    return kept


def _numbers_fit(block: _Block, other: _Block) -> bool:
    return not (block.number and other.number and block.number != other.number)


def _say_odd(blocks: Sequence[_Block], heads_named: bool) -> None:
    """Note what a person should look at first; what cannot be decided is asked."""
    numbers, doors = defaultdict[str, list[_Block]](list), defaultdict[DoorKey, list[_Block]](list)
    for block in blocks:
        if block.number:
            numbers[block.number].append(block)
        if block.door:
            doors[block.door].append(block)
    for block in blocks:
        if heads_named and block.head is None:
            block.asked = True
            block.against.append(Reason("head", "没有户主"))
        if len(block.rows) >= LARGE:
            block.against.append(Reason("large", f"这一户有 {len(block.rows)} 人"))
        again = [other for other in numbers.get(block.number, []) if other is not block]
        if again:
            block.against.append(Reason("number", "同一个户号还有另一户"))
            block.asked = block.asked or any(other.door == block.door for other in again)
        if block.door and len(doors[block.door]) > 1:
            block.against.append(Reason("door", "这扇门写了不止一户"))


def _group(block: _Block) -> RowGroup:
    block.rows.sort(key=lambda row: row.ref)
    return RowGroup(
        tuple(row.ref for row in block.rows),
        block.number,
        block.door,
        block.head.ref if block.head else None,
        "ask" if block.asked else "sure",
        tuple(dict.fromkeys(block.for_it)),
        tuple(dict.fromkeys(block.against)),
    )


def with_company(rows: Iterable[RowEvidence], groups: Iterable[RowGroup]) -> list[RowEvidence]:
    """Return the rows with `together` filled in, and the door of their household where a row's own cell was blank."""
    by_ref = {row.ref: row for row in rows}
    found = dict(by_ref)
    for group in groups:
        names = {ref: by_ref[ref].name for ref in group.refs}
        for ref in group.refs:
            row, others = by_ref[ref], frozenset(name for other, name in names.items() if other != ref)
            found[ref] = replace(row, together=others, door=row.door or group.door)
    return [found[ref] for ref in by_ref]
