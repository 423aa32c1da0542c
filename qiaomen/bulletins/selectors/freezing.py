"""What publishing a bulletin freezes, and how the public will read it: one for the page that asks and for the act."""

from datetime import datetime
from typing import Any

from qiaomen.bulletins.models import Bulletin, CountyReading, FrozenFigure, FrozenPart
from qiaomen.bulletins.selectors.numbers import FIGURES, PARTS, asked_of, known_sums, next_release, parts_of, told_of
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Period, freeze
from qiaomen.kernel.figures.release import Counted, Place, read_together
from qiaomen.office.models import Organisation

Rows = list[FrozenFigure | FrozenPart]


def frozen_now(bulletin: Bulletin) -> Rows:
    """Return the numbers and their parts, unsaved, a number before its parts, with how the public reads each.

    What is held back is decided over all that ever went out for these days; asked before anything of this bulletin is
    stored.
    """
    told = told_of(bulletin.community, bulletin.start, bulletin.end)
    rows = _freeze(bulletin, Place("", "", "", bulletin.start, bulletin.end, next_release(told)))
    fresh = [Counted(where, frozenset(row.record_ids)) for where, row in rows.items()]
    readings = read_together([*told, *fresh], known_sums())
    for where, row in rows.items():
        row.shown, row.same = readings[where]
    return list(rows.values())


def numbers_to_publish(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return the numbers of a draft with their parts, each as the office and as the public will read it.

    `shown` None: not published; `same`: as an earlier version of the week told it.
    """
    found: list[dict[str, Any]] = []
    for row in frozen_now(bulletin):
        if isinstance(row, FrozenFigure):
            found.append({"figure": figures.get(row.code), "row": row, "parts": []})
        else:
            found[-1]["parts"].append(row)
    return found


def _freeze(bulletin: Bulletin, place: Place) -> dict[Place, FrozenFigure | FrozenPart]:
    """Return the numbers and their parts, unsaved, a number before its parts, by where each stands."""
    rows: dict[Place, FrozenFigure | FrozenPart] = {}
    asked = asked_of(bulletin)
    for position, code in enumerate(FIGURES):
        figure = figures.get(code)
        frozen = freeze(figure, **asked)
        row = FrozenFigure(
            bulletin=bulletin,
            position=position,
            code=code,
            version=frozen.version,
            definition=frozen.definition,
            value=frozen.value,
            record_ids=list(frozen.keys),
        )
        rows[place._replace(code=code)] = row
        for name in PARTS.get(code, ()):
            breakdown = figure.closed(name)
            for part, keys in parts_of(figure, breakdown, asked).items():
                title = str(breakdown.say(part))
                made = FrozenPart(figure=row, breakdown=name, part=part, title=title, record_ids=list(keys))
                rows[place._replace(code=code, breakdown=name, part=part)] = made
    return rows


def county_readings(community: Organisation, period: Period, as_at: datetime) -> list[CountyReading]:
    """Return, unsaved, how the county reads the figures of a finished week that it has not read yet.

    All of them at once, so that what is held back is decided over the whole page. `as_at`: the end of the week.
    """
    read = CountyReading.objects.filter(community=community, **period.days).values_list("code", flat=True)
    missing = [figure for figure in figures.all_figures() if figure.code not in set(read)]
    if not missing:
        return []
    told = told_of(community, period.start, period.end)
    place = Place("", "", "", period.start, period.end, next_release(told))
    rows = {}
    for figure in missing:
        frozen = freeze(figure, community=community, as_at=as_at, **period.days)
        rows[place._replace(code=figure.code)] = CountyReading(
            community=community,
            code=figure.code,
            version=frozen.version,
            record_ids=list(frozen.keys),
            read_at=clock.now(),
            **period.days,
        )
    fresh = [Counted(where, frozenset(row.record_ids)) for where, row in rows.items()]
    readings = read_together([*told, *fresh], known_sums())
    for where, row in rows.items():
        row.shown, row.same = readings[where]
    return list(rows.values())
