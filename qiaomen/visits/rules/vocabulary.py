"""The words a visit may end in; "visited" without an outcome is worthless (domain.md §10.7)."""

OUTCOMES = ("met", "no_answer", "refused", "by_phone", "moved", "died", "wrong_address", "shortened")
OPENED = ("met", "shortened")
"""Outcomes in which the door was opened and somebody spoke."""
SPOKEN = (*OPENED, "by_phone")
"""Outcomes in which somebody of the household spoke, at the door or by telephone."""


HANDLINGS = ("on_the_spot", "mine", "office", "urgent")


CHECKS = {
    "health": ("speech", "movement", "illness"),
    "mind": ("mood", "thinking", "stress"),
    "safety": ("gas", "heating", "electricity"),
    "hygiene": ("person", "home", "surroundings"),
    "dwelling": ("inside", "outside", "neighbours"),
}
"""The five heads of a care visit and what may need an eye under each. Source: 北京市房山区 探访关爱 (2019), domain.md §4.6."""
TALKS = ("gas", "fraud", "heating", "fire", "water", "benefits")
"""What was talked about at the door."""
FINDINGS = ("repair", "safety", "cleaning", "other")
"""Kinds of what is found on the stairs; they are kinds of need, too."""
