"""What a round found: counts and ranges, nobody's answer."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from qiaomen.callbacks.models import Call, Sample
from qiaomen.callbacks.rules.asking import HALF, NOT_SOLVED, SOLVED
from qiaomen.callbacks.rules.result import Counted

YES = {SOLVED: True, HALF: False, NOT_SOLVED: False}
"""What counts for "solved"; 不是我的事 counts for nothing."""


def progress(sample: Sample) -> dict[str, int]:
    """Return how many calls stand where: waiting, answered, no_answer, gone."""
    counted = Counter(sample.calls.values_list("state", flat=True))
    return {state: counted[state] for state in ("waiting", "answered", "no_answer", "gone")}


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
    return [_of(stratum, sizes[stratum], [c for c in calls if c.stratum == stratum], said) for stratum in sorted(sizes)]


def _of(stratum: str, population: int, calls: list[Call], said: Callable[[Mapping[str, Any]], bool | None]) -> Counted:
    answers = [said(json.loads(call.answer)) for call in calls if call.state == "answered"]
    known = [answer for answer in answers if answer is not None]
    return Counted(stratum, population, len(calls), len(known), sum(known))


def proof_of(sample: Sample) -> dict[str, Any]:
    """Return a draw as docs/how-to/verify_draw.py reads it; no ticket tells which record it is."""
    marks = {row[0]: row[1] for row in sample.frame}
    drawn: dict[str, list[str]] = {stratum: [] for stratum in sample.quotas}
    for call in sample.calls.order_by("stratum", "place"):
        drawn[call.stratum].append(marks[str(call.row)])
    return {
        "commitment": sample.commitment,
        "secret": sample.secret,
        "public": sample.public_value,
        "seed": sample.seed,
        "frame": [[row[1], row[2]] for row in sample.frame],
        "frame_hash": sample.frame_hash,
        "quotas": sample.quotas,
        "replaced": {name: len(drawn[name]) - quota for name, quota in sample.quotas.items()},
        "drawn": drawn,
    }
