"""What publishing a bulletin freezes, and how the public will read it: one for the page that asks and for the act."""

from typing import Any

from qiaomen.bulletins.models import Bulletin, FrozenFigure, FrozenPart
from qiaomen.bulletins.selectors.numbers import FIGURES, PARTS, asked_of, known_sums, parts_of, told_of
from qiaomen.kernel import figures
from qiaomen.kernel.figures import freeze
from qiaomen.kernel.figures.release import Counted, Place, read_together

Rows = list[FrozenFigure | FrozenPart]


def frozen_now(bulletin: Bulletin) -> Rows:
    """Return the numbers and their parts, unsaved, a number before its parts, with how the public reads each.

    What is held back is decided over all that ever went out for these days; asked before anything of this bulletin is
    stored.
    """
    told = told_of(bulletin.community, bulletin.week_start, bulletin.week_end)
    release = 1 + max((number.place.release for number in told), default=-1)
    rows = _freeze(bulletin, Place("", "", "", bulletin.week_start, bulletin.week_end, release))
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
