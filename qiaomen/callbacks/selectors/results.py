"""What a round found: counts and ranges, nobody's answer."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _

from qiaomen.callbacks.models import Call, Sample
from qiaomen.callbacks.rules.asking import DIED, HALF, MOVED, NOT_SOLVED, SOLVED
from qiaomen.callbacks.rules.result import Counted, of_strata

YES = {SOLVED: True, HALF: False, NOT_SOLVED: False}
"""What counts for "solved"; 不是我的事 counts for nothing."""


def progress(sample: Sample) -> dict[str, int]:
    """Return how many drawn records stand where: waiting, answered, no_answer, gone.

    `gone` holds who was gone before anybody was to ask, too; why each was replaced is in `reasons`.
    """
    counted = Counter(sample.calls.values_list("state", flat=True))
    called = {(stratum, place) for stratum, place in sample.calls.values_list("stratum", "place")}
    never = [row for row in sample.replaced if (row["stratum"], row["place"]) not in called]
    counted["gone"] += sum(row["because"] in (DIED, MOVED) for row in never)
    return {state: counted[state] for state in ("waiting", "answered", "no_answer", "gone")}


def reasons(sample: Sample) -> dict[str, int]:
    """Return why drawn records were passed over or replaced, and how many for each reason."""
    return dict(sorted(Counter(row["because"] for row in sample.replaced).items()))


def is_over(sample: Sample) -> bool:
    """Say whether nobody is to be asked any more: before that no result is shown to anybody."""
    return sample.state == "drawn" and not sample.calls.filter(state="waiting").exists()


def counted(sample: Sample, question: str) -> list[Counted]:
    """Return each stratum's answers to a question: solved or satisfied."""
    level = {code: counts for code, _title, counts in sample.levels}

    def said(answer: Mapping[str, Any]) -> bool | None:
        return YES.get(answer["solved"]) if question == "solved" else level.get(answer["level"])

    calls = list(sample.calls.all())
    sizes = Counter(row[2] for row in sample.frame)
    return [
        _of(stratum, size, len(places_of(sample, stratum)), [call for call in calls if call.stratum == stratum], said)
        for stratum, size in sorted(sizes.items())
    ]


def _of(
    stratum: str, population: int, drawn: int, calls: list[Call], said: Callable[[Mapping[str, Any]], bool | None]
) -> Counted:
    """Count one stratum; whoever was drawn and passed over is among the silent, too."""
    answers = [said(json.loads(call.answer)) for call in calls if call.state == "answered"]
    known = [answer for answer in answers if answer is not None]
    return Counted(stratum, population, drawn, len(known), sum(known))


def answers_of(sample: Sample) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Return both questions with what may be said of each part of the frame."""
    return [
        (_("解决了没有"), of_strata(counted(sample, "solved"), _("说解决了"))),
        (_("满意不满意"), of_strata(counted(sample, "satisfied"), _("满意"))),
    ]


def places_of(sample: Sample, stratum: str) -> dict[int, str]:
    """Return the tickets of a stratum that were drawn, by their place in the order of the lots."""
    marks = {row[0]: row[1] for row in sample.frame}
    called = sample.calls.filter(stratum=stratum).values_list("place", "row")
    passed = {row["place"]: row["mark"] for row in sample.replaced if row["stratum"] == stratum}
    return dict(sorted({**passed, **{place: marks[str(row)] for place, row in called}}.items()))


def ends_of(sample: Sample) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Return everybody drawn by stratum in the order of the lots, and who was passed over or replaced, with why."""
    drawn = {stratum: list(places_of(sample, stratum).values()) for stratum in sample.quotas}
    return drawn, [[row["stratum"], row["mark"], row["because"]] for row in sample.replaced]


def about_of(sample: Sample) -> dict[str, str]:
    """Return what a frame is of, as its hash covers it: no word of it can be changed afterwards."""
    first = sample.redraw_of
    return {
        "figure": sample.figure,
        "start": sample.start.isoformat(),
        "end": sample.end.isoformat(),
        "as_at": sample.as_at.astimezone(UTC).isoformat(),
        "by": sample.by,
        "redraw_of": first.commitment if first is not None else "",
        "redraw_because": sample.redraw_because,
        **{f"left_out.{reason}": str(many) for reason, many in sample.left_out.items()},
    }


def proof_of(sample: Sample) -> dict[str, Any]:
    """Return a draw as docs/how-to/verify_draw.py reads it; no ticket tells which record it is."""
    drawn, replaced = ends_of(sample)
    return {
        "about": about_of(sample),
        "commitment": sample.commitment,
        "secret": sample.secret,
        "public": sample.public_value,
        "seed": sample.seed,
        "frame": [[mark, stratum] for stratum, mark in sorted((row[2], row[1]) for row in sample.frame)],
        "frame_hash": sample.frame_hash,
        "quotas": sample.quotas,
        "replaced": replaced,
        "drawn": drawn,
        "end_hash": sample.end_hash,
    }
