"""Tables of the office: the organisations, the staff, the ledger; and the records several houses share."""

from qiaomen.office.models.shared import Body, Campaign, CampaignMark, Handover, Photo, Posted
from qiaomen.office.models.staff import (
    ROLES,
    Badge,
    Device,
    Job,
    Label,
    LedgerEntry,
    LedgerHead,
    NightlyRun,
    Organisation,
    OrganisationQuerySet,
    SignIn,
    Staff,
    StaffManager,
)

__all__ = [
    "ROLES",
    "Badge",
    "Body",
    "Campaign",
    "CampaignMark",
    "Device",
    "Handover",
    "Job",
    "Label",
    "LedgerEntry",
    "LedgerHead",
    "NightlyRun",
    "Organisation",
    "OrganisationQuerySet",
    "Photo",
    "Posted",
    "SignIn",
    "Staff",
    "StaffManager",
]
