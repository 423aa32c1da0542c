"""What the search box says under a name."""

from collections.abc import Sequence

from qiaomen.kernel import clock
from qiaomen.kernel.lines import NICE, Line, by_household, lines_of
from qiaomen.office.models import Staff
from qiaomen.register.models import Household, Person

MOST = 8
"""Under so many names: those that are seen without turning the page, for this is asked with every letter typed."""


def weightiest_lines(people: Sequence[str], viewer: Staff) -> dict[str, Line]:
    """Return the weightiest line of the household of each of the first people found; what would be a look is left out:
    nobody looks at somebody by typing a name.
    """
    homes = dict(Person.objects.filter(pk__in=people[:MOST]).values_list("pk", "household"))
    households = list(Household.objects.filter(pk__in=homes.values()).select_related("community"))
    plain = [line for line in lines_of(households, viewer, clock.today()) if not line.sealed and line.weight > NICE]
    said = {home: lines[0] for home, lines in by_household(plain).items()}
    return {str(person): said[home] for person, home in homes.items() if home in said}
