"""Keeps the label of every door true: a second compound puts the compound's name into every label of a community.

Labels are derived (rules/doors/labels.py), so they are no part of an act and are not taken back with one; they are
worked out again after whatever makes, names or removes a place.
"""

from qiaomen.office.models import Organisation
from qiaomen.register.models import Compound, Dwelling
from qiaomen.register.rules.doors.labels import DoorParts, door_label

CHUNK = 500
PLACE = ("entrance__building__compound__name", "entrance__building__name", "entrance__name", "room")


def names_compounds(community: Organisation) -> bool:
    """Say whether the labels of a community name the compound: it has doors in more than one."""
    with_doors = Compound.objects.filter(community=community, buildings__entrances__dwellings__isnull=False)
    return len(with_doors.order_by("pk").values("pk").distinct()[:2]) > 1


def keep_labels(community: Organisation) -> int:
    """Give every door of a community the label it should have; return how many had another. Two queries if none."""
    named = names_compounds(community)
    wrong = []
    for pk, label, *place in Dwelling.objects.filter(community=community).values_list("pk", "door_label", *PLACE):
        wanted = door_label(DoorParts(*place), named=named)
        if label != wanted:
            wrong.append(Dwelling(pk=pk, door_label=wanted))
    Dwelling.objects.bulk_update(wrong, ["door_label"], batch_size=CHUNK)
    return len(wrong)
