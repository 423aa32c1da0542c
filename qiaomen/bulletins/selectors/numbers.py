"""What a bulletin says, what it would say now, and what of it the public reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qiaomen.bulletins.models import Bulletin, CountyReading, FrozenFigure, FrozenPart
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Breakdown, Figure, Frozen, compare
from qiaomen.kernel.figures.frozen import Difference
from qiaomen.kernel.figures.release import Counted, Known, Place, known_of
from qiaomen.kernel.figures.suppression import Reading
from qiaomen.office.models import Organisation

FIGURES = (
    "visits.doors_knocked",
    "visits.doors_opened",
    "needs.heard",
    "needs.on_the_spot",
    "cases.closed",
    "cases.under_way",
    "cases.late",
)
"""The week's figures: doors knocked, doors opened, matters heard, answered on the spot, closed, under way, late."""
PARTS = {"needs.heard": ("origin",)}
"""By what the public reads them as well: where a matter was heard, on the doorstep or brought in."""


def period_of(bulletin: Bulletin) -> dict[str, date]:
    """Return the first and the last day, both included."""
    return {"start": bulletin.start, "end": bulletin.end}


def asked_of(bulletin: Bulletin) -> dict[str, Any]:
    """Return what a figure is asked: community, period and moment."""
    as_at: datetime = bulletin.as_at or clock.now()
    return {"community": bulletin.community, "as_at": as_at, **period_of(bulletin)}


def frozen_of(row: FrozenFigure) -> Frozen:
    """Return a number as it was published."""
    return Frozen(row.code, row.version, row.definition, tuple(row.record_ids))


@dataclass(frozen=True)
class Shown:
    """A number on the office's page: its words, its value, its parts, and what a recount says of it."""

    figure: Figure
    definition: Any
    value: int
    difference: Difference
    parts: list[dict[str, Any]]

    @property
    def differs(self) -> bool:
        """Whether a recount by its own definition gives other records."""
        return bool(self.difference.gone or self.difference.come)


def numbers_of(bulletin: Bulletin) -> list[Shown]:
    """Return the numbers: frozen with what the same definition gives today for the same moment, or live for a draft."""
    frozen = {row.code: row for row in bulletin.figures.prefetch_related("parts")}
    asked, rows = asked_of(bulletin), []
    for code in FIGURES:
        figure = figures.get(code)
        if code in frozen:
            row = frozen[code]
            parts = [
                {"part": part.part, "title": part.title, "value": part.value, "breakdown": part.breakdown}
                for part in row.parts.order_by("pk")
            ]
            rows.append(Shown(figure, row.definition, row.value, compare(figure, frozen_of(row), **asked), parts))
        else:
            value = figure.count(**asked)
            rows.append(Shown(figure, figure.definition, value, Difference(value), live_parts(figure, asked)))
    return rows


def live_parts(figure: Figure, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts the public reads, as they are now."""
    found = []
    for code in PARTS.get(figure.code, ()):
        breakdown = figure.closed(code)
        for part, keys in parts_of(figure, breakdown, asked).items():
            found.append({"part": part, "title": str(breakdown.say(part)), "value": len(keys), "breakdown": code})
    return found


def parts_of(figure: Figure, breakdown: Breakdown, asked: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the keys of each part, from one query."""
    found: dict[Any, list[str]] = {value: [] for value in breakdown.values}
    for key, part in figure.list_records(**asked).values_list("pk", breakdown.path):
        found.setdefault(part, []).append(str(key))
    return {str(part): tuple(sorted(keys)) for part, keys in found.items()}


def known_sums() -> Known:
    """Return what every reader knows of the figures."""
    return known_of(figures.all_figures())


NEAR = timedelta(days=35)
"""How far around the days of a number what went out is held against it: a month and the weeks it lies in."""


def told_of(community: Organisation, start: date, end: date) -> list[Counted]:
    """Return every number near these days that anybody outside ever read: bulletins, withdrawn since or not, and what
    the county read. What went out at one moment is one release.
    """
    first, last = start - NEAR, end + NEAR
    out = Bulletin.objects.filter(community=community, as_at__isnull=False, start__lte=last)
    bulletins = [bulletin for bulletin in out.prefetch_related("figures__parts") if bulletin.end >= first]
    read = list(CountyReading.objects.filter(community=community, start__lte=last, end__gte=first))
    moments = sorted({_moment(bulletin) for bulletin in bulletins} | {reading.read_at for reading in read})
    release = {moment: number for number, moment in enumerate(moments)}
    found = []
    for bulletin in bulletins:
        for row in bulletin.figures.all():
            place = Place(row.code, "", "", bulletin.start, bulletin.end, release[_moment(bulletin)])
            found.append(Counted(place, frozenset(row.record_ids), Reading(row.shown, row.same)))
            found += [_part_told(place, part) for part in row.parts.all()]
    for reading in read:
        place = Place(reading.code, "", "", reading.start, reading.end, release[reading.read_at])
        found.append(Counted(place, frozenset(reading.record_ids), Reading(reading.shown, reading.same)))
    return found


def _moment(bulletin: Bulletin) -> datetime:
    assert bulletin.as_at is not None
    return bulletin.as_at


def next_release(told: Sequence[Counted]) -> int:
    """Return the number of the release that comes after all that went out."""
    return 1 + max((number.place.release for number in told), default=-1)


def _part_told(place: Place, part: FrozenPart) -> Counted:
    place = place._replace(breakdown=part.breakdown, part=part.part)
    return Counted(place, frozenset(part.record_ids), Reading(part.shown, part.same))


def published_numbers(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return what the public reads, as it was frozen: words and rounded values, nothing of the records.

    `value` None: held back, because it is small or because another could be worked out from it.
    """
    rows = bulletin.figures.order_by("position").prefetch_related("parts")
    return [
        {
            "figure": figures.get(row.code),
            "definition": row.definition,
            "value": row.shown,
            "same": row.same,
            "parts": [{"title": part.title, "value": part.shown} for part in row.parts.order_by("pk")],
        }
        for row in rows
    ]


def words_of(bulletin: Bulletin) -> str:
    """Return every word of a bulletin that the public reads, a line for each figure; its numbers pass the 10-5 rule."""
    known = [figures.get(code) for code in FIGURES]
    lines = [f"{figure.title}（{figure.unit}）：{figure.definition}" for figure in known]
    parts = [str(breakdown.say(value)) for breakdown in _published_breakdowns() for value in breakdown.values]
    return "\n".join([bulletin.community.name, *lines, *parts])


def _published_breakdowns() -> list[Breakdown]:
    return [figures.get(code).closed(name) for code, names in PARTS.items() for name in names]


def public_bulletins(community: Organisation) -> list[Bulletin]:
    """Return what was ever published, the newest first, the withdrawn too.

    The newest is what the public could read last, be it of a week, a month or a quarter; one that replaces a withdrawn
    one stands where that stood.
    """
    found = list(Bulletin.objects.filter(community=community, as_at__isnull=False).order_by("as_at", "start"))
    first: dict[tuple[str, date], datetime] = {}
    for bulletin in found:
        first.setdefault((bulletin.width, bulletin.start), _moment(bulletin))
    found.sort(key=lambda one: (first[one.width, one.start], one.end, _moment(one)), reverse=True)
    return found[:60]
