"""Looks: one sealed field is shown, a household is opened, somebody is looked for by a whole number."""

from collections.abc import Iterable
from uuid import UUID

from qiaomen.kernel import clock
from qiaomen.kernel.lines import labels_of
from qiaomen.office import disclosure
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.problems import TooManyLooks
from qiaomen.register.models import Household, Person
from qiaomen.register.rules.search.query import numbers_in
from qiaomen.register.selectors import facts, fields, minors, packs
from qiaomen.register.selectors.search.find import Found, Hit, Sight, find


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
    """Return the first hits of `find_page`. Raises TooManyLooks."""
    return find_page(community=community, text=text, actor=actor, size=limit).hits


def find_page(*, community: Organisation, text: str, actor: Staff, size: int = 20, page: int = 1) -> Found:
    """Return a page of what the search box finds for somebody.

    A whole number is a look, by roles that may read it; so is finding somebody by an age, a day of birth, a place of
    work or a group that tells more than an age. Raises TooManyLooks.
    """
    numbers = disclosure.typed_number(viewer=actor, community=community, numbers=numbers_in(text))
    sight = Sight(may_see_child(actor), clock.today(), numbers, reads=actor.role in disclosure.READERS)
    labels = labels_of(community, actor) if not text.isascii() else []
    found = find(community=community, text=text, sight=sight, size=size, page=page, labels=labels)
    told = {hit.id: hit.told for hit in found.hits if hit.told}
    if told:
        disclosure.show(
            viewer=actor,
            community=community,
            code="register.list-looked",
            people=[UUID(key) for key in told],
            fields=sorted({field for fields in told.values() for field in fields}, key=lambda field: field.code),
        )
    named = [UUID(hit.id) for hit in found.hits]
    disclosure.show_names(viewer=actor, community=community, page="desk:search", people=named)
    return found


def let_numbers(*, community: Organisation, actor: Staff, numbers: Iterable[str]) -> bool:
    """Say whether numbers typed into a form may be held against the register; each is a look.

    Who was stopped may still hand in a form: it is then compared without its numbers.
    """
    typed = [number for text in numbers for number in numbers_in(text)]
    try:
        return disclosure.typed_number(viewer=actor, community=community, numbers=typed)
    except TooManyLooks:
        return False


def check_numbers(*, community: Organisation, actor: Staff, numbers: Iterable[str]) -> None:
    """Write that numbers somebody typed are held against the register: whose they are stands in the way of a
    correction. Raises TooManyLooks.
    """
    disclosure.typed_number(
        viewer=actor, community=community, numbers=[number for text in numbers for number in numbers_in(text)]
    )


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


def note_consents(*, person: Person, actor: Staff) -> None:
    """Write, once an hour, that somebody read what a person agreed to. Raises TooManyLooks."""
    disclosure.look(
        community=person.community,
        actor=actor,
        code="register.consents-opened",
        people=[person.pk],
        subject=person,
        fields=["consent"],
        once=True,
    )


def note_given_back(*, household: Household, actor: Staff) -> None:
    """Write that a form came back with a fault and names on it. Never refused: nobody loses what they typed."""
    people = [household.pk, *household.people.recorded().values_list("pk", flat=True)]
    disclosure.show_names(viewer=actor, community=household.community, page="register:form", people=people)
