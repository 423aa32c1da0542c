"""A list comes in: uploaded, previewed, committed whole or not at all; and one sealed field is shown."""

from qiaomen.office import disclosure
from qiaomen.office.models import Staff
from qiaomen.register.models import Household, Person
from qiaomen.register.selectors import facts, minors, packs


def reveal_field(*, person: Person, field: str, reason: str, actor: Staff) -> str:
    """Return one sealed value in words and write who looked and why: id_no, phone, or a told fact by its code.

    Raises SealedChild, TooManyLooks, ValueError for any other field or no reason.
    """
    fact = packs.facts().get(field)
    if (field not in ("id_no", "phone") and (fact is None or fact.origin != "told")) or not reason.strip():
        raise ValueError("a sealed field is shown by name and with a reason")
    minors.check_open(person, actor)
    disclosure.look(
        community=person.community,
        actor=actor,
        code="register.field-revealed",
        people=[person.pk],
        subject=person,
        fields=[field],
        reason=reason.strip()[:200],
    )
    return packs.say(fact, facts.known_of(person).get(fact.code)) if fact else str(getattr(person, field))


def note_opened(*, household: Household, actor: Staff, person: Person | None = None) -> None:
    """Write, once an hour, that a household's page was opened, or one person's form of it. Raises TooManyLooks."""
    people = [person.pk] if person else household.people.recorded().values_list("pk", flat=True)
    disclosure.look(
        community=household.community,
        actor=actor,
        code="register.household-opened",
        people=people,
        subject=household,
        fields=["name", "birth_date", "told_facts"],
        once=True,
    )
