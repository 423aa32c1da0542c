"""The words a visit may end in; "visited" without an outcome is worthless (domain.md §10.7)."""

OUTCOMES = (
    *("met", "no_answer", "refused", "by_phone", "moved", "died", "wrong_address", "shortened"),
    *("by_video", "by_other"),
)
OPENED = ("met", "shortened")
"""Outcomes in which the door was opened and somebody spoke."""
SPOKEN = (*OPENED, "by_phone", "by_video")
"""Outcomes in which somebody of the household spoke, at the door, by telephone or by video."""
WAYS = ("door", "phone", "video", "other")
"""Ways to see somebody; `other`: through a neighbour, a volunteer or a relative the household named.

Source: 民发〔2022〕73号.
"""
WAY_OF = {**dict.fromkeys(OPENED, "door"), "by_phone": "phone", "by_video": "video", "by_other": "other"}
"""Outcomes in which somebody was seen, and how. Which ways count for whom the tiers say (packs: cadence.yaml)."""
AFAR = ("by_phone", "by_video", "by_other")
"""Outcomes for which nobody stood at the door."""

AGREED = ("agreed", "maybe")
"""Kinds of request for hours agreed with a household: ones we must keep, ones for when we pass by."""
ANSWERED_BY = {
    "worry": OPENED,
    "unreached": SPOKEN,
    **dict.fromkeys(("case", "follow-up"), (*SPOKEN, "refused")),
}
"""Kinds of request for a visit that end by themselves, and with which outcomes: a call that worried by an open door; an
answer that was promised by whoever came or rang in its days, and by a household that would not hear it: the case itself
stays with its owner until it is closed."""
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
