"""Whom to visit and why, the rounds, and what was said at the door."""
