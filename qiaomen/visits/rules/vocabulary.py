"""The words a visit may end in; "visited" without an outcome is worthless (domain.md §10.7)."""

OUTCOMES = ("met", "no_answer", "refused", "by_phone", "moved", "died", "wrong_address", "shortened")
OPENED = ("met", "shortened")
"""Outcomes in which the door was opened and somebody spoke."""
SPOKEN = (*OPENED, "by_phone")
"""Outcomes in which somebody of the household spoke, at the door or by telephone."""
