"""The closed words a phone may use beyond those of visits and needs."""

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
