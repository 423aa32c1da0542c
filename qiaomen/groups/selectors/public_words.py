"""The gate before publication for an office's own words: a reason, a title, whatever the public is to read."""

from qiaomen.office.models import Organisation, Staff
from qiaomen.redaction.examine import examine
from qiaomen.redaction.findings import Finding
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import Part
from qiaomen.redaction.passing import Passing
from qiaomen.register.models import Compound, Person


def private_in(community: Organisation, words: str) -> list[Finding]:
    """Return what is private in words that the public is to read.

    The names of the register are given to it, and what the office posts anyway: its staff's names and its telephone.
    """
    people = Person.objects.filter(community=community).values_list("name", "former_name").distinct()
    compounds = tuple(Compound.objects.filter(community=community).values_list("name", flat=True))
    registered = Registered({name: False for both in people for name in both if name}, compounds)
    staff = Staff.objects.filter(organisation=community, is_active=True).values_list("name", flat=True)
    lets = Passing(frozenset(staff), frozenset({community.telephone} - {""}))
    return list(examine([Part("", words)], registered, lets)[0].findings)
