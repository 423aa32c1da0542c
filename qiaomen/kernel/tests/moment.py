"""When every test begins, whatever the machine's day."""

ORDINARY = "2026-12-01T10:00"
"""A Tuesday morning. `start.py test --at` sets another, in QM_AT."""
