"""Tables of the register, by what they are about."""

from qiaomen.register.models.acts import Act, Change, DistinctPair, ImportBatch, ImportRow, KnownMapping
from qiaomen.register.models.groups import CareGroup, GroupChoice, GroupDefinition, GroupRun, Membership
from qiaomen.register.models.leaving import Export, RightsRequest, SavedView
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
)
from qiaomen.register.models.places import Building, Compound, Dwelling, Entrance, InCommunity

__all__ = [
    "Act",
    "Building",
    "CareGroup",
    "Change",
    "Compound",
    "Dated",
    "DistinctPair",
    "Dwelling",
    "Entrance",
    "Export",
    "Family",
    "FamilyMember",
    "GroupChoice",
    "GroupDefinition",
    "GroupRun",
    "Household",
    "ImportBatch",
    "ImportRow",
    "InCommunity",
    "KnownMapping",
    "Membership",
    "Person",
    "Registration",
    "Residence",
    "RightsRequest",
    "SavedView",
    "SearchEntry",
    "ToldFact",
]
