"""Doors by what somebody says of them: the one comparison every filter and form uses."""

from django.db.models import Q, QuerySet

from qiaomen.office.models import Organisation
from qiaomen.register.models import Dwelling
from qiaomen.register.rules.doors.asked import AskedDoor, asked_doors

BUILDING = "entrance__building"


def doors_asked(community: Organisation, text: str) -> QuerySet[Dwelling]:
    """Return the doors a text tells of, each part equal to what is said: 3-2-501 is not 13-2-501.

    Words are parted by spaces and must all match; a place matches a part of a compound's name or a building's word.
    """
    doors = Dwelling.objects.filter(community=community).standing()
    for word in text.replace("，", " ").split():
        wanted = Q(pk__in=())
        for asked in asked_doors(word):
            wanted |= _matches(asked)
        doors = doors.filter(wanted)
    return doors


def _matches(asked: AskedDoor) -> Q:
    found = Q()
    if asked.place:
        found &= Q(**{f"{BUILDING}__compound__name__contains": asked.place}) | Q(**{f"{BUILDING}__name": asked.place})
    if asked.building:
        found &= Q(**{f"{BUILDING}__name": asked.building})
    if asked.entrance:
        found &= Q(entrance__name=asked.entrance)
    if asked.floor:
        found &= Q(floor=int(asked.floor))
    if asked.room:
        found &= Q(room__iexact=asked.room)
    return found
