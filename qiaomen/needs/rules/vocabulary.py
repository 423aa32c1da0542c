"""The twelve kinds of need, and how a need is handled when it is heard."""

KINDS = ("repair", "benefit", "care", "work", "health", "schooling", "errand", "neighbours", "safety", "cleaning", "company", "other")  # fmt: skip
HANDLINGS = ("on_the_spot", "office", "urgent")
ORIGINS = ("visit", "window", "telephone")
