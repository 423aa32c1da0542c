"""The search for duplicates over whole columns: who shares a key, how each feature agrees, which band. Pure.

The plain words of each rule stand in `duplicates.compare`; a property test holds the two to the same answer.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qiaomen.linkage import weights as w
from qiaomen.linkage.columns import Bools, Chars, Columns, Keys, Numbers, Texts, calendar_of, valid_ids

CROWDED = 50
"""A block of more records than this (an office's phone, a nursing home's door) is no hint and is not compared.

Measured on a million: 200 makes twice the pairs and finds one in ten thousand more.
"""

AT_ONCE = 1 << 14
"""So many pairs are compared in one go: what they need stays in the cache of a core."""

Levels = NDArray[np.uint8]
Bits = NDArray[np.float64]


@dataclass(frozen=True)
class PairArrays:
    """Pairs that look like one person, the surest first: `left` < `right` are places in the columns searched.

    `same` is the band: True same, False ask. `levels` and `weights` hold, for each feature in the order of FEATURES,
    the stored level (0 = UNKNOWN) and its bits; `bits` is their sum. `crowded` are the places of new records that
    stood in a crowded block: they were not compared with all who share that key.
    """

    left: Numbers
    right: Numbers
    same: Bools
    bits: Bits
    levels: Levels
    weights: Bits
    crowded: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.left)

    def evidence(self, row: int) -> tuple[tuple[str, float], ...]:
        """Return (level code, bits) of what one pair tells."""
        features = zip(w.FEATURES, self.levels[row].tolist(), self.weights[row].tolist(), strict=True)
        return tuple((w.level_code(feature, level), bits) for feature, level, bits in features if level)


def find_pairs_in(columns: Columns, weights: w.Weights = w.WEIGHTS) -> PairArrays:
    """Return the pairs among these records that look like one person."""
    return _search(columns, len(columns), weights)


def pairs_between(new: Columns, standing: Columns, weights: w.Weights = w.WEIGHTS) -> PairArrays:
    """Return the pairs of new records with standing ones and with each other: the preview of an import.

    Places count the new records first, then the standing ones; `left` is always a new one.
    """
    return _search(Columns.stack([new, standing]), len(new), weights)


def _search(columns: Columns, new: int, weights: w.Weights) -> PairArrays:
    left, right, crowded = _meetings(columns, new)
    names = np.sort(columns.name.hashes)

    def weighed(at: int) -> PairArrays:
        return _weigh(columns, left[at : at + AT_ONCE], right[at : at + AT_ONCE], names, weights)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = list(threads.map(weighed, range(0, max(len(left), 1), AT_ONCE)))
    found = {
        column.name: np.concatenate([getattr(part, column.name) for part in parts])
        for column in fields(PairArrays)[:-1]
    }
    surest = np.lexsort((found["right"], found["left"], -found["bits"]))
    return PairArrays(**{name: column[surest] for name, column in found.items()}, crowded=crowded)


def _joined(*parts: Keys | Numbers) -> Keys:
    """Return one key of several, 0 where one of them is not known."""
    key, known = np.zeros(len(parts[0]), np.uint64), np.ones(len(parts[0]), np.bool_)
    for place, part in enumerate(parts):
        key += part.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15 + 2 * place)
        known &= part != 0
    return np.where(known, key, np.uint64(0))


def _blocks(c: Columns) -> Iterator[Keys]:
    """The keys under which a record meets those it may be: each survives another kind of mistake. 0 is no key."""
    name, phone, home = c.name.hashes, c.phone.hashes, np.where(c.door, c.door, c.household)
    sounds = np.where(c.sounds, c.sounds, name)
    year, month, day = calendar_of(c.born)
    either_way = (year * 100 + np.minimum(month, day)) * 100 + np.maximum(month, day)
    yield c.id_no.hashes
    yield _joined(sounds, c.born)
    yield _joined(sounds, phone)
    yield _joined(sounds, home)
    yield _joined(home, c.born)
    yield _joined(home, phone)
    yield _joined(phone, c.born)
    yield _joined(name, np.where(c.born, month * 100 + day, 0))
    yield _joined(name, np.where(c.born, either_way, 0))


def _meetings(columns: Columns, new: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return each pair that shares a block once, as places (left < right) where left is one of the new records,
    and the new records that stood in a crowded block."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found, crowded = zip(*threads.map(lambda keys: _sharing(keys, new), _blocks(columns)), strict=True)
    met = np.sort(np.concatenate(found))
    met = met[np.append(True, met[1:] != met[:-1])[: len(met)]]
    return met >> 32, met & 0xFFFFFFFF, np.unique(np.concatenate(crowded))


def _sharing(keys: Keys, new: int) -> tuple[Numbers, Numbers]:
    """Return the pairs of rows with one key, packed as left << 32 | right, and the new rows of crowded keys."""
    rows = _met_before(keys)
    rows = rows[np.argsort(keys[rows])]
    ends = np.flatnonzero(np.append(keys[rows[1:]] != keys[rows[:-1]], np.ones(min(len(rows), 1), np.bool_))) + 1
    sizes = np.diff(ends, prepend=0)
    after, crowded = np.repeat(ends, sizes) - np.arange(len(rows)), np.repeat(sizes, sizes) > CROWDED
    places = np.flatnonzero(~crowded & (after > 1))
    found = [np.zeros(0, np.int64)]
    step = 1
    while len(places):
        a, b = rows[places], rows[places + step]
        left, right = np.minimum(a, b), np.maximum(a, b)
        found.append((left << 32 | right)[left < new])
        step += 1
        places = places[after[places] > step]
    return np.concatenate(found), rows[crowded & (rows < new)]


def _met_before(keys: Keys) -> Numbers:
    """Return the rows whose key may occur twice: most keys occur once, and counting them is cheaper than sorting."""
    rows = np.flatnonzero(keys)
    spread = 64 - max(len(rows) * 4, 1).bit_length()
    slots = (keys[rows] * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(spread)).astype(np.int64)
    return rows[np.bincount(slots)[slots] > 1]


def _weigh(c: Columns, left: Numbers, right: Numbers, names: Keys, weights: w.Weights) -> PairArrays:
    """Weigh pairs and keep those to show; `names` holds the hash of every record's name, sorted."""
    found = (_id_levels, _name_levels, _birth_levels, _phone_levels, _home_levels, _sex_levels)
    levels = np.stack([levels_of(c, left, right) for levels_of in found], axis=1)
    bits = np.stack([np.array(weights.table(f))[levels[:, at]] for at, f in enumerate(w.FEATURES)], axis=1)
    alike = np.flatnonzero(levels[:, 1] == w.NAME_SAME)
    bits[alike, 1] = _rarity(c.name.hashes[left[alike]], names, weights)
    total = np.zeros(len(left))
    for column in bits.T:  # one by one, as `compare` adds them, so that not even the last binary digit differs
        total += column
    doubt = _shows(levels, weights.never_same)
    doubt |= _shows(levels, weights.same_only_with_id) & ~_shows(levels, ("id.same",))
    same = (total >= weights.same_from) & ~doubt
    shown = (total >= weights.ask_from) | _shows(levels, weights.always_asked)
    return PairArrays(left[shown], right[shown], same[shown], total[shown], levels[shown], bits[shown])


