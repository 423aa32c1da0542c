"""Which communities of the demo are still being made, as whoever makes them left word beside the data."""

import json
from dataclasses import dataclass

from django.conf import settings

NAME = "demo-making.json"


@dataclass(frozen=True)
class Making:
    """A community that is not there yet: its name, and how many of its acts are done."""

    name: str
    done: int
    all: int


def communities_being_made() -> list[Making]:
    """Return the communities still to come; none where this is no demo, or nobody is making any."""
    if not settings.DEMO:
        return []
    try:
        waiting = json.loads((settings.DATA / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [Making(name, done, whole) for name, (done, whole) in waiting.items()]
