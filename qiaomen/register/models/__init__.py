"""Tables of the register, by what they are about."""

from qiaomen.register.models.acts import Act, Change, DistinctPair
from qiaomen.register.models.people import (
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
)
from qiaomen.register.models.places import Building, Compound, Dwelling, Entrance, InCommunity

__all__ = [
    "Act",
    "Building",
    "Change",
    "Compound",
    "Dated",
    "DistinctPair",
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
]
