"""Which two records may be one person: blocked joins, then weights of evidence. Advice only: a person merges. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from qiaomen.kernel.idcheck import check_id_no
from qiaomen.linkage.arrays import find_pairs_in
from qiaomen.linkage.columns import Columns
from qiaomen.linkage.weights import FEATURES, WEIGHTS, Weights, say_evidence


@dataclass(frozen=True)
class Candidate:
    """What is known of one record; "" or None is not known and weighs nothing."""

    key: str
    name: str
    sounds: str = ""
    sex: str = ""
    birth: date | None = None
    id_no: str = ""
    phone: str = ""
    household: str = ""
    door: str = ""


@dataclass(frozen=True)
class Pair:
    """Two records that look like one person. `band` is same or ask; `evidence` holds (level code, bits)."""

    left: str
    right: str
    band: str
    bits: float
    evidence: tuple[tuple[str, float], ...]

    def sentences(self) -> list[str]:
        """Say the evidence, the weightiest first."""
        return say_evidence(self.evidence)


def one_slip(left: str, right: str) -> bool:
    """Say whether two texts of one length differ in one character or in two neighbours that changed places."""
    if len(left) != len(right):
        return False
    off = [place for place, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(off) == 2 and off[1] == off[0] + 1:
        return left[off[0]] == right[off[1]] and left[off[1]] == right[off[0]]
    return len(off) == 1


def _id_level(a: Candidate, b: Candidate) -> str:
    if not a.id_no or not b.id_no:
        return ""
    valid = check_id_no(a.id_no).ok, check_id_no(b.id_no).ok
    if a.id_no == b.id_no:
        return "id.same" if all(valid) else "id.same-unchecked"
    if not all(valid):
        return "id.one-digit-off" if one_slip(a.id_no, b.id_no) else "id.differs-unchecked"
    return "id.differs"


def _name_level(a: Candidate, b: Candidate) -> str:
    if not a.name or not b.name:
        return ""
    if a.name == b.name:
        return "name.same"
    if a.sounds and a.sounds == b.sounds:
        return "name.sounds-same"
    short, long = sorted((a.name, b.name), key=len)
    if len(long) == len(short) + 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long))):
        return "name.one-char-added"
    return "name.one-char" if len(short) == len(long) and one_slip(short, long) else "name.differs"


def _birth_level(a: Candidate, b: Candidate) -> str:
    if a.birth is None or b.birth is None:
        return ""
    left, right = (a.birth.year, a.birth.month, a.birth.day), (b.birth.year, b.birth.month, b.birth.day)
    if left == right:
        return "birth.same"
    if left[0] == right[0] and left[1:] == right[:0:-1]:
        return "birth.day-month-swapped"
    steps = [abs(x - y) for x, y in zip(left, right, strict=True)]
    if sum(steps) == 1:
        return "birth.one-step-off"
    if one_slip(a.birth.isoformat().replace("-", ""), b.birth.isoformat().replace("-", "")):
        return "birth.one-digit-off"
    return "birth.lunar-perhaps" if 17 <= abs((a.birth - b.birth).days) <= 52 else "birth.differs"


def _other_levels(a: Candidate, b: Candidate) -> Iterator[str]:
    if a.phone and b.phone:
        same = a.phone == b.phone
        yield "phone.same" if same else "phone.one-digit-off" if one_slip(a.phone, b.phone) else "phone.differs"
    if a.household and a.household == b.household:
        yield "household.same"
    elif a.door and b.door:
        yield "door.same" if a.door == b.door else "door.differs"
    if a.sex and b.sex:
        yield "sex.same" if a.sex == b.sex else "sex.differs"


_BITS = {level.code: level.weight for levels in FEATURES.values() for level in levels}


def compare(a: Candidate, b: Candidate, names: Counter[str], weights: Weights = WEIGHTS) -> Pair | None:
    """Weigh two records; `names` counts how often each name occurs. None: two people, as far as is known."""
    codes = [code for code in (_id_level(a, b), _name_level(a, b), _birth_level(a, b), *_other_levels(a, b)) if code]
    rarity = weights.rarity(names[a.name], names.total()) if a.name == b.name else 0.0
    evidence = tuple((code, rarity if code == "name.same" else _BITS[code]) for code in codes)
    bits = sum(weight for _, weight in evidence)
    if bits < weights.ask_from and not set(codes) & set(weights.always_asked):
        return None
    doubt = set(codes) & set(weights.never_same) or (
        "id.same" not in codes and set(codes) & set(weights.same_only_with_id)
    )
    band = "same" if bits >= weights.same_from and not doubt else "ask"
    left, right = sorted((a.key, b.key))
    return Pair(left, right, band, round(bits, 1), evidence)


def find_pairs(people: Sequence[Candidate], weights: Weights = WEIGHTS) -> list[Pair]:
    """Return the pairs that look like one person, the surest first; the order of `people` does not matter."""
    found = find_pairs_in(columns_of(people), weights)
    pairs = []
    for row, (left, right) in enumerate(zip(found.left.tolist(), found.right.tolist(), strict=True)):
        first, second = sorted((people[left].key, people[right].key))
        band, bits = "same" if found.same[row] else "ask", round(float(found.bits[row]), 1)
        pairs.append(Pair(first, second, band, bits, found.evidence(row)))
    return sorted(pairs, key=lambda pair: (-pair.bits, pair.left, pair.right))


def columns_of(people: Sequence[Candidate]) -> Columns:
    """Return records as columns."""
    columns = {field.name: [getattr(person, field.name) for person in people] for field in fields(Candidate)}
    del columns["key"]
    return Columns.of(**columns)


def closest(
    candidate: Candidate, people: Iterable[Candidate], names: Counter[str], weights: Weights = WEIGHTS
) -> list[Pair]:
    """Return whom a new record may be, the surest first: the warning while typing."""
    pairs = (compare(candidate, other, names, weights) for other in people)
    return sorted((pair for pair in pairs if pair), key=lambda pair: -pair.bits)