def _shows(levels: Levels, codes: tuple[str, ...]) -> Bools:
    """Say which pairs show one of these levels."""
    shows = np.zeros(len(levels), np.bool_)
    for at, feature in enumerate(w.FEATURES):
        shows |= np.array([False, *(level.code in codes for level in w.FEATURES[feature])])[levels[:, at]]
    return shows


def _rarity(hashes: Keys, names: Keys, weights: w.Weights) -> Bits:
    asked, which = np.unique(hashes, return_inverse=True)
    counts = np.searchsorted(names, asked, "right") - np.searchsorted(names, asked, "left")
    different, of = np.unique(counts, return_inverse=True)
    return np.array([weights.rarity(count, len(names)) for count in different.tolist()], np.float64)[of][which]


def _where_known(
    left: Numbers, right: Numbers, known: Bools, levels_of: Callable[[Numbers, Numbers], NDArray[Any]]
) -> Levels:
    levels = np.full(len(left), w.UNKNOWN, np.uint8)
    levels[known] = levels_of(left[known], right[known])
    return levels


def _both(column: Keys | Numbers, left: Numbers, right: Numbers) -> Bools:
    known: Bools = (column[left] != 0) & (column[right] != 0)
    return known


def _id_levels(c: Columns, left: Numbers, right: Numbers) -> Levels:
    texts = c.id_no

    def told(a: Numbers, b: Numbers) -> NDArray[Any]:
        same = texts.hashes[a] == texts.hashes[b]
        valid = valid_ids(texts, a) & valid_ids(texts, b)
        slip = _slips(texts, a, b, ~same & ~valid)
        found = [same & valid, same, valid, slip]
        return np.select(found, [w.ID_SAME, w.ID_SAME_UNCHECKED, w.ID_DIFFERS, w.ID_ONE_OFF], w.ID_DIFFERS_UNCHECKED)

    return _where_known(left, right, _both(texts.hashes, left, right), told)


