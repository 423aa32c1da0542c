"""Tables of the register, by what they are about."""

from qiaomen.register.models.acts import Act, Change, DistinctPair, DuplicateSearch
from qiaomen.register.models.people import (
    COUNTED,
    Dated,
    Family,
    FamilyMember,
    Household,
    Person,
    Registration,
    Residence,
    SearchEntry,
    ToldFact,
    open_on,
    who_counts,
    who_is_recorded,
    who_lives_here,
)
from qiaomen.register.models.places import Building, Compound, Dwelling, Entrance, InCommunity

__all__ = [
    "COUNTED",
    "Act",
    "Building",
    "Change",
    "Compound",
    "Dated",
    "DistinctPair",
    "DuplicateSearch",
    "Dwelling",
    "Entrance",
    "Family",
    "FamilyMember",
    "Household",
    "InCommunity",
    "Person",
    "Registration",
    "Residence",
    "SearchEntry",
    "ToldFact",
    "open_on",
    "who_counts",
    "who_is_recorded",
    "who_lives_here",
]
