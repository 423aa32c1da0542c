"""The twelve kinds of need, and how a need is handled when it is heard: answered there, taken on by the hearer, by the
office.
"""

KINDS = (
    "repair",
    "benefit",
    "care",
    "work",
    "health",
    "schooling",
    "errand",
    "neighbours",
    "safety",
    "cleaning",
    "company",
    "other",
)
ORIGINS = ("visit", "window", "telephone")
CHANNELS = ("door", "telephone", "letter", "page")
"""How somebody is told: at the door, on the telephone, by letter, on their own page."""
