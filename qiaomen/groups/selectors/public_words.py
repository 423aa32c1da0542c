"""The gate before publication for an office's own words: a reason, a title, whatever the public is to read."""

from qiaomen.kernel import clock
from qiaomen.kernel.ages import years_before
from qiaomen.office.access import staff_in
from qiaomen.office.models import Organisation
from qiaomen.office.shared.bodies import posted_of
from qiaomen.redaction.examine import examine
from qiaomen.redaction.findings import Finding
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import Part
from qiaomen.redaction.passing import Passing, bare
from qiaomen.register.models import Compound, Person

GROWN = 18
"""Below it nobody is named in public. Source: 未成年人保护法 第一百零三条; 民法典 第十七条."""


def registered_in(community: Organisation) -> Registered:
    """Return every name the register holds, now and formerly; a name that any minor bears is a minor's. Two queries."""
    child_after = years_before(clock.today(), GROWN)
    people = Person.objects.filter(community=community).values_list("name", "former_name", "birth_date").distinct()
    names: dict[str, bool] = {}
    for name, former, birth in people:
        minor = birth is not None and birth > child_after
        for called in filter(None, (name, former)):
            names[called] = names.get(called, False) or minor
    compounds = tuple(Compound.objects.filter(community=community).values_list("name", flat=True))
    return Registered(names, compounds)


def passing_in(community: Organisation, names: Registered) -> Passing:
    """Return what may stand: who works here, the telephone, and what the office posts, but for a minor's name."""
    listed: dict[str, set[str]] = {"name": set(), "number": set(), "address": set()}
    for kind, text in posted_of(community).values_list("kind", "text"):
        listed[kind].add(text)
    listed["number"] |= {community.telephone} - {""}
    minors = {bare(name) for name, minor in names.people.items() if minor}
    grown = {name for name in listed["name"] if not _names_a_minor(bare(name), minors)}
    staff = set(staff_in(community).values_list("name", flat=True))
    return Passing(frozenset(grown | staff), frozenset(listed["number"]), frozenset(listed["address"]))


def _names_a_minor(posted: str, minors: set[str]) -> bool:
    """Say whether a posted name is a minor's or says more around one (李小明同学); 张磊 inside 张磊磊 is another name."""
    return posted in minors or (len(posted) > 3 and any(minor and minor in posted for minor in minors))


def private_in(community: Organisation, words: str) -> list[Finding]:
    """Return what is private in words that the public is to read."""
    names = registered_in(community)
    return list(examine([Part("", words)], names, passing_in(community, names))[0].findings)
