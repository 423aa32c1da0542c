"""Whom a row means is never guessed: stories, then properties."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.register.rules.door_grammar import DoorKey, read_door
from qiaomen.register.rules.household_rows import group_rows
from qiaomen.register.rules.identity import decide_person, decide_rows, understand
from qiaomen.register.rules.identity_facts import KnownHousehold, KnownPerson, OnRecord, Ref, RowEvidence

FILE = yaml.safe_load((Path(__file__).parent / "identity.stories.yaml").read_text(encoding="utf-8"))
STORIES: list[dict[str, Any]] = FILE["stories"]


def row_of(told: dict[str, Any], number: int) -> RowEvidence:
    return RowEvidence(
        ref=(told.get("sheet", "花名册"), number),
        name=told["name"],
        id_key=told.get("id", ""),
        id_birth=told.get("id_birth"),
        birth=told.get("birth"),
        sex=told.get("sex", ""),
        phones=frozenset(filter(None, [told.get("phone", "")])),
        relation=told.get("relation", ""),
        is_head=told.get("is_head"),
        household_no=told.get("number", ""),
        door=read_door(told["door"]).key if "door" in told else None,
        former_name=told.get("former_name", ""),
    )


def record_of(people: dict[str, dict[str, Any]]) -> OnRecord:
    homes: dict[str, KnownHousehold] = {}
    persons = []
    for key, told in people.items():
        home = homes.setdefault(
            told["household"], KnownHousehold(told["household"], read_door(told["door"]).key, told.get("number", ""))
        )
        if told.get("relation") == "户主":
            homes[home.key] = replace(homes[home.key], head_name=told["name"])
        persons.append(
            KnownPerson(
                key,
                told["name"],
                home.key,
                told.get("id", ""),
                told.get("birth"),
                told.get("sex", ""),
                frozenset(filter(None, [told.get("phone", "")])),
                told.get("relation", ""),
                told.get("relation") == "户主",
                told.get("state", "here"),
            )
        )
    return OnRecord(tuple(persons), tuple(homes.values()))


def test_there_are_forty_stories_of_one_claim_each() -> None:
    assert len(STORIES) >= 40 and all(len(story["claim"]) == 1 for story in STORIES)
    assert len({story["story"] for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
def test_story(story: dict[str, Any]) -> None:
    rows = [row_of(told, number) for number, told in enumerate(story["rows"], 1)]
    found = understand(rows, record_of(story.get("record", {})))
    groups, people = found.groups, found.people
    homes = {ref: home for group, home in zip(groups, found.homes, strict=True) for ref in group.refs}
    refs = {row.ref[1]: row.ref for row in rows}
    ((kind, claim),) = story["claim"].items()
    if kind == "households":
        assert sorted([[ref[1] for ref in group.refs] for group in groups]) == claim
        return
    ref = refs[claim[0]]
    group = next(group for group in groups if ref in group.refs)
    decision = homes[ref] if kind == "household" else people[ref]
    told = {
        "person": [decision.answer, decision.key],
        "household": [decision.answer, decision.key],
        "because": [decision.because],
        "candidates": [list(decision.candidates)],
        "group": [group.answer],
    }
    if kind == "contradiction":
        assert claim[1] in {reason.code for reason in (*people[ref].contradictions, *group.contradictions)}
    else:
        assert told[kind][: len(claim) - 1] == claim[1:]


# Properties ---------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["王建国", "王建军", "赵明远", "钱慧", "孙立"])
BIRTHS = st.sampled_from([None, date(1950, 3, 1), date(1975, 6, 2), date(2001, 9, 3)])
DOORS = st.sampled_from([None, *(DoorKey("幸福苑", b, "2", r) for b in ("3", "13") for r in ("501", "502"))])
PHONES = st.sampled_from([frozenset[str](), frozenset({"13900000001"}), frozenset({"13900000002"})])
RELATIONS = st.sampled_from(["", "户主", "妻", "子", "孙女"])
SEXES = st.sampled_from(["", "male", "female"])
NUMBERS = st.sampled_from(["", "1", "2", "无", "0", "/"])
IDS = st.sampled_from(["", "A1", "A2", "A3"])


@st.composite
def sheets(draw: st.DrawFn) -> list[RowEvidence]:
    rows = draw(st.lists(st.tuples(NAMES, IDS, BIRTHS, SEXES, PHONES, RELATIONS, NUMBERS, DOORS), max_size=8))
    return [
        RowEvidence(("花名册", n), name, id_no, None, birth, None, sex, phones, relation, None, number, "", door)
        for n, (name, id_no, birth, sex, phones, relation, number, door) in enumerate(rows, 1)
    ]


@st.composite
def records(draw: st.DrawFn) -> OnRecord:
    homes = [KnownHousehold(f"h{n}", draw(DOORS), draw(NUMBERS)) for n in range(draw(st.integers(1, 3)))]
    ids = iter(["A1", "A2", "A3"])
    persons = [
        KnownPerson(
            f"p{n}",
            draw(NAMES),
            draw(st.sampled_from(homes)).key,
            next(ids, "") if draw(st.booleans()) else "",
            draw(BIRTHS),
            draw(SEXES),
            draw(PHONES),
            relation := draw(RELATIONS),
            relation == "户主",
            draw(st.sampled_from(["here", "here", "away", "left", "died"])),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    return OnRecord(tuple(persons), tuple(homes))


@given(sheets(), records(), st.randoms())
def test_the_order_rows_are_given_in_changes_nothing(
    rows: list[RowEvidence], record: OnRecord, chance: random.Random
) -> None:
    shuffled = rows[:]
    chance.shuffle(shuffled)
    assert understand(shuffled, record) == understand(rows, record)


@given(sheets())
def test_every_row_is_in_one_household_and_no_household_has_two_heads_or_two_doors(rows: list[RowEvidence]) -> None:
    groups = group_rows(rows)
    by_ref = {row.ref: row for row in rows}
    assert sorted(ref for group in groups for ref in group.refs) == sorted(by_ref)
    for group in groups:
        members = [by_ref[ref] for ref in group.refs]
        assert sum(row.heads for row in members) <= 1
        assert len({row.door for row in members if row.door}) <= 1


@given(sheets(), records())
def test_no_two_rows_become_one_person_and_nobody_dead_is_changed(rows: list[RowEvidence], record: OnRecord) -> None:
    keys = [decision.key for decision in understand(rows, record).people.values() if decision.answer == "same"]
    assert len(keys) == len(set(keys)) and None not in keys
    assert not {person.key for person in record.persons if person.state in ("died", "left")} & set(keys)


@given(sheets(), records())
def test_the_same_document_under_another_name_is_never_the_same_person(
    rows: list[RowEvidence], record: OnRecord
) -> None:
    names = {person.id_key: person.name for person in record.persons if person.id_key}
    for row in rows:
        if row.id_key in names and names[row.id_key] != row.name:
            assert decide_person(row, record).answer == "ask"


@given(sheets(), records(), st.sampled_from(["birth", "sex", "phones", "relation", "id_key", "door"]))
def test_evidence_against_somebody_never_makes_a_row_that_person(
    rows: list[RowEvidence], record: OnRecord, field: str
) -> None:
    against: dict[str, Any] = {
        "birth": date(1930, 1, 1),
        "sex": "other",
        "phones": frozenset({"13100000000"}),
        "relation": "外甥",
        "id_key": "Z9",
        "door": DoorKey("平安里", "8", "1", "101"),
    }
    for row in rows:
        if getattr(row, field):
            continue
        before = decide_person(row, record)
        after = decide_person(replace(row, **{field: against[field]}), record)
        if before.answer == "ask" and len(before.candidates) == 1:
            assert after.answer != "same"


@given(sheets(), records())
def test_a_decision_says_why(rows: list[RowEvidence], record: OnRecord) -> None:
    for decision in decide_rows(rows, record).values():
        assert decision.because and decision.answer in ("same", "new", "ask", "refuse")
        assert decision.reasons or decision.answer != "same"


@given(st.sets(st.tuples(NAMES, st.sampled_from(["3", "13", "5"]), st.integers(101, 104)), max_size=8))
def test_a_whole_roster_read_again_changes_nobody(told: set[tuple[str, str, int]]) -> None:
    rows = [
        RowEvidence(
            ("花名册", n), name, f"N{n}", date(1950 + n, 1, 1), relation="户主", door=DoorKey("幸福苑", b, "1", str(r))
        )
        for n, (name, b, r) in enumerate(sorted(told), 1)
    ]
    homes = tuple(KnownHousehold(f"h{row.ref[1]}", row.door, "", row.name) for row in rows)
    persons = tuple(
        KnownPerson(
            f"p{row.ref[1]}", row.name, f"h{row.ref[1]}", row.id_key, row.id_birth, relation="户主", is_head=True
        )
        for row in rows
    )
    found = understand(rows, OnRecord(persons, homes))
    assert {decision.answer for decision in found.people.values()} <= {"same"}
    assert {decision.answer for decision in found.homes} <= {"same"}


LAYOUTS = (
    "numbered",
    "restarting",
    "first-row-only",
    "heads-only",
    "head-names",
    "serial",
    "无",
    "scattered",
    "head-last",
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[RowEvidence], list[set[Ref]]]:
    """Draw a table in one of the layouts offices use, and which of its rows are one household."""
    layout = draw(st.sampled_from(LAYOUTS))
    rows: list[RowEvidence] = []
    truth: list[set[Ref]] = []
    for home, size in enumerate(draw(st.lists(st.integers(1, 5), min_size=1, max_size=8))):
        building, room = divmod(home if layout == "serial" or draw(st.booleans()) else max(home - 1, 0), 3)
        door = DoorKey("幸福苑", str(building + 1), "1", str(room + 101))
        number = str(room + 1) if layout == "restarting" else str(home + 1)
        if layout == "restarting":
            door = DoorKey("幸福苑", str(home // 3 + 1), "1", str(home % 3 + 101))
            number = str(home % 3 + 1)
        members = [f"居民{home}{letter}" for letter in "甲乙丙丁戊"[:size]]
        order = [*range(1, size), 0] if layout == "head-last" else list(range(size))
        truth.append(set())
        for place in order:
            first = place == order[0]
            ref = ("花名册", len(rows) + 2)
            truth[-1].add(ref)
            blank = layout in ("first-row-only", "heads-only") and not first
            told = {"serial": str(len(rows) + 1), "无": "无", "heads-only": "", "head-names": ""}.get(layout, number)
            rows.append(
                RowEvidence(
                    ref,
                    members[place],
                    relation="户主" if place == 0 else "家人",
                    household_no="" if blank else told,
                    head_name=members[0] if layout == "head-names" else "",
                    door=None if blank else door,
                )
            )
    if layout in ("scattered", "head-names"):
        places = draw(st.permutations(range(len(rows))))
        new = {rows[place].ref: ("花名册", at + 2) for at, place in enumerate(places)}
        rows = [replace(row, ref=new[row.ref]) for row in rows]
        truth = [{new[ref] for ref in home} for home in truth]
    return rows, truth


@given(tables())
def test_the_households_of_a_table_are_found_in_every_layout(table: tuple[list[RowEvidence], list[set[Ref]]]) -> None:
    rows, truth = table
    groups = group_rows(rows)
    assert sorted(map(sorted, truth)) == sorted(sorted(group.refs) for group in groups)
    assert all(group.answer == "sure" for group in groups)


@st.composite
def towns(draw: st.DrawFn) -> tuple[OnRecord, list[RowEvidence], dict[Ref, str]]:
    """Draw a town with many namesakes, a new list of it with gaps and moves, and who each row truly is ("" = new).

    Two people of one name in one household are told apart by their relation: else nobody could know.
    """
    used: dict[tuple[str, str], list[str]] = {}
    doors = [DoorKey("幸福苑", building, "1", str(room)) for building in "123" for room in (101, 102, 103)]
    homes = [KnownHousehold(f"h{n}", door, str(n % 3 + 1)) for n, door in enumerate(doors[: draw(st.integers(1, 6))])]
    persons: list[KnownPerson] = []
    rows: list[RowEvidence] = []
    truth: dict[Ref, str] = {}
    for n in range(draw(st.integers(1, 8))):
        new, home = draw(st.booleans()), draw(st.sampled_from(homes))
        name, sex = draw(NAMES), ("male", "female")[n % 2]
        birth, id_key = date(1940 + 7 * n, 1 + n, 3), f"N{n}"
        namesakes = used.setdefault((name, home.key), [])
        phone = frozenset({f"1390000000{n}"})
        relation = draw(RELATIONS) if not namesakes else f"亲属{n}"
        namesakes.append(relation)
        on_card, on_file = draw(st.booleans()), draw(st.booleans())
        if not new:
            persons.append(
                KnownPerson(
                    f"p{n}",
                    name,
                    home.key,
                    id_key if on_card else "",
                    birth if on_card or on_file else None,
                    sex,
                    phone,
                    relation,
                    relation == "户主",
                )
            )
            if not draw(st.integers(0, 4)):
                continue
        card, born, sexed, called, related = (draw(st.booleans()) for _ in range(5))
        related = related or len(namesakes) > 1
        door = draw(st.sampled_from(doors)) if not draw(st.integers(0, 3)) else home.door
        ref = ("花名册", len(rows) + 2)
        truth[ref] = "" if new else f"p{n}"
        rows.append(
            RowEvidence(
                ref,
                name,
                id_key=id_key if card else "",
                id_birth=birth if card else None,
                birth=birth if born else None,
                sex=sex if sexed else "",
                phones=phone if called else frozenset(),
                relation=relation if related else "",
                household_no=home.number,
                door=door,
            )
        )
    return OnRecord(tuple(persons), tuple(homes)), rows, truth


Town = tuple[OnRecord, list[RowEvidence], dict[Ref, str]]


@given(towns())
def test_no_row_is_silently_taken_for_somebody_else(town: Town) -> None:
    record, rows, truth = town
    for ref, decision in understand(rows, record).people.items():
        assert decision.answer != "same" or decision.key == truth[ref]


@given(towns())
def test_nobody_on_record_silently_gets_a_second_record(town: Town) -> None:
    record, rows, truth = town
    people = understand(rows, record).people
    assert not [ref for ref, decision in people.items() if decision.answer == "new" and truth[ref]]
