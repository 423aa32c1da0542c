"""Whom does a row mean? Decided here alone, from all the evidence, with four answers: same, new, ask, refuse.

How to call it: read the cells with the grammars of kernel and `door_grammar`, make a `RowEvidence` of each row and call
`understand`: it groups the rows of each sheet, decides who is meant, then which household each group is. A
single form calls `decide_person`. Nothing is written here; `ask` means that a
person chooses between the candidates, "somebody new" and "leave out", with nothing chosen beforehand.

What is sure: a document with its name; a name with its birth day and one thing more (door, telephone, people living
together); a name without a birth day only with the door, the relation or telephone, and one thing more, and nothing
against it. A household number is evidence and never a key.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qiaomen.register.rules.identity.facts import (
    WORDS,
    Comparison,
    KnownHousehold,
    KnownPerson,
    OnRecord,
    Reason,
    Ref,
    RowEvidence,
    compare,
    doors_agree,
    household_number,
)
from qiaomen.register.rules.identity.household_rows import RowGroup, group_rows, with_company

OWN = frozenset({"phone", "relation", "birth-year", "sex"})
"""Evidence that tells one person of a household from another; a sex alone does not."""

HARD = frozenset({"id", "birth", "birth-year", "sex"})
"""Evidence that does not change in a life: a move changes the door, a new card the telephone."""

SHARED = frozenset({"number", "together", "head-name"})
"""Evidence that tells a household from another one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: same (as `key`), new, ask (which of `candidates`, or somebody new) or refuse.

    With `new`, `candidates` are namesakes that nothing lasting speaks against: they may have moved.
    `because`: a code for the rule that decided. `reasons` speak for it, `contradictions` against: with `same` they are
    what changes or what a person should see.
    """

    answer: str
    because: str
    key: str | None = None
    candidates: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    contradictions: tuple[Reason, ...] = ()


def _of(answer: str, because: str, person: KnownPerson, found: Comparison) -> Decision:
    """Make a decision about one person out of a comparison."""
    return Decision(
        answer,
        because,
        person.key if answer == "same" else None,
        (person.key,),
        _reasons(found.agree, "相同"),
        _reasons(found.differ, "不同"),
    )


@lru_cache(maxsize=4096)
def _reasons(codes: frozenset[str], verdict: str) -> tuple[Reason, ...]:
    return tuple(Reason(code, f"{WORDS[code]}{verdict}") for code in sorted(codes))


def decide_person(row: RowEvidence, record: OnRecord) -> Decision:
    """Say whom on record a row means."""
    if not row.name:
        return Decision("refuse", "no-name", contradictions=(Reason("name", "没有姓名"),))
    known = record.by_id.get(row.id_key) if row.id_key else None
    if known is not None:
        return _by_document(row, known, record)
    people = {
        person.key: person for name in (row.name, row.former_name) if name for person in record.by_name.get(name, ())
    }
    found = [(person, compare(row, person, record)) for _, person in sorted(people.items())]
    judged = [(person, comparison, _verdict(comparison)) for person, comparison in found]
    same = [(person, comparison) for person, comparison, verdict in judged if verdict == "same"]
    asked = [(person, comparison) for person, comparison, verdict in judged if verdict == "ask"]
    if len(same) == 1 and all(comparison.differ for _, comparison in asked):
        person, comparison = same[0]
        if not asked or comparison.agree & {"birth", "phone"}:
            return _settled(person, comparison)
    if same or asked:
        return _asked([*same, *asked])
    close = _misspelt(row, record)
    if close:
        return replace(_asked(close), because="name-close")
    against = frozenset(code for _, comparison in found for code in comparison.differ)
    maybe = tuple(person.key for person, comparison in found if person.state != "died" and not comparison.differ & HARD)
    return Decision("new", "nobody-fits", candidates=maybe, contradictions=_reasons(against, "不同"))


def _by_document(row: RowEvidence, person: KnownPerson, record: OnRecord) -> Decision:
    """A document on record: the person, if the name is theirs."""
    found = compare(row, person, record)
    return _settled(person, found) if "name" in found.agree else _of("ask", "id-other-name", person, found)


def _settled(person: KnownPerson, found: Comparison) -> Decision:
    """Somebody sure; who died or left is not changed by a row."""
    if person.state == "died":
        return _of("refuse", "died", person, found)
    if person.state == "left":
        return _of("ask", "came-back", person, found)
    return _of("same", "id" if "id" in found.agree else "evidence", person, found)


def _asked(found: Sequence[tuple[KnownPerson, Comparison]]) -> Decision:
    first = _of("ask", "not-sure" if len(found) == 1 else "several", *found[0])
    return replace(first, candidates=tuple(sorted(person.key for person, _ in found)))


def _verdict(found: Comparison) -> str:
    """Judge somebody of the same name: same, ask or other."""
    agree, differ = found.agree, found.differ
    near = "door" in agree
    if "id" in differ:
        return "ask" if near and "birth" in agree else "other"
    if differ & {"birth", "birth-year"}:
        return "ask" if near and agree & {"phone", "relation"} and "sex" not in differ else "other"
    if "sex" in differ:
        return "ask" if near or "phone" in agree else "other"
    if "birth" in agree:
        return "same" if agree & {"door", "phone", "together"} else "ask"
    return _without_birth(agree, differ)


def _without_birth(agree: frozenset[str], differ: frozenset[str]) -> str:
    """Judge where no birth day can be compared. Father and son of one name at one door must not become one."""
    own, shared = agree & OWN, agree & SHARED
    if "door" in differ:
        return "ask" if "phone" in agree or ("relation" in agree and shared) else "other"
    if own & {"phone", "relation"} and len(own | shared) > 1 and not differ:
        return "same"
    return "ask" if own or shared or "door" in agree else "other"


def _misspelt(row: RowEvidence, record: OnRecord) -> list[tuple[KnownPerson, Comparison]]:
    """Return who lives at the door with this birth day under a name that differs in one character."""
    found = []
    for home in record.living_at(row.door):
        for person in record.members.get(home.key, ()):
            if person.name in row.together or not _one_off(row.name, person.name):
                continue
            comparison = compare(row, person, record)
            if "birth" in comparison.agree and not comparison.differ & {"id", "sex"}:
                found.append((person, comparison))
    return found


def _one_off(first: str, other: str) -> bool:
    return len(first) == len(other) > 1 and sum(a != b for a, b in zip(first, other, strict=True)) == 1


# Rows among themselves ----------------------------------------------------------------------------------------------


def decide_rows(rows: Iterable[RowEvidence], record: OnRecord) -> dict[Ref, Decision]:
    """Decide all rows of an upload; rows that claim one person are asked about, whatever order they are given in."""
    ordered = sorted(rows, key=lambda row: row.ref)
    found = {row.ref: decide_person(row, record) for row in ordered}
    _one_document_once(ordered, found)
    claims: dict[str, list[Ref]] = defaultdict(list)
    for row in ordered:
        decision = found[row.ref]
        if decision.answer == "same" and decision.key:
            claims[decision.key].append(row.ref)
    for refs in claims.values():
        if len(refs) > 1:
            for ref in refs:
                found[ref] = replace(found[ref], answer="ask", because="claimed-twice", key=None)
    _no_twins_of_rows(ordered, found)
    _moved_or_namesake(ordered, found)
    return found


def _moved_or_namesake(rows: Sequence[RowEvidence], found: dict[Ref, Decision]) -> None:
    """Who stands on record and in no row of the upload may be the namesake that stands at another door: asked about."""
    spoken = {decision.key for decision in found.values() if decision.answer == "same"}
    for row in rows:
        decision = found[row.ref]
        missing = tuple(key for key in decision.candidates if key not in spoken)
        if decision.answer == "new" and missing:
            found[row.ref] = replace(decision, answer="ask", because="moved-maybe", candidates=missing)


def _one_document_once(rows: Sequence[RowEvidence], found: dict[Ref, Decision]) -> None:
    """One number in two rows: the same row twice comes in once; under two names both are asked about."""
    by_id: dict[str, list[RowEvidence]] = defaultdict(list)
    for row in rows:
        if row.id_key:
            by_id[row.id_key].append(row)
    for again in by_id.values():
        if len({row.name for row in again}) > 1:
            for row in again:
                found[row.ref] = _number_of_several(row, again, found[row.ref])
            continue
        for row in again[1:]:
            reason = Reason("row", f"和“{again[0].ref[0]}”第 {again[0].ref[1]} 行是同一个证件号")
            found[row.ref] = Decision("refuse", "row-twice", contradictions=(reason,))


def _number_of_several(row: RowEvidence, again: Sequence[RowEvidence], decision: Decision) -> Decision:
    """A number under several names: of people who are surely two it is the number that is doubtful, not who they are.

    They are two when they stand at different doors, share no name and none of them is on record; else it is asked.
    """
    doors = {other.door for other in again}
    apart = None not in doors and len(doors) == len(again)
    alike = any(set(row.name) & set(other.name) for other in again if other.name != row.name)
    known = decision.answer != "new" or decision.candidates
    if apart and not alike and not known and len({other.name for other in again}) == len(again):
        return replace(decision, because="number-doubtful")
    return replace(decision, answer="ask", because="id-two-names", key=None)


def _no_twins_of_rows(rows: Sequence[RowEvidence], found: dict[Ref, Decision]) -> None:
    """Two new rows of one name and birth day at one door, or nothing but one name and door: asked about."""
    first: dict[tuple[object, ...], RowEvidence] = {}
    for row in rows:
        if found[row.ref].answer != "new" or row.door is None:
            continue
        earlier = first.setdefault((row.name, row.born, row.door), row)
        if earlier is row or (row.born is None and _told_apart(earlier, row)):
            continue
        reason = Reason("row", f"和“{earlier.ref[0]}”第 {earlier.ref[1]} 行同名同门")
        found[row.ref] = Decision("ask", "row-alike", contradictions=(reason,))


def _told_apart(first: RowEvidence, other: RowEvidence) -> bool:
    """Two rows of one name and door that say themselves that they are two people."""
    relations = bool(first.relation and other.relation and first.relation != other.relation)
    sexes = bool(first.sex and other.sex and first.sex != other.sex)
    return relations or sexes or bool(first.id_key and other.id_key and first.id_key != other.id_key)


# Households ---------------------------------------------------------------------------------------------------------


def decide_household(
    group: RowGroup, rows: Mapping[Ref, RowEvidence], people: Mapping[Ref, Decision], record: OnRecord
) -> Decision:
    """Say which household on record a group of rows means; `people`: what `decide_rows` said of them."""
    if group.answer == "ask":
        return Decision("ask", "rows-unclear", contradictions=group.contradictions)
    known = {people[ref].key for ref in group.refs if people[ref].answer == "same"}
    homes = Counter(record.by_key[key].household for key in known if key)
    if len(homes) == 1:
        return _of_members(group, record.homes.get(next(iter(homes))), homes, record)
    if homes:
        return _of_many(group, homes, rows, record)
    if group.door is None:
        return Decision("ask", "no-door", contradictions=(Reason("door", "没有住址"),))
    maybe = {key for ref in group.refs if people[ref].answer == "ask" for key in people[ref].candidates}
    if maybe:
        asked = tuple(sorted({record.by_key[key].household for key in maybe}))
        return Decision("ask", "people-unclear", candidates=asked, contradictions=group.contradictions)
    return _of_strangers(group, rows, record)


def _home_decision(answer: str, because: str, home: KnownHousehold, group: RowGroup, *codes: str) -> Decision:
    reasons, contradictions = [Reason(code, f"{WORDS.get(code, '成员')}相同") for code in codes], list[Reason]()
    for code, agrees in (("door", doors_agree(group.door, home.door)), ("number", _numbers_agree(group, home))):
        if agrees is not None:
            words = f"{WORDS[code]}{'相同' if agrees else '不同'}"
            (reasons if agrees else contradictions).append(Reason(code, words))
    key = home.key if answer == "same" else None
    return Decision(answer, because, key, (home.key,), tuple(reasons), (*contradictions, *group.contradictions))


def _numbers_agree(group: RowGroup, home: KnownHousehold) -> bool | None:
    number = household_number(home.number)
    return number == group.number if number and group.number else None


def _of_members(group: RowGroup, home: KnownHousehold | None, homes: Counter[str], record: OnRecord) -> Decision:
    """All known people of the group are of one household: it, unless only some of it is at another door."""
    if home is None:
        return Decision("ask", "no-household")
    stays = doors_agree(group.door, home.door) is not False
    whole = homes[home.key] >= len(record.members.get(home.key, ()))
    if stays or whole:
        return _home_decision("same", "members" if stays else "moved", home, group, "members")
    return _home_decision("ask", "part-moved", home, group, "members")


def _of_many(group: RowGroup, homes: Counter[str], rows: Mapping[Ref, RowEvidence], record: OnRecord) -> Decision:
    """People of several households in one group: the one at this door that the head or the number speaks for."""
    head = rows[group.head].name if group.head else ""
    fits = [
        home
        for home in (record.homes[key] for key in sorted(homes) if key in record.homes)
        if doors_agree(group.door, home.door) and (_numbers_agree(group, home) or (head and home.head_name == head))
    ]
    if len(fits) == 1:
        return _home_decision("same", "joined", fits[0], group, "members")
    return Decision("ask", "several-households", candidates=tuple(sorted(homes)), contradictions=group.contradictions)


def _of_strangers(group: RowGroup, rows: Mapping[Ref, RowEvidence], record: OnRecord) -> Decision:
    """Nobody of the group is known for sure: a household of the same door with its head or number is asked about."""
    head = rows[group.head].name if group.head else ""
    for home in record.living_at(group.door):
        if _numbers_agree(group, home) or (head and home.head_name == head):
            return _home_decision("ask", "same-door", home, group)
    elsewhere = record.by_number.get(group.number, []) if group.number else []
    for home in elsewhere:
        if head and home.head_name == head:
            return _home_decision("ask", "moved-maybe", home, group, "head-name")
    against = [Reason("number", "这个户号登记的是别处的一户")] if elsewhere else []
    against += [Reason("door", "这扇门已经登记着另一户")] if record.living_at(group.door) else []
    return Decision("new", "nobody-fits", contradictions=(*against, *group.contradictions))


@dataclass(frozen=True, slots=True)
class Understanding:
    """How the rows of an upload were understood: households of rows, whom each row means, what each household is.

    `homes` has one decision for each of `groups`, in the same order.
    """

    groups: tuple[RowGroup, ...]
    people: Mapping[Ref, Decision]
    homes: tuple[Decision, ...]


def understand(rows: Iterable[RowEvidence], record: OnRecord) -> Understanding:
    """Group the rows of all sheets, say whom each means and which household each group is; the order given is
    no matter.
    """
    rows = list(rows)
    groups = group_rows(rows)
    by_ref = {row.ref: row for row in with_company(rows, groups)}
    people = decide_rows(by_ref.values(), record)
    return Understanding(groups, people, tuple(decide_household(group, by_ref, people, record) for group in groups))
