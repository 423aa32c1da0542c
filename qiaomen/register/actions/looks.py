"""Looks: one sealed field is shown, a household is opened, somebody is looked for by a whole number."""

from collections.abc import Iterable
from uuid import UUID

from qiaomen.office import disclosure
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.problems import TooManyLooks
from qiaomen.register.models import Household, Person
from qiaomen.register.rules.search.query import numbers_in
from qiaomen.register.selectors import facts, fields, minors, packs
from qiaomen.register.selectors.search.find import Hit, search


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


def find_people(*, community: Organisation, text: str, actor: Staff, limit: int = 20) -> list[Hit]:
    """Return what the search box finds for somebody, and write whom. A whole number is a look, by who may read it.

    Raises TooManyLooks.
    """
    numbers = disclosure.typed_number(viewer=actor, community=community, numbers=numbers_in(text))
    hits = search(community=community, text=text, limit=limit, may_see_child=may_see_child(actor), numbers=numbers)
    named = [UUID(hit.id) for hit in hits]
    disclosure.show_names(viewer=actor, community=community, page="desk:search", people=named)
    return hits


def let_numbers(*, community: Organisation, actor: Staff, numbers: Iterable[str]) -> bool:
    """Say whether numbers typed into a form may be held against the register; each is a look.

    Who was stopped may still hand in a form: it is then compared without its numbers.
    """
    typed = [number for text in numbers for number in numbers_in(text)]
    try:
        return disclosure.typed_number(viewer=actor, community=community, numbers=typed)
    except TooManyLooks:
        return False


def note_total(*, community: Organisation, by: str, people: Iterable[UUID], actor: Staff) -> None:
    """Write that somebody saw who stands behind a number that tells more than a door: who was lifted out of poverty.

    Raises TooManyLooks.
    """
    if by in fields.COLUMNS:
        disclosure.show(
            viewer=actor, community=community, code="register.list-looked", people=people, fields=[fields.field_of(by)]
        )


def note_duplicates(*, community: Organisation, people: Iterable[UUID], actor: Staff) -> None:
    """Write that somebody saw records side by side, with their days of birth. Raises TooManyLooks."""
    disclosure.show(
        viewer=actor,
        community=community,
        code="register.list-looked",
        people=people,
        fields=[fields.field_of("birth_date")],
    )


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


def note_given_back(*, household: Household, actor: Staff) -> None:
    """Write that a form came back with a fault and names on it. Never refused: nobody loses what they typed."""
    people = [household.pk, *household.people.recorded().values_list("pk", flat=True)]
    disclosure.show_names(viewer=actor, community=household.community, page="register:form", people=people)
