"""Somebody who has every table that ever went out, and an integer solver: HiGHS, of another maker than the product.

What they know is written down here anew and not taken from the product: what adds up, what only grows, and how numbers
are rounded and told again.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import highspy

from qiaomen.kernel.figures.release import Place
from qiaomen.kernel.figures.suppression import Reading

Term = tuple[int, Any]


@dataclass
class Attack:
    """The published tables by place, with the true values to judge by."""

    values: dict[Place, int]
    read: dict[Place, Reading]
    secrets: dict[Any, int] = field(default_factory=dict)
    equations: list[list[Term]] = field(default_factory=list)
    others: dict[Any, int] = field(default_factory=dict)
    other_names: dict[tuple[str, ...], list[tuple[str, ...]]] = field(default_factory=dict)

    def reckon(self, wholes: dict[str, str], parts_of: dict[str, tuple[str, tuple[str, ...]]]) -> None:
        """Write down every equation: terms that are nought together. Figures of no part are only what they are."""
        self._add_up()
        self._take_parts_from_wholes(wholes)
        self._follow_in_time()
        for code, (breakdown, values) in parts_of.items():
            if len(values) == 1:
                part = (wholes[code], breakdown, values[0])
                self.other_names |= {part: [(code, "", "")], (code, "", ""): [part]}
        self._know_by_another_name(wholes, parts_of)
        self._follow_what_is_open()

    def _know_by_another_name(self, wholes: dict[str, str], parts_of: dict[str, tuple[str, tuple[str, ...]]]) -> None:
        """Of every telling: walked is the part heard at the door; walked and brought are everything heard."""
        for place in {place._replace(breakdown="", part="") for place in self.values}:
            for code, (breakdown, values) in parts_of.items():
                own = place._replace(code=code)
                if own in self.values and place.code == wholes[code]:
                    parts = [place._replace(breakdown=breakdown, part=value) for value in values]
                    if all(part in self.values for part in parts):
                        self.equations.append([(1, own), *((-1, part) for part in parts)])
        for place in self.values:
            if place.code == "heard" and not place.breakdown:
                both = [place._replace(code=code) for code in ("walked", "brought")]
                if all(one in self.values for one in both):
                    self.equations.append([(1, place), *((-1, one) for one in both)])
        self._compare_tellings(parts_of)

    def _compare_tellings(self, parts_of: dict[str, tuple[str, tuple[str, ...]]]) -> None:
        """Of one week told twice: what the parts said, less or more what came late, is what the county read."""
        for place in [place for place in self.values if place.code in parts_of]:
            breakdown, values = parts_of[place.code]
            for other in {one._replace(breakdown="", part="") for one in self.values}:
                parts = [other._replace(breakdown=breakdown, part=value) for value in values]
                same_days = other.code == "heard" and other[3:5] == place[3:5] and other.release != place.release
                if same_days and all(part in self.values for part in parts):
                    newer = [place] if place.release > other.release else parts
                    self._grow_together(newer, parts if newer == [place] else [place])

    def _follow_what_is_open(self) -> None:
        """What is open is what was, with what was heard and not answered at once, without what was closed.

        Where anything else moved it (what came in late) they know that it added, or took, and not how much.
        """
        told = sorted(self.values, key=lambda place: place.release)
        stocks = [place for place in self.values if place.code == "open"]
        for now in stocks:
            newest = {place[:5]: place for place in told} | {
                place[:5]: place for place in told if place.release == now.release
            }
            moved = [newest.get((code, "", "", now.start, now.end)) for code in ("heard", "spot", "closed")]
            for then in stocks if all(moved) else ():
                if (now.start - then.end).days == 1:
                    terms = [(1, then), (-1, now), *zip((1, -1, -1), moved, strict=True)]
                    rest = sum(sign * self.values[place] for sign, place in terms)
                    if rest:
                        self.others["other", then, now] = abs(rest)
                        terms.append((-1 if rest > 0 else 1, ("other", then, now)))
                    self.equations.append(terms)

    def _secret(self, name: Any, value: int) -> Any:
        self.secrets[name] = value
        return name

    def _add_up(self) -> None:
        tables: dict[tuple[Place, str], list[Place]] = defaultdict(list)
        for place in self.values:
            if place.breakdown:
                tables[place._replace(breakdown="", part=""), place.breakdown].append(place)
        for (whole, _breakdown), parts in tables.items():
            self.equations.append([(1, whole), *((-1, part) for part in parts)])

    def _take_parts_from_wholes(self, wholes: dict[str, str]) -> None:
        for place, value in self.values.items():
            whole = place._replace(code=wholes.get(place.code, ""))
            if whole in self.values:
                rest = self._secret(("rest", place), self.values[whole] - value)
                self.equations.append([(1, whole), (-1, place), (-1, rest)])

    def _follow_in_time(self) -> None:
        series: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
        for place in self.values:
            if place.code != "open":
                series[place[:3]].append(place)
        for places in series.values():
            months = [place for place in places if (place.end - place.start).days > 6]
            weeks = sorted(place for place in places if place not in months)
            newest = {place.start: place for place in weeks}
            for earlier in weeks:
                later = newest[earlier.start]
                if later != earlier:
                    self._grow(later, [earlier])
            for month in months:
                inside = {place.start: place for place in weeks if place.release < month.release}
                self._grow(month, list(inside.values()))

    def _grow(self, later: Place, earlier: list[Place]) -> None:
        self._grow_together([later], earlier)

    def _grow_together(self, later: list[Place], earlier: list[Place]) -> None:
        """What is told later is what was told earlier and what came; where it is less, what went."""
        more = sum(self.values[place] for place in later) - sum(self.values[place] for place in earlier)
        came = self._secret(("came", tuple(later), tuple(earlier)), abs(more))
        sides = [*((1, place) for place in later), *((-1, place) for place in earlier)]
        self.equations.append([*sides, (-1 if more >= 0 else 1, came)])

    def found_out(self) -> list[str]:
        """Return whatever no table says and is nevertheless known within ten: small ones within nought and nine.

        A whole solution shows how far every number may move, so most are settled by the search for another.
        """
        solver, columns = self._model()
        names = list(columns)
        low, high = {name: CEILING for name in names}, {name: 0.0 for name in names}
        known = []
        for name in filter(self.is_secret, names):
            value = self.values[name] if isinstance(name, Place) else self.secrets[name]
            for sign in (1.0, -1.0):
                if not _is_hidden(value, low[name], high[name]):
                    for other, at in zip(names, _solve(solver, columns[name], sign), strict=True):
                        low[other], high[other] = min(low[other], at), max(high[other], at)
            if not _is_hidden(value, low[name], high[name]):
                known.append(f"{name} is {value}, between {low[name]} and {high[name]}")
        return known

    def is_secret(self, name: Any) -> bool:
        """Say whether a number must not be found out: no table says it, and of what is no cell only the small ones."""
        if isinstance(name, Place):
            return not self._is_told(name)
        return name in self.secrets and self.secrets[name] < 10

    def believed(self, name: Any) -> tuple[float, float]:
        """Return from what to what a reader may take a number for, by its own reading."""
        return _believed(self.read[name]) if isinstance(name, Place) else (0.0, CEILING)

    def _is_told(self, place: Place) -> bool:
        """Say whether a number is read, or was by another version of it and is no small one."""
        names = [place[:5], *self.other_names.get(place[:3], ())]
        names = [(*name[:3], *place[3:5]) for name in names]
        told = any(read.value is not None for other, read in self.read.items() if other[:5] in names)
        return self.read[place].value is not None or (told and self.values[place] >= 10)

    def _model(self) -> tuple[Any, dict[Any, int]]:
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        columns: dict[Any, int] = {}
        for name in [*self.values, *self.secrets, *self.others]:
            low, high = self.believed(name)
            columns[name] = len(columns)
            solver.addCol(0.0, low, high, 0, [], [])
            solver.changeColIntegrality(columns[name], highspy.HighsVarType.kInteger)
        for terms in self.equations:
            index = [columns[name] for _sign, name in terms]
            solver.addRow(0.0, 0.0, len(terms), index, [float(sign) for sign, _name in terms])
        return solver, columns


CEILING = 5_000.0
"""More than any number of the worlds attacked."""


def _believed(read: Reading) -> tuple[float, float]:
    """From what to what: rounded to five, never under ten; told again, it may be nine further off either way."""
    if read.value is None:
        return 0.0, CEILING
    slack = 11 if read.same else 2
    return float(max(10, read.value - slack)), float(read.value + slack)


def _is_hidden(value: int, low: float, high: float) -> bool:
    return low <= 0 and high >= 9 if value < 10 else high - low >= 9


def _solve(solver: Any, column: int, sign: float) -> list[float]:
    """Return the solution in which a column is least, or greatest with `sign` -1."""
    solver.changeColCost(column, sign)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise AssertionError(solver.getModelStatus())
    solver.changeColCost(column, 0.0)
    return [float(round(value)) for value in solver.getSolution().col_value]