def _name_levels(c: Columns, left: Numbers, right: Numbers) -> Levels:
    texts = c.name

    def told(a: Numbers, b: Numbers) -> NDArray[Any]:
        same = texts.hashes[a] == texts.hashes[b]
        sounds = (c.sounds[a] == c.sounds[b]) & (c.sounds[a] != 0)
        other = ~same & ~sounds
        found = [same, sounds, _longer_by_one(texts, a, b, other), _slips(texts, a, b, other)]
        return np.select(found, [w.NAME_SAME, w.NAME_SOUNDS, w.NAME_ADDED, w.NAME_ONE_CHAR], w.NAME_DIFFERS)

    return _where_known(left, right, _both(texts.hashes, left, right), told)


def _birth_levels(c: Columns, left: Numbers, right: Numbers) -> Levels:
    def told(a: Numbers, b: Numbers) -> NDArray[Any]:
        born, two = calendar_of(c.born[a]), calendar_of(c.born[b])
        swapped = (born[0] == two[0]) & (born[1] == two[2]) & (born[2] == two[1])
        step = sum(np.abs(x - y) for x, y in zip(born, two, strict=True)) == 1
        apart = np.abs(c.born[a] - c.born[b])
        slip = _one_slip(_written(born), _written(two))
        found = [apart == 0, swapped, step, slip, (apart >= 17) & (apart <= 52)]
        levels = [w.BIRTH_SAME, w.BIRTH_SWAPPED, w.BIRTH_ONE_STEP, w.BIRTH_ONE_DIGIT, w.BIRTH_LUNAR]
        return np.select(found, levels, w.BIRTH_DIFFERS)

    return _where_known(left, right, _both(c.born, left, right), told)


def _phone_levels(c: Columns, left: Numbers, right: Numbers) -> Levels:
    texts = c.phone

    def told(a: Numbers, b: Numbers) -> NDArray[Any]:
        same = texts.hashes[a] == texts.hashes[b]
        return np.select([same, _slips(texts, a, b, ~same)], [w.PHONE_SAME, w.PHONE_ONE_OFF], w.PHONE_DIFFERS)

    return _where_known(left, right, _both(texts.hashes, left, right), told)


def _home_levels(c: Columns, left: Numbers, right: Numbers) -> Levels:
    household = (c.household[left] == c.household[right]) & (c.household[left] != 0)
    doors, same = _both(c.door, left, right), c.door[left] == c.door[right]
    found = [household, doors & same, doors]
    return np.select(found, [w.HOME_HOUSEHOLD, w.HOME_DOOR, w.HOME_DIFFERS], w.UNKNOWN).astype(np.uint8)


def _sex_levels(c: Columns, left: Numbers, right: Numbers) -> Levels:
    known, same = _both(c.sex, left, right), c.sex[left] == c.sex[right]
    return np.select([known & same, known], [w.SEX_SAME, w.SEX_DIFFERS], w.UNKNOWN).astype(np.uint8)


def _written(day: tuple[Numbers, Numbers, Numbers]) -> Chars:
    """Return the eight digits of dates, one row each."""
    number = ((day[0] * 100 + day[1]) * 100 + day[2]).astype(np.uint32)
    return number[:, None] // np.array([10**place for place in range(7, -1, -1)], np.uint32) % np.uint32(10)


def _slips(texts: Texts, left: Numbers, right: Numbers, asked: Bools) -> Bools:
    """Say which of the asked pairs are one slip apart; one length at a time."""
    slips, lengths = np.zeros(len(left), np.bool_), texts.lengths(left)
    asked = asked & (lengths == texts.lengths(right))
    for length in np.unique(lengths[asked]).tolist():
        at = np.flatnonzero(asked & (lengths == length))
        slips[at] = _one_slip(texts.matrix(left[at], length), texts.matrix(right[at], length))
    return slips


def _one_slip(left: Chars, right: Chars) -> Bools:
    """Say which rows differ in one character or in two neighbours that changed places."""
    off = left != right
    count = off.sum(axis=1)
    two = np.flatnonzero(count == 2)
    first = off[two].argmax(axis=1)
    slip: Bools = count == 1
    slip[two] = (left[two, first] == right[two, first + 1]) & (left[two, first + 1] == right[two, first])
    return slip


def _longer_by_one(texts: Texts, left: Numbers, right: Numbers, asked: Bools) -> Bools:
    """Say which of the asked pairs are the same but for one character more on one side."""
    longer, first, two = np.zeros(len(left), np.bool_), texts.lengths(left), texts.lengths(right)
    short, long = np.where(first < two, left, right), np.where(first < two, right, left)
    lengths, asked = np.minimum(first, two), asked & (np.abs(first - two) == 1)
    for length in np.unique(lengths[asked]).tolist():
        at = np.flatnonzero(asked & (lengths == length))
        a, b = texts.matrix(short[at], length), texts.matrix(long[at], length + 1)
        begins = np.cumprod(a == b[:, :-1], axis=1).sum(axis=1)
        ends = np.cumprod((a == b[:, 1:])[:, ::-1], axis=1).sum(axis=1)
        longer[at] = begins + ends >= length
    return longer
