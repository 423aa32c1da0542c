"""Numbers the public reads must not point at few people: the 10-5 rule.

A count below ten is not published, any other is rounded to five; a part is held back as well when what is left of its
whole would be below ten. Source: Office for National Statistics, policy on protecting confidentiality in tables
(counts of people: suppress below 10, round to 5); promises.md G1.
"""

from collections.abc import Mapping

LEAST = 10
STEP = 5


def shown_count(count: int) -> int | None:
    """Return a count as it may be published, None when it is too small: whether it is 0 or 9 is not told."""
    return None if count < LEAST else (count + STEP // 2) // STEP * STEP


def shown_counts(counts: Mapping[str, int], wholes: Mapping[str, str]) -> dict[str, int | None]:
    """Return counts by code as they may be published together; `wholes` names the whole of which a count is a part."""
    shown = {code: shown_count(count) for code, count in counts.items()}
    for part, whole in wholes.items():
        if part in counts and whole in counts and counts[whole] - counts[part] < LEAST:
            shown[part] = None
    return shown
